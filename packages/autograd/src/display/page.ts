/** What is needed of KaTeX: `import katex from 'katex'`. */
export interface Katex {
  renderToString(
    latex: string,
    options: {
      readonly displayMode: boolean;
      readonly throwOnError: boolean;
      readonly output: 'mathml' | 'htmlAndMathml';
    },
  ): string;
}

export interface PageOptions {
  /** Renders the formulas. Without it the page shows their LaTeX. */
  readonly katex?: Katex;
  /**
   * KaTeX's style sheet, as text. Without it formulas are written in MathML, which browsers show with fonts of their own.
   * Its fonts must be reachable from the page, or written into it with {@link withFonts}.
   */
  readonly css?: string;
}

const STYLE = `:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; font-size: 0.875rem; }
th, td { text-align: left; padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid #8884; white-space: nowrap; }
td:first-child { text-align: right; }
figure, .wide { overflow-x: auto; margin: 1rem 0; }
math { font-family: 'Latin Modern Math', 'STIX Two Math', 'Cambria Math', 'DejaVu Math TeX Gyre', math; }
mtable[columnalign='right left'] > mtr > mtd { padding-inline: 0; text-align: -webkit-left; }
mtable[columnalign='right left'] > mtr > mtd:first-child { text-align: -webkit-right; }
[mathvariant='bold'] { font-weight: bold; }
pre { overflow-x: auto; padding: 0.8rem; background: #8882; border-radius: 6px; }`;

/** A page that needs nothing else: its styles are written into it. */
export function page(title: string, body: string, { katex, css }: PageOptions = {}): string {
  const style = katex && css !== undefined ? `${STYLE}\n${css}` : STYLE;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
${style}
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${body}
</body>
</html>
`;
}

export function tableHTML(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (tag: string, texts: readonly string[]): string =>
    `<tr>${texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((texts) => row('td', texts)).join('\n');
  return `<div class="wide"><table>\n<thead>${row('th', headings)}</thead>\n<tbody>\n${body}\n</tbody>\n</table></div>`;
}

/** Paragraphs with formulas between `$$` or `$`. */
export function mathHTML(text: string, options: PageOptions = {}): string {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => {
      const html = paragraph.replace(
        /\$\$\n?([\s\S]+?)\n?\$\$|\$([^$]+)\$|[^$]+/g,
        (words, block?: string, inline?: string) => {
          const latex = block ?? inline;
          return latex === undefined ? escaped(words) : formula(latex, block !== undefined, options);
        },
      );
      return paragraph.startsWith('$$') ? `<div class="wide">${html}</div>` : `<p>${html}</p>`;
    })
    .join('\n');
}

function formula(latex: string, displayMode: boolean, { katex, css }: PageOptions): string {
  if (katex === undefined) return displayMode ? `<pre>${escaped(latex)}</pre>` : `<code>${escaped(latex)}</code>`;
  const output = css === undefined ? 'mathml' : 'htmlAndMathml';
  return withDoubleStruckOnes(katex.renderToString(latex, { displayMode, throwOnError: false, output }));
}

/** The 1 of `1[x > 0]` as a letter of its own: browsers no longer read `mathvariant`, and would show it like any other. */
function withDoubleStruckOnes(html: string): string {
  return html.replaceAll('<mn mathvariant="double-struck">1</mn>', '<mn>𝟙</mn>');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
