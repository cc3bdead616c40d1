import type { Parameter, Shape, Tensor } from '@gradtape/autograd';
import { describe, test } from 'vitest';
import { GRU } from './gru.ts';
import { LSTM, type LSTMState } from './lstm.ts';
import type { PackedSequence } from './packed-sequence.ts';
import type { SequenceShape } from './recurrent-layer.ts';
import { RNN } from './rnn.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** `is<Expected>()(value)` compiles only if the type of the value is exactly the expected one. */
declare function is<Expected>(): <Actual>(
  value: Actual,
  ...same: Same<Actual, Expected> extends true ? [] : ['the types differ', Actual]
) => void;
/** A tensor whose shape is in its type. */
declare function of<const S extends Shape>(...sizes: S): Tensor<[...S]>;
declare const n: number;
declare const plain: Tensor;
declare const packed: PackedSequence;

describe('recurrent layers', () => {
  test('know the size of what comes out', () => {
    is<[output: Tensor<[5, 3, 20]>, last: Tensor]>()(new RNN(10, 20).forward(of(5, 3, 10)));
    is<[output: Tensor<[5, 3, number]>, last: Tensor]>()(
      new GRU(10, 20, { bidirectional: true }).forward(of(5, 3, 10)),
    );
    is<[output: Tensor<[number, 3, 4]>, last: LSTMState]>()(new LSTM(10, 20, { projSize: 4 }).forward(of(n, 3, 10)));
    is<[output: Tensor, last: LSTMState]>()(new LSTM(10, 20).forward(plain));
    is<[output: PackedSequence, last: LSTMState]>()(new LSTM(10, 20).forward(packed));
    is<Parameter>()(new LSTM(10, 20).weightHhL0Reverse);
  });

  test('do not compile for features of another size', () => {
    is<'LSTM: expected inputs of size 10, got last size 9 (input [5, 3, 9])'>()(
      {} as SequenceShape<'LSTM', 10, 20, [5, 3, 9]>,
    );
    // @ts-expect-error LSTM: expected inputs of size 10, got last size 9
    new LSTM(10, 20).forward(of(5, 3, 9));
    // @ts-expect-error a pair is needed
    new LSTM(10, 20).forward(plain, plain);
  });
});
