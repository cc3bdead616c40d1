interface Arrow {
  from: string;
  to: string;
}

/**
 * Cycles of a directed graph, each as the arrows that lead round it; none exactly when the graph has none.
 * Depth first: an arrow to a node that is still on the path closes a cycle.
 */
export function findCycles<A extends Arrow>(arrows: readonly A[]): A[][] {
  const leaving = new Map<string, Map<string, A>>();
  for (const arrow of arrows) {
    const targets = leaving.get(arrow.from) ?? new Map<string, A>();
    if (!targets.has(arrow.to)) targets.set(arrow.to, arrow);
    leaving.set(arrow.from, targets);
  }

  const cycles: A[][] = [];
  const visited = new Set<string>();
  const path: A[] = [];
  const visit = (node: string): void => {
    visited.add(node);
    for (const arrow of leaving.get(node)?.values() ?? []) {
      path.push(arrow);
      const start = path.findIndex((earlier) => earlier.from === arrow.to);
      if (start >= 0) cycles.push(path.slice(start));
      else if (!visited.has(arrow.to)) visit(arrow.to);
      path.pop();
    }
  };
  for (const node of leaving.keys()) if (!visited.has(node)) visit(node);
  return cycles;
}
