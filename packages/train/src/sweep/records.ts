import { GradtapeError } from '@gradtape/autograd';
import { platform } from './platform.ts';

/** What JSON can write. */
export type Json = number | string | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** One line of a sweep's file. */
export interface SweepRecord {
  readonly configuration: Json;
  /** What the run returned; missing if it failed. */
  readonly result?: Json;
  /** What the run threw. */
  readonly error?: string;
}

/** The name of a configuration: its JSON, with the fields of objects in the order of the alphabet. */
export function keyOf(configuration: Json): string {
  return JSON.stringify(configuration, (_, value: Json) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** A seed that is a configuration's own, whatever stands beside it: FNV-1a of its name. */
export function seedOf(configuration: Json): number {
  let hash = 0x811c9dc5;
  for (const character of keyOf(configuration)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * The records of a file, none if there is no such file. A last line that was not finished, as when the process was killed, is
 * left out and cut off.
 *
 * @throws GradtapeError if another line is no record.
 */
export async function readRecords(file: string): Promise<SweepRecord[]> {
  const { fs } = platform('files');
  const text = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw failOnFile(file, error.message);
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== text) await fs.writeFile(file, whole);
  return whole
    .split('\n')
    .slice(0, -1)
    .map((line, i) => parseRecord(line) ?? failOnLine(file, i + 1, line));
}

/** Puts a record at the end of a file, in one write. */
export async function appendRecord(file: string, record: SweepRecord): Promise<void> {
  const { fs } = platform('files');
  await fs.appendFile(file, `${JSON.stringify(record)}\n`).catch((error: NodeJS.ErrnoException) => {
    throw failOnFile(file, error.code === 'ENOENT' ? 'no such folder' : error.message);
  });
}

function parseRecord(line: string): SweepRecord | undefined {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null && 'configuration' in record
      ? (record as SweepRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

function failOnLine(file: string, line: number, text: string): never {
  throw new GradtapeError(`sweep: line ${line} of '${file}' is no record`, {
    got: text.slice(0, 60),
    needs: '{"configuration":…,"result":…} on each line, as sweep writes it',
    fix: 'give the sweep a file of its own, or take the line out',
  });
}

function failOnFile(file: string, got: string): GradtapeError {
  return new GradtapeError(`sweep: '${file}' cannot be used`, {
    got,
    needs: 'a file that can be read and written, or a folder in which to make it',
    fix: 'make the folder first: await mkdir(folder, { recursive: true })',
  });
}
