import { fail } from '../../core/errors.ts';
import { Tensor } from '../../core/tensor.ts';
import { kindOf } from '../named.ts';

/**
 * The gradients that a derivation gives: by the name of an input, parameter or probe (`W1`, or `dW1`), or one for each
 * input in their order, undefined for those that were not derived. With one input, its gradient alone.
 */
export type Claimed =
  | Tensor
  | readonly (Tensor | null | undefined)[]
  | Readonly<Record<string, Tensor | null | undefined>>;

/** What may be claimed: the inputs in their order, and whatever else has a name. */
export interface Claimable {
  readonly inputs: readonly string[];
  readonly others: readonly string[];
}

/** The claimed gradients by name. */
export function readClaims(claimed: Claimed, claimable: Claimable): ReadonlyMap<string, Tensor> {
  const entries = entriesOf(claimed, claimable).filter(([, gradient]) => gradient !== undefined && gradient !== null);
  if (entries.length === 0) failOnNothing(claimable);
  const claims = entries.map(([name, gradient]): readonly [string, Tensor] => {
    return gradient instanceof Tensor ? [name, gradient] : failOnKind(name, gradient);
  });
  const twice = entries.find(([name], i) => entries.findIndex(([other]) => other === name) !== i);
  if (twice !== undefined) failOnTwice(twice[0]);
  return new Map(claims);
}

function entriesOf(claimed: Claimed, claimable: Claimable): readonly (readonly [string, unknown])[] {
  if (claimed instanceof Tensor) return entriesOf([claimed], claimable);
  if (Array.isArray(claimed)) {
    if (claimed.length !== claimable.inputs.length) failOnCount(claimed.length, claimable);
    return claimed.map((gradient, i) => [claimable.inputs[i], gradient]);
  }
  if (typeof claimed !== 'object' || claimed === null || claimed instanceof Promise) return failOnResult(claimed);
  return Object.entries(claimed).map(([key, gradient]) => [nameOf(key, claimable), gradient]);
}

/** `W1` and `dW1` both mean the gradient by `W1`. */
function nameOf(key: string, { inputs, others }: Claimable): string {
  const known = [...inputs, ...others];
  if (known.includes(key)) return key;
  if (key.startsWith('d') && known.includes(key.slice(1))) return key.slice(1);
  return fail(`checkDerivation: no value is called '${key}'`, {
    got: `a gradient by '${key}'`,
    needs: `one of ${known.join(', ')} (or with a d before it)`,
    fix: `name an intermediate value in the function, probe('${key.replace(/^d/, '')}', …), or an input by its key`,
  });
}

function failOnCount(count: number, { inputs }: Claimable): never {
  return fail('checkDerivation: the wrong number of gradients', {
    got: `${count} for ${inputs.length} inputs (${inputs.join(', ')})`,
    needs: 'one for each input in their order, undefined for those that were not derived',
    fix: 'or give them by name: return { W: dW, b: db }',
  });
}

function failOnResult(got: unknown): never {
  return fail('checkDerivation: the derivation gives no gradients', {
    got: got instanceof Promise ? 'a promise' : kindOf(got),
    needs: 'tensors by name, or an array of them',
    fix: got instanceof Promise ? 'pass a function that is not async' : 'return { W: dW, b: db }',
  });
}

function failOnNothing({ inputs, others }: Claimable): never {
  return fail('checkDerivation: the derivation gives no gradients', {
    got: 'not one tensor',
    needs: `at least one gradient, of ${[...inputs, ...others].join(', ')}`,
    fix: 'return { W: dW, b: db }',
  });
}

function failOnKind(name: string, got: unknown): never {
  return fail(`checkDerivation: the gradient of ${name} is not a tensor`, {
    got: kindOf(got),
    needs: `a Tensor of the shape of ${name}`,
    fix: 'wrap numbers in tensor(…)',
  });
}

function failOnTwice(name: string): never {
  return fail(`checkDerivation: two gradients by ${name}`, {
    got: `both '${name}' and 'd${name}'`,
    needs: 'one of them',
    fix: 'give each gradient under one name',
  });
}
