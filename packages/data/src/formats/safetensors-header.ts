import { GradtapeError } from '@gradtape/autograd';

/** What the header says of a tensor, as the format spells it. */
export interface SafetensorsEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Where its bytes begin, and before which they end, behind the header. */
  readonly data_offsets: readonly [begin: number, end: number];
}

export interface SafetensorsHeader {
  readonly entries: readonly (readonly [name: string, entry: SafetensorsEntry])[];
  readonly metadata: Record<string, string>;
  /** The bytes behind the header. */
  readonly data: Uint8Array;
}

/** Longer ones are refused, as the library does. */
const LONGEST_HEADER = 100_000_000;

/**
 * Takes a safetensors file apart. Throws unless the header is well-formed and the tensors' bytes are, without gap or
 * overlap, all that is behind it.
 */
export function parseHeader(bytes: Uint8Array, name: string): SafetensorsHeader {
  if (bytes.length < 8) return failOnFile(name, `${bytes.length} bytes`, 'at least 8 bytes: the length of the header');
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const longest = Math.min(LONGEST_HEADER, bytes.length - 8);
  if (length > longest) {
    return failOnFile(name, `a header of ${length} bytes`, `at most ${longest} in a file of ${bytes.length} bytes`);
  }
  const { __metadata__: metadata = {}, ...rest } = parseJson(bytes.subarray(8, 8 + length), name);
  const entries = Object.entries(rest).map(([key, value]) => [key, checkEntry(key, value, name)] as const);
  const data = bytes.subarray(8 + length);
  checkOffsets(entries, data.length, name);
  return { entries, metadata: checkMetadata(metadata, name), data };
}

function parseJson(header: Uint8Array, name: string): Record<string, unknown> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
    const parsed: unknown = JSON.parse(text);
    if (text.startsWith('{') && typeof parsed === 'object' && parsed !== null) return { ...parsed };
  } catch {
    // Told below.
  }
  return failOnFile(name, 'a header that is not', 'a JSON object in UTF-8, beginning with {');
}

function checkMetadata(metadata: unknown, name: string): Record<string, string> {
  if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)) {
    const fields: [string, unknown][] = Object.entries(metadata);
    const texts = fields.filter((field): field is [string, string] => typeof field[1] === 'string');
    if (texts.length === fields.length) return Object.fromEntries(texts);
  }
  return failOnFile(name, `__metadata__ ${JSON.stringify(metadata)}`, 'texts by name');
}

function checkEntry(key: string, value: unknown, name: string): SafetensorsEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (typeof dtype === 'string' && isCounts(shape) && isCounts(offsets) && offsets.length === 2) {
    const [begin, end] = offsets;
    if (begin <= end) return { dtype, shape, data_offsets: [begin, end] };
  }
  return failOnFile(
    name,
    `'${key}': ${JSON.stringify(value)}`,
    'dtype, a text; shape, a list of counts; data_offsets, where its bytes begin and end',
  );
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

function checkOffsets(entries: SafetensorsHeader['entries'], bytes: number, name: string): void {
  const inOrder = entries.toSorted(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  let end = 0;
  for (const [key, { data_offsets: offsets }] of inOrder) {
    if (offsets[0] !== end) {
      failOnFile(
        name,
        `'${key}' from byte ${offsets[0]} on, ${offsets[0] < end ? 'inside of another tensor' : 'behind a gap'}`,
        `its first byte behind the tensor before, at ${end}`,
      );
    }
    end = offsets[1];
  }
  if (end !== bytes) failOnFile(name, `${bytes} bytes behind the header`, `${end}, where the last tensor ends`);
}

function failOnFile(name: string, got: string, needs: string): never {
  throw new GradtapeError(`readSafetensors: ${name} is not a whole safetensors file`, {
    got,
    needs,
    fix: 'download or write the file again; check that it is no other format, such as a pickle of PyTorch (.bin, .pt)',
  });
}
