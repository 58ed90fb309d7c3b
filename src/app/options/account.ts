import { type Option, type Question, text } from '../option.js';
import type { Workspace } from '../workspace.js';
import { selectedTree } from './current.js';

/** The accounts that interactive mode offers. */
export const offerAccounts = (workspace: Workspace): string[] => selectedTree(workspace).accountNames();

/** The selected account is what Enter accepts. */
export const accountQuestion: Question<string> = {
  message: 'Account',
  type: 'select',
  choices: offerAccounts,
  default: (workspace) => workspace.selected.account,
  takesDefault: true,
};

const choosable = {
  placeholder: 'ACCOUNT',
  help: 'account, by name or public key',
  defaultText: 'the selected account',
  complete: 'account',
  ask: accountQuestion,
} as const;

/** The account an option set works in, by name or public key; the selected account without it. */
export const accountOption: Option<string> = text('account', { ...choosable, short: 'a' });

/** The same for commands that are about the account itself. */
export const accountNameOption: Option<string> = text('name', { ...choosable, short: 'n' });
