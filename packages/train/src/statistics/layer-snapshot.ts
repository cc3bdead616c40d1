/** One parameter in one step of training. */
export interface ParameterStatistics {
  /** As in `stateDict`: `0.weight`. */
  readonly name: string;
  /** `‖w‖₂` before the step. */
  readonly weightNorm: number;
  /** `‖∂E/∂w‖₂` as the optimizer saw it; 0 where there is no gradient. */
  readonly gradientNorm: number;
  /** The root mean square of the gradient's entries: comparable between layers of different sizes. */
  readonly gradientSize: number;
  /** `‖Δw‖₂ / ‖w‖₂`: about 1e-3 is usual. */
  readonly updateRatio: number;
}

/** What one module gave in one step of training. */
export interface ActivationStatistics {
  /** As in `namedModules`. */
  readonly name: string;
  /** The name of its class: `ReLU`. */
  readonly kind: string;
  readonly mean: number;
  readonly std: number;
  /** The share of entries that are 0. */
  readonly zeros: number;
  /** The share of units, entries of a sample, that are 0 for all samples of the batch. */
  readonly dead: number;
  /** The share of entries where the derivative is below a twentieth of its largest; undefined but for sigmoid and tanh. */
  readonly saturated: number | undefined;
}

/** One step of training, layer by layer, in the order of the model. */
export interface LayerSnapshot {
  readonly parameters: readonly ParameterStatistics[];
  readonly activations: readonly ActivationStatistics[];
}

/** A quantity that each layer has. */
export type Quantity =
  | Exclude<keyof ParameterStatistics, 'name'>
  | Exclude<keyof ActivationStatistics, 'name' | 'kind'>;

const ofParameters: readonly string[] = ['weightNorm', 'gradientNorm', 'gradientSize', 'updateRatio'];
const ofActivations: readonly string[] = ['mean', 'std', 'zeros', 'dead', 'saturated'];

export const quantities: readonly string[] = [...ofParameters, ...ofActivations];

/** The values of a quantity by layer; NaN where a layer has none. */
export function valuesOf({ parameters, activations }: LayerSnapshot, quantity: Quantity): ReadonlyMap<string, number> {
  const rows: readonly (ParameterStatistics | ActivationStatistics)[] = ofParameters.includes(quantity)
    ? parameters
    : activations;
  return new Map(rows.map((row) => [row.name, (row as Partial<Record<Quantity, number>>)[quantity] ?? Number.NaN]));
}
