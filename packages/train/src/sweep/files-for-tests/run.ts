// A run of a sweep, for other processes.
import { type Nested, randn } from '@gradtape/autograd';

export default function run({ size, kind }: { readonly size: number; readonly kind: string }): { drawn: Nested } {
  if (kind === 'throws') throw new RangeError('no such kind');
  if (kind === 'exits') process.exit(3);
  return { drawn: randn([size]).toArray() };
}
