/** The values under `holder[0]`, `holder[1]`, … up to the first number that is missing. */
export function* numbered<T>(holder: { readonly [index: number]: T }): Generator<T, void, undefined> {
  for (let i = 0; i in holder; i++) yield holder[i];
}
