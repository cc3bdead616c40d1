import { constant } from '../core/allocate.ts';
import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { watch } from '../tape/leaf.ts';
import { type Node, nodeOf } from '../tape/node.ts';
import { linesBetween, pullBack } from '../tape/tape.ts';
import { withEverythingRecorded } from './everything-recorded.ts';
import type { Named, Trace } from './trace.ts';

/** A derivative that gets a line: the sensitivity of a named value, or the gradient of an input. */
export interface Step {
  readonly of: Named;
  readonly kind: 'sensitivity' | 'gradient';
  /** The cotangent; undefined where the loss does not depend on the input. */
  readonly cotangent: Tensor | undefined;
  /** A sensitivity goes on under this name: the same numbers, with nothing behind them. */
  readonly renamed: Tensor | undefined;
}

/**
 * Runs every pullback between the loss and the inputs once more, on the tape, so that what it does can be read. Each
 * sensitivity goes on under a name of its own. Steps come in the order in which a reader wants them: a sensitivity, then
 * the gradients that follow from it.
 *
 * @param passes Whether the sensitivity of a value is only passed through, and gets no line. It is given the line that
 *   computes the value, that line's inputs on the way, and whether the value is the first from the loss back.
 */
export function pullBackSteps(
  { labelled }: Trace,
  loss: Tensor,
  by: readonly Named[],
  passes: (value: Named, line: Node, wanted: readonly Tensor[], isFirst: boolean) => boolean,
): readonly Step[] {
  const lines = linesBetween(
    by.map(({ tensor }) => tensor),
    [loss],
  );
  const start = nodeOf(loss) as Node;
  if (!lines.includes(start)) failOnIndependence(by);
  const sensitivities: { place: number; step: Step }[] = [];
  const cotangents = new Map<Node, Tensor>();
  let isFirst = true;
  for (const of of lastFirst(labelled)) {
    const line = nodeOf(of.tensor) as Node;
    if (of.tensor === loss || !lines.includes(line)) continue;
    const wanted = line.inputs.filter((x) => lines.some((other) => other === nodeOf(x)));
    const isPassed = passes(of, line, [...new Set(wanted)], isFirst);
    isFirst = false;
    if (isPassed) continue;
    line.hooks = [
      (cotangent: Tensor): Tensor => {
        const renamed = watch(cotangent);
        sensitivities.push({ place: line.sequence, step: { of, kind: 'sensitivity', cotangent, renamed } });
        return renamed;
      },
    ];
  }
  withEverythingRecorded(() =>
    pullBack(lines, [[start, constant(1, loss.shape, loss.dtype)]], add, (line, cotangent) =>
      cotangents.set(line, cotangent),
    ),
  );
  const gradients = by.map((of) => {
    const line = nodeOf(of.tensor) as Node;
    const users = lines.filter(({ inputs }) => inputs.some((x) => nodeOf(x) === line));
    const place = Math.min(...users.map(({ sequence }) => sequence)) - 0.5;
    const step: Step = { of, kind: 'gradient', cotangent: cotangents.get(line), renamed: undefined };
    return { place: users.length === 0 ? Number.NEGATIVE_INFINITY : lastBefore(sensitivities, place), step };
  });
  return [...sensitivities, ...gradients].sort((a, b) => b.place - a.place).map(({ step }) => step);
}

function lastFirst(values: readonly Named[]): readonly Named[] {
  const place = ({ tensor }: Named): number => nodeOf(tensor)?.sequence ?? -1;
  return [...values].sort((a, b) => place(b) - place(a));
}

/** Right behind the last sensitivity that comes before a place. */
function lastBefore(sensitivities: readonly { place: number }[], place: number): number {
  const before = sensitivities.map((s) => s.place).filter((other) => other > place);
  return before.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...before) - 0.5;
}

function failOnIndependence(by: readonly Named[]): never {
  return fail('derivation: the loss depends on nothing that it should be differentiated by', {
    got: by.length === 0 ? 'no inputs of a floating dtype' : `derivatives by ${by.map(({ name }) => name).join(', ')}`,
    needs: 'a loss computed from at least one of them',
    fix: 'use the arguments that the function is given, not tensors from outside of it',
  });
}

/** What derivatives are taken by: what is asked for; else parameters and what requires a gradient; else all inputs. */
export function chosenInputs({ inputs }: Trace, by: readonly string[] | undefined): readonly Named[] {
  const floating = inputs.filter(({ tensor }) => isFloating(tensor.dtype));
  if (by === undefined) {
    const leaves = floating.filter(({ tensor }) => nodeOf(tensor)?.isLeaf);
    return leaves.length > 0 ? leaves : floating;
  }
  const unknown = by.find((name) => !floating.some((x) => x.name === name));
  if (unknown === undefined) return inputs.filter(({ name }) => by.includes(name));
  return fail('derivation: no such input to differentiate by', {
    got: `by: '${unknown}'`,
    needs: `one of ${floating.map(({ name }) => `'${name}'`).join(', ') || 'the inputs of a floating dtype: there are none'}`,
    fix: 'name it as it is named among the inputs',
  });
}

/** The loss, with its name: the one that the function gave it, or E. */
export function lossOf({ outputs, labelled, inputs }: Trace): Named {
  const [loss] = outputs;
  if (outputs.length !== 1 || loss.length !== 1 || !isFloating(loss.dtype)) {
    fail('derivation: the function does not give a loss', {
      got: outputs.length === 1 ? `${showShape(loss.shape)} ${loss.dtype}` : `${outputs.length} results`,
      needs: 'a single number of a floating dtype',
      fix: 'reduce the result with sum() or mean(); record(…) shows the tape of any function',
    });
  }
  const named = labelled.find(({ tensor }) => tensor === loss);
  if (named === undefined && [...labelled, ...inputs].some(({ name }) => name === 'E')) {
    fail('derivation: the loss has no name, and E is taken', {
      got: "another value with the name 'E'",
      needs: 'a name for the loss',
      fix: "return label('L', loss)",
    });
  }
  return named ?? { name: 'E', tensor: loss };
}
