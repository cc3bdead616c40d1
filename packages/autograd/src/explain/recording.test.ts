import { describe, expect, test } from 'vitest';
import { crossEntropy, noGrad, Parameter, relu, type Tensor, tensor, zeros } from '../index.ts';
import { explain, label, record } from './index.ts';

const inputs = {
  W_1: tensor([
    [1, -1],
    [0.5, 2],
  ]),
  b_1: tensor([[0], [1]]),
  X: tensor([
    [1, 2, 3],
    [0, 1, -4],
  ]),
};
const layer = (W: Tensor, b: Tensor, X: Tensor): Tensor => label('A_1', relu(label('Z_1', W.matmul(X).add(b)))).mean();

describe('the tape as a table', () => {
  test('what each line is, what feeds it, its shape and values', () => {
    expect(`${record(layer, inputs)}`).toBe(
      [
        'line  name  operation    from          shape   dtype    values',
        '   1  W₁    input                      [2, 2]  float32  from -1 to 2',
        '   2  b₁    input                      [2, 1]  float32  from 0 to 1',
        '   3  X     input                      [2, 3]  float32  from -4 to 3',
        '   4        matmul       W₁, X         [2, 3]  float32  from -6.5 to 7',
        '   5        broadcastTo  b₁            [2, 3]  float32  from 0 to 1',
        '   6  Z₁    add          #4, #5        [2, 3]  float32  from -5.5 to 7',
        '   7  A₁    relu         Z₁            [2, 3]  float32  from 0 to 7',
        '   8        sum          A₁            [1, 1]  float32  all 14.5',
        '   9        mul          #8, 0.166667  [1, 1]  float32  all 2.4167',
        '  10        reshape      #9            []      float32  all 2.4167',
      ].join('\n'),
    );
  });

  test('NaN and infinities are counted, whole numbers and truth values are shown', () => {
    const { lines } = record((x, i) => [x.log(), i.mul(2), x.gt(0)], {
      x: tensor([0, -1, 1]),
      i: tensor([1, 2], { dtype: 'int32' }),
    });
    expect(lines.map(({ operation, dtype, values }) => `${operation} ${dtype} ${values}`)).toEqual([
      'input float32 from -1 to 1',
      'input int32 from 1 to 2',
      'log float32 all 0, 1 NaN, 1 infinite',
      'mul int32 from 2 to 4',
      'gt bool from 0 to 1',
    ]);
  });

  test('parameters have their names, others are found without', () => {
    const [weight, other] = [new Parameter(tensor([2, 3])), new Parameter(tensor([1, 1]))];
    const tape = record(
      (x) => x.mul(weight).add(other),
      { x: tensor([1, 2]) },
      { parameters: [['fc.weight', weight]] },
    );
    const shown = tape.lines.map(({ name, operation, from }) => [name, operation, ...from.map(({ text }) => text)]);
    expect(shown).toHaveLength(5);
    expect(shown).toEqual(
      expect.arrayContaining([
        ['fc.weight', 'parameter'],
        [undefined, 'parameter'],
        ['x', 'input'],
        [undefined, 'mul', 'x', 'fc.weight'],
      ]),
    );
  });

  test('what is computed from constants is there too, with their shapes', () => {
    const tape = record(
      (x) =>
        x.matmul(
          tensor([
            [1, 2],
            [3, 4],
          ]).t(),
        ),
      { x: zeros([1, 2]) },
    );
    expect(tape.lines.map(({ operation, from }) => [operation, ...from.map(({ text }) => text)])).toEqual([
      ['input'],
      ['permute', 'constant [2, 2]'],
      ['matmul', 'x', '#2'],
    ]);
  });

  test('inputs are left as they were', () => {
    record(layer, inputs);
    for (const x of Object.values(inputs)) expect([x.node, x.grad]).toEqual([undefined, null]);
  });

  test('what is on no tape is said', () => {
    expect(() => record((x) => noGrad(() => x.mul(2)), { x: zeros([1]) })).toThrow(/record: a result is on no tape/);
  });
});

describe('the tape as a graph', () => {
  test('Mermaid', () => {
    expect(record((x) => x.mul(2).add(x), { 'x^{(1)}': tensor([1, 2]) }).toMermaid()).toBe(
      [
        'graph TB',
        '  n1(["x⁽¹⁾<br/>[2]"])',
        '  n2["mul 2<br/>[2]"]',
        '  n3["add<br/>[2]"]',
        '  n1 --> n2',
        '  n2 --> n3',
        '  n1 --> n3',
      ].join('\n'),
    );
  });

  test('Mermaid: signs that mean something there are escaped', () => {
    expect(record((x) => label('a"<b>', x.mul(2)), { x: zeros([1]) }).toMermaid()).toContain('a#quot;&lt;b>');
  });

  test('SVG: a box for each line, an arrow for each source, all inside of the picture', () => {
    const tape = record(layer, inputs);
    const svg = tape.toSVG();
    const sources = tape.lines.flatMap(({ from }) => from.filter(({ line }) => line !== undefined));
    expect(svg.match(/<rect /g)).toHaveLength(tape.lines.length);
    expect(svg.match(/marker-end/g)).toHaveLength(sources.length);
    expect(svg).toContain('<title>line 4: matmul, float32, from -6.5 to 7</title>');
    const [, width, height] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
    for (const [, x, y, w, h] of svg.matchAll(
      /<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"/g,
    )) {
      expect(Number(x)).toBeGreaterThanOrEqual(0);
      expect(Number(x) + Number(w)).toBeLessThanOrEqual(width);
      expect(Number(y) + Number(h)).toBeLessThanOrEqual(height);
    }
  });

  test('SVG: names are escaped', () => {
    const svg = record((x) => label('a<b & c', x.mul(2)), { x: zeros([1]) }).toSVG();
    expect(svg).toContain('a&lt;b &amp; c = mul 2');
  });
});

describe('renderings', () => {
  const Z = tensor([
    [1, 2],
    [0, 1],
  ]);
  const T = tensor([
    [1, 0],
    [0, 1],
  ]);
  const both = explain((Z, T) => crossEntropy(Z, T), { Z, T }, { by: ['Z'] });

  test('Markdown has the table and the graph', () => {
    const markdown = record((x) => x.mul(2), { 'a|b': zeros([1]) }).toMarkdown();
    expect(markdown).toBe(
      [
        '| line | name | operation | from | shape | dtype | values |',
        '| --- | --- | --- | --- | --- | --- | --- |',
        '| 1 | a\\|b | input |  | [1] | float32 | all 0 |',
        '| 2 |  | mul | a\\|b, 2 | [1] | float32 | all 0 |',
        '',
        '```mermaid',
        'graph TB',
        '  n1(["a|b<br/>[1]"])',
        '  n2["mul 2<br/>[1]"]',
        '  n1 --> n2',
        '```',
        '',
      ].join('\n'),
    );
  });

  test('an explanation has the derivation and the tape, in every form', () => {
    expect(`${both}`).toBe(`${both.recording}\n\n${both.derivation}`);
    expect(both.toMarkdown()).toBe(`${both.derivation.toMarkdown()}\n${both.recording.toMarkdown()}`);
    const html = both.toHTML();
    expect(html).toContain('<svg ');
    expect(html).toContain('<pre>\\begin{aligned}\nE &amp;= ');
    expect(html).not.toMatch(/(src|href)=/);
  });

  test.each([
    ['recording', both.recording, ['text/plain', 'text/html', 'image/svg+xml']],
    ['explanation', both, ['text/plain', 'text/markdown']],
  ])('notebooks: a %s', (_, shown, media) => {
    const show = (shown as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for('Jupyter.display')];
    const bundle = show.call(shown);
    expect(Object.keys(bundle)).toEqual(media);
    for (const text of Object.values(bundle)) expect(text.length).toBeGreaterThan(20);
  });
});
