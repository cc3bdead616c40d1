export { type Compiled, type CompileOptions, type CompileStatistics, compile } from './compile.ts';
export type { MemorySummary } from './explanation/memory-summary.ts';
export { ProgramExplanation } from './explanation/program-explanation.ts';
export type { StageSummary } from './explanation/stage-summary.ts';
export type { Graph, GraphNode, Input, Place, Value } from './graph.ts';
export type { GraphJSON } from './graph-format/graph-json.ts';
export { graphFromJSON } from './graph-format/read-graph.ts';
export { graphToJSON } from './graph-format/write-graph.ts';
export { interpretGraph } from './interpret-graph.ts';
