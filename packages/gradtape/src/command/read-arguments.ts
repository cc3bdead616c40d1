import { parseArgs } from 'node:util';

export const help = `gradtape check <file…>    checks the derivations that files export

  A derivation is what derivation({ f, claimed, inputs }) of '@gradtape/autograd/verify' gives:
  a function, the gradients that somebody derived for it, and where the two are compared.
  TypeScript files are loaded by Node, if it can, or else by tsx.

Options
  --seed <n>   seeds the random numbers of each file and derivation (0 if not given)
  --help       prints this

Exit code: 0 if every derivation is right, 1 if one is wrong or a file throws, 2 if the command was called wrongly.
`;

/** The command was called wrongly. */
export class UsageError extends Error {}

export interface Arguments {
  readonly wantsHelp: boolean;
  readonly files: readonly string[];
  readonly seed: number;
}

interface ParsedArguments {
  readonly values: { readonly help?: boolean; readonly seed?: string };
  readonly positionals: readonly string[];
}

/** Throws a {@link UsageError} that says what is wrong with the arguments. */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parsed(args);
  if (values.help) return { wantsHelp: true, files: [], seed: 0 };
  const [command, ...files] = positionals;
  if (command === undefined) throw new UsageError('a command is missing: gradtape check file.ts');
  if (command !== 'check') throw new UsageError(`no command '${command}'; there is one: check`);
  if (files.length === 0) throw new UsageError('a file is missing: gradtape check file.ts');
  return { wantsHelp: false, files, seed: seedOf(values.seed ?? '0') };
}

function parsed(args: readonly string[]): ParsedArguments {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, seed: { type: 'string' } },
    });
  } catch (error) {
    // Node goes on to explain how a file's name may begin with a dash.
    throw new UsageError((error as Error).message.replace(/\. To specify a positional[\s\S]*/, ''));
  }
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new UsageError(`--seed ${text}: not a whole number from 0 to 2^53 - 1`);
}
