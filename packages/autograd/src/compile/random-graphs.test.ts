import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import '../index.ts';
import type { Draw } from '../tape/primitive.ts';
import { describeSample } from '../verify/describe-sample.ts';
import { drawBy } from '../verify/draw-samples.ts';
import { rowsApart } from './parts-in-place.ts';
import { rowGrouping } from './rows.ts';
import { type Calculation, compiledResults, disagreement, together } from './test-agreement.ts';
import { testEngines } from './test-engines.ts';
import { allOrders } from './test-orders.ts';
import { drawInputs, type Line, programs, runProgram } from './test-programs.ts';

// Programs of drawn operations on drawn shapes, compiled: values, both modes of differentiation, second derivatives.

function calculation(lines: readonly Line[], draw: Draw, others: Draw = draw): Calculation {
  const inputs = drawInputs(draw, others);
  return allOrders((given) => ({ f: (...xs) => runProgram(lines, xs), inputs: given }), inputs, draw);
}

/** Says on what inputs it does not agree. */
function expectAgreement(drawn: Calculation, compiled: () => readonly Tensor[]): void {
  const say = (broken: unknown): never => {
    throw new Error(`${broken}\n${describeSample({ inputs: drawn.given.slice(0, 3), params: undefined })}`);
  };
  let broken: string | undefined;
  try {
    broken = disagreement(drawn, compiled());
  } catch (error) {
    say(error);
  }
  if (broken !== undefined) say(broken);
}

const dtypes = fc.constantFrom('float32' as const, 'float64' as const);
const engines = testEngines();

describe('programs of drawn operations', () => {
  test('compiled to WebAssembly give what they give eagerly', () => {
    fc.assert(
      fc.property(programs, dtypes, fc.gen(), (lines, dtype, choose) => {
        const drawn = calculation(lines, drawBy(choose, { dtype }));
        expectAgreement(drawn, () => compiledResults(drawn, 'wasm'));
      }),
      { numRuns: 150 },
    );
  });

  test('also where stages are done together, row by row, and rows of parts are computed where they belong', () => {
    const usual = { rows: { ...rowGrouping }, apart: { ...rowsApart } };
    Object.assign(rowGrouping, { leastEntries: 0, leastRows: 2 });
    Object.assign(rowsApart, { multiple: 1 });
    try {
      fc.assert(
        fc.property(programs, dtypes, fc.gen(), (lines, dtype, choose) => {
          const drawn = calculation(lines, drawBy(choose, { dtype }));
          expectAgreement(drawn, () => compiledResults(drawn, 'wasm'));
        }),
        { numRuns: 60 },
      );
    } finally {
      Object.assign(rowGrouping, usual.rows);
      Object.assign(rowsApart, usual.apart);
    }
  });

  test('so do programs of both precisions', () => {
    fc.assert(
      fc.property(programs, fc.gen(), (lines, choose) => {
        const [single, double] = (['float32', 'float64'] as const).map((dtype) => drawBy(choose, { dtype }));
        const drawn = calculation(lines, single, double);
        expectAgreement(drawn, () => compiledResults(drawn, 'wasm'));
      }),
      { numRuns: 40 },
    );
  });

  // The C compiler takes its time for each: several programs are one.
  test.each(engines.filter((engine) => engine === 'native'))('compiled to %s code, too', (engine) => {
    fc.assert(
      fc.property(fc.array(programs, { minLength: 12, maxLength: 12 }), dtypes, fc.gen(), (many, dtype, choose) => {
        const draw = drawBy(choose, { dtype });
        const all = many.map((lines) => calculation(lines, draw));
        const results = [...compiledResults(together(all), engine)];
        for (const drawn of all) {
          const count = drawn.run(...drawn.given).length;
          expectAgreement(drawn, () => results.splice(0, count));
        }
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });
});
