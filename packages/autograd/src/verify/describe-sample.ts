import type { Sample } from '../tape/primitive.ts';

/** The inputs, their layouts and the parameters, in words. */
export function describeSample<P>({ inputs, params }: Sample<P>): string {
  const shown = inputs.map((x, i) => `input ${i}: ${x}, strides=[${x.strides.join(', ')}], offset=${x.offset}`);
  return [...shown, `params: ${JSON.stringify(params)}`].join('\n');
}
