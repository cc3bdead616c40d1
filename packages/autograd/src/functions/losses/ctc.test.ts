import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compiledResults, disagreement } from '../../compile/test-agreement.ts';
import { ctcLoss, Generator, grad, logSoftmax, noGrad, randn, type Tensor, tensor, vjp, zeros } from '../../index.ts';
import { assertGradients } from '../../verify/index.ts';

const whole = (entries: readonly number[] | readonly number[][]): Tensor => tensor(entries, { dtype: 'int32' });
const float64 = { dtype: 'float64' } as const;

/** Repetitions merged, blanks left out. */
function readOff(path: readonly number[], blank: number): string {
  return path.filter((label, t) => label !== blank && label !== path[t - 1]).join();
}

/** The probability of a target: the sum over all paths. */
function probability(rows: readonly (readonly number[])[], target: readonly number[], blank: number): number {
  let sum = 0;
  const walk = (path: readonly number[], logOfPath: number): void => {
    if (path.length === rows.length) {
      if (readOff(path, blank) === target.join()) sum += Math.exp(logOfPath);
      return;
    }
    rows[path.length].forEach((logOfLabel, label) => {
      walk([...path, label], logOfPath + logOfLabel);
    });
  };
  walk([], 0);
  return sum;
}

const CLASSES = 3;
const TIMES = 4;

interface Problem {
  readonly blank: number;
  readonly seed: number;
  readonly samples: readonly { readonly length: number; readonly places: readonly number[] }[];
}

const problems: fc.Arbitrary<Problem> = fc.record({
  blank: fc.nat(CLASSES - 1),
  seed: fc.nat(999),
  samples: fc.array(
    fc.record({
      length: fc.nat(TIMES),
      places: fc.array(fc.nat(CLASSES - 2), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** Log-probabilities, padded targets with nonsense beyond their length, and lengths. */
function inputsOf({ blank, seed, samples }: Problem) {
  const scores = randn([TIMES, samples.length, CLASSES], { ...float64, generator: new Generator(seed) });
  const targets = samples.map(({ places }) => places.map((place) => (place >= blank ? place + 1 : place)));
  const longest = Math.max(...targets.map((target) => target.length));
  const padded = targets.map((target) => [...target, ...new Array<number>(longest - target.length).fill(-7)]);
  return {
    logProbs: logSoftmax(scores, 2),
    targets,
    padded: longest === 0 ? zeros([samples.length, 0], { dtype: 'int32' }) : whole(padded),
    inputLengths: samples.map(({ length }) => length),
    targetLengths: targets.map((target) => target.length),
  };
}

test('is minus the logarithm of the sum over all paths, in every form and reduction', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      const { blank } = problem;
      const { logProbs, targets, padded, inputLengths, targetLengths } = inputsOf(problem);
      const wanted = targets.map((target, b) => {
        const rows = logProbs.select(1, b).narrow(0, 0, inputLengths[b]).toArray() as number[][];
        return -Math.log(probability(rows, target, blank));
      });
      const close = wanted.map((loss) => (loss === Infinity ? loss : expect.closeTo(loss, 10)));
      const none = { blank, reduction: 'none' } as const;
      expect(ctcLoss(logProbs, padded, inputLengths, targetLengths, none).toArray()).toEqual(close);
      const [listed, ofTensors] = [targets.flat(), [whole(inputLengths), whole(targetLengths)] as const];
      if (listed.length > 0) {
        expect(ctcLoss(logProbs, whole(listed), ...ofTensors, none).toArray()).toEqual(close);
      }
      const zeroed = wanted.map((loss) => (loss === Infinity ? 0 : loss));
      const sum = ctcLoss(logProbs, padded, ...ofTensors, { blank, reduction: 'sum', zeroInfinity: true });
      expect(sum.item()).toBeCloseTo(
        zeroed.reduce((a, b) => a + b, 0),
        9,
      );
      const mean = zeroed.reduce((total, loss, b) => total + loss / Math.max(targetLengths[b], 1), 0) / zeroed.length;
      expect(ctcLoss(logProbs, padded, ...ofTensors, { blank, zeroInfinity: true }).item()).toBeCloseTo(mean, 9);
    }),
  );
});

test('has the derivatives of differences, of second order, too', () => {
  const logProbs = logSoftmax(randn([4, 2, 3], { ...float64, generator: new Generator(0) }), 2);
  const loss = (x: Tensor): Tensor =>
    ctcLoss(
      x,
      whole([
        [1, 1],
        [2, 0],
      ]),
      [4, 3],
      [2, 1],
    );
  assertGradients(loss, [logProbs], { order: 2 });
  const [value, pull] = vjp(loss, logProbs);
  const recorded = pull(value)[0].toTypedArray();
  expect(Array.from(noGrad(() => pull(value))[0].toTypedArray())).toEqual(
    Array.from(recorded, (entry) => expect.closeTo(entry, 12)),
  );
});

test('behind logSoftmax the derivative is that of PyTorch', () => {
  const scores = tensor(
    [
      [0.5, -1, 2],
      [1, 0, -0.5],
      [0.3, 0.2, 0.1],
    ],
    float64,
  );
  const gradient = grad((x: Tensor) => ctcLoss(logSoftmax(x, 1), whole([1, 2]), 3, 2))(scores);
  // Computed by PyTorch 2.13.
  const wanted = [
    [-0.14706408224000422, -0.2457344350546337, 0.3927985172946379],
    [0.17190748619182716, -0.17146804835658586, -0.00043943783524130753],
    [0.14478551779552515, 0.16611249676667364, -0.3108980145621988],
  ];
  expect(gradient.toArray()).toEqual(wanted.map((row) => row.map((entry) => expect.closeTo(entry, 12))));
});

test('one sequence without a batch', () => {
  const logProbs = logSoftmax(randn([4, 3], { ...float64, generator: new Generator(1) }), 1);
  const batch = ctcLoss(logProbs.unsqueeze(1), whole([[1, 2]]), [4], [2], { reduction: 'none' });
  const alone = ctcLoss(logProbs, whole([1, 2]), tensor(4, { dtype: 'int32' }), 2, { reduction: 'none' });
  expect(alone.shape).toEqual([]);
  expect(alone.item()).toBe((batch.toArray() as number[])[0]);
});

test('impossible targets and scores of any size do not spoil derivatives', () => {
  const impossible = grad((x: Tensor) => ctcLoss(logSoftmax(x, 2), whole([[1, 1]]), [2], [2], { zeroInfinity: true }));
  expect(
    impossible(zeros([2, 1, 3]))
      .toTypedArray()
      .every((entry) => entry === 0),
  ).toBe(true);
  const scores = tensor([[[1000, -1000]], [[-1000, 1000]], [[1000, 1000]]]);
  const [loss, pull] = vjp((x: Tensor) => ctcLoss(logSoftmax(x, 2), whole([[1]]), [3], [1]), scores);
  expect(loss.item()).toBeCloseTo(0, 6);
  expect(pull(tensor(1))[0].toTypedArray().every(Number.isFinite)).toBe(true);
});

test('compiles', () => {
  const run = (scores: Tensor, targets: Tensor, inputs: Tensor, lengths: Tensor): readonly Tensor[] => {
    const [loss, pull] = vjp((x: Tensor) => ctcLoss(logSoftmax(x, 2), targets, inputs, lengths), scores);
    return [loss, ...pull(loss)];
  };
  const given = [
    randn([5, 2, 3], { generator: new Generator(2) }),
    whole([
      [1, 2],
      [2, 1],
    ]),
    whole([5, 5]),
    whole([2, 2]),
  ];
  const calculation = { run: run as (...x: readonly Tensor[]) => readonly Tensor[], given };
  expect(disagreement(calculation, compiledResults(calculation, 'wasm'))).toBeUndefined();
});

describe('errors', () => {
  const x = zeros([4, 2, 3]);
  const targets = whole([
    [1, 2],
    [2, 1],
  ]);

  test('of shapes and dtypes', () => {
    expect(() => ctcLoss(zeros([4]), targets, [4], [2])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: ctcLoss: the shapes do not fit together
        got:   logProbs [4], targets [2, 2]
        needs: logProbs [time, batch, classes] with targets [batch, longest] or one after the other; or [time, classes]
        fix:   the time comes first: transpose(0, 1) if the batch does]
    `);
    expect(() => ctcLoss(x, whole([[1, 2]]), [4, 4], [2, 2])).toThrow('targets [1, 2]');
    expect(() => ctcLoss(x, zeros([2, 2]), [4, 4], [2, 2])).toThrow('ctcLoss: the indices are not whole numbers');
    expect(() => ctcLoss(targets, targets, [4, 4], [2, 2])).toThrow('ctcLoss: not defined for whole numbers');
  });

  test('of lengths', () => {
    expect(() => ctcLoss(x, targets, [4, 5], [2, 2])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: ctcLoss: the inputLengths do not fit
        got:   [4, 5] of shape [2]
        needs: 2 whole numbers from 0 to 4, the times of logProbs
        fix:   logProbs are [time, batch, classes]; one length for each of the batch]
    `);
    expect(() => ctcLoss(x, targets, [4], [2, 2])).toThrow('the inputLengths do not fit');
    expect(() => ctcLoss(x, targets, [4, 4], [2, -1])).toThrow('the targetLengths do not fit');
    expect(() => ctcLoss(x, targets, [4, 4], zeros([2]))).toThrow('ctcLoss: targetLengths');
    expect(() => ctcLoss(x, targets, [4, 4], [2, 3])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: ctcLoss: the targetLengths do not fit
        got:   [2, 3] for targets [2, 2]
        needs: at most 2, the size of the padded targets
        fix:   count the labels without the padding]
    `);
    expect(() => ctcLoss(x, whole([1, 2, 1]), [4, 4], [2, 2])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: ctcLoss: the targetLengths do not add up to the targets
        got:   3 labels for lengths [2, 2]
        needs: as many labels as the lengths add up to
        fix:   padded targets have the shape [batch, longest]]
    `);
  });

  test('of labels', () => {
    expect(() =>
      ctcLoss(
        x,
        whole([
          [1, 3],
          [2, 1],
        ]),
        [4, 4],
        [2, 2],
      ),
    ).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: ctcLoss: a label is out of range
        got:   label 3 in target 0, for 3 classes with blank 0
        needs: labels 0 to 2 but for 0
        fix:   count labels from 1 if the blank is 0]
    `);
    expect(() => ctcLoss(x, targets, [4, 4], [2, 2], { blank: 2 })).toThrow('label 2 in target 0');
    expect(() => ctcLoss(x, targets, [4, 4], [2, 2], { blank: 3 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: ctcLoss: the blank is no class
        got:   blank 3 for 3 classes
        needs: a whole number from 0 to 2
        fix:   the last layer has one output more than there are labels, for the blank]
    `);
    const reduction = 'average' as 'mean';
    expect(() => ctcLoss(x, targets, [4, 4], [2, 2], { reduction })).toThrow("reduction 'average'");
  });
});
