let asked = false;

/**
 * Runs a function so that the tape has what layers and statistics are defined by (a product and a sum, distances from a
 * mean), and not one line with a derivative of its own: for those who look for a mistake in one of these steps.
 */
export function byDefinition<T>(run: () => T): T {
  const before = asked;
  asked = true;
  try {
    return run();
  } finally {
    asked = before;
  }
}

/** Whether functions must be written on the tape by their definitions. */
export function isByDefinition(): boolean {
  return asked;
}
