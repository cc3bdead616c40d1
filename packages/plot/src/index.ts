export { type ConfusionMatrixOptions, confusionMatrix } from './confusion-matrix.ts';
export { type DecisionBoundaryOptions, decisionBoundary } from './decision-boundary.ts';
export type { Classify } from './field.ts';
export type { Heading } from './figure.ts';
export { type HistogramOptions, histogram } from './histogram.ts';
export { type ImageGridOptions, imageGrid } from './image-grid.ts';
export { type Curve, type LineChartOptions, lineChart } from './line-chart.ts';
export { Picture } from './picture.ts';
export type { Matrices, Matrix, Numbers, TensorLike } from './values.ts';
