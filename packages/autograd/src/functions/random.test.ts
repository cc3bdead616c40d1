import { describe, expect, test } from 'vitest';
import {
  bernoulli,
  dropoutMask,
  Generator,
  manualSeed,
  mul,
  rand,
  randint,
  randn,
  randperm,
  type Tensor,
  tensor,
  zeros,
} from '../index.ts';

const makers: Readonly<Record<string, (generator?: Generator) => Tensor>> = {
  rand: (generator) => rand([3, 50], { generator }),
  randn: (generator) => randn([3, 50], { generator }),
  randint: (generator) => randint(-5, 5, [3, 50], { generator }),
  randperm: (generator) => randperm(150, { generator }),
  bernoulli: (generator) => bernoulli(rand([3, 50], { generator: new Generator(1) }), { generator }),
  dropoutMask: (generator) => dropoutMask([3, 50], 0.5, { generator }),
};

describe.each(Object.entries(makers))('%s', (_, make) => {
  test('the seed decides, and the stream goes on', () => {
    manualSeed(5);
    const [first, second] = [make(), make()];
    expect(second.toArray()).not.toEqual(first.toArray());
    manualSeed(5);
    expect(make().toArray()).toEqual(first.toArray());
    expect(make().toArray()).toEqual(second.toArray());
  });

  test('a generator of its own leaves the common one alone', () => {
    manualSeed(5);
    const expected = make();
    manualSeed(5);
    const own = make(new Generator(6));
    expect(make().toArray()).toEqual(expected.toArray());
    expect(own.toArray()).not.toEqual(expected.toArray());
    expect(make(new Generator(5)).toArray()).toEqual(expected.toArray());
  });
});

test('shapes and dtypes', () => {
  expect(rand([2, 0, 3]).shape).toEqual([2, 0, 3]);
  expect(rand([]).shape).toEqual([]);
  expect([rand([1]), randn([1], { dtype: 'float64' }), randint(3, [1]), randperm(1)].map((x) => x.dtype)).toEqual([
    'float32',
    'float64',
    'int32',
    'int32',
  ]);
  expect(randint(3, [2], { dtype: 'float64' }).dtype).toBe('float64');
  expect(bernoulli(zeros([2], { dtype: 'float64' })).dtype).toBe('float64');
  expect(dropoutMask([2], 0.5, { dtype: 'float64' }).dtype).toBe('float64');
});

test('leaves for gradients', () => {
  const x = randn([3], { requiresGrad: true });
  mul(x, x).sum().backward();
  expect(x.grad?.toArray()).toEqual(x.mul(2).toArray());
  expect(rand([3]).requiresGrad).toBe(false);
});

/** Fixed seeds: nothing can fail by chance. Bounds that a blindly chosen seed would exceed once in a million times. */
const SIGMAS = 4.9;
const N = 40_000;

function expectMean(x: Tensor, mean: number, std: number): void {
  expect(Math.abs(x.to('float64').mean().item() - mean)).toBeLessThan((SIGMAS * std) / Math.sqrt(x.length));
}

test('distributions', () => {
  manualSeed(11);
  const uniform = rand([N]);
  expectMean(uniform, 0.5, Math.sqrt(1 / 12));
  expect(uniform.amin().item()).toBeGreaterThanOrEqual(0);
  expect(uniform.amax().item()).toBeLessThan(1);
  const normal = randn([N]);
  expectMean(normal, 0, 1);
  expectMean(normal.square(), 1, Math.SQRT2);
  const whole = randint(-2, 3, [N]);
  expectMean(whole, 0, Math.SQRT2);
  expect([...new Set(whole.toTypedArray())].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  expect([...new Set(randint(2, [50]).toTypedArray())].sort()).toEqual([0, 1]);
  expect([...randperm(100).toTypedArray()].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

test('bernoulli: each entry with its own probability, contiguous or not', () => {
  manualSeed(3);
  const p = tensor([[0, 1, 0.25]]).expand([N, 3]);
  const draws = bernoulli(p);
  expect(draws.select(1, 0).sum().item()).toBe(0);
  expect(draws.select(1, 1).sum().item()).toBe(N);
  expectMean(draws.select(1, 2), 0.25, Math.sqrt(0.25 * 0.75));
  expect([...new Set(draws.toTypedArray())].sort()).toEqual([0, 1]);
  expect(bernoulli(tensor([0, 0, 1, 1]).narrow(0, 2, 2)).toArray()).toEqual([1, 1]);
});

test('dropoutMask keeps the mean', () => {
  manualSeed(4);
  const mask = dropoutMask([N], 0.2);
  expect([...new Set(mask.toTypedArray())].sort()).toEqual([0, 1.25]);
  expectMean(mask, 1, Math.sqrt(0.2 / 0.8));
  expect(dropoutMask([3], 0).toArray()).toEqual([1, 1, 1]);
  expect(dropoutMask([3], 1).toArray()).toEqual([0, 0, 0]);
});

test('errors', () => {
  expect(() => rand([2, -1])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: rand: not a shape
      got:   [2, -1]
      needs: whole numbers, 0 or more
      fix:   give one size for each dim]
  `);
  expect(() => randn([2], { dtype: 'int32' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: randn: not a dtype for such numbers
      got:   dtype int32
      needs: float32 or float64
      fix:   use randint for whole numbers, bernoulli for zeros and ones]
  `);
  expect(() => bernoulli(tensor([0.5, 1.5]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: bernoulli: not a probability
      got:   1.5
      needs: a number from 0 to 1
      fix:   a share in percent is divided by 100 first; sigmoid makes probabilities of scores]
  `);
  expect(() => bernoulli(tensor([1], { dtype: 'int32' }))).toThrow('not defined for whole numbers');
  expect(() => bernoulli(tensor([NaN]))).toThrow('got:   NaN');
  expect(() => dropoutMask([2], 50)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: dropoutMask: not a probability
      got:   50
      needs: a number from 0 to 1
      fix:   a share in percent is divided by 100 first; sigmoid makes probabilities of scores]
  `);
  expect(() => randint(3, 3, [2])).toThrow('integers: not a range');
});
