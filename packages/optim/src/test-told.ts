/** What each attempt is told, in order. */
export function told(...attempts: readonly (() => unknown)[]): string {
  return attempts
    .map((attempt) => {
      try {
        attempt();
      } catch (error) {
        return (error as Error).message;
      }
      return `nothing was wrong with ${attempt}`;
    })
    .join('\n\n');
}
