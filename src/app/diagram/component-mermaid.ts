import type { AccountNode, ComponentDiagram, ExportNode, ImportEdge } from './component.js';
import { mermaidDescription, mermaidLabel, mermaidNote } from './mermaid.js';

/** The lines of a component diagram as a Mermaid flowchart: accounts as boxes, exports as rounded ones. */
export function componentMermaid({ accounts, exports, imports }: ComponentDiagram): string[] {
  return [...accounts.flatMap(accountLines), ...exports.flatMap(exportLines), ...imports.map(importLine)];
}

const accountLines = ({ id, name, description, problems }: AccountNode): string[] => [
  `${id}[${mermaidLabel([name])}]`,
  ...mermaidNote(id, 'info', mermaidDescription(description)),
  ...mermaidNote(id, 'problems', problems),
];

function exportLines({ id, account, name, subject, type, isPrivate, description, problems }: ExportNode): string[] {
  const what = `${isPrivate ? 'private' : 'public'} ${type}`;
  const isMissing = account === undefined;
  return [
    `${id}([${mermaidLabel([isMissing ? subject : name, `${isMissing ? 'not-found ' : ''}${what}`])}])${isMissing ? ':::missing' : ''}`,
    ...(isMissing ? [] : [`${account} ---|${mermaidLabel([subject])}| ${id}`]),
    ...mermaidNote(id, 'info', mermaidDescription(description)),
    ...mermaidNote(id, 'problems', problems),
  ];
}

const importLine = ({ from, to, remote, local }: ImportEdge): string =>
  `${from} -.->|${mermaidLabel(local === undefined ? [remote] : [remote, `here: ${local}`])}| ${to}`;
