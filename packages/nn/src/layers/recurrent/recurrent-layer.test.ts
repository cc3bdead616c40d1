import { Generator, manualSeed, randn, type Tensor, tensor, zeros } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { assertGradients } from '@gradtape/autograd/verify';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GRU } from './gru.ts';
import { LSTM } from './lstm.ts';
import { packSequence, unpackSequence } from './packed-sequence.ts';
import type { Recurrent } from './recurrent.ts';
import type { RecurrentLayerOptions } from './recurrent-layer.ts';
import { RNN } from './rnn.ts';

type Make = (inputSize: number, hiddenSize: number, options?: RecurrentLayerOptions<boolean>) => Recurrent;

const layers: readonly (readonly [string, Make])[] = [
  ['RNN', (input, hidden, options) => new RNN(input, hidden, options as object)],
  ['RNN of relu', (input, hidden, options) => new RNN(input, hidden, { ...(options as object), nonlinearity: 'relu' })],
  ['GRU', (input, hidden, options) => new GRU(input, hidden, options as object)],
  ['LSTM', (input, hidden, options) => new LSTM(input, hidden, options as object)],
  ['LSTM, projected', (input, hidden, options) => new LSTM(input, hidden, { ...(options as object), projSize: 2 })],
];

/** Few directions in the space of each parameter, of which there are many. */
const coarsely = { entries: 4, directions: 1 };

const generator = new Generator(0);
const normal = (...shape: number[]): Tensor => randn(shape, { dtype: 'float64', generator });

/** The states in a list, whatever the layer hands over. */
const statesOf = (last: Tensor | readonly Tensor[]): readonly Tensor[] => [last].flat() as readonly Tensor[];

/** What a layer gives: the output, and the states. */
function run(layer: Recurrent, input: Tensor, states?: readonly Tensor[]): readonly Tensor[] {
  const hx = states && (layer instanceof LSTM ? states : states[0]);
  const [output, last] = layer.forward(input, hx as never) as [Tensor, Tensor | readonly Tensor[]];
  return [output, ...statesOf(last)];
}

function expectClose(got: readonly Tensor[], wanted: readonly Tensor[]): void {
  expect(got.map(({ shape }) => shape)).toEqual(wanted.map(({ shape }) => shape));
  for (const [k, x] of got.entries()) {
    const entries = Array.from(wanted[k].toTypedArray(), (entry) => expect.closeTo(entry, 12));
    expect(Array.from(x.toTypedArray())).toEqual(entries);
  }
}

describe.each(layers)('%s', (_, make) => {
  const float64 = { dtype: 'float64', generator } as const;

  test('gives for packed sequences what each gives alone', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lengths, fc.boolean(), fc.integer({ min: 1, max: 2 }), (sizes, bidirectional, numLayers) => {
        const layer = make(2, 3, { ...float64, bidirectional, numLayers });
        const sequences = sizes.map((length) => normal(length, 2));
        const directions = numLayers * (bidirectional ? 2 : 1);
        const shapes = statesOf(layer.forward(sequences[0])[1]).map(({ shape }) => shape.slice(-1));
        const hx = shapes.map(([size]) => normal(directions, sizes.length, size));
        const initial = layer instanceof LSTM ? hx : hx[0];
        const [packed, last] = layer.forward(packSequence(sequences, { enforceSorted: false }), initial as never);
        const outputs = unpackSequence(packed);
        for (const [b, sequence] of sequences.entries()) {
          const alone = run(
            layer,
            sequence,
            hx.map((state) => state.select(1, b)),
          );
          expectClose([outputs[b], ...statesOf(last).map((state) => state.select(1, b))], alone);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('takes the batch first, or one sequence alone', () => {
    const [layer, other] = [make(2, 3, float64), make(2, 3, { ...float64, batchFirst: true })];
    other.loadStateDict(layer.stateDict());
    const x = normal(4, 2, 2);
    const [output, ...last] = run(layer, x);
    const [otherOutput, ...otherLast] = run(other, x.transpose(0, 1));
    expectClose([otherOutput.transpose(0, 1), ...otherLast], [output, ...last]);
    const alone = run(layer, x.select(1, 1));
    expectClose(alone, [output.select(1, 1), ...last.map((state) => state.select(1, 1))]);
    expectClose(run(other, x.select(1, 1)), alone);
  });

  test('has the derivatives of differences', () => {
    const layer = make(2, 3, { ...float64, numLayers: 2, bidirectional: true });
    const parameters = layer.namedParameters();
    assertGradients((x) => run(layer, x), { x: normal(2, 2, 2) }, { parameters, ...coarsely });
  });

  test('starts evenly within one over the root of the hidden size', () => {
    const layer = make(4, 16, { generator: new Generator(1), numLayers: 2 });
    for (const parameter of layer.parameters()) {
      const entries = Array.from(parameter.toTypedArray());
      const largest = Math.max(...entries.map(Math.abs));
      expect(largest).toBeLessThanOrEqual(0.25);
      expect(largest).toBeGreaterThan(0.2);
    }
  });

  test('drops entries between layers while training', () => {
    // Of its own, since with few weights that are drawn anew each time relu may let nothing through.
    const seeded = new Generator(1);
    const layer = make(2, 3, { dtype: 'float64', generator: seeded, numLayers: 2, dropout: 1 });
    const draw = (): Tensor => randn([3, 1, 2], { dtype: 'float64', generator: seeded });
    const cut = layer.forward(draw())[0];
    expect(cut.toArray()).toEqual(layer.forward(draw())[0].toArray());
    layer.eval();
    expect(layer.forward(draw())[0].toArray()).not.toEqual(cut.toArray());
  });

  test('compiles: a training step of 32 times gives what the eager one gives', () => {
    const layer = make(2, 3, { dtype: 'float64', generator: new Generator(2) });
    const step = (x: Tensor): readonly Tensor[] => {
      layer.zeroGrad();
      const loss = run(layer, x)
        .map((y) => y.square().sum())
        .reduce((sum, y) => sum.add(y));
      loss.backward();
      return [loss, ...layer.parameters().map(({ grad }) => grad as Tensor)];
    };
    const compiled = compile(step);
    compiled(normal(32, 1, 2));
    const x = normal(32, 1, 2);
    const wanted = step(x).map((y) => y.toTypedArray());
    const got = compiled(x);
    expect(compiled.statistics.runs).toBe(1);
    for (const [k, y] of got.entries()) {
      const entries = Array.from(wanted[k], (entry) => expect.closeTo(entry, 9));
      expect(Array.from(y.toTypedArray())).toEqual(entries);
    }
    compiled.dispose();
  });

  test('of no sequences: nothing, and gradients of zero', () => {
    const layer = make(2, 3);
    const [output] = run(layer, zeros([4, 0, 2]));
    expect(output.shape.slice(0, 2)).toEqual([4, 0]);
    output.sum().backward();
    expect(layer.weightHhL0.grad?.toTypedArray().every((entry) => entry === 0)).toBe(true);
  });
});

test('parameters have the names of PyTorch in camelCase, and its layouts', () => {
  const shapesOf = (layer: Recurrent): unknown =>
    Object.fromEntries(layer.namedParameters().map(([name, { shape }]) => [name, shape]));
  expect(shapesOf(new LSTM(3, 5, { bidirectional: true, projSize: 2 }))).toEqual({
    weightIhL0: [20, 3],
    weightHhL0: [20, 2],
    biasIhL0: [20],
    biasHhL0: [20],
    weightHrL0: [2, 5],
    weightIhL0Reverse: [20, 3],
    weightHhL0Reverse: [20, 2],
    biasIhL0Reverse: [20],
    biasHhL0Reverse: [20],
    weightHrL0Reverse: [2, 5],
  });
  expect(shapesOf(new GRU(3, 5, { numLayers: 2, bias: false }))).toEqual({
    weightIhL0: [15, 3],
    weightHhL0: [15, 5],
    weightIhL1: [15, 5],
    weightHhL1: [15, 5],
  });
  expect(String(new RNN(3, 5, { nonlinearity: 'relu', bias: false }))).toBe(
    "RNN(3, 5, { nonlinearity: 'relu', bias: false }) # 40 parameters: weightIhL0 [5, 3], weightHhL0 [5, 5]",
  );
});

test('random numbers are those of the seed', () => {
  const weights = (): unknown => {
    manualSeed(3);
    return new LSTM(2, 3).weightHhL0.toArray();
  };
  expect(weights()).toEqual(weights());
});

test('layers convert', () => {
  const layer = new GRU(2, 3).to('float64');
  expect(layer.forward(normal(2, 1, 2))[0].dtype).toBe('float64');
});

describe('errors', () => {
  const lstm = new LSTM(2, 3);
  const x = zeros([4, 5, 2]);

  test('of construction', () => {
    expect(() => new RNN(2, 0)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: RNN: hiddenSize is not a count
        got:   hiddenSize 0
        needs: a whole number from 1
        fix:   new RNN(inputSize, hiddenSize, options)]
    `);
    expect(() => new GRU(2, 3, { numLayers: 1.5 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: GRU: numLayers is not a count
        got:   numLayers 1.5
        needs: a whole number from 1
        fix:   new GRU(inputSize, hiddenSize, options)]
    `);
    expect(() => new GRU(2, 3, { dropout: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: GRU: dropout is not a probability
        got:   dropout 2
        needs: a number from 0 to 1
        fix:   it is the share that is dropped between layers; a share in percent is divided by 100 first]
    `);
    expect(() => new RNN(2, 3, { nonlinearity: 'sigmoid' as 'tanh' })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: RNN: no such nonlinearity
        got:   nonlinearity 'sigmoid'
        needs: 'tanh' or 'relu'
        fix:   other cells are written with RNNCell as a model]
    `);
    expect(() => new LSTM(2, 3, { projSize: 3 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: LSTM: projSize is no size to project to
        got:   projSize 3 for hiddenSize 3
        needs: a whole number from 1 to 2, or 0 for none
        fix:   leave it out for no projection]
    `);
    expect(() => new LSTM(2, 3, { projSize: -1 })).toThrow('got:   projSize -1');
  });

  test('of inputs', () => {
    expect(() => lstm.forward(zeros([4, 5, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: LSTM: the input is not of such sequences
        got:   [4, 5, 3] float32
        needs: [time, batch, in] or [time, in] of dtype float32, with inputSize 2
        fix:   the features are the last dim; numbers alone get one by unsqueeze(-1)]
    `);
    expect(() => lstm.forward(zeros([2]))).toThrow('got:   [2] float32');
    expect(() => lstm.forward(x.to('float64'))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: LSTM: the input is not of such sequences
        got:   [4, 5, 2] float64
        needs: [time, batch, in] or [time, in] of dtype float32, with inputSize 2
        fix:   convert the input: x.to('float32'), or the layer: layer.to('float64')]
    `);
    expect(() => lstm.forward(zeros([0, 5, 2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: LSTM: the sequences have no time
        got:   [0, 5, 2]
        needs: at least one time
        fix:   the time is dim 0; leave empty sequences out]
    `);
    expect(() => lstm.forward(packSequence([zeros([4, 3])]))).toThrow('needs: packed sequences of [time, in]');
  });

  test('of initial states', () => {
    expect(() => lstm.forward(x, zeros([1, 5, 3]) as never)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: LSTM: the state is not a pair
        got:   one tensor
        needs: [h, c]
        fix:   both start from zeros if the state is left out]
    `);
    expect(() => lstm.forward(x, [zeros([1, 5, 3]), zeros([5, 3])])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: LSTM: the initial state c0 does not fit
        got:   [5, 3] float32
        needs: [1, 5, 3] float32
        fix:   leave the initial state out to start from zeros]
    `);
    expect(() => lstm.forward(x, [zeros([1, 4, 3]), zeros([1, 5, 3])])).toThrow('the initial state h0 does not fit');
    expect(() => new GRU(2, 3).forward(x, zeros([1, 5, 3], { dtype: 'float64' }))).toThrow('[1, 5, 3] float64');
    expect(() => lstm.forward(x.select(1, 0), [zeros([1, 3]), tensor([[1, 2, 3, 4]])])).toThrow(
      'needs: [1, 3] float32',
    );
  });
});
