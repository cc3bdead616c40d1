/** Where something was thrown, as far as that is known. */
export function stackOf(thrown: unknown): string {
  return String((thrown as Error | undefined)?.stack ?? thrown);
}
