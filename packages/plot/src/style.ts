/** Dark enough for text on white (contrast 16:1). */
export const ink = '#1f2328';
/** For what explains rather than shows: subtitles, notes, axes (contrast 6:1). */
export const quietInk = '#59636e';
export const paper = '#ffffff';
export const gridLine = '#e4e7eb';

/** DejaVu Sans is the font that PNGs are drawn with; Verdana has the same widths where a browser shows the SVG. */
export const fontFamily = "'DejaVu Sans', Verdana, sans-serif";
export const fontSize = 12;
/** Free space, in pixels, between the border of a picture and what it shows. */
export const edge = 16;

/**
 * Colours that people with any kind of colour blindness tell apart: M. Okabe and K. Ito, "Color Universal Design" (2008),
 * their yellow left out because it vanishes on white.
 */
export const palette: readonly string[] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#4d4d4d'];

const dashes: readonly (string | undefined)[] = [undefined, '7 4', '2 3', '10 3 2 3'];

/** The colour of the series or class at `index`; after the last colour the palette begins anew. */
export function colourOf(index: number): string {
  return palette[index % palette.length] as string;
}

/** The dash pattern of the series at `index`: solid, until colours repeat. */
export function dashOf(index: number): string | undefined {
  return dashes[Math.floor(index / palette.length) % dashes.length];
}

/** `colour` (`#rrggbb`) mixed with white: 0 is white, 1 is the colour itself. */
export function tint(colour: string, amount: number): string {
  const channel = (at: number): string => {
    const full = Number.parseInt(colour.slice(at, at + 2), 16);
    return Math.round(255 + (full - 255) * amount)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
/** Around pictures in the picture. */
export const frameLine = '#c8ced6';
/** For values that are not finite where there is no gap to leave. */
export const notFiniteColour = '#d55e00';
