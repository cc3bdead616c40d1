import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  areNamed,
  checkRight,
  checkWrong,
  isNamed,
  rules,
  twiceWrongDerivations,
  type WrongDerivation,
  wrongDerivations,
} from './score.ts';
import { type Outcome, scorePage } from './score-page.ts';

const SEED = 2026;
const PAIRS = 60;

function outcomesOf(all: readonly WrongDerivation[], isFound: typeof isNamed): readonly Outcome[] {
  return all.map((wrong) => {
    const report = checkWrong(wrong);
    return { wrong, named: !report.passed && isFound(wrong, report), says: report.diagnoses[0]?.says ?? 'nothing' };
  });
}

function share(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ named }) => named).length / outcomes.length;
}

test('the diagnosis names the right cause first, and the page says how often', async () => {
  const single = outcomesOf(wrongDerivations(SEED), isNamed);
  const double = outcomesOf(twiceWrongDerivations(SEED, PAIRS), areNamed);
  const page = scorePage(single, double, SEED);
  console.log(page.slice(page.indexOf('| the mistake |')));
  expect(single.length).toBeGreaterThan(150);
  expect(share(single)).toBeGreaterThanOrEqual(0.9);
  expect(share(double)).toBeGreaterThanOrEqual(0.75);
  await expect(page).toMatchFileSnapshot('../../../../../../docs/diagnosis-score.md');
});

test('at other inputs, too', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1e6 }), fc.nat(), (seed, k) => {
      const all = wrongDerivations(seed);
      const wrong = all[k % all.length];
      const report = checkWrong(wrong);
      expect(report.passed, JSON.stringify(wrong.slips)).toBe(false);
      expect(report.diagnoses.flatMap(({ causes }) => causes)).not.toEqual([]);
    }),
    { numRuns: 20 },
  );
});

describe('right derivations pass', () => {
  test.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom('float64' as const, 'float32' as const), (seed, dtype) => {
        const report = checkRight(rule, seed, dtype);
        expect(report.passed, report.toString()).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});
