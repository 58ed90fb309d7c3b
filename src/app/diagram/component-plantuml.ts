import type { AccountNode, ComponentDiagram, ExportNode, ImportEdge } from './component.js';
import { plantDescription, plantNote, plantProblems, plantText } from './plantuml.js';

const MISSING = ['private service', 'private stream', 'public service', 'public stream'];

const PREAMBLE = [
  'skinparam component {',
  '  ArrowFontName Arial',
  '  ArrowFontSize 10',
  '  ArrowFontColor #636363',
  '  ArrowColor #636363',
  '}',
  'skinparam interface {',
  ...MISSING.map((what) => `  backgroundColor<< not-found ${what} >> Red`),
  '}',
];

const LEGEND = ['legend', '  <&resize-width> the subject has another name in the account that imports it', 'endlegend'];

/** The lines of a component diagram in PlantUML, with nsc's elements (reference: nsc-distribution.md §2.7). */
export function componentPlantUml({ operator, accounts, exports, imports }: ComponentDiagram): string[] {
  return [
    ...PREAMBLE,
    `title Component Diagram of Accounts - Operator ${plantText(operator)}`,
    ...accounts.flatMap(accountLines),
    ...exports.flatMap(exportLines),
    ...imports.map(importLine),
    ...(imports.some(({ local }) => local !== undefined) ? LEGEND : []),
  ];
}

const accountLines = ({ id, name, description, problems }: AccountNode): string[] => [
  `component [${plantText(name)}] as ${id} <<account>>`,
  ...plantNote('right', id, plantDescription(description)),
  ...plantNote('left', id, plantProblems(problems)),
];

function exportLines({ id, account, name, subject, type, isPrivate, description, problems }: ExportNode): string[] {
  const what = `${account === undefined ? 'not-found ' : ''}${isPrivate ? 'private' : 'public'} ${type}`;
  return [
    `interface "${plantText(name) || ' '}" << ${what} >> as ${id}`,
    ...(account === undefined ? [] : [`${id} -- ${account} : "${plantText(subject)}"`]),
    ...plantNote('right', id, plantDescription(description)),
    ...plantNote('left', id, plantProblems(problems)),
  ];
}

function importLine({ from, to, remote, local }: ImportEdge): string {
  const renamed = local === undefined ? '' : ` "<&resize-width>${plantText(local)}"`;
  return `${from}${renamed} ..> ${to} : "${plantText(remote)}"`;
}
