import { text } from '../option.js';

/** An existing user, by name or public key. */
export const userOption = text('name', {
  short: 'n',
  placeholder: 'USER',
  help: 'user, by name or public key',
  defaultText: 'the only user of the account',
  complete: 'user',
  ask: {
    message: 'User',
    type: 'select',
    choices: (workspace, input) =>
      workspace.tree(workspace.selected.operator).userNames(String(input.account ?? workspace.selected.account)),
  },
});
