/** The arguments of a constructor as they are written in a program; what is no plain value, such as a tensor, is left out. */
export function showArguments(written: readonly unknown[]): string {
  return written.flatMap((argument) => showArgument(argument) ?? []).join(', ');
}

function showArgument(x: unknown): string | undefined {
  if (typeof x === 'string') return `'${x}'`;
  if (typeof x === 'number' || typeof x === 'boolean' || x === null) return String(x);
  if (Array.isArray(x)) return `[${x.map(showArgument).join(', ')}]`;
  if (!(x instanceof Object) || Object.getPrototypeOf(x) !== Object.prototype) return undefined;
  const options = Object.entries(x).flatMap(([name, value]) => {
    const shown = showArgument(value);
    return shown === undefined ? [] : [`${name}: ${shown}`];
  });
  return options.length === 0 ? undefined : `{ ${options.join(', ')} }`;
}
