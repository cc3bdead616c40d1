export type { ActivationStatistics, LayerSnapshot, ParameterStatistics, Quantity } from './layer-snapshot.ts';
export { type HistogramKind, LayerStatistics } from './layer-statistics.ts';
