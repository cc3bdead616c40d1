import { tensor } from '@gradtape/autograd';
import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { histogram } from './histogram.ts';
import type { Picture } from './picture.ts';

function parse({ svg }: Picture): Element {
  return new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement as unknown as Element;
}

interface Bar {
  readonly left: number;
  readonly right: number;
  readonly height: number;
}

/** Each list's bars in pixels, from left to right: the level pieces of its outline. */
function barsOf(picture: Picture): Bar[][] {
  return [...parse(picture).querySelectorAll('[aria-label="line"] path')].map((outline) => {
    const corners = [...(outline.getAttribute('d') as string).matchAll(/([-\d.]+),([-\d.]+)/g)].map(
      ([, x, y]): [number, number] => [Number(x), Number(y)],
    );
    const ground = (corners[0] as [number, number])[1];
    return corners.flatMap(([left, y], i) => {
      const [right, next] = corners[i + 1] ?? [left, y];
      return right > left && next === y ? [{ left, right, height: ground - y }] : [];
    });
  });
}

function textsOf(picture: Picture, selector: string): (string | null)[] {
  return [...parse(picture).querySelectorAll(selector)].map((text) => text.textContent);
}

test('bars are as high as their counts, and stand side by side', () => {
  const [bars] = barsOf(histogram({ values: [0.5, 1.5, 1.6, 2.5, 2.6, 2.7, 3] }, { bins: 3 })) as [[Bar, Bar, Bar]];
  const [one, two, four] = bars;
  expect(bars).toHaveLength(3);
  expect(one.height).toBeGreaterThan(10);
  expect(two.height / one.height).toBeCloseTo(2, 1);
  expect(four.height / one.height).toBeCloseTo(4, 1);
  expect([two.left, four.left]).toEqual([one.right, two.right]);
});

test('all lists have the same bins', () => {
  const [a, b] = barsOf(histogram({ a: [0, 0.1, 9.9, 10], b: [5, 5.1] }, { bins: 10 })) as [Bar[], Bar[]];
  expect(a.map((bar) => bar.left)).toEqual(b.map((bar) => bar.left));
  expect(a.findIndex((bar) => bar.height > 0)).toBe(0);
  expect(b.findIndex((bar) => bar.height > 0)).toBe(5);
});

test('shares compare lists of unequal length', () => {
  const lists = { few: [1, 2], many: [1, 1, 1, 2, 2, 2] };
  const [few, many] = barsOf(histogram(lists, { bins: 2, share: true }));
  expect(few).toEqual(many);
  const [counted, more] = barsOf(histogram(lists, { bins: 2 })) as [Bar[], Bar[]];
  expect((more[0] as Bar).height / (counted[0] as Bar).height).toBeCloseTo(3, 1);
});

test('the vertical axis says what it shows, unless it is told', () => {
  const label = (options: { share?: boolean; yLabel?: string }): (string | null)[] =>
    textsOf(histogram({ a: [1] }, options), '[aria-label="y-axis label"] text');
  expect(label({})).toEqual(['↑ count']);
  expect(label({ share: true })).toEqual(['↑ share']);
  expect(label({ yLabel: 'weights' })).toEqual(['↑ weights']);
});

test('each list has its name', () => {
  expect(textsOf(histogram({ a: [1], b: [], c: [2] }), '[aria-label="key entry"] text')).toEqual(['a', 'b', 'c']);
});

test('what is not finite is left out, and counted in a note', () => {
  const picture = histogram({ a: [1, Number.NaN, 2, Number.NEGATIVE_INFINITY], b: [1, 2] }, { bins: 2 });
  const [a, b] = barsOf(picture);
  expect(a).toEqual(b);
  expect(textsOf(picture, 'text')).toContain('Left out (not finite): 2 in a');
  expect(histogram({ a: [1] }).svg).not.toContain('Left out');
});

test('a constant is one bar inside of an axis', () => {
  const [bars] = barsOf(histogram({ a: [3, 3, 3] })) as [Bar[]];
  const shown = bars.filter((bar) => bar.height > 0);
  expect(shown).toHaveLength(1);
  expect(bars.indexOf(shown[0] as Bar)).toBeGreaterThan(5);
  expect(bars.length).toBeGreaterThan(10);
});

test.each([
  ['no list', {}],
  ['an empty list', { a: [] }],
  ['nothing finite', { a: [Number.NaN] }],
])('%s: there are axes with ticks', (_name, lists: Record<string, number[]>) => {
  const picture = histogram(lists);
  expect(textsOf(picture, '[aria-label="x-axis tick label"] text').length).toBeGreaterThan(1);
  expect(textsOf(picture, '[aria-label="y-axis tick label"] text').length).toBeGreaterThan(1);
});

test('a tensor of any shape is a list of its entries', () => {
  expect(
    histogram({
      W: tensor([
        [1, 2],
        [2, 3],
      ]),
    }).svg,
  ).toBe(histogram({ W: [1, 2, 2, 3] }).svg);
});

test('a number of bins that is no count is told', () => {
  expect(() => histogram({ a: [1] }, { bins: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: histogram: bins is not a count
      got:   0
      needs: a whole number from 1
      fix:   leave it out for 30 bins]
  `);
  expect(() => histogram({ a: [1] }, { bins: 2.5 })).toThrow('got:   2.5');
});
