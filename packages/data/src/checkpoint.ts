import { defaultGenerator, Generator, GradtapeError, type Tensor } from '@gradtape/autograd';
import { readFile, writeFile } from './files.ts';
import { readSafetensors, writeSafetensors } from './formats/safetensors.ts';
import { type Json, stateFromJson, stateToJson, type TensorWriter } from './formats/state-json.ts';
import { generatorState } from './samplers/seeded-sampler.ts';
import { fieldsOf, type State } from './state.ts';

/** What has a state that can be taken and put back: models, optimizers, schedules, loaders. */
export interface Stateful {
  stateDict(): object | State;
  loadStateDict(state: object | State): unknown;
}

/** What a checkpoint can put back into its place. */
export type Restorable = Stateful | Generator;

export interface RestoreOptions {
  /** Whether the generator that `manualSeed` seeds continues as when the checkpoint was made. Default: true. */
  readonly random?: boolean;
}

/** The name under which a checkpoint's file keeps, as JSON, all that is no tensor. */
const KEY = 'gradtape.checkpoint';
const VERSION = 1;

/** What a checkpoint's file holds. Nothing has been changed by reading it. */
export class Checkpoint {
  /** By name, the state of each part, and the values that were saved as they are. */
  readonly values: Readonly<Record<string, State>>;
  readonly #random: State;

  /** Made by `loadCheckpoint` and `readCheckpoint`. */
  constructor(values: Readonly<Record<string, State>>, random: State) {
    this.values = values;
    this.#random = random;
  }

  /**
   * Puts the states of these parts back, and lets the default generator continue where it stood: all of it, or nothing.
   *
   * @throws GradtapeError if the checkpoint has no such part, and what a part's `loadStateDict` throws for a state that is
   * not its own; then every part is as it was.
   */
  restore(parts: Readonly<Record<string, Restorable>>, { random = true }: RestoreOptions = {}): void {
    const missing = Object.keys(parts).filter((name) => !Object.hasOwn(this.values, name));
    if (missing.length > 0) failOnMissing(missing, Object.keys(this.values));
    const before = defaultGenerator().state;
    const undo = [(): void => defaultGenerator().setState(before)];
    try {
      for (const [name, part] of Object.entries(parts)) {
        const state = stateOf(part);
        undo.push(() => putBack(part, state));
        putBack(part, this.values[name]);
      }
      if (random) defaultGenerator().setState(generatorState('restore', this.#random));
    } catch (error) {
      for (const step of undo.toReversed()) step();
      throw error;
    }
  }
}

/**
 * A checkpoint as bytes: the states of models, optimizers, schedules, loaders and generators by name, plain values such as
 * the number of the epoch, and the state of the default generator. They are a safetensors file, in which any library finds
 * the tensors as `model.fc1.weight`; all else is in its metadata.
 *
 * @throws GradtapeError if a state or value holds what cannot be saved, such as a function.
 * @example
 * const generator = new Generator(7);
 * const checkpoint = readCheckpoint(writeCheckpoint({ generator, epoch: 3 }));
 * checkpoint.values.epoch; // 3
 * checkpoint.restore({ generator });
 */
export function writeCheckpoint(parts: Readonly<Record<string, Restorable | State>>): Uint8Array {
  const tensors: Record<string, Tensor> = {};
  const writer: TensorWriter = {
    operation: 'writeCheckpoint',
    write(x, place) {
      const name = freeName(place, tensors);
      tensors[name] = x;
      return name;
    },
  };
  const states = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, isRestorable(part) ? stateOf(part) : part]),
  );
  const { seed, block } = defaultGenerator().state;
  const saved = { version: VERSION, parts: stateToJson(states, writer), random: { seed, block } };
  return writeSafetensors(tensors, { metadata: { [KEY]: JSON.stringify(saved) } });
}

/**
 * The checkpoint in bytes that `writeCheckpoint` gave, checked whole.
 *
 * @param name - what errors call the bytes: the file's path.
 * @throws GradtapeError if they are not exactly a checkpoint.
 * @example
 * readCheckpoint(writeCheckpoint({ loss: [0.5, 0.25] })).values.loss; // [0.5, 0.25]
 */
export function readCheckpoint(bytes: Uint8Array, name = 'the file'): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes, name);
  const { parts, random } = parseSaved(metadata[KEY], name);
  const read = (tensor: Json, place: string): Tensor =>
    (typeof tensor === 'string' ? tensors[tensor] : undefined) ?? failOnTensor(tensor, place);
  const values = stateFromJson(parts, { operation: 'readCheckpoint', read });
  return new Checkpoint(fieldsOf(values) as Record<string, State>, random);
}

/**
 * Writes a checkpoint, as `writeCheckpoint` does, to a file. The states are taken at once: training may go on while the
 * file is being written. At every moment, also if the process is killed, the file holds the whole old or the whole new
 * checkpoint (a process that is killed can leave a file `.<name>.<unique>.tmp` beside it).
 *
 * @throws GradtapeError if a state or value holds what cannot be saved, or the file cannot be written.
 * @example
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 *
 * const loader = new DataLoader(iris(), { batchSize: 10, shuffle: true });
 * await saveCheckpoint(join(tmpdir(), 'example-checkpoint.safetensors'), { loader, epoch: 3 });
 */
export async function saveCheckpoint(path: string, parts: Readonly<Record<string, Restorable | State>>): Promise<void> {
  await writeFile('saveCheckpoint', path, writeCheckpoint(parts));
}

/**
 * Reads a checkpoint from a file, and changes nothing yet: `values` has what was saved, `restore` puts it back.
 *
 * @throws GradtapeError if there is no such file, or it is no whole checkpoint.
 * @example
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 *
 * const loader = new DataLoader(iris(), { batchSize: 10, shuffle: true });
 * const path = join(tmpdir(), 'example-restored.safetensors');
 * await saveCheckpoint(path, { loader, epoch: 3 });
 * const checkpoint = await loadCheckpoint(path);
 * checkpoint.restore({ loader });
 * checkpoint.values.epoch; // 3
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  return readCheckpoint(await readFile('loadCheckpoint', path), path);
}

function isRestorable(part: Restorable | State): part is Restorable {
  if (part instanceof Generator) return true;
  return typeof part === 'object' && part !== null && 'loadStateDict' in part && typeof part.stateDict === 'function';
}

function stateOf(part: Restorable): object | State {
  if (!(part instanceof Generator)) return part.stateDict();
  const { seed, block } = part.state;
  return { seed, block };
}

function putBack(part: Restorable, state: object | State): void {
  if (part instanceof Generator) part.setState(generatorState('restore', state as State));
  else part.loadStateDict(state);
}

/** Two places can be spelled alike: `a.b` in `c`, and `b` in `c.a`. */
function freeName(place: string, taken: Readonly<Record<string, Tensor>>): string {
  if (!Object.hasOwn(taken, place)) return place;
  for (let n = 2; ; n++) if (!Object.hasOwn(taken, `${place}#${n}`)) return `${place}#${n}`;
}

function parseSaved(text: string | undefined, name: string): { readonly parts: Json; readonly random: State } {
  const { version, parts, random = null } = parseJson(text);
  if (version === VERSION && parts !== undefined) return { parts, random };
  throw new GradtapeError(`readCheckpoint: ${name} is no checkpoint`, {
    got: version === undefined ? 'a safetensors file without the rest of a checkpoint' : `version ${version}`,
    needs: `a file that saveCheckpoint wrote, version ${VERSION}`,
    fix: 'read tensors alone with readSafetensors, and give them to model.loadStateDict',
  });
}

interface Saved {
  readonly version?: Json;
  readonly parts?: Json;
  readonly random?: State;
}

function parseJson(text: string | undefined): Saved {
  try {
    return { ...(JSON.parse(text ?? '{}') as Saved) };
  } catch {
    return {};
  }
}

function failOnTensor(name: Json, place: string): never {
  throw new GradtapeError('readCheckpoint: a tensor is missing', {
    got: `no ${JSON.stringify(name)} for ${place}`,
    needs: 'every tensor that the checkpoint names',
    fix: 'take a checkpoint that nothing else has changed since it was saved',
  });
}

function failOnMissing(missing: readonly string[], present: readonly string[]): never {
  throw new GradtapeError('restore: the checkpoint has no such part; nothing was changed', {
    got: missing.join(', '),
    needs: `among ${present.join(', ') || 'none: the checkpoint is empty'}`,
    fix: 'use the names with which it was saved; what is new since then begins anew, without restore',
  });
}
