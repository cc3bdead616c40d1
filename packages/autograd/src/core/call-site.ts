/** Deep enough to lead from an operation through layers and losses to the program that called them. */
const DEPTH = 50;

/** Frames of an engine's stack: `    at train (file:///app/main.ts:3:12)`, or `train@http://…/main.js:3:12`. */
const FRAME = /:\d+:\d+\)?$/;

/** Where this package's code lies: its `src` or `dist`. */
const home = codeFolder(import.meta.url);

function codeFolder(url: string): string {
  return /^(?:file:\/\/)?\/?(.*\/(?:src|dist)\/)/.exec(url)?.[1] ?? url;
}

/** Remembers how the program came here. The text is only made when asked for: {@link describeCallSite}. */
export function callSite(): Error {
  const limited = Error as { stackTraceLimit?: number };
  const before = limited.stackTraceLimit;
  limited.stackTraceLimit = DEPTH;
  const here = new Error();
  if (before === undefined) delete limited.stackTraceLimit;
  else limited.stackTraceLimit = before;
  return here;
}

/**
 * The calls that led there, the innermost first, without those inside this package and those of the engine; all of them
 * where the program and this package were bundled into one file.
 */
export function describeCallSite(site: Error, most = 4): readonly string[] {
  const frames = (site.stack ?? '').split('\n').filter((line) => FRAME.test(line));
  const outside = frames.filter((line) => !line.includes('node:') && !line.replaceAll('\\', '/').includes(home));
  return (outside.length > 0 ? outside : frames).slice(0, most).map((line) => line.trim().replace(/^at /, ''));
}
