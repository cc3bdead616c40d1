import { GradtapeError, type Shape, type Tensor } from '@gradtape/autograd';

/** One argument or result: its name, and its sizes by letter if it is a tensor. */
export interface Item {
  readonly name: string;
  readonly sizes: readonly string[] | undefined;
}

/** What a rule takes and gives, read from `delta [n], a [k] -> dW [n, k]`. */
export interface Signature {
  readonly takes: readonly Item[];
  readonly gives: readonly Item[];
}

/**
 * Reads a signature. A letter is one size wherever it stands, a number that size; `…` is whatever sizes follow, the same everywhere, so that
 * `[n, …]` is one sample `[n]` as well as the columns `[n, m]` of a batch.
 */
export function readSignature(text: string): Signature {
  const [takes, gives] = text.split(' -> ').map(readItems);
  return { takes, gives };
}

function readItems(text: string): Item[] {
  return [...text.matchAll(/(\w*) ?(\[[^\]]*\])?(?:, |$)/g)]
    .filter(([item]) => item !== '')
    .map(([, name, sizes]) => ({ name, sizes: sizes?.slice(1, -1).split(', ').filter(Boolean) }));
}

/** The sizes that the letters of a signature stand for. */
export type Sizes = Map<string, Shape>;

/** Whether a shape is what an item says; letters met for the first time are written into `sizes`. */
export function fits(shape: Shape, item: Item, sizes: Sizes): boolean {
  const letters = item.sizes ?? [];
  const open = letters.at(-1) === '…';
  const named = open ? letters.slice(0, -1) : letters;
  if (open ? shape.length < named.length : shape.length !== named.length) return false;
  const agrees = (letter: string, part: Shape): boolean => {
    const known = /^\d+$/.test(letter) ? [Number(letter)] : (sizes.get(letter) ?? part);
    sizes.set(letter, known);
    return known.join() === part.join();
  };
  return named.every((letter, d) => agrees(letter, [shape[d]])) && (!open || agrees('…', shape.slice(named.length)));
}

/** @throws GradtapeError unless the tensors among the arguments have the shapes that the signature says. */
export function checkArguments(rule: string, { takes }: Signature, given: readonly unknown[]): void {
  const sizes: Sizes = new Map();
  const tensors = takes.flatMap((item, i) => (item.sizes && given[i] !== undefined ? [[item, given[i]] as const] : []));
  for (const [item, tensor] of tensors as (readonly [Item, Tensor])[]) {
    if (!fits(tensor.shape, item, sizes)) failOnShapes(rule, tensors as (readonly [Item, Tensor])[]);
  }
}

function failOnShapes(rule: string, tensors: readonly (readonly [Item, Tensor])[]): never {
  throw new GradtapeError(`${rule}: the shapes do not belong together`, {
    got: tensors.map(([{ name }, { shape }]) => `${name} [${shape.join(', ')}]`).join(', '),
    needs: tensors.map(([{ name, sizes = [] }]) => `${name} [${sizes.join(', ')}]`).join(', '),
    fix: 'a column is a sample: [features, samples]; a batch of rows is transposed first, with .t()',
  });
}
