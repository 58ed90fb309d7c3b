import { mermaidLabel, mermaidNote } from './mermaid.js';
import type { Edge, ObjectDiagram, ObjectNode } from './object.js';
import type { Block } from './object-rows.js';

/** The lines of an object diagram as a Mermaid flowchart: an object is a box with its rows. */
export function objectMermaid({ objects, edges }: ObjectDiagram): string[] {
  return [...objects.flatMap(objectLines), ...edges.map(edgeLine)];
}

const objectLines = ({ id, name, what, blocks, problems }: ObjectNode): string[] => [
  `${id}[${mermaidLabel([name, `(${what})`, ...blocks.flatMap(blockLines)])}]`,
  ...mermaidNote(id, 'problems', problems),
];

const blockLines = ({ title, rows }: Block): string[] => [
  ...(title === undefined ? [] : [`${title}:`]),
  ...rows.map(([label, value]) => `${label}: ${value}`),
];

function edgeLine({ from, row, to, what }: Edge): string {
  const arrow = what === 'API restricted by' ? '---' : '-->';
  return `${from} ${arrow}|${mermaidLabel([what, ...(row === undefined ? [] : [row])])}| ${to}`;
}
