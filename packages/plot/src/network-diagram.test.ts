import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { type NetworkDiagramOptions, networkDiagram } from './network-diagram.ts';
import type { Matrix } from './values.ts';

function drawn(weights: readonly Matrix[], options: NetworkDiagramOptions = {}): (selector: string) => Element[] {
  const svg = new DOMParser().parseFromString(networkDiagram(weights, options).svg, 'image/svg+xml');
  return (selector) => [...svg.querySelectorAll(`[aria-label="network"] ${selector}`)] as unknown as Element[];
}

const xor = [
  [
    [1, 1],
    [1, 1],
  ],
  [[1, -2]],
];

test('a circle for each unit, a line for each weight, dashed where it is negative', () => {
  const all = drawn(xor);
  expect(all('circle')).toHaveLength(5);
  const lines = all('path');
  expect(lines).toHaveLength(6);
  expect(lines.filter((line) => line.hasAttribute('stroke-dasharray'))).toHaveLength(1);
  const widths = lines.map((line) => Number(line.getAttribute('stroke-width')));
  expect(Math.max(...widths)).toBe(widths[5]);
});

test('units have names, values and biases; weights are written where they are few', () => {
  const texts = drawn(xor, {
    biases: [[0, -1], [0.5]],
    unitNames: [['x₁', 'x₂'], ['h₁', 'h₂'], ['y']],
    values: [[0, 1], [1, 0], [1]],
  })('text').map((text) => text.textContent);
  expect(texts).toEqual(
    expect.arrayContaining(['x₁', 'h₂', '0, b −1', '1, b 0.5', '−2', 'input', 'layer 1', 'output']),
  );
  expect(drawn(xor, { showWeights: false })('rect')).toHaveLength(0);
});

test('of a large layer the first units are shown, and a note says so', () => {
  const wide = [Array.from({ length: 32 }, () => [1, 2])];
  expect(drawn(wide)('circle')).toHaveLength(12);
  expect(networkDiagram(wide).svg).toContain('10 of 32 units');
});

test('what does not fit together is told', () => {
  expect(() => networkDiagram([])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: networkDiagram: there are no weights
      got:   no layers
      needs: the weights of each layer, shape [units, units before]
      fix:   pass [layer1.weight, layer2.weight]]
  `);
  expect(() => networkDiagram([[[1, 2]], [[1, 2]]])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: networkDiagram: layer 2 does not fit the one before
      got:   shape [1, 2] after 1 units
      needs: shape [units, units before], at least one of each
      fix:   pass the weights in order, each with a row for each of its units]
  `);
  expect(() => networkDiagram(xor, { biases: [[1]] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: networkDiagram: biases has another number of entries
      got:   1 for layer 1
      needs: 2: one for each unit
      fix:   pass one list for each layer of weights]
  `);
  expect(() => networkDiagram(xor, { layerNames: ['in'] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: networkDiagram: layerNames has another number of entries
      got:   1
      needs: 3: one for each layer
      fix:   count the input as a layer, too]
  `);
});
