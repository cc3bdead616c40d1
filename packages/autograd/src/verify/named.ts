import { fail } from '../core/errors.ts';
import { Tensor } from '../core/tensor.ts';
import { Parameter } from '../tape/leaf.ts';

/** What a function is called with, in the order of its arguments: tensors, or tensors by name. */
export type Inputs = readonly Tensor[] | Readonly<Record<string, Tensor>>;
/** Parameters that a function uses, as `parameters()` or `namedParameters()` of a module gives them. */
export type UsedParameters = readonly Parameter[] | readonly (readonly [name: string, parameter: Parameter])[];

/** A tensor and what reports call it. */
export interface Named<T extends Tensor = Tensor> {
  readonly name: string;
  readonly tensor: T;
}

/** The inputs with their names: their keys, or `input 0`, `input 1`, … */
export function nameInputs(operation: string, inputs: Inputs): readonly Named[] {
  if (typeof inputs !== 'object' || inputs === null || inputs instanceof Tensor) failOnInputs(operation, inputs);
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(inputs)
    ? inputs.map((x, i) => [`input ${i}`, x])
    : Object.entries(inputs);
  return entries.map(([name, x]) => {
    if (!(x instanceof Tensor)) failOnInput(operation, name, x);
    if (!Array.isArray(inputs) && /^\d+$/.test(name)) failOnNumber(operation, name);
    return { name, tensor: x };
  });
}

/** The parameters with their names, or `parameter 0`, `parameter 1`, … */
export function nameParameters(operation: string, parameters: UsedParameters): readonly Named<Parameter>[] {
  return parameters.map((entry, i) => {
    const [name, parameter]: readonly unknown[] = Array.isArray(entry) ? entry : [`parameter ${i}`, entry];
    if (!(parameter instanceof Parameter)) return failOnParameter(operation, String(name), parameter);
    return { name: String(name), tensor: parameter };
  });
}

/** Throws if two things have one name. */
export function checkNames(operation: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  fail(`${operation}: a name is used twice`, {
    got: `'${twice}' for two values (inputs, parameters and probes)`,
    needs: 'a name of its own for each',
    fix: 'rename one of them',
  });
}

function failOnInputs(operation: string, got: unknown): never {
  return fail(`${operation}: no inputs`, {
    got: kindOf(got),
    needs: 'the arguments of the function, in an array or by name',
    fix: got instanceof Tensor ? 'put it into an array: [x]' : 'pass them: { x: tensor([1, 2]) }',
  });
}

function failOnInput(operation: string, name: string, got: unknown): never {
  return fail(`${operation}: ${name} is not a tensor`, {
    got: kindOf(got),
    needs: 'a Tensor for each argument of the function, in an array or by name',
    fix: 'wrap data in tensor(…): checkGradients(f, [tensor([1, 2])])',
  });
}

function failOnNumber(operation: string, name: string): never {
  return fail(`${operation}: a number as the name of an input`, {
    got: `'${name}'`,
    needs: 'a word: JavaScript moves keys that are numbers to the front',
    fix: `call it x${name}`,
  });
}

function failOnParameter(operation: string, name: string, got: unknown): never {
  return fail(`${operation}: ${name} is not a Parameter`, {
    got: kindOf(got),
    needs: 'what model.parameters() or model.namedParameters() gives',
    fix: 'pass plain tensors as inputs instead',
  });
}

/** What something is, for messages. */
export function kindOf(x: unknown): string {
  if (x instanceof Tensor) return 'a tensor';
  if (x === null || x === undefined) return String(x);
  return Array.isArray(x) ? 'an array' : typeof x === 'object' ? 'an object' : `a ${typeof x}`;
}
