import { query } from '../../app/command.js';
import { listEntry } from '../../app/list-entry.js';
import { getOperator } from '../../app/operator-lookup.js';
import { ENTITY_COLUMNS, listJsonOption } from '../../app/options/list.js';
import { operatorOption } from '../../app/options/operator.js';
import { quote } from '../../lib/display.js';

export const command = query({
  summary: 'List the accounts of an operator',
  options: {
    operator: operatorOption,
    json: listJsonOption,
  },
  examples: [{ command: 'nsc list accounts --json', what: 'for a script' }],

  run(context, input) {
    const { workspace } = context;
    const tree = input.operator ? getOperator(workspace, input.operator) : context.tree;
    const { name: operator } = tree.operator;
    return {
      kind: 'listed',
      title: `accounts of operator ${quote(operator)}`,
      columns: ENTITY_COLUMNS,
      rows: tree.accountNames().map((name) => listEntry(name, () => tree.findAccount(name))),
      whenEmpty: `operator ${quote(operator)} has no accounts: add one with nsc add account`,
      isCurrent: (row) => operator === workspace.selected.operator && row.name === workspace.selected.account,
    };
  },
});
