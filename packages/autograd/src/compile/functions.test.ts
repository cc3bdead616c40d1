import { expect, test } from 'vitest';
import * as autograd from '../index.ts';
import { type Tensor, tensor } from '../index.ts';
import { type Calculation, compiledResults, disagreement } from './test-agreement.ts';

// Functions of several primitives, of which some read indices: compiled, with their derivatives.

const x = tensor([
  [0.3, -1.2, 2.1, 0.7],
  [1.5, 0.1, -0.4, 3],
  [-0.6, 2.5, 0.9, -2],
]);
const index = tensor(
  [
    [0, 2, 1, 0],
    [2, 2, 0, 1],
  ],
  { dtype: 'int32' },
);
const list = tensor([2, 0], { dtype: 'int32' });

const functions: Readonly<Record<string, (y: Tensor) => Tensor>> = {
  aminmax: (y) => autograd.aminmax(y, { dim: 1 }).max,
  nanmean: (y) => autograd.nanmean(y, 0),
  varMean: (y) => autograd.varMean(y, 1).variance,
  median: (y) => autograd.median(y, 1).values,
  medianOfAll: (y) => autograd.median(y),
  nanmedian: (y) => autograd.nanmedian(y, 0).values,
  mode: (y) => autograd.mode(y, 1).values,
  kthvalue: (y) => autograd.kthvalue(y, 2, 1).values,
  quantile: (y) => autograd.quantile(y, tensor([0.2, 0.6], { dtype: y.dtype }), 1),
  nanquantile: (y) => autograd.nanquantile(y, 0.3),
  topk: (y) => autograd.topk(y, 2, 0).values,
  cummax: (y) => autograd.cummax(y, 1).values,
  cumprod: (y) => autograd.cumprod(y, 0),
  logcumsumexp: (y) => autograd.logcumsumexp(y, 1),
  diff: (y) => autograd.diff(y, { n: 2 }),
  trapezoid: (y) => autograd.trapezoid(y, tensor([0, 1, 3, 4], { dtype: y.dtype })),
  cumulativeTrapezoid: (y) => autograd.cumulativeTrapezoid(y),
  searchsorted: (y) => autograd.searchsorted(tensor([-1, 0, 1]), y).mul(y),
  histc: (y) => autograd.histc(y, { bins: 3 }),
  cdist: (y) => autograd.cdist(y, y.mul(2), { p: 1 }),
  renorm: (y) => autograd.renorm(y, 2, 0, 1),
  norm: (y) => autograd.norm(y, 0.5, 1),
  scatterReduce: (y) => autograd.scatterReduce(y, 0, index, y, 'prod', { includeSelf: false }),
  scatterMean: (y) => autograd.scatterReduce(y, 0, index, y, 'mean'),
  indexReduce: (y) => autograd.indexReduce(y, 0, list, y.narrow(0, 0, 2), 'amax'),
  indexCopy: (y) => autograd.indexCopy(y, 0, list, y.narrow(0, 0, 2)),
  indexFill: (y) => autograd.indexFill(y, 0, list, 4),
  indexPut: (y) => autograd.indexPut(y, [list, autograd.slice(1, 3)], y.narrow(0, 0, 2).narrow(1, 0, 2)),
  maskedScatter: (y) => autograd.maskedScatter(y, y.gt(0), y.flatten()),
  take: (y) => autograd.take(y, index),
  diagEmbed: (y) => autograd.diagEmbed(y, { offset: 1 }),
  rot90: (y) => autograd.rot90(y),
  tensordot: (y) => autograd.tensordot(y, y, [[1], [1]]),
  kron: (y) => autograd.kron(y, y),
  cross: (y) => autograd.cross(y, y.mul(y), 0),
  matrixPower: (y) => autograd.matrixPower(y.narrow(1, 0, 3), 3),
  inversePower: (y) => autograd.matrixPower(y.narrow(1, 0, 3), -2),
  solve: (y) => autograd.solve(y.narrow(1, 0, 3), y, { left: true }),
  solveFromRight: (y) => autograd.solve(y.narrow(1, 0, 3), y.t(), { left: false }),
  solveTriangular: (y) => autograd.solveTriangular(y.narrow(1, 0, 3), y, { upper: true }),
  logdet: (y) => autograd.logdet(y.matmul(y.t())),
  cholesky: (y) => autograd.cholesky(y.matmul(y.t())),
  choleskySolve: (y) => autograd.choleskySolve(y, autograd.cholesky(y.matmul(y.t()))),
  eigvalsh: (y) => autograd.eigvalsh(y.matmul(y.t()), { uplo: 'U' }),
  eigenvectors: (y) => autograd.eigh(y.matmul(y.t())).eigenvectors.pow(2),
  matrixNorm: (y) => autograd.matrixNorm(y, Infinity),
  tensorSplit: (y) => autograd.hstack(autograd.tensorSplit(y, 3, 1).reverse()),
  vander: (y) => autograd.vander(y.select(0, 0), 3),
};

test.each(Object.entries(functions))('%s compiles, with its derivative', (_, f) => {
  const withGradient = (y: Tensor): readonly Tensor[] => {
    const [value, pull] = autograd.vjp(f, y);
    return [value, ...pull(value.mul(0).add(1.5))];
  };
  const calculation: Calculation = { run: (...given) => withGradient(given[0] as Tensor), given: [x] };
  expect(disagreement(calculation, compiledResults(calculation, 'wasm'))).toBeUndefined();
});
