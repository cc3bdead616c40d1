import type { Box } from './boxes.ts';

/** A graph in the language of Mermaid, without the fence around it. */
export function mermaidOf(boxes: readonly Box[]): string {
  const nodes = boxes.map(({ id, title, lines, isRound }) => {
    const text = `"${[title, ...lines].map(escaped).join('<br/>')}"`;
    return isRound ? `  n${id}([${text}])` : `  n${id}[${text}]`;
  });
  const edges = boxes.flatMap(({ id, from }) => from.map((source) => `  n${source} --> n${id}`));
  return ['graph TB', ...nodes, ...edges].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('"', '#quot;').replaceAll('<', '&lt;');
}
