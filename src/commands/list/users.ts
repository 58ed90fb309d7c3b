import { query } from '../../app/command.js';
import { listEntry } from '../../app/list-entry.js';
import { getOperator } from '../../app/operator-lookup.js';
import { asking } from '../../app/option.js';
import { accountOption, accountQuestion } from '../../app/options/account.js';
import { ENTITY_COLUMNS, listJsonOption } from '../../app/options/list.js';
import { operatorOption } from '../../app/options/operator.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { Tree } from '../../domain/tree/tree.js';
import { quote } from '../../lib/display.js';

export const command = query({
  summary: 'List the users of an account',
  options: {
    operator: operatorOption,
    account: asking(accountOption, { ...accountQuestion, when: (_workspace, { operator }) => operator === undefined }),
    json: listJsonOption,
  },
  examples: [{ command: 'nsc list users -a Orders', what: 'of another account than the selected one' }],

  run(context, input) {
    const { workspace } = context;
    const tree = input.operator ? getOperator(workspace, input.operator) : context.tree;
    const selected = tree.operator.name === workspace.selected.operator ? workspace.selected.account : '';
    const account = getAccount(tree, input.account, selected);
    return {
      kind: 'listed',
      title: `users of account ${quote(account.name)}`,
      columns: ENTITY_COLUMNS,
      rows: userRows(tree, account.name),
      whenEmpty: `account ${quote(account.name)} has no users: add one with nsc add user`,
    };
  },
});

/** One user at a time, so that a list of any length needs the memory of a few rows. */
function* userRows(tree: Tree, account: string): Generator<Record<string, unknown>> {
  for (const name of tree.userNames(account)) yield listEntry(name, () => tree.findUser(account, name));
}
