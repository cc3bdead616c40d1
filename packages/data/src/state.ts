import type { Tensor } from '@gradtape/autograd';

/** What can be saved: tensors, numbers, texts, truths and null, and arrays and plain objects of them. */
export type State = Tensor | number | string | boolean | null | readonly State[] | { readonly [name: string]: State };

/** The fields of a state that is an object; none of any other. */
export function fieldsOf(state: State | undefined): { readonly [name: string]: State | undefined } {
  return typeof state === 'object' && state !== null ? (state as { readonly [name: string]: State }) : {};
}
