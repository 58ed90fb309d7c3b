import { type Answers, text } from '../option.js';
import type { Workspace } from '../workspace.js';
import { chosenAccount, selectedTree } from './current.js';

/** The users that interactive mode offers: those of the account that was named or chosen before. */
export const offerUsers = (workspace: Workspace, input: Answers): string[] =>
  selectedTree(workspace).userNames(chosenAccount(workspace, input).name);

/** An existing user, by name or public key. Stands after the account in an option set, so that it is asked later. */
export const userOption = text('name', {
  short: 'n',
  placeholder: 'USER',
  help: 'user, by name or public key',
  defaultText: 'the only user of the account',
  complete: 'user',
  ask: { message: 'User', type: 'select', choices: offerUsers, takesDefault: true },
});
