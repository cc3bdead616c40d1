import { filled } from '../../core/allocate.ts';
import type { DType } from '../../core/dtype.ts';
import type { Generator } from '../../core/random/generator.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Node } from '../../tape/node.ts';
import { numbersOf } from '../compare.ts';
import { expectedRounding, roundsToSingle } from '../expected-rounding.ts';
import type { Program } from '../program.ts';
import { cotangentAt, cotangentsOf, type Run } from '../run.ts';

/** A program at its start, with the derivatives that its tape gives. */
export interface Taped {
  readonly program: Program;
  readonly run: Run;
  /** What the results are multiplied by, to make one number of them. */
  readonly weights: readonly Tensor[];
  /** The derivative of that number by each line on the tape, by reverse mode. */
  readonly cotangents: ReadonlyMap<Node, readonly number[]>;
  /** The derivative of that number by each variable. */
  readonly gradients: readonly Tensor[];
  /** What rounding may change in that number. */
  readonly rounding: number;
  /** The shortest dtype on the tape. */
  readonly precision: DType;
}

export function tapedOf(program: Program, generator: Generator): Taped {
  const run = program.run(program.start);
  const weights = weightsFor(run.outputs, generator);
  const found = cotangentsOf(run, weights);
  return {
    program,
    run,
    weights,
    cotangents: new Map([...found].map(([line, cotangent]) => [line, numbersOf(cotangent)] as const)),
    gradients: run.variables.map((x) => cotangentAt(found, x)),
    rounding: expectedRounding(found),
    precision: roundsToSingle(run.lines) ? 'float32' : 'float64',
  };
}

/** One tensor for each result: 1 for a single number, else random numbers of both signs, so that nothing cancels. */
function weightsFor(outputs: readonly Tensor[], generator: Generator): readonly Tensor[] {
  if (outputs.length === 1 && outputs[0].length === 1) return [filled(outputs[0].shape, outputs[0].dtype, 1)];
  return outputs.map((y) => {
    const weights = filled(y.shape, y.dtype, 0);
    const drawn = generator.normal(new Float64Array(y.length));
    drawn.forEach((entry, i) => {
      weights.storage[weights.offset + i] = entry;
    });
    return weights;
  });
}
