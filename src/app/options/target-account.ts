import { EVERYONE } from '../../domain/claims/revocation.js';
import type { Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { type Option, text } from '../option.js';
import { getOtherAccount, type OtherAccount } from '../other-account.js';

/** The account that an activation is for. */
export function targetAccountOption(help: string): Option<string> {
  return text('target-account', {
    short: 't',
    placeholder: 'ACCOUNT',
    help,
    complete: 'account',
    ask: { message: 'For which account (name or public key)', type: 'input', required: true },
  });
}

/** Whom an activation is for; the key is `*` for all accounts. */
export interface Target extends OtherAccount {
  /** For messages: `account "B" [A…]`, `account A…`, `all accounts`. */
  readonly what: string;
}

/**
 * The account behind a name or a public key, which need not be of this store; `*` for all where that is allowed.
 *
 * @throws NscError `missing-option`, `account-not-found`, `wrong-key-kind`, `bad-value`
 */
export function getTarget(tree: Tree, given: string | undefined, { everyone }: { readonly everyone: boolean }): Target {
  if (given === undefined || given === '') {
    throw new NscError('missing-option', 'the account that imports was not named', {
      hint: `name it with --target-account ACCOUNT${everyone ? ', or all with "*"' : ''}`,
    });
  }
  if (given === EVERYONE) {
    if (everyone) return { key: EVERYONE, what: 'all accounts' };
    throw new NscError('bad-value', 'an activation is for one account, not for all', {
      hint: 'make one for each account; for all of them, make the export public',
    });
  }
  const account = getOtherAccount(tree, given);
  const { key, entry } = account;
  return { ...account, what: entry ? `account ${quote(entry.name)} [${key}]` : `account ${key}` };
}
