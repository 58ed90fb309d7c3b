import { query } from '../../app/command.js';
import { listEntry } from '../../app/list-entry.js';
import { ENTITY_COLUMNS } from '../../app/options/list.js';
import { getListedAccount, listedAccountOptions } from '../../app/options/listed-account.js';
import type { Tree } from '../../domain/tree/tree.js';
import { quote } from '../../lib/display.js';

export const command = query({
  summary: 'List the users of an account',
  options: listedAccountOptions,
  examples: [{ command: 'nsc list users -a Orders', what: 'of another account than the selected one' }],

  run(context, input) {
    const { tree, account } = getListedAccount(context, input);
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
