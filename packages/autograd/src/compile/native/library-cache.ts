import type { NativeFailure } from './failure.ts';
import type { NodeModules } from './node-modules.ts';
import type { Surroundings } from './surroundings.ts';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;
const WRITABLE_BY_OTHERS = 0o022;
/** What was not used for so long is removed. */
const KEPT_MILLISECONDS = 30 * 24 * 3600 * 1000;

/** Builds a library in the file that it is told. */
export type Build = (library: string) => NativeFailure | undefined;

/**
 * Libraries that were built before, by the hash of all that decides what is in them. A library is loaded only if it is a
 * file of this user that no one else may write, and is what was built: its own hash lies beside it.
 */
export class LibraryCache {
  readonly #node: NodeModules;
  readonly #surroundings: Surroundings;
  readonly #extension: string;

  constructor(node: NodeModules, surroundings: Surroundings) {
    this.#node = node;
    this.#surroundings = surroundings;
    this.#extension = { win32: 'dll', darwin: 'dylib' }[surroundings.platform] ?? 'so';
  }

  /** Hands a trusted library to `load`, built now if need be. */
  use<T>(content: string, build: Build, load: (library: string) => T): T | NativeFailure {
    const name = `${this.#hash(content)}.${this.#extension}`;
    try {
      const library = this.#node.path.join(this.#privateFolder(), name);
      if (!this.#isTrusted(library)) {
        const failure = this.#store(library, build);
        if (failure) return failure;
        this.#removeUnused();
      }
      this.#markUsed(library);
      return load(library);
    } catch {
      // The folder is not this user's, or cannot be written, or holds nothing that may run.
      return this.#useOnce(name, build, load);
    }
  }

  #useOnce<T>(name: string, build: Build, load: (library: string) => T): T | NativeFailure {
    const { fs, path, os } = this.#node;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradtape-'));
    try {
      const library = path.join(folder, name);
      return build(library) ?? load(library);
    } finally {
      removeIfPossible(this.#node, folder);
    }
  }

  /** The folder, which only this user may enter. */
  #privateFolder(): string {
    const { fs } = this.#node;
    const folder = cacheFolder(this.#node, this.#surroundings);
    fs.mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    const status = fs.lstatSync(folder);
    if (!status.isDirectory() || !this.#isOwn(status)) throw new Error(`${folder} is not a folder of this user`);
    fs.chmodSync(folder, OWNER_ONLY_FOLDER);
    return folder;
  }

  #isTrusted(library: string): boolean {
    const { fs } = this.#node;
    try {
      const files = [library, hashFile(library)].map((file) => fs.lstatSync(file));
      const safe = files.every((status) => status.isFile() && this.#isOwn(status) && !this.#othersMayWrite(status));
      return safe && fs.readFileSync(hashFile(library), 'utf8') === this.#hash(fs.readFileSync(library));
    } catch {
      return false;
    }
  }

  /** Under a name of its own until it is whole: another process may look. */
  #store(library: string, build: Build): NativeFailure | undefined {
    const { crypto, fs } = this.#node;
    const unfinished = `${library}.${crypto.randomUUID()}.${this.#extension}`;
    try {
      const failure = build(unfinished);
      if (failure) return failure;
      const hash = this.#hash(fs.readFileSync(unfinished));
      fs.chmodSync(unfinished, OWNER_ONLY_FILE);
      fs.writeFileSync(hashFile(unfinished), hash, { mode: OWNER_ONLY_FILE });
      fs.renameSync(unfinished, library);
      fs.renameSync(hashFile(unfinished), hashFile(library));
      return undefined;
    } finally {
      removeIfPossible(this.#node, unfinished);
      removeIfPossible(this.#node, hashFile(unfinished));
    }
  }

  #markUsed(library: string): void {
    const now = new Date();
    for (const file of [library, hashFile(library)]) this.#node.fs.utimesSync(file, now, now);
  }

  #removeUnused(): void {
    const { fs, path } = this.#node;
    const folder = this.#privateFolder();
    for (const file of fs.readdirSync(folder).map((name) => path.join(folder, name))) {
      const status = fs.lstatSync(file, { throwIfNoEntry: false });
      if (status && Date.now() - status.mtimeMs > KEPT_MILLISECONDS) removeIfPossible(this.#node, file);
    }
  }

  #hash(content: string | Uint8Array): string {
    return this.#node.crypto.createHash('sha256').update(content).digest('hex');
  }

  /** On Windows, where users have no numbers, these folders are private already. */
  #isOwn({ uid }: { readonly uid: number }): boolean {
    const { user } = this.#surroundings;
    return user === undefined || uid === user;
  }

  #othersMayWrite({ mode }: { readonly mode: number }): boolean {
    return this.#surroundings.user !== undefined && (mode & WRITABLE_BY_OTHERS) !== 0;
  }
}

function hashFile(library: string): string {
  return `${library}.sha256`;
}

function removeIfPossible({ fs }: NodeModules, path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch {
    // Windows holds on to a library that is loaded.
  }
}

/** Where this user's programs keep what they can make again. */
function cacheFolder({ path, os }: NodeModules, { platform, environment }: Surroundings): string {
  const home = os.homedir();
  const ofPlatform: Record<string, string | undefined> = {
    win32: environment.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'),
    darwin: path.join(home, 'Library', 'Caches'),
  };
  const caches = environment.XDG_CACHE_HOME || ofPlatform[platform] || path.join(home, '.cache');
  return path.join(caches, 'gradtape');
}
