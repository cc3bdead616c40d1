import { type DType, fromArray, GradtapeError, type Tensor, tensor } from '@gradtape/autograd';
import papaparse from 'papaparse';
import { readFile } from '../files.ts';

export interface CsvOptions {
  /** Whether the first row names the columns; or the names, where the file has none. Without any: '0', '1', …. Default: true. */
  readonly header?: boolean | readonly string[];
  /** What stands between fields. Default: ','. */
  readonly delimiter?: string;
  /** What stands around fields that hold a delimiter or a line's end; doubled, it stands for itself. Default: '"'. */
  readonly quote?: string;
  /** What a line begins with that is left out. Default: none. */
  readonly comment?: string;
  /** Fields that stand for a missing value, spaces around them aside. Default: '', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None'. */
  readonly missing?: readonly string[];
}

export interface NumbersOptions {
  /** Default: float32. int32 takes whole numbers only; bool takes 0, 1, true and false, in any case. */
  readonly dtype?: DType;
  /** What stands in place of a missing value, such as NaN. Default: a missing value is an error. */
  readonly missing?: number;
}

/** Labels, and what they stand for: label `i` for `names[i]`. */
export interface Classes {
  /** int32 [rows]. */
  readonly labels: Tensor;
  readonly names: readonly string[];
}

/** What stands for a missing value unless a file says otherwise; `read_csv` of pandas has these, too. */
const MISSING: readonly string[] = ['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None'];

/** A table of texts, which gives its columns as tensors. */
export class Table {
  /** The columns' names, in their order. */
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly #missing: ReadonlySet<string>;

  /** Made by `readCsv` and `loadCsv`. */
  constructor(names: readonly string[], rows: readonly (readonly string[])[], missing: Iterable<string>) {
    this.names = names;
    this.rows = rows;
    this.#missing = new Set(missing);
  }

  /** The number of rows. */
  get length(): number {
    return this.rows.length;
  }

  /** A column as texts. @throws GradtapeError if there is no such column. */
  texts(column: string): string[] {
    const at = this.#placeOf(column);
    return this.rows.map((row) => row[at]);
  }

  /**
   * Columns as numbers: one as [rows], a list of them, or all, as [rows, columns].
   *
   * @throws GradtapeError if there is no such column, or names the first field that is no number of the dtype, or missing.
   */
  numbers(columns: string | readonly string[] = this.names, options: NumbersOptions = {}): Tensor {
    const { dtype = 'float32' } = options;
    const places = [columns].flat().map((column) => this.#placeOf(column));
    const entries = this.rows.flatMap((row, i) =>
      places.map((at) => this.#number(row[at], i, at, { ...options, dtype })),
    );
    const shape = typeof columns === 'string' ? [this.length] : [this.length, places.length];
    return fromArray(Float64Array.from(entries), shape, { dtype });
  }

  /**
   * A column as labels, one for each text.
   *
   * @param names - which text has which label. Default: the texts in their order, as JavaScript sorts them.
   * @throws GradtapeError if there is no such column, a field is missing, or is none of the names.
   */
  classes(column: string, names?: readonly string[]): Classes {
    const at = this.#placeOf(column);
    const texts = this.texts(column);
    const known = names ?? [...new Set(texts)].sort();
    const labels = texts.map((text, i) => {
      if (this.#isMissing(text)) return failOnField(this, { field: text, row: i, at, needs: 'a class' }, true);
      const label = known.indexOf(text);
      return label >= 0 ? label : failOnField(this, { field: text, row: i, at, needs: known.join(', ') }, false);
    });
    return { labels: tensor(Int32Array.from(labels)), names: known };
  }

  /**
   * The table without the rows in which one of these columns, or any, has a missing value.
   *
   * @throws GradtapeError if there is no such column.
   */
  dropMissing(columns: readonly string[] = this.names): Table {
    const places = columns.map((column) => this.#placeOf(column));
    const rows = this.rows.filter((row) => places.every((at) => !this.#isMissing(row[at])));
    return new Table(this.names, rows, this.#missing);
  }

  #isMissing(field: string): boolean {
    return this.#missing.has(field.trim());
  }

  #placeOf(column: string): number {
    const at = this.names.indexOf(column);
    if (at >= 0) return at;
    throw new GradtapeError('Table: there is no such column', {
      got: `'${column}'`,
      needs: `one of ${this.names.map((name) => `'${name}'`).join(', ')}`,
      fix: 'check the spelling and spaces; for a file without a first row of names, pass { header: false }',
    });
  }

  #number(
    field: string,
    row: number,
    at: number,
    options: Required<Pick<NumbersOptions, 'dtype'>> & NumbersOptions,
  ): number {
    if (this.#isMissing(field)) {
      return options.missing ?? failOnField(this, { field, row, at, needs: 'a number' }, true);
    }
    return (
      parseNumber(field, options.dtype) ??
      failOnField(this, { field, row, at, needs: descriptions[options.dtype] }, false)
    );
  }
}

/**
 * The table in the text of a CSV file (RFC 4180), or in its bytes, UTF-8. Empty lines are left out, also where a
 * table has one column only.
 *
 * @param name - what errors call it: the file's path.
 * @throws GradtapeError if the bytes are no UTF-8, a quote does not end, rows differ in length, or names come twice.
 * @example
 * const table = readCsv('height,width,kind\n1.5,2,cat\n3,NA,dog\n');
 * table.numbers(['height', 'width'], { missing: 0 }); // [[1.5, 2], [3, 0]]
 * table.dropMissing().length; // 1
 * table.classes('kind').labels; // [0, 1]
 */
export function readCsv(csv: string | Uint8Array, options: CsvOptions = {}, name = 'the file'): Table {
  const { header = true, missing = MISSING } = options;
  const rows = parseRows(textOf(csv, name), options, name);
  const width = rows[0]?.length ?? 0;
  if (typeof header !== 'boolean') return new Table(checkNames(header, rows, name), rows, missing);
  if (!header)
    return new Table(
      Array.from({ length: width }, (_, i) => `${i}`),
      rows,
      missing,
    );
  const [names, ...rest] = rows.length === 0 ? failOnFile(name, 'no rows', 'a first row of names') : rows;
  return new Table(checkNames(names, rest, name), rest, missing);
}

/** The table in a CSV file, as `readCsv` gives it. @throws GradtapeError as it does, and if there is no such file. */
export async function loadCsv(path: string, options: CsvOptions = {}): Promise<Table> {
  return readCsv(await readFile('loadCsv', path), options, path);
}

function textOf(csv: string | Uint8Array, name: string): string {
  if (typeof csv === 'string') return csv.replace(/^\ufeff/, '');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(csv);
  } catch {
    return failOnFile(name, 'bytes that are no UTF-8', 'a text in UTF-8');
  }
}

function parseRows(text: string, options: CsvOptions, name: string): string[][] {
  const { delimiter = ',', quote = '"', comment = false } = options;
  const { data, errors } = papaparse.parse<string[]>(text, {
    delimiter,
    quoteChar: quote,
    comments: comment,
    skipEmptyLines: true,
  });
  const [error] = errors;
  if (error !== undefined)
    failOnFile(name, `${error.message} in row ${(error.row ?? 0) + 1}`, 'quotes that begin and end a field');
  const odd = data.findIndex((row) => row.length !== data[0].length);
  if (odd >= 0) {
    failOnFile(name, `${data[odd].length} fields in row ${odd + 1}`, `${data[0].length} in every row, as in the first`);
  }
  return data;
}

function checkNames(names: readonly string[], rows: readonly (readonly string[])[], name: string): readonly string[] {
  const twice = names.find((column, i) => names.indexOf(column) < i);
  if (twice !== undefined) return failOnFile(name, `the name '${twice}' twice`, 'a name of its own for each column');
  const width = rows[0]?.length ?? names.length;
  return width === names.length
    ? names
    : failOnFile(name, `${names.length} names and ${width} fields`, 'as many of both');
}

const descriptions: Readonly<Record<DType, string>> = {
  float32: 'a number',
  float64: 'a number',
  int32: 'a whole number that fits into int32',
  bool: '0, 1, true or false',
};

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The number of a field; undefined if it is none of this dtype. */
function parseNumber(field: string, dtype: DType): number | undefined {
  const text = field.trim();
  if (dtype === 'bool') return { '0': 0, '1': 1, false: 0, true: 1 }[text.toLowerCase()];
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinite !== null && dtype !== 'int32') return infinite[1] === '-' ? -Infinity : Infinity;
  if (!DECIMAL.test(text)) return undefined;
  const value = Number(text);
  return dtype === 'int32' && (value | 0) !== value ? undefined : value;
}

interface Field {
  readonly field: string;
  readonly row: number;
  readonly at: number;
  readonly needs: string;
}

function failOnField(table: Table, { field, row, at, needs }: Field, isMissing: boolean): never {
  const got = `'${field}' in row ${row + 1} of ${table.length}, column '${table.names[at]}'`;
  throw new GradtapeError(`Table: a field is ${isMissing ? 'missing' : 'not what was asked for'}`, {
    got,
    needs,
    fix: isMissing
      ? 'drop such rows with table.dropMissing(), or say what stands in their place: { missing: NaN }'
      : 'leave the column out, take it as classes(column), or name what stands for a missing value: { missing: [...] }',
  });
}

function failOnFile(name: string, got: string, needs: string): never {
  throw new GradtapeError(`readCsv: ${name} is no table`, {
    got,
    needs,
    fix: "check the delimiter ({ delimiter: ';' }), the quotes, and lines that are no rows ({ comment: '#' })",
  });
}
