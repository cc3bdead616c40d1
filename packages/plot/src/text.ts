const narrow = /[ fijlrtI.,:;'|!()[\]-]/;
const tall = /[A-Z+=<>#&~^]/;
const wide = /[mwMW%@]/;

/** Advance widths of DejaVu Sans by kind of character, in em, rounded up: what it fits is never cut. */
function advance(character: string): number {
  if (character > '~') return 1.1;
  if (narrow.test(character)) return 0.42;
  if (wide.test(character)) return 1;
  return tall.test(character) ? 0.84 : 0.65;
}

const boldFactor = 1.13;

/** An upper bound of the width in pixels of a line of text, known without a browser. */
export function textWidth(text: string, fontSize: number, weight: 'normal' | 'bold' = 'normal'): number {
  let ems = 0;
  for (const character of text) ems += advance(character);
  return ems * fontSize * (weight === 'bold' ? boldFactor : 1);
}

export function widestText(texts: readonly string[], fontSize: number): number {
  return texts.reduce((widest, text) => Math.max(widest, textWidth(text, fontSize)), 0);
}

const lineBreak = /\r\n?|\n/g;

/** The text in one line; where it is wider than `width` pixels, its beginning and an ellipsis. */
export function shortenText(text: string, width: number, fontSize: number): string {
  const line = text.replace(lineBreak, ' ');
  if (textWidth(line, fontSize) <= width) return line;
  let kept = '';
  for (const character of line) {
    if (textWidth(`${kept}${character}…`, fontSize) > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Breaks text into lines no wider than `width` pixels: at spaces where it can, inside a word where it must. */
export function wrapText(
  text: string,
  width: number,
  fontSize: number,
  weight: 'normal' | 'bold' = 'normal',
): string[] {
  const fits = (line: string): boolean => textWidth(line, fontSize, weight) <= width;
  const lines: string[] = [];
  for (const paragraph of text.split(lineBreak)) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (fits(longer)) {
        line = longer;
        continue;
      }
      if (line !== '') lines.push(line);
      line = '';
      for (const character of word) {
        if (line !== '' && !fits(line + character)) {
          lines.push(line);
          line = '';
        }
        line += character;
      }
    }
    lines.push(line);
  }
  return lines;
}

/** What XML 1.0 cannot hold (control characters, lone surrogates) becomes the replacement character. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be replaced
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}

/** A count as people write it: 12,345. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
