import type { Tree } from '../../domain/tree/tree.js';
import { quote, quoteSome } from '../../lib/display.js';
import type { Finding } from '../result.js';

const HINT = 'servers accept them unless the users were revoked; remove the files if nobody needs them';

/**
 * Creds of users that the account does not have (E-40). Directories are listed and no file is read.
 *
 * @param userNames of the account, sorted
 */
export function orphanCreds(tree: Tree, account: string, userNames: readonly string[]): Finding[] {
  const orphans = without(tree.credsNames(account), userNames);
  return orphans.length === 0 ? [] : [finding(orphans, account)];
}

/** Creds of users of accounts that the operator does not have. */
export function orphanCredsOfAccounts(tree: Tree): Finding[] {
  return without(tree.credsAccounts(), tree.accountNames()).flatMap((account) => {
    const names = tree.credsNames(account);
    return names.length === 0 ? [] : [finding(names, account)];
  });
}

function finding(users: readonly string[], account: string): Finding {
  const whose = users.length === 1 ? `user ${quoteSome(users)}, who is` : `users ${quoteSome(users)}, who are`;
  return {
    rule: 'orphan-creds',
    level: 'warning',
    message: `there are creds of ${whose} not in account ${quote(account)}`,
    hint: HINT,
  };
}

/** The names that are not among others; both sorted, so that a hundred thousand need no index. */
function without(names: readonly string[], others: readonly string[]): string[] {
  let at = 0;
  return names.filter((name) => {
    while (at < others.length && (others[at] ?? '') < name) at += 1;
    return others[at] !== name;
  });
}
