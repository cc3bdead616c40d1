import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { mathHTML, page, tableHTML } from './page.ts';

describe('formulas on a page', () => {
  test('are LaTeX in the open without KaTeX', () => {
    expect(mathHTML('With $a < b$:\n\n$$\nx & y\n$$\n')).toBe(
      '<p>With <code>a &lt; b</code>:</p>\n<div class="wide"><pre>x &amp; y</pre></div>',
    );
  });

  test('are MathML with KaTeX, which needs no style sheet', () => {
    const html = mathHTML('With $a$:\n\n$$\nb\n$$', { katex });
    expect(html.match(/<math /g)).toHaveLength(2);
    expect(html).toContain('display="block"');
    expect(html).not.toContain('katex-html');
  });

  test('tell a 1 of a condition from a number, also where browsers do not read mathvariant', () => {
    expect(mathHTML('$\\mathbb{1}[x > 0]$', { katex })).toContain('<mn>𝟙</mn>');
    expect(mathHTML('$\\mathbb{1}[x > 0]$', { katex, css: '' })).toContain('<mn>𝟙</mn>');
  });

  test("are KaTeX's own with its style sheet", () => {
    expect(mathHTML('$a$', { katex, css: '' })).toContain('katex-html');
    expect(page('T', '', { katex, css: '.katex { color: red }' })).toContain('.katex { color: red }');
    expect(page('T', '', { css: '.katex { color: red }' })).not.toContain('.katex');
  });

  test('that KaTeX cannot read are shown, not thrown', () => {
    expect(mathHTML('$\\frac$', { katex })).toContain('\\frac');
  });
});

test('text is escaped', () => {
  expect(page('a < b', '')).toContain('<title>a &lt; b</title>');
  expect(tableHTML(['<'], [['&']])).toContain('<th>&lt;</th>');
  expect(tableHTML(['<'], [['&']])).toContain('<td>&amp;</td>');
});
