import { text } from '../option.js';

/** The account an option set works in, by name or public key; the selected account without it. */
export const accountOption = text('account', {
  short: 'a',
  placeholder: 'ACCOUNT',
  help: 'account, by name or public key',
  defaultText: 'the selected account',
  complete: 'account',
  ask: {
    message: 'Account',
    type: 'select',
    choices: (workspace) => workspace.tree(workspace.selected.operator).accountNames(),
    default: (workspace) => workspace.selected.account,
  },
});
