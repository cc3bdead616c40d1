export { type Compiled, type CompileOptions, type CompileStatistics, compile } from './compile.ts';
