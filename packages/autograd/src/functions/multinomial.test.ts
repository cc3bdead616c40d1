import { describe, expect, test } from 'vitest';
import {
  Generator,
  manualSeed,
  multinomial,
  normal,
  randint,
  randintLike,
  randLike,
  randnLike,
  type Tensor,
  tensor,
} from '../index.ts';

const N = 20_000;
/** Fixed seeds: nothing can fail by chance. Bounds that a blindly chosen seed would exceed once in a million times. */
const SIGMAS = 4.9;

function share(draws: Tensor, category: number): number {
  return draws.eq(category).to('float64').mean().item();
}

describe('multinomial', () => {
  const weights = tensor([0, 1, 5, 0, 2]);

  test('draws each category as often as its weight says', () => {
    manualSeed(1);
    const again = multinomial(weights, N, { replacement: true });
    const first = multinomial(weights.expand([N, 5]), 1).flatten();
    for (const draws of [again, first]) {
      expect(draws.dtype).toBe('int32');
      [0, 1, 5, 0, 2].forEach((weight, category) => {
        const p = weight / 8;
        const off = Math.abs(share(draws, category) - p);
        expect(off).toBeLessThanOrEqual(SIGMAS * Math.sqrt((p * (1 - p)) / N));
      });
    }
  });

  test('without replacement draws every category once', () => {
    manualSeed(2);
    const rows = multinomial(weights.expand([50, 5]), 3);
    expect(rows.shape).toEqual([50, 3]);
    for (const row of rows.unbind(0)) expect([...row.toTypedArray()].sort()).toEqual([1, 2, 4]);
  });

  test('a generator decides', () => {
    const draw = (seed: number): unknown =>
      multinomial(weights, 20, { replacement: true, generator: new Generator(seed) }).toArray();
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  test('says what cannot be drawn from', () => {
    expect(() => multinomial(weights, 4)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: multinomial: the weights do not say what to draw
        got:   3 weights that are not 0 in a row
        needs: at least 4
        fix:   softmax makes weights of scores; { replacement: true } may draw a category again]
    `);
    expect(() => multinomial(tensor([1, -1]), 1)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: multinomial: the weights do not say what to draw
        got:   weight -1
        needs: finite numbers from 0
        fix:   softmax makes weights of scores; { replacement: true } may draw a category again]
    `);
    expect(() =>
      multinomial(
        tensor([
          [1, 1],
          [0, 0],
        ]),
        1,
        { replacement: true },
      ),
    ).toThrow('0 weights that are not 0');
    expect(() => multinomial(tensor([NaN]), 1)).toThrow('weight NaN');
    expect(() => multinomial(tensor([]), 1)).toThrow('0 categories');
    expect(() => multinomial(weights, 0)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: multinomial: not draws from lists of weights
        got:   0 draws from weights of shape [5]
        needs: one or two dims, and a whole number from 1
        fix:   one row of weights for each list of draws]
    `);
    expect(() => multinomial(tensor([1], { dtype: 'int32' }), 1)).toThrow('not defined for whole numbers');
  });
});

describe('normal', () => {
  test('has the mean and the deviation asked for, place by place', () => {
    manualSeed(5);
    const draws = normal(tensor([[0], [100]]).expand([2, N]), tensor([[1], [3]]));
    for (const [i, [mean, std]] of [
      [0, 1],
      [100, 3],
    ].entries()) {
      const row = draws.select(0, i).to('float64');
      expect(Math.abs(row.mean().item() - mean)).toBeLessThan((SIGMAS * std) / Math.sqrt(N));
      expect(Math.abs(row.std().item() - std)).toBeLessThan((SIGMAS * std) / Math.sqrt(2 * N));
    }
    expect(normal(2, 0, [2, 1]).toArray()).toEqual([[2], [2]]);
    expect(normal(2, tensor([0], { dtype: 'float64' })).dtype).toBe('float64');
    expect(normal(tensor([1], { requiresGrad: true })).requiresGrad).toBe(false);
  });

  test('says what is wrong', () => {
    expect(() => normal(0, 1)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: normal: not a normal distribution of a shape
        got:   0 tensors, std 1, shape not given
        needs: a std from 0, and a shape where mean and std are both numbers, only then
        fix:   normal(0, 1, [2, 3]), or normal(means, 1)]
    `);
    expect(() => normal(tensor([1]), 1, [2])).toThrow('shape given');
    expect(() => normal(tensor([1]), -1)).toThrow('std -1');
    expect(() => normal(tensor([1], { dtype: 'int32' }))).toThrow('not defined for whole numbers');
  });
});

test('random tensors like another', () => {
  const x = tensor([[1, 2]], { dtype: 'float64' });
  for (const like of [randLike(x), randnLike(x)]) expect([like.shape, like.dtype]).toEqual([[1, 2], 'float64']);
  expect(randnLike(x, { dtype: 'float32', requiresGrad: true }).requiresGrad).toBe(true);
  const draw = () => randLike(x, { generator: new Generator(1) }).toArray();
  expect(draw()).toEqual(draw());
  const generator = () => new Generator(2);
  for (const bounds of [[5], [-3, 5]] as [number][]) {
    const whole = randintLike(x, ...bounds, { generator: generator() });
    expect(whole.dtype).toBe('float64');
    expect(whole.toArray()).toEqual(randint(...bounds, [1, 2], { generator: generator() }).toArray());
  }
});
