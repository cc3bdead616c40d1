import { GradtapeError } from '@gradtape/autograd';

/** Whether the bytes begin as every gzip file does (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** What a gzip file holds. Throws if it is damaged or ends early; `name` is what the error calls it. */
export async function gunzip(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const unpacked = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch (error) {
    throw new GradtapeError(`gunzip: ${name} cannot be unpacked`, {
      got: `${bytes.length} bytes of gzip (${error instanceof Error ? error.message : error})`,
      needs: 'a whole gzip file',
      fix: 'download or copy the file again',
    });
  }
}
