import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layerNorm, logSoftmax, matmul, noGrad, randn, relu, softmax, type Tensor, vjp } from '../index.ts';
import { compile } from './compile.ts';
import { engineNamed } from './engines.ts';
import { Program } from './program.ts';
import { rowGrouping } from './rows.ts';
import { trace } from './trace.ts';

const usual = { ...rowGrouping };
beforeAll(() => Object.assign(rowGrouping, { leastEntries: 0, leastRows: 2 }));
afterAll(() => Object.assign(rowGrouping, usual));

const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  'softmax over the last dim': (x) => softmax(x.mul(2), -1),
  'softmax over the first dim': (x) => softmax(x, 0),
  'log-softmax, then a sum over everything': (x) => logSoftmax(x, -1).mul(x).sum(),
  'layer normalization': (x) => layerNorm(x, x.shape.at(-1) as number),
  'two of them, with a sum between': (x) => layerNorm(softmax(x, -1).add(x), x.shape.at(-1) as number).mul(x),
  'a sum over the first dims between': (x) => x.sub(softmax(x, -1).sum([0, 1], { keepDim: true })),
  'a matrix product between': (x) => softmax(matmul(softmax(x, -1), relu(x).transpose(-1, -2)), -1),
  'another order of the first dims': (x) => softmax(softmax(x, -1).transpose(0, 1).mul(3), -1),
  'what was computed, backwards': (x) => softmax(softmax(x, -1).flip(0).mul(3), -1),
  'a row later': (x) =>
    softmax(
      softmax(x, -1)
        .narrow(1, 1, x.shape[1] - 1)
        .mul(3),
      -1,
    ),
  'a transposed look at what was computed': (x) => softmax(softmax(x, -1).transpose(-1, -2).mul(3), -1),
};

describe.each(Object.entries(functions))('rows: %s', (_, compute) => {
  const both = (x: Tensor, g: Tensor): Tensor[] => {
    const [value, pull] = vjp(compute, x);
    return [value, ...pull(value.rank === 0 ? value : g.add(value))];
  };

  test('done row by row gives what it gives stage by stage', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 3, maxLength: 4 }), (shape) => {
        const draw = (): Tensor => randn(shape, { dtype: 'float64' });
        const g = noGrad(() => compute(draw())).mul(0);
        const compiled = compile(both);
        compiled(draw(), g);
        const x = draw();
        const results = compiled(x, g);
        both(x, g).forEach((expected, k) => {
          const difference = (results[k] as Tensor).sub(expected).abs().sum().item();
          expect(difference).toBeLessThan(1e-11 * (1 + expected.abs().sum().item()));
        });
        compiled.dispose();
      }),
      { numRuns: 30 },
    );
  });
});

test('the three passes of a softmax are one kernel, row by row', () => {
  const program = new Program(
    trace(((x: Tensor) => softmax(x, -1)) as never, [randn([8, 64])]),
    1,
    engineNamed('wasm'),
  );
  expect(program.fused.stages.length).toBe(3);
  expect(program.kernels.map(({ units }) => units)).toEqual([8]);
});
