import { asNumber, type Cases, type Expression, type Factor, type Name, type Product, type Sum } from './expression.ts';
import { absolute, type Fraction, isNegative, isNumber } from './fraction.ts';
import { numberText } from './number-text.ts';
import { countTransposes, transposed } from './rewrite.ts';
import { ATOM, INDEXED, inBrackets, MATRIX_PRODUCT, POWER, PRODUCT, SUM, type Text, TOTAL, within } from './text.ts';

export interface PrintOptions {
  /** What stands in the place of a name, for instance its numbers. Default: the name. */
  readonly instead?: (name: Name) => Text | undefined;
  /** Between numbers that are multiplied. Default: a space. */
  readonly dot?: string;
}

/** The LaTeX of an expression, with brackets only where they are needed. */
export function print(e: Expression, options: PrintOptions = {}): string {
  return write(e, options).text;
}

function write(e: Expression, options: PrintOptions): Text {
  const text = (part: Expression, precedence = 0): string => within(precedence, write(part, options));
  switch (e.kind) {
    case 'product':
      return writeProduct(e, options);
    case 'sum':
      return { text: writeSum(e, options), precedence: SUM };
    case 'power':
      return { text: `${text(e.base, INDEXED)}^{${text(e.exponent)}}`, precedence: POWER };
    case 'name':
      return options.instead?.(e) ?? { text: e.text, precedence: namePrecedence(e.text) };
    case 'call': {
      const operands = e.operands.map((operand) => text(operand)).join(e.separator);
      const call = e.open.endsWith('(') ? e.open.slice(0, -1) + inBrackets(operands) : e.open + operands + e.close;
      return { text: call, precedence: ATOM };
    }
    case 'total':
      return { text: `\\sum ${text(e.of, POWER)}`, precedence: TOTAL };
    case 'part': {
      const indices = e.indices.map((index) => (typeof index === 'string' ? index : text(index)));
      return { text: `${text(e.of, ATOM)}_{${indices.join(', ')}}`, precedence: POWER };
    }
    case 'relation':
    case 'connective':
      return { text: `\\mathbb{1}[${writeCondition(e, options)}]`, precedence: ATOM };
    case 'cases':
      return { text: writeCases(e, options), precedence: SUM };
    case 'matrixProduct':
      return { text: beside(e.factors.map((factor) => writeMatrix(factor, options))), precedence: MATRIX_PRODUCT };
    case 'transposed':
      return { text: `${text(e.of, INDEXED)}^{\\top}`, precedence: POWER };
  }
}

/** A name may have an exponent, a prime or an index already, and LaTeX refuses a second one. */
function namePrecedence(name: string): number {
  if (/[\^']/.test(name)) return POWER;
  return /(?<!\\)_/.test(name) ? INDEXED : ATOM;
}

/** Factors side by side: words keep a distance, and so do ones behind a number, which would be read as its last digit. */
function beside(texts: readonly string[]): string {
  const endsInWord = /\\mathrm\{[^{}]*\}(\^\{\\top\})?$/;
  return texts.reduce((before, text) => {
    const touchesWord = endsInWord.test(before) || text.startsWith('\\mathrm{');
    const isAmbiguous = /(^| )[\d.]+$/.test(before) && text.startsWith('\\mathbf{1}');
    return `${before}${touchesWord || isAmbiguous ? ' \\, ' : ' '}${text}`;
  });
}

/** A factor of a matrix product; `(A + B)ᵀ` rather than `Aᵀ + Bᵀ`. */
function writeMatrix(e: Expression, options: PrintOptions): string {
  if (e.kind === 'transposed') return within(POWER, write(e, options));
  const other = transposed(e);
  const isShorter = countTransposes(other) + 1 < countTransposes(e);
  return isShorter ? `${within(INDEXED, write(other, options))}^{\\top}` : within(POWER, write(e, options));
}

function writeSum({ terms }: Sum, options: PrintOptions): string {
  return terms
    .map((term, i) => {
      const text = term.kind === 'cases' ? inBrackets(writeCases(term, options)) : print(term, options);
      if (i === 0) return text;
      return text.startsWith('-') ? ` - ${text.slice(1)}` : ` + ${text}`;
    })
    .join('');
}

/** `sign coefficient · numbers · tensors`, as fractions where there are denominators. */
function writeProduct({ coefficient, factors }: Product, options: PrintOptions): Text {
  const sign = isNegative(coefficient) ? '-' : '';
  const size = absolute(coefficient);
  if (factors.length === 0) {
    const { text, precedence } = numberText(size);
    return { text: sign + text, precedence: sign ? SUM : precedence };
  }
  const numbers = factors.filter(({ base }) => base.single);
  const tensors = factors.filter(({ base }) => !base.single);
  const front = writeFront(size, numbers, tensors.length > 0, options);
  const back = writeTensors(tensors, options);
  const parts = [front, back].filter((part) => part !== undefined);
  if (parts.length === 1 && sign === '') return parts[0];
  const texts = parts.map((part, i) => within(i === parts.length - 1 ? TOTAL : PRODUCT, part));
  return { text: sign + multiplied(texts, options), precedence: sign ? SUM : PRODUCT };
}

const isAbove = ({ exponent }: Factor): boolean => exponent > 0;
const isBelow = ({ exponent }: Factor): boolean => exponent < 0;

/** The coefficient and the factors that are numbers. */
function writeFront(
  size: Fraction,
  factors: readonly Factor[],
  hasMore: boolean,
  options: PrintOptions,
): Text | undefined {
  const above = longLast(factors.filter(isAbove));
  const below = factors.filter(isBelow);
  if (below.length > 0 && above.some(isLong)) {
    const fraction = writeFront(size, below, true, options) as Text;
    const rest = juxtaposed([fraction], above, hasMore, options) as Text;
    return rest;
  }
  if (below.length > 0) {
    const whole = (value: number): Text[] => (value === 1 ? [] : [numberText({ numerator: value, denominator: 1 })]);
    const [top, bottom] = [
      juxtaposed(whole(size.numerator), above, false, options),
      juxtaposed(whole(size.denominator), below, false, options),
    ];
    return { text: `\\frac{${top?.text ?? '1'}}{${bottom?.text}}`, precedence: POWER };
  }
  return juxtaposed(isNumber(size, 1) ? [] : [numberText(size)], above, hasMore, options);
}

/** Factors side by side; a sum sign and a product of matrices stand without brackets only where nothing follows. */
function juxtaposed(
  coefficient: readonly Text[],
  factors: readonly Factor[],
  hasMore: boolean,
  options: PrintOptions,
): Text | undefined {
  const texts = [...coefficient, ...factors.map((factor) => writeFactor(factor, options))];
  if (texts.length < 2 && !hasMore) return texts[0];
  if (texts.length === 0) return undefined;
  const joined = texts.map((text, i) => {
    if (i < coefficient.length) return text.text;
    return within(i === texts.length - 1 && !hasMore ? TOTAL : POWER, text);
  });
  return { text: multiplied(joined, options), precedence: PRODUCT };
}

function multiplied(texts: readonly string[], { dot }: PrintOptions): string {
  return dot === undefined ? beside(texts) : texts.join(dot);
}

/** What does not stand well above a fraction's line. */
function isLong({ base }: Factor): boolean {
  return base.kind === 'total' || (base.kind === 'call' && base.reading === 'whole');
}

function longLast(factors: readonly Factor[]): readonly Factor[] {
  return [...factors.filter((factor) => !isLong(factor)), ...factors.filter(isLong)];
}

/** The factors that are tensors, with ⊙ between them. */
function writeTensors(factors: readonly Factor[], options: PrintOptions): Text | undefined {
  const above = hadamard(factors.filter(isAbove), options);
  const below = hadamard(factors.filter(isBelow), options);
  return below ? { text: `\\frac{${above?.text ?? '1'}}{${below.text}}`, precedence: POWER } : above;
}

function hadamard(factors: readonly Factor[], options: PrintOptions): Text | undefined {
  const texts = factors.map((factor) => writeFactor(factor, options));
  if (texts.length < 2) return texts[0];
  return { text: texts.map((text) => within(MATRIX_PRODUCT, text)).join(' \\odot '), precedence: PRODUCT };
}

/** A power without the sign of its exponent: what is below a fraction's line stands there. */
function writeFactor({ base, exponent }: Factor, options: PrintOptions): Text {
  const text = write(base, options);
  const size = Math.abs(exponent);
  if (size === 1) return text;
  return { text: `${within(INDEXED, text)}^{${base.single ? '' : '\\odot '}${size}}`, precedence: POWER };
}

/** A condition as such, where {@link print} would write the number 1[…]. */
function writeCondition(e: Expression, options: PrintOptions): string {
  const side = (part: Expression): string => print(part, options);
  if (e.kind === 'connective') {
    return [e.left, e.right].map((part) => connected(part, e.sign, options)).join(` ${e.sign} `);
  }
  if (e.kind !== 'relation') return print(e, options);
  const turned = asNumber(e.left) !== undefined && asNumber(e.right) === undefined;
  if (!turned) return `${side(e.left)} ${e.sign} ${side(e.right)}`;
  const signs = { '<': '>', '\\le': '\\ge', '=': '=', '\\ne': '\\ne' } as const;
  return `${side(e.right)} ${signs[e.sign]} ${side(e.left)}`;
}

function connected(e: Expression, sign: string, options: PrintOptions): string {
  const text = writeCondition(e, options);
  return e.kind === 'connective' && e.sign !== sign ? `(${text})` : text;
}

function writeCases({ branches, otherwise }: Cases, options: PrintOptions): string {
  const lines = branches.map(
    ({ condition, value }) => `${print(value, options)} & ${writeCondition(condition, options)}`,
  );
  return `\\begin{cases} ${[...lines, `${print(otherwise, options)} & \\text{otherwise}`].join(' \\\\ ')} \\end{cases}`;
}
