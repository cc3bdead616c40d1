import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { GradtapeError } from '@gradtape/autograd';

/** A flag that takes a value: `--name VALUE`. */
export interface Flag<Value> {
  /** What `--help` says of it. */
  readonly help: string;
  /** What stands for the value in `--help`. */
  readonly placeholder: string;
  /** What an error says that the value must be. */
  readonly needs: string;
  /** Without the flag. */
  readonly value: Value;
  /** Undefined if the text is no such value. */
  read(text: string): Value | undefined;
}

type Values<Flags> = { readonly [Name in keyof Flags]: Flags[Name] extends Flag<infer Value> ? Value : never };

/** A whole number from `least` on. */
export function wholeNumber<Value extends number | undefined>(
  help: string,
  { least, value }: { readonly least: number; readonly value: Value },
): Flag<Value | number> {
  const read = (text: string): number | undefined => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return Number.isSafeInteger(number) && number >= least ? number : undefined;
  };
  return { help, placeholder: 'N', needs: `a whole number from ${least}`, value, read };
}

/** One of several words. */
export function choice<const Word extends string>(
  help: string,
  { among, value }: { readonly among: readonly Word[]; readonly value: Word },
): Flag<Word> {
  const read = (text: string): Word | undefined => among.find((word) => word === text);
  return { help, placeholder: among.join('|'), needs: `one of ${among.join(', ')}`, value, read };
}

/** The path of a folder. */
export function folder<Value extends string | undefined>(
  help: string,
  { value }: { readonly value: Value },
): Flag<Value | string> {
  return { help, placeholder: 'FOLDER', needs: 'the path of a folder', value, read: (text) => text || undefined };
}

/**
 * The values of the flags in the program's arguments. With `--help` it prints them all and ends the program; for what it
 * cannot read it prints what is wrong, and ends it with exit code 2.
 */
export function commandLine<const Flags extends Readonly<Record<string, Flag<unknown>>>>(
  command: string,
  flags: Flags,
): Values<Flags> {
  try {
    const values = readFlags(command, flags, process.argv.slice(2));
    if (values !== 'help') return values;
  } catch (error) {
    exitWith(error);
  }
  console.log(usage(command, flags));
  return process.exit(0);
}

/** For what goes wrong because of a flag's value: prints what is wrong and ends the program with exit code 2. */
export async function orExit<Result>(work: Promise<Result>): Promise<Result> {
  return work.catch(exitWith);
}

/** Makes a folder before work begins whose results go there; ends the program with exit code 2 where it cannot. */
export async function makeFolder(path: string): Promise<string> {
  const making = mkdir(path, { recursive: true }).catch((error: Error) => {
    throw new GradtapeError(`the folder '${path}' cannot be made`, {
      got: error.message,
      needs: 'a path where a folder is, or can be made',
      fix: 'name another folder with --out',
    });
  });
  await orExit(making);
  return path;
}

function exitWith(error: unknown): never {
  if (!(error instanceof GradtapeError)) throw error;
  console.error(error.message);
  return process.exit(2);
}

/** @throws GradtapeError if a flag is unknown or has no value, or one that it cannot take. */
export function readFlags<const Flags extends Readonly<Record<string, Flag<unknown>>>>(
  command: string,
  flags: Flags,
  args: readonly string[],
): Values<Flags> | 'help' {
  const texts = parseTexts(command, Object.keys(flags), args);
  if (texts.help !== undefined) return 'help';
  const values = Object.entries(flags).map(([name, flag]) => {
    const text = texts[name];
    if (text === undefined) return [name, flag.value];
    const value = flag.read(String(text));
    if (value === undefined) failOnFlag(command, `--${name} ${text}`, `--${name} ${flag.placeholder}: ${flag.needs}`);
    return [name, value];
  });
  return Object.fromEntries(values) as Values<Flags>;
}

function parseTexts(
  command: string,
  names: readonly string[],
  args: readonly string[],
): Readonly<Record<string, string | boolean | undefined>> {
  const known = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]));
  try {
    return parseArgs({ args: [...args], options: { ...known, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's message goes on with hints after its first sentence.
    const [problem] = error.message.split(/\.\s/);
    const shown = names.map((name) => `--${name}`).join(', ');
    return failOnFlag(command, `${args.join(' ')} (${problem})`, `${shown}, each with a value, or --help`);
  }
}

function failOnFlag(command: string, got: string, needs: string): never {
  throw new GradtapeError(`${command}: the command line cannot be read`, {
    got,
    needs,
    fix: `${command} --help shows the flags and what they take`,
  });
}

/** What `--help` prints. */
export function usage(command: string, flags: Readonly<Record<string, Flag<unknown>>>): string {
  const rows = Object.entries(flags).map(([name, flag]): [string, string] => [
    `--${name} ${flag.placeholder}`,
    flag.value === undefined ? flag.help : `${flag.help} (${flag.value})`,
  ]);
  const all: readonly [string, string][] = [...rows, ['--help', 'print this']];
  const width = Math.max(...all.map(([left]) => left.length));
  return [`${command} [flags]`, '', ...all.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)].join('\n');
}
