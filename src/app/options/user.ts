import { getAccount } from '../../domain/tree/lookup.js';
import { text } from '../option.js';
import type { Workspace } from '../workspace.js';

/** The users that interactive mode offers: those of the account that was named or chosen before. */
export function offerUsers(workspace: Workspace, input: Readonly<Record<string, unknown>>): string[] {
  const tree = workspace.tree(workspace.selected.operator);
  const named = input.account === undefined ? undefined : String(input.account);
  return tree.userNames(getAccount(tree, named, workspace.selected.account).name);
}

/** An existing user, by name or public key. Stands after the account in an option set, so that it is asked later. */
export const userOption = text('name', {
  short: 'n',
  placeholder: 'USER',
  help: 'user, by name or public key',
  defaultText: 'the only user of the account',
  complete: 'user',
  ask: { message: 'User', type: 'select', choices: offerUsers, takesDefault: true },
});
