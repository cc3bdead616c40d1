import { fromPyTorchName, GradtapeError, type Tensor, toPyTorchName } from '@gradtape/autograd';

/**
 * A state under PyTorch's names.
 *
 * @throws GradtapeError if two of its tensors would have the same.
 */
export function withPyTorchNames(state: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const named: Record<string, Tensor> = {};
  for (const [own, x] of Object.entries(state)) {
    const name = toPyTorchName(own);
    if (name in named) failOnSameName(Object.keys(state), name);
    named[name] = x;
  }
  return named;
}

/** What PyTorch named, under the names of a module's slots; what belongs to none of them keeps its name. */
export function withOwnNames(
  dict: Readonly<Record<string, Tensor>>,
  slots: ReadonlyMap<string, unknown>,
): Record<string, Tensor> {
  const own = new Map(Array.from(slots.keys(), (name) => [fromPyTorchName(name), name]));
  const ownName = (name: string): string => {
    const found = own.get(fromPyTorchName(name)) ?? name;
    return slots.has(name) || found in dict ? name : found;
  };
  return Object.fromEntries(Object.entries(dict).map(([name, x]) => [ownName(name), x]));
}

function failOnSameName(names: readonly string[], name: string): never {
  throw new GradtapeError("stateDict: two tensors have the same name among PyTorch's", {
    got: names.filter((own) => toPyTorchName(own) === name).join(' and '),
    needs: `one that PyTorch calls ${name}`,
    fix: 'rename one of the fields',
  });
}
