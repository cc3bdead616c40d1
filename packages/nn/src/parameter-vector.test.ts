import { Parameter, randn, tensor, zeros } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parametersToVector, vectorToParameters } from './parameter-vector.ts';

const shapes = fc.array(fc.array(fc.nat(3), { maxLength: 3 }), { minLength: 1, maxLength: 4 });

test('a vector puts back what it was made of', () => {
  fc.assert(
    fc.property(shapes, (list) => {
      const make = (): Parameter[] => list.map((shape) => new Parameter(randn(shape)));
      const [from, to] = [make(), make()];
      const vector = parametersToVector(from);
      vectorToParameters(vector, to);
      expect(to.map((x) => x.toArray())).toEqual(from.map((x) => x.toArray()));
      expect(parametersToVector(to).toArray()).toEqual(vector.toArray());
    }),
  );
});

test('a gradient of the vector is one of the parameters', () => {
  const parameters = [new Parameter(tensor([[1, 2]])), new Parameter(tensor(3))];
  parametersToVector(parameters).square().sum().backward();
  expect(parameters.map(({ grad }) => grad?.toArray())).toEqual([[[2, 4]], 6]);
});

test('a vector that does not fit is refused, and nothing changes', () => {
  const parameters = [new Parameter(tensor([1, 2])), new Parameter(tensor([3]))];
  expect(() => vectorToParameters(zeros([4]), parameters)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: vectorToParameters: the vector is not of these parameters
      got:   [4] float32
      needs: [3] float32
      fix:   what parametersToVector gives of the same parameters, in the same order]
  `);
  expect(() => vectorToParameters(zeros([3], { dtype: 'float64' }), parameters)).toThrow('[3] float32');
  expect(parameters.map((x) => x.toArray())).toEqual([[1, 2], [3]]);
});
