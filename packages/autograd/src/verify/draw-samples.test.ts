import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import type { Domain } from '../tape/primitive.ts';
import { numbersOf } from './compare.ts';
import { REACH } from './differences.ts';
import { drawBy, type Entries } from './draw-samples.ts';

const domains: readonly Domain[] = [
  { low: -3, high: 3 },
  { low: -3, high: 3, kinks: [-1, 0, 2.5] },
  { low: 0.999, high: 1.001 },
  { low: -3, high: 3, distinct: true },
];

function forAllTensors(entries: Entries, domain: Domain, check: (x: Tensor) => void): void {
  const dtypes = fc.constantFrom('float64' as const, 'float32' as const);
  fc.assert(
    fc.property(dtypes, fc.gen(), (dtype, choose) => {
      const draw = drawBy(choose, { dtype, entries });
      check(draw.tensor(draw.shape(), domain));
    }),
  );
}

describe('entries', () => {
  test.each(domains)('lie in %o, farther from its kinks than differences reach', (domain) => {
    forAllTensors('clear', domain, (x) => {
      for (const entry of numbersOf(x)) {
        expect(entry).toBeGreaterThan(domain.low);
        expect(entry).toBeLessThan(domain.high);
        for (const kink of domain.kinks ?? []) expect(Math.abs(entry - kink)).toBeGreaterThan(2 * REACH);
      }
    });
  });

  test('that are distinct keep apart by more than differences reach from both', () => {
    forAllTensors('clear', { low: -3, high: 3, distinct: true }, (x) => {
      const sorted = [...numbersOf(x)].sort((a, b) => a - b);
      for (let i = 1; i < sorted.length; i++) expect(sorted[i] - sorted[i - 1]).toBeGreaterThan(2 * REACH);
    });
  });

  test('are halves inside the domain, if that is asked', () => {
    forAllTensors('halves', { low: -3, high: 3 }, (x) => {
      for (const entry of numbersOf(x)) expect([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]).toContain(2 * entry);
    });
  });
});

test('every kind of tensor comes up: empty, of one entry, large, without dims, and laid out in every way', () => {
  const met = new Set<string>();
  fc.assert(
    fc.property(fc.gen(), (choose) => {
      const draw = drawBy(choose, { dtype: 'float32' });
      const { shape, strides, rank, length, contiguous } = draw.tensor(draw.shape());
      const steps = strides.filter((_, d) => shape[d] > 1);
      if (rank === 0) met.add('without dims');
      if (length === 0) met.add('empty');
      if (length === 1) met.add('one entry');
      if (length > 100) met.add('large');
      if (length > 1 && contiguous) met.add('contiguous');
      if (length > 1 && steps.includes(0)) met.add('repeated');
      if (length > 1 && steps.some((step) => step < 0)) met.add('backwards');
      if (length > 1 && steps.length > 0 && steps.every((step) => step > 1)) met.add('with gaps');
      if (length > 1 && steps.some((step, d) => d > 0 && step > steps[d - 1] && steps[d - 1] > 0)) met.add('permuted');
    }),
    { numRuns: 1000, seed: 1 },
  );
  const kinds = 'without dims,empty,one entry,large,contiguous,repeated,backwards,with gaps,permuted';
  expect([...met].sort()).toEqual(kinds.split(',').sort());
});

test('the storage between entries holds nothing that could pass for one', () => {
  fc.assert(
    fc.property(fc.gen(), (choose) => {
      const draw = drawBy(choose, { dtype: 'float64' });
      const x = draw.tensor(draw.shape());
      const entries = new Set(numbersOf(x));
      for (const number of x.storage) expect(entries.has(number) || Number.isNaN(number)).toBe(true);
      expect(numbersOf(x).some(Number.isNaN)).toBe(false);
    }),
  );
});
