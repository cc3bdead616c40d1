import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Drawing, type GraphNode, layered } from './layers.ts';

/** Graphs whose nodes come after those that lead to them. */
const graphs = fc
  .array(fc.tuple(fc.integer({ min: 10, max: 120 }), fc.array(fc.nat(), { maxLength: 3 })), {
    minLength: 1,
    maxLength: 25,
  })
  .map((nodes) =>
    nodes.map(
      ([width, from], id): GraphNode => ({ id, width, from: id === 0 ? [] : from.map((choice) => choice % id) }),
    ),
  );

function holds(check: (nodes: readonly GraphNode[], drawing: Drawing) => void): void {
  fc.assert(fc.property(graphs, (nodes) => check(nodes, layered(nodes))));
}

const at = (drawing: Drawing, id: number) => drawing.nodes.get(id) as { layer: number; x: number };

test('every node has a place, inside of the picture', () => {
  holds((nodes, drawing) => {
    for (const { id, width } of nodes) {
      const { layer, x } = at(drawing, id);
      expect(Number.isInteger(layer) && layer >= 0 && layer < drawing.layers).toBe(true);
      expect(x - width / 2).toBeGreaterThanOrEqual(-1e-9);
      expect(x + width / 2).toBeLessThanOrEqual(drawing.width + 1e-9);
    }
  });
});

test('edges lead down, through every layer on their way', () => {
  holds((nodes, drawing) => {
    expect(drawing.edges).toHaveLength(nodes.reduce((sum, { from }) => sum + from.length, 0));
    for (const edge of drawing.edges) {
      expect(edge.map(({ layer }) => layer)).toEqual(edge.map((_, i) => edge[0].layer + i));
    }
  });
});

test('nodes of one layer do not overlap', () => {
  holds((nodes, drawing) => {
    for (const a of nodes) {
      for (const b of nodes) {
        if (a.id >= b.id || at(drawing, a.id).layer !== at(drawing, b.id).layer) continue;
        const distance = Math.abs(at(drawing, a.id).x - at(drawing, b.id).x);
        expect(distance).toBeGreaterThanOrEqual((a.width + b.width) / 2);
      }
    }
  });
});

test('what is used late stands low: just above the first that uses it', () => {
  const nodes = [
    { id: 0, width: 10, from: [] },
    { id: 1, width: 10, from: [0] },
    { id: 2, width: 10, from: [1] },
    { id: 3, width: 10, from: [] },
    { id: 4, width: 10, from: [2, 3] },
  ];
  const { nodes: places } = layered(nodes);
  expect(nodes.map(({ id }) => places.get(id)?.layer)).toEqual([0, 1, 2, 2, 3]);
});
