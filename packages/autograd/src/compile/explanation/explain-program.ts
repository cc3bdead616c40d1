import { stageTimes } from './measure.ts';
import { memorySummary } from './memory-summary.ts';
import { ProgramExplanation } from './program-explanation.ts';
import type { ProgramView } from './program-view.ts';
import { stageSummary } from './stage-summary.ts';
import { valueNames } from './value-names.ts';

/**
 * Measures and describes a program. What slots hold and what the next run computes stays as it is.
 *
 * @param engine What the program runs on, in words.
 * @param now The clock that measures, in milliseconds.
 */
export function explainProgram(
  program: ProgramView,
  engine: string,
  now: () => number = () => performance.now(),
): ProgramExplanation {
  const names = valueNames(program);
  const times = stageTimes(program, now);
  return new ProgramExplanation({
    engine,
    graph: program.graph,
    recorded: program.recorded,
    kernels: program.kernels.length,
    stages: program.chains.map((chain, index) => stageSummary(chain, index, program, names)),
    times,
    total: times.reduce((sum, time) => sum + time, 0),
    memory: memorySummary(program, names),
    results: program.resultValues,
    names,
  });
}
