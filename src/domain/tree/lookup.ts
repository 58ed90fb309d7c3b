import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';
import { isPublicKey } from '../nkey/codec.js';
import { findNearest } from './nearest.js';
import type { AccountEntry, Tree, UserEntry } from './tree.js';

/**
 * The account that a command works on: named, by its public key, or the selected one (nsc-core.md §5).
 *
 * @param selected the selected account, `''` for none
 * @throws NscError `missing-option` when none is named or selected, `account-not-found`
 */
export function getAccount(tree: Tree, nameOrKey: string | undefined, selected: string): AccountEntry {
  const wanted = nameOrKey ?? selected;
  if (wanted === '') {
    throw new NscError('missing-option', 'an account is needed, and none is selected', {
      hint: 'name one with --account NAME, or select it with: nsc select account NAME',
    });
  }
  const byKey = isPublicKey(wanted, 'account') ? tree.findAccountByKey(wanted) : undefined;
  const account = byKey ?? tree.findAccount(wanted);
  if (account) return account;

  const operator = quote(tree.operator.name);
  const which = nameOrKey === undefined ? 'the selected account' : 'account';
  throw new NscError('account-not-found', `${which} ${quote(wanted)} does not exist under operator ${operator}`, {
    hint: didYouMean(wanted, tree.accountNames()) ?? 'see them all with: nsc list accounts',
    details: { account: wanted, operator: tree.operator.name },
  });
}

/**
 * The user that a command works on: named, by its public key, or the only one of the account (nsc-core.md §5).
 *
 * @param flag what names the user on the command line
 * @throws NscError `missing-option` when none is named and there is no or more than one, `user-not-found`
 */
export function getUser(tree: Tree, account: AccountEntry, nameOrKey: string | undefined, flag = '--name'): UserEntry {
  const wanted = nameOrKey ?? findOnly(tree.userNames(account.name));
  if (wanted === undefined || wanted === '') {
    throw new NscError('missing-option', `a user of account ${quote(account.name)} is needed`, {
      hint: `name one with ${flag} NAME; see them with: nsc list users --account ${quoteWord(account.name)}`,
    });
  }
  const byKey = isPublicKey(wanted, 'user') ? tree.findUserByKey(account.name, wanted) : undefined;
  const user = byKey ?? tree.findUser(account.name, wanted);
  if (user) return user;

  throw new NscError('user-not-found', `user ${quote(wanted)} does not exist in account ${quote(account.name)}`, {
    hint:
      didYouMean(wanted, tree.userNames(account.name)) ??
      `see them all with: nsc list users --account ${quoteWord(account.name)}`,
    details: { user: wanted, account: account.name },
  });
}

/** The name of the operator's system account; undefined when none is set or this store doesn't have it. */
export function systemAccountName(tree: Tree): string | undefined {
  const key = tree.operator.claims.nats.system_account ?? '';
  return key === '' ? undefined : tree.findAccountByKey(key)?.name;
}

const findOnly = (names: readonly string[]): string | undefined => (names.length === 1 ? names[0] : undefined);

function didYouMean(wanted: string, names: readonly string[]): string | undefined {
  const nearest = findNearest(wanted, names);
  return nearest === undefined ? undefined : `did you mean ${quote(nearest)}?`;
}
