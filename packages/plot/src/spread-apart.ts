/** `positions` moved as little as is needed to lie `distance` apart between `low` and `high`, in the same order. */
export function spreadApart(positions: readonly number[], distance: number, low: number, high: number): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => (positions[a] as number) - (positions[b] as number));
  const spread = [...positions];
  let free = low;
  for (const i of order) {
    spread[i] = Math.max(spread[i] as number, free);
    free = (spread[i] as number) + distance;
  }
  free = high;
  for (const i of order.reverse()) {
    spread[i] = Math.min(spread[i] as number, free);
    free = (spread[i] as number) - distance;
  }
  return spread;
}
