/** Lets objects of a class show themselves as text when they are printed with `console.log`, in Node and in Deno. */
export function showInConsoles<T>(shown: { readonly prototype: T & object }, show: (object: T) => string): void {
  for (const name of ['nodejs.util.inspect.custom', 'Deno.customInspect']) {
    Object.defineProperty(shown.prototype, Symbol.for(name), {
      value(this: T) {
        return show(this);
      },
    });
  }
}
