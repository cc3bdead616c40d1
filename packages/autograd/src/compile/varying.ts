import { describeArgument } from './arguments-key.ts';
import { partsOf, type Structure } from './structure.ts';

/** Programs for other arguments that are nothing unusual: full batches, and a shorter one at the end. */
const USUAL = 2;

/** Watches which arguments a function is called with, and warns once when one of them keeps varying. */
export class VaryingArguments {
  readonly #seen = new Map<string, ReadonlyMap<string, string>>();
  #hasWarned = false;

  /** A program is made for arguments with this key. */
  made(key: string, values: readonly Structure[]): void {
    if (this.#hasWarned) return;
    this.#seen.set(key, describe(values));
    if (this.#seen.size <= USUAL) return;
    this.#hasWarned = true;
    console.warn(warning([...this.#seen.values()]));
  }
}

function describe(values: readonly Structure[]): ReadonlyMap<string, string> {
  return new Map(partsOf(values).map(({ path, part }) => [path, describeArgument(part)]));
}

function warning(seen: readonly ReadonlyMap<string, string>[]): string {
  const paths = [...new Set(seen.flatMap((arguments_) => [...arguments_.keys()]))];
  const varying = paths.flatMap((path) => {
    const forms = [...new Set(seen.map((arguments_) => arguments_.get(path) ?? 'nothing'))];
    return forms.length > 1 ? [`arguments${path} was ${forms.join(', ')}`] : [];
  });
  const fixes = [
    'pad batches to one size, or leave out the last one (DataLoader: dropLast), where shapes vary',
    'pass a number that varies as a tensor: tensor(rate)',
  ];
  return [
    `compile: a third program is made for one function (each takes time and memory)`,
    `  got:   ${varying.join('; ')}`,
    '  needs: arguments of the same shapes and dtypes, and the same numbers and strings',
    `  fix:   ${fixes.join('; ')}`,
  ].join('\n');
}
