import type { Slot } from '../../../domain/keyring/slot.js';
import { keysInSlot } from '../../../domain/keyring/state.js';
import { getAccount, getUser } from '../../../domain/tree/lookup.js';
import { roleNotFound } from '../../../domain/tree/roles.js';
import { NscError } from '../../../errors.js';
import type { QueryContext } from '../../command.js';
import { flag, type InputOf, text } from '../../option.js';
import { keyOption } from '../../options/key.js';
import { getKeyInfo } from '../find-key.js';

/** Options that name what is rotated: any key of it, or the place it has. */
export const targetOptions = {
  key: keyOption('key', { help: 'any key of what is rotated: public key or alias', complete: 'known-key' }),
  operator: flag('operator', { help: 'the signing keys of the operator' }),
  identity: flag('identity', { help: 'the identity of the operator' }),
  account: text('account', {
    short: 'a',
    placeholder: 'ACCOUNT',
    help: 'the signing keys of an account; with --role or --user: the account of that, otherwise the selected one',
    complete: 'account',
  }),
  role: text('role', { placeholder: 'ROLE', help: 'the key of a role of the account', complete: 'role' }),
  user: text('user', { placeholder: 'USER', help: 'the own key of a user of the account', complete: 'user' }),
};

/** One thing is rotated at a time; the account goes with the role and the user. */
export const targetConflicts: (keyof typeof targetOptions)[][] = [
  ['key', 'operator', 'identity', 'role', 'user'],
  ['key', 'account'],
  ['operator', 'account'],
  ['identity', 'account'],
];

/**
 * What the options name.
 *
 * @throws NscError `missing-option` where nothing is named, `key-not-found`, `account-not-found`, `item-not-found` for a
 *   role that the account does not have, `user-not-found`
 */
export function getTarget(
  { tree, workspace }: Pick<QueryContext, 'tree' | 'workspace'>,
  { key, operator, identity, account: named, role, user }: Partial<InputOf<typeof targetOptions>>,
): Slot {
  if (key) return getKeyInfo(tree, key).slot;
  if (operator) return { kind: 'operator-signing' };
  if (identity) return { kind: 'operator-identity' };
  if (named === undefined && role === undefined && user === undefined) throw nothingNamed();
  const account = getAccount(tree, named, workspace.selected.account);
  const { sub = '' } = account.claims;
  if (user !== undefined) return { kind: 'user', account: sub, user: getUser(tree, account, user, '--user').name };
  if (role === undefined) return { kind: 'account-signing', account: sub };
  const slot: Slot = { kind: 'role', account: sub, role };
  if (role === '' || !keysInSlot(tree, slot).some(({ isListed }) => isListed)) throw roleNotFound(account, role);
  return slot;
}

const nothingNamed = (): NscError =>
  new NscError('missing-option', 'it was not said which key is meant', {
    hint: 'name a key of it, or --operator, --identity, --account ACCOUNT, --role ROLE or --user USER',
  });
