import { compiledMemory } from '../compiled-memory.ts';

interface Disposable {
  dispose?(): void;
}

/** What a program occupies: parts of the memory, and whatever else must be given back. Knows nothing of the program. */
export class Room {
  readonly #addresses: number[] = [];
  readonly #others: Disposable[] = [];

  /** The address of so many bytes. */
  allocate(bytes: number): number {
    const address = compiledMemory().allocate(bytes);
    this.#addresses.push(address);
    return address;
  }

  /** What is disposed of with the room. It must not know the program either. */
  alsoRelease(other: Disposable): void {
    this.#others.push(other);
  }

  /** Gives everything back; a second time there is nothing left. */
  release(): void {
    for (const other of this.#others.splice(0)) other.dispose?.();
    for (const address of this.#addresses.splice(0)) compiledMemory().free(address);
  }
}

const dropped = new FinalizationRegistry<Room>((room) => room.release());

/** A room that is given back when nobody can reach its holder any more, if not before. */
export function roomOf(holder: object): Room {
  const room = new Room();
  dropped.register(holder, room);
  return room;
}
