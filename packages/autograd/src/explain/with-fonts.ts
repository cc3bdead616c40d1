const SOURCES = /src:\s*url\(["']?([^"')]+)["']?\)\s*format\(["']?(\w+)["']?\)[^;}]*/g;

/**
 * A style sheet with its fonts written into it, so that a page with it needs nothing beside itself. Of the files that it
 * names for a font the first is taken.
 *
 * @param read Gives the file at an address as it stands in the style sheet: `fonts/KaTeX_Main-Regular.woff2`.
 */
export function withFonts(css: string, read: (address: string) => Uint8Array): string {
  return css.replace(
    SOURCES,
    (_, address: string, format: string) =>
      `src: url(data:font/${format};base64,${base64(read(address))}) format("${format}")`,
  );
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
