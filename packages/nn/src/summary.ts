import { noGrad, type Shape, Tensor, zeros } from '@gradtape/autograd';
import type { Module } from './module.ts';

/**
 * A table of a model: each module with the shape it gives and how many numbers it trains itself (those of the modules
 * within have lines of their own), and the sum of them.
 *
 * @param input A shape, for zeros of the parameters' dtype, or a tensor. The model is run on it once, in evaluation mode,
 * to see the shapes; without it, that column is left out.
 *
 * @example
 * console.log(summary(new Sequential(new Linear(784, 256), new ReLU(), new Linear(256, 10)), [32, 784]));
 */
export function summary(model: Module, input?: Shape | Tensor): string {
  const shapes = input === undefined ? undefined : outputShapes(model, input);
  const counted = new Set<Tensor>();
  const rows = model.namedModules().map(([name, module]) => {
    const within = new Set<Tensor>(module.children().flatMap((child) => child.parameters()));
    const own = module.parameters().filter((parameter) => !within.has(parameter) && !counted.has(parameter));
    for (const parameter of own) counted.add(parameter);
    const kind = module.constructor.name;
    return [name === '' ? kind : `${name}: ${kind}`, shapes?.get(module) ?? '', count(own)];
  });
  const table = [['layer', 'output shape', 'parameters'], ...rows, ['total', '', count(counted) || '0']];
  return layOut(shapes === undefined ? table.map(([layer, , parameters]) => [layer, parameters]) : table);
}

function count(tensors: Iterable<Tensor>): string {
  const entries = [...tensors].reduce((sum, { length }) => sum + length, 0);
  return entries === 0 ? '' : entries.toLocaleString('en-US');
}

/** Runs a model once, watching what each module's `forward` returns; afterwards the model is as before. */
function outputShapes(model: Module, input: Shape | Tensor): ReadonlyMap<Module, string> {
  const shapes = new Map<Module, string>();
  const x = input instanceof Tensor ? input : zeros(input, { dtype: model.parameters()[0]?.dtype });
  const modules = model.modules();
  const modes = modules.map(({ training }) => training);
  const removals = modules.map((module) =>
    module.registerForwardHook((_, __, output) => {
      shapes.set(module, show(output));
    }),
  );
  try {
    noGrad(() => model.eval().forward(x));
  } finally {
    for (const remove of removals) remove();
    for (const [i, module] of modules.entries()) module.training = modes[i];
  }
  return shapes;
}

function show(output: unknown): string {
  if (output instanceof Tensor) return `[${output.shape.join(', ')}]`;
  return Array.isArray(output) ? output.map(show).join(', ') : '';
}

/** Columns side by side, the last one to the right; a rule below the first row and above the last. */
function layOut(table: readonly (readonly string[])[]): string {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell.padStart(widths[column]) : cell.padEnd(widths[column] + 2),
      )
      .join('')
      .trimEnd(),
  );
  const rule = '-'.repeat(lines[0].length);
  return [lines[0], rule, ...lines.slice(1, -1), rule, lines[lines.length - 1]].join('\n');
}
