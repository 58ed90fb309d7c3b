import { query } from '../../app/command.js';
import { listEntry } from '../../app/list-entry.js';
import { ENTITY_COLUMNS, listJsonOption } from '../../app/options/list.js';

export const command = query({
  summary: 'List the operators of the store',
  options: { json: listJsonOption },
  examples: [{ command: 'nsc list operators', what: 'names and public keys' }],

  run({ workspace }) {
    return {
      kind: 'listed',
      title: 'operators',
      columns: ENTITY_COLUMNS,
      rows: workspace.operatorNames().map((name) => listEntry(name, () => workspace.tree(name).operator)),
      whenEmpty: `no operators in ${workspace.storeRoot}: add one with nsc init or nsc add operator`,
      isCurrent: (row) => row.name === workspace.selected.operator,
    };
  },
});
