import type { Edge, ObjectDiagram, ObjectNode } from './object.js';
import type { Block } from './object-rows.js';
import { plantText } from './plantuml.js';

/** The lines of an object diagram in PlantUML, with nsc's elements (reference: nsc-distribution.md §2.7). */
export function objectPlantUml({ objects, edges }: ObjectDiagram): string[] {
  return ['title Object Diagram', ...objects.flatMap(objectLines), ...edges.map(edgeLine)];
}

function objectLines({ id, name, what, isMap, blocks, problems }: ObjectNode): string[] {
  const validation: Block[] =
    problems.length === 0 ? [] : [{ title: 'Validation', rows: problems.map((problem) => ['problem', problem]) }];
  return [
    `${isMap ? 'map' : 'object'} "${plantText(name)}" as ${id} << ${what} >> {`,
    ...[...blocks, ...validation].flatMap((block) => blockLines(block, isMap ? '=>' : '=')),
    '}',
  ];
}

const blockLines = ({ title, rows }: Block, sign: string): string[] => [
  ...(title === undefined ? [] : [`  -- ${plantText(title)} --`]),
  ...rows.map(([label, value]) => `  ${plantText(label)} ${sign} ${plantText(value)}`),
];

function edgeLine({ from, row, to, what }: Edge): string {
  if (what === 'API restricted by') return `${from} *-- ${to} : "${what} >"`;
  return `${from}${row === undefined ? '' : `::${plantText(row)}`} -- ${to} : "${what} >"`;
}
