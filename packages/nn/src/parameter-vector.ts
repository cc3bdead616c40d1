import { concat, GradtapeError, type Parameter, type Tensor } from '@gradtape/autograd';

/**
 * All entries of parameters, one after the other, as one vector. Gradients pass through it.
 *
 * @throws GradtapeError if there are no parameters, or they are of several dtypes.
 * @example
 * parametersToVector(new Linear(3, 2).parameters()).shape; // [8]
 */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  return concat([...parameters].map((parameter) => parameter.flatten()));
}

/**
 * Puts the entries of a vector into parameters, one after the other: the way back from {@link parametersToVector}.
 *
 * @throws GradtapeError, changing nothing, if the vector has not as many entries, or another dtype.
 * @example
 * const layer = new Linear(2, 1);
 * vectorToParameters(tensor([1, 2, 3]), layer.parameters());
 * layer.bias; // [3]
 */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Parameter>): void {
  const list = [...parameters];
  const length = list.reduce((sum, parameter) => sum + parameter.length, 0);
  const other = list.find(({ dtype }) => dtype !== vector.dtype);
  if (vector.rank !== 1 || vector.length !== length || other !== undefined) {
    throw new GradtapeError('vectorToParameters: the vector is not of these parameters', {
      got: `[${vector.shape.join(', ')}] ${vector.dtype}`,
      needs: `[${length}] ${other?.dtype ?? vector.dtype}`,
      fix: 'what parametersToVector gives of the same parameters, in the same order',
    });
  }
  let offset = 0;
  for (const parameter of list) {
    parameter.assign(vector.narrow(0, offset, parameter.length).reshape(parameter.shape).detach());
    offset += parameter.length;
  }
}
