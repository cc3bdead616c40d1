/** Pictures of an object by media type, of which a notebook shows the best that it can. */
export type MediaBundle = Readonly<Record<string, string>>;

/** Lets objects of a class show themselves when they are the last value of a cell in a notebook of Deno. */
export function showInNotebooks<T>(shown: { readonly prototype: T & object }, show: (object: T) => MediaBundle): void {
  Object.defineProperty(shown.prototype, Symbol.for('Jupyter.display'), {
    value(this: T) {
      return show(this);
    },
  });
}
