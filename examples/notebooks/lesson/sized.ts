/** How long a run is: `full` as the notebooks were made, `short` to see in a minute that the code still works. */
export interface Sizes<T> {
  readonly full: T;
  readonly short: T;
}

/** Whether `NOTEBOOKS=short` asks for the short setting. */
export const isShort: boolean = setting() === 'short';

/** One of two numbers: of epochs, of seeds, of images, or what is expected after so many. */
export function sized<T>({ full, short }: Sizes<T>): T {
  return isShort ? short : full;
}

function setting(): string | undefined {
  const { process } = globalThis as {
    readonly process?: { readonly env: Readonly<Record<string, string | undefined>> };
  };
  return process?.env.NOTEBOOKS;
}
