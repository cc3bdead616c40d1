import { posix } from 'node:path';
import { findCycles } from './cycles.ts';
import { floors, packageImports } from './house.ts';
import { importsOf } from './imports.ts';

/** What the check reads: paths from the root, with forward slashes. */
export interface Workspace {
  /** The text of every source in `packages/<name>/src`, by path. */
  sources: ReadonlyMap<string, string>;
  /** The source that a package's entry leads to, by what people import: `@gradtape/autograd/functions`. */
  entries: ReadonlyMap<string, string>;
}

interface Edge {
  from: string;
  to: string;
  line: number;
}

/** Every import that breaks a rule of the house, as `path:line: what is wrong`. */
export function brokenRules(workspace: Workspace): string[] {
  const problems: string[] = [];
  const edges: Edge[] = [];
  for (const [from, text] of workspace.sources) {
    if (!isTest(from) && packageOf(from) === 'autograd' && floorOf(from) < 0) {
      problems.push(`${from}:1: stands on no floor; the floors are listed in tools/floors/house.ts`);
    }
    for (const { specifier, line } of importsOf(from, text)) {
      const problem = wrongPackage(from, specifier) ?? wrongTarget(from, specifier, workspace);
      if (problem !== undefined) problems.push(`${from}:${line}: ${problem}`);
      const to = resolve(from, specifier, workspace);
      // A test stands beside what it tests and may use any floor.
      if (to !== undefined && !isTest(from)) edges.push({ from, to, line });
    }
  }
  for (const { from, to, line } of edges) {
    const problem = wrongFloor(from, to);
    if (problem !== undefined) problems.push(`${from}:${line}: ${problem}`);
  }
  for (const cycle of findCycles(edges)) {
    const path = cycle.map(({ from, line }) => `${from}:${line}`);
    problems.push(`${path[0]}: imports go round: ${path.join(' -> ')} -> ${cycle[0]?.from}`);
  }
  return problems;
}

function wrongPackage(from: string, specifier: string): string | undefined {
  const name = packageOf(from);
  if (specifier.startsWith('.')) {
    const to = posix.join(posix.dirname(from), specifier);
    return to.startsWith(`packages/${name}/src/`)
      ? undefined
      : `'${specifier}' leaves packages/${name}/src; other packages are imported by their name`;
  }
  const imported = importedPackage(specifier);
  if (imported === undefined || imported === name) return undefined;
  const allowed = packageImports[name];
  if (allowed === undefined) return `package ${name} is not listed in tools/floors/house.ts`;
  if (allowed.includes(imported)) return undefined;
  const rule = allowed.length === 0 ? 'no other package' : `only ${allowed.join(', ')}`;
  return `${name} imports ${imported}; it may import ${rule}`;
}

/** The package of the workspace that a specifier names: `@gradtape/nn/…`, or `gradtape` itself. */
function importedPackage(specifier: string): string | undefined {
  const [scope, name] = specifier.split('/');
  if (scope === '@gradtape') return name;
  return scope === 'gradtape' ? scope : undefined;
}

function wrongTarget(from: string, specifier: string, workspace: Workspace): string | undefined {
  const to = resolve(from, specifier, workspace);
  if (to === undefined) {
    return importedPackage(specifier) !== undefined ? `'${specifier}' is no entry of its package` : undefined;
  }
  if (!to.startsWith(`packages/${packageOf(from)}/src/`)) return undefined;
  if (!workspace.sources.has(to) && !to.endsWith('.json')) return `'${specifier}' leads to no source`;
  return isTest(to) && !isTest(from) ? `a source imports the test ${to}` : undefined;
}

function wrongFloor(from: string, to: string): string | undefined {
  if (packageOf(from) !== 'autograd' || packageOf(to) !== 'autograd') return undefined;
  const floor = floorOf(from);
  const imported = floorOf(to);
  if (floor < 0 || imported < 0 || imported <= floor) return undefined;
  return `imports point down: ${nameOf(floor)} imports ${to} of the higher floor ${nameOf(imported)}`;
}

function resolve(from: string, specifier: string, workspace: Workspace): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  return workspace.entries.get(specifier);
}

function packageOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** A floor is a folder or a file: `primitives/linear` is `primitives/linear/…` or `primitives/linear.ts`. */
function floorOf(path: string): number {
  const inside = path.replace(/^packages\/[^/]+\/src\//, '');
  return floors.findIndex((rooms) => rooms.some((room) => inside === `${room}.ts` || inside.startsWith(`${room}/`)));
}

function nameOf(floor: number): string {
  return floors[floor]?.join(', ') ?? '';
}

function isTest(path: string): boolean {
  return /\.test(-d)?\.ts$/.test(path);
}
