import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  argsort,
  crossEntropy,
  cummax,
  embedding,
  gather,
  indexSelect,
  maxPool2d,
  ones,
  rand,
  scatter,
  scatterAdd,
  type Tensor,
  tensor,
  topk,
  vjp,
  where,
} from '../index.ts';
import { type Compiled, compile } from './compile.ts';
import type { Engine } from './engine.ts';
import { engineNamed } from './engines.ts';
import { Program } from './program.ts';
import { trace } from './trace.ts';

// In a loop, a wrong index would reach memory of others: it must be refused as eager code refuses it.

const table = rand([4, 3]);

const uses: Readonly<Record<string, (index: Tensor) => Tensor>> = {
  gather: (index) => gather(table, 0, index.reshape([2, 3])),
  'gather computed indices': (index) => gather(table, 0, index.add(1).sub(1).reshape([2, 3])),
  scatterAdd: (index) => scatterAdd(table, 0, index.reshape([2, 3]), ones([2, 3])),
  'scatter that multiplies': (index) => scatter(table, 0, index.reshape([2, 3]), ones([2, 3]), { reduce: 'multiply' }),
  indexSelect: (index) => indexSelect(table, 0, index),
  embedding: (index) => embedding(index, table),
  crossEntropy: (index) => crossEntropy(rand([6, 4]).mul(0), index),
};

function outcome(run: () => Tensor): unknown {
  try {
    return run().toArray();
  } catch (error) {
    return String(error);
  }
}

test.each(Object.entries(uses))('%s refuses compiled what it refuses eagerly', (_, use) => {
  const entry = fc.oneof({ weight: 12, arbitrary: fc.integer({ min: 0, max: 3 }) }, fc.constantFrom(-1, 4, 5, 2 ** 28));
  fc.assert(
    fc.property(fc.array(entry, { minLength: 6, maxLength: 6 }), (entries) => {
      const compiled: Compiled<typeof use> = compile(use);
      compiled(tensor([0, 1, 2, 3, 0, 1], { dtype: 'int32' }));
      const index = tensor(entries, { dtype: 'int32' });
      expect(outcome(() => compiled(index))).toEqual(outcome(() => use(index)));
      expect(compiled.statistics.runs).toBe(1);
    }),
    { numRuns: 25 },
  );
});

const places: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  argmax: (x) => x.argmax(0, { keepDim: true }),
  'the first of topk': (x) => topk(x, 1, 0).indices,
  'the last of argsort': (x) => argsort(x, 0).narrow(0, 5, 1),
  'an entry of a table of places': (x) =>
    gather(
      tensor([0, 1, 2, 3, 4, 5], { dtype: 'int32' }).unsqueeze(1).expand([6, 3]),
      0,
      x.argmax(0, { keepDim: true }),
    ),
  'the last of cummax': (x) => cummax(x, 0).indices.narrow(0, 5, 1),
};

test.each(Object.entries(places))('a place may lie beyond a smaller table: %s', (_, placeIn) => {
  const compiled = compile((x: Tensor) => gather(table, 0, placeIn(x)));
  const scores = (place: number): Tensor =>
    tensor(Array.from({ length: 6 }, (_, i) => [0, 1, 2].map(() => (i === place ? 1 : -i))));
  compiled(scores(0));
  expect([...compiled(scores(3)).toTypedArray()]).toEqual([...table.toTypedArray()].slice(9, 12));
  expect(() => compiled(scores(5))).toThrow(/index 5 of dim 0, which has size 4/);
});

test('what max pooling looks up is known to be there: nothing parts its loops', () => {
  let parts = 0;
  const build: Engine['build'] = (segments) => {
    parts = segments.length;
    return engineNamed('wasm').build(segments);
  };
  const x = rand([2, 3, 8, 8]);
  const pooled = vjp((y) => maxPool2d(y, 2), x)[0];
  const gradient = (y: Tensor, u: Tensor): readonly Tensor[] => vjp((z) => maxPool2d(z, 2), y)[1](u);
  const traced = trace(gradient as never, [x, pooled]);
  const program = new Program(traced, 1, { ...engineNamed('wasm'), build });
  expect(parts).toBe(1);
  program.dispose();
});

test.each(['float32', 'float64'] as const)(
  'truth values are gathered as what reads them first, of %s, has them',
  (dtype) => {
    const truths = ones([4], { dtype: 'bool' });
    const compiled = compile((x: Tensor, index: Tensor) => [where(truths, x, 0), gather(truths, 0, index)] as const);
    const call = (): readonly Tensor[] => compiled(rand([4], { dtype }), tensor([3, 1, 0], { dtype: 'int32' }));
    call();
    expect(call()[1].toArray()).toEqual([true, true, true]);
    expect(compiled.statistics.runs).toBe(1);
  },
);
