import { GradtapeError, Tensor } from '@gradtape/autograd';
import type { Module } from '@gradtape/nn';
import { type HeatMapOptions, heatMap, histogramsOverTime, type Picture } from '@gradtape/plot';
import { type LayerSnapshot, type Quantity, quantities, valuesOf } from './layer-snapshot.ts';
import { layerTable } from './layer-table.ts';
import { measureOutputs, normOf } from './measure.ts';

/** What the histogram of a layer is of. */
export type HistogramKind = 'weight' | 'gradient' | 'activation';

/** Entries of a tensor that a histogram needs, evenly spread. */
const entriesKept = 2048;

/**
 * Looks into single steps of a training, layer by layer: norms of weights and gradients, how far a step moves the weights,
 * and what each module without modules within gives. What a model computes with functions instead of modules is not seen.
 *
 * @example
 * import { Linear, ReLU, Sequential } from '@gradtape/nn';
 * import { SGD } from '@gradtape/optim';
 *
 * const model = new Sequential(new Linear(2, 8), new ReLU(), new Linear(8, 1));
 * const optimizer = new SGD(model.parameters(), { lr: 0.1 });
 * const step = (x: Tensor) => {
 *   optimizer.zeroGrad();
 *   const loss = model.forward(x).square().mean();
 *   loss.backward();
 *   optimizer.step();
 *   return loss;
 * };
 * const statistics = new LayerStatistics(model);
 * for (let k = 0; k < 5; k++) statistics.record(() => step(randn([16, 2])));
 * statistics.snapshots[0]?.parameters.map(({ name }) => name); // ['0.weight', '0.bias', '2.weight', '2.bias']
 * console.log(statistics.table());
 * statistics.heatMap('gradientNorm').svg.startsWith('<svg'); // true
 */
export class LayerStatistics {
  readonly model: Module;
  readonly #snapshots: LayerSnapshot[] = [];
  readonly #entries: Record<HistogramKind, Map<string, ArrayLike<number>>>[] = [];

  constructor(model: Module) {
    this.model = model;
  }

  /** The steps that were recorded, the first one first. */
  get snapshots(): readonly LayerSnapshot[] {
    return this.#snapshots;
  }

  /**
   * Runs one step of training, and notes what it sees. The step costs more than others: record one in so many.
   *
   * @param step - the plain step, not a compiled one, whose modules are not called.
   * @returns what the step returns.
   * @throws GradtapeError if the step calls no module of the model.
   */
  record<T>(step: () => T): T {
    const parameters = this.model.namedParameters();
    const before = parameters.map(([, parameter]) => parameter.value);
    const { result, outputs } = this.#watch(step);
    const entries = { weight: new Map(), gradient: new Map(), activation: new Map() };
    const rows = parameters.map(([name, parameter], i) => {
      const { grad } = parameter;
      const [weightNorm, gradientNorm] = [normOf(before[i]), grad === null ? 0 : normOf(grad)];
      entries.weight.set(name, spread(before[i]));
      if (grad !== null) entries.gradient.set(name, spread(grad));
      return {
        name,
        weightNorm,
        gradientNorm,
        gradientSize: gradientNorm / Math.sqrt(parameter.length),
        updateRatio: normOf(parameter.value.detach().sub(before[i].detach())) / weightNorm,
      };
    });
    const activations = Array.from(outputs, ([[name, module], given]) => {
      entries.activation.set(name, spread(given[given.length - 1]));
      return measureOutputs(name, module, given);
    });
    this.#snapshots.push({ parameters: rows, activations });
    this.#entries.push(entries);
    return result;
  }

  /** The last step as a table: a line for each parameter, and for each module. */
  table(): string {
    return layerTable(this.#last('table'));
  }

  /** A quantity of every layer (row) in every recorded step (column). */
  heatMap(quantity: Quantity, options: HeatMapOptions = {}): Picture {
    if (!quantities.includes(quantity)) {
      throw new GradtapeError('heatMap: there is no such quantity', {
        got: `'${quantity}'`,
        needs: quantities.map((name) => `'${name}'`).join(', '),
        fix: "statistics.heatMap('gradientNorm')",
      });
    }
    const last = valuesOf(this.#last('heatMap'), quantity);
    const rowNames = [...last.keys()].filter((name) => !Number.isNaN(last.get(name)));
    const columns = this.#snapshots.map((snapshot) => valuesOf(snapshot, quantity));
    const isNorm = /Norm|Size|Ratio/.test(quantity);
    return heatMap(
      rowNames.map((name) => columns.map((column) => column.get(name) ?? Number.NaN)),
      { rowNames, xLabel: 'recorded step', title: quantity, ...(isNorm && { colourScale: 'log' }), ...options },
    );
  }

  /**
   * How the entries of one layer are distributed in every recorded step.
   *
   * @param name - of the parameter for weights and gradients, of the module for activations.
   * @throws GradtapeError if there is no such layer.
   */
  histograms(kind: HistogramKind, name: string): Picture {
    this.#last('histograms');
    const moments = this.#entries.flatMap((entries) => {
      const found = entries[kind]?.get(name);
      return found === undefined ? [] : [found];
    });
    if (moments.length > 0)
      return histogramsOverTime(
        moments.map((moment) => Array.from(moment)),
        { title: `${name}: ${kind}`, xLabel: 'recorded step' },
      );
    const names = [...(this.#entries.at(-1)?.[kind]?.keys() ?? [])];
    throw new GradtapeError('histograms: there is no such layer', {
      got: `'${name}' of kind '${kind}'`,
      needs: names.length > 0 ? `among ${names.join(', ')}` : "kind 'weight', 'gradient' or 'activation'",
      fix: 'parameters are named as in stateDict, modules as in namedModules',
    });
  }

  #watch<T>(step: () => T): { result: T; outputs: Map<readonly [string, Module], Tensor[]> } {
    const outputs = new Map<readonly [string, Module], Tensor[]>();
    const leaves = this.model.namedModules().filter(([, module]) => module.children().length === 0);
    const removals = leaves.map((leaf) =>
      leaf[1].registerForwardHook((_, __, output: unknown) => {
        if (output instanceof Tensor) outputs.set(leaf, [...(outputs.get(leaf) ?? []), output]);
      }),
    );
    try {
      const result = step();
      if (outputs.size === 0) failOnSilence();
      // In the order of the model, whatever that of the calls.
      return {
        result,
        outputs: new Map(leaves.flatMap((leaf) => (outputs.has(leaf) ? [[leaf, outputs.get(leaf) ?? []]] : []))),
      };
    } finally {
      for (const remove of removals) remove();
    }
  }

  #last(operation: string): LayerSnapshot {
    const last = this.#snapshots.at(-1);
    if (last !== undefined) return last;
    throw new GradtapeError(`${operation}: nothing was recorded`, {
      got: 'no snapshots',
      needs: 'at least one recorded step',
      fix: 'statistics.record(() => step(x, y))',
    });
  }
}

function spread(x: Tensor): ArrayLike<number> {
  const values = x.detach().toTypedArray();
  const stride = Math.max(1, Math.ceil(values.length / entriesKept));
  return stride === 1 ? values.slice() : values.filter((_, i) => i % stride === 0);
}

function failOnSilence(): never {
  throw new GradtapeError('record: no module of the model was called', {
    got: 'a step without calls of forward that hooks could see',
    needs: 'a step that runs the model operation by operation',
    fix: 'give it the plain step instead of compile(step): the numbers are the same; check that it is this model that it trains',
  });
}
