import { Generator, randn, type Tensor, zeros } from '@gradtape/autograd';
import { assertGradients } from '@gradtape/autograd/verify';
import { describe, expect, test } from 'vitest';
import { GRU } from './gru.ts';
import { GRUCell } from './gru-cell.ts';
import { LSTM } from './lstm.ts';
import { LSTMCell } from './lstm-cell.ts';
import type { Recurrent } from './recurrent.ts';
import { RNN } from './rnn.ts';
import { RNNCell } from './rnn-cell.ts';

const generator = new Generator(0);
const options = { dtype: 'float64', generator } as const;
const normal = (...shape: number[]): Tensor => randn(shape, options);
const relu = { ...options, nonlinearity: 'relu' } as const;

const pairs: readonly (readonly [string, cell: Recurrent, layer: Recurrent])[] = [
  ['RNN', new RNNCell(2, 3, options), new RNN(2, 3, options)],
  ['RNN of relu', new RNNCell(2, 3, relu), new RNN(2, 3, relu)],
  ['GRU', new GRUCell(2, 3, options), new GRU(2, 3, options)],
  ['LSTM', new LSTMCell(2, 3, options), new LSTM(2, 3, options)],
];

const listOf = (state: Tensor | readonly Tensor[]): readonly Tensor[] => [state].flat() as readonly Tensor[];
const arraysOf = (states: Tensor | readonly Tensor[]): unknown => listOf(states).map((x) => x.toArray());

describe.each(pairs)('a cell of %s', (_, cell, layer) => {
  test('in a loop is the layer', () => {
    const weights = Object.entries(cell.stateDict()).map(([name, x]) => [`${name}L0`, x] as const);
    layer.loadStateDict(Object.fromEntries(weights));
    const x = normal(3, 4, 2);
    let state: Tensor | readonly Tensor[] | undefined;
    for (let t = 0; t < 3; t++) state = cell.forward(x.select(0, t), state as never);
    const [, last] = layer.forward(x);
    expect(arraysOf(state as Tensor)).toEqual(arraysOf(listOf(last).map((each) => each.select(0, 0))));
  });

  test('takes one sample alone', () => {
    const [x, states] = [normal(4, 2), listOf(cell.forward(normal(4, 2)))];
    const hx = (of: readonly Tensor[]): never => (of.length === 1 ? of[0] : of) as never;
    const all = listOf(cell.forward(x, hx(states)));
    const alone = cell.forward(x.select(0, 1), hx(states.map((state) => state.select(0, 1))));
    expect(arraysOf(alone)).toEqual(arraysOf(all.map((state) => state.select(0, 1))));
  });

  test('has the derivatives of differences, of second order, too', () => {
    const parameters = cell.namedParameters();
    assertGradients(
      (x) => listOf(cell.forward(x)),
      { x: normal(2, 2) },
      { parameters, order: 2, entries: 4, directions: 1 },
    );
  });
});

test('errors', () => {
  const cell = new LSTMCell(2, 3);
  expect(() => cell.forward(zeros([4, 3]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: LSTMCell: the input is not of such sequences
      got:   [4, 3] float32
      needs: [batch, in] or [in] of dtype float32, with inputSize 2
      fix:   the features are the last dim; numbers alone get one by unsqueeze(-1)]
  `);
  expect(() => cell.forward(zeros([4, 2]), [zeros([4, 3]), zeros([3])])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: LSTMCell: the initial state c does not fit
      got:   [3] float32
      needs: [4, 3] float32
      fix:   leave the initial state out to start from zeros]
  `);
  expect(() => cell.forward(zeros([4, 2]), zeros([4, 3]) as never)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: LSTMCell: the state is not a pair
      got:   one tensor
      needs: [h, c]
      fix:   both start from zeros if the state is left out]
  `);
  expect(() => new RNNCell(2, 3, { nonlinearity: 'gelu' as 'relu' })).toThrow('RNNCell: no such nonlinearity');
  expect(() => new GRUCell(0, 3)).toThrow('GRUCell: inputSize is not a count');
});
