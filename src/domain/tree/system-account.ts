import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { allowsStorage } from '../claims/jetstream.js';
import type { AccountClaims } from '../claims/types.js';
import { getAccount } from './lookup.js';
import type { Tree } from './tree.js';

/** Whether the account may store anything: memory or disk, globally or in a tier (reference: jwt-nkeys.md §3.4). */
export function hasJetStream(account: AccountClaims): boolean {
  const limits = account.nats.limits ?? {};
  return [limits, ...Object.values(limits.tiered_limits ?? {})].some(allowsStorage);
}

/** Whether the operator names this account as its system account. */
export function isSystemAccount(tree: Tree, account: AccountClaims): boolean {
  const systemAccount = tree.operator.claims.nats.system_account;
  return systemAccount !== undefined && systemAccount !== '' && systemAccount === account.sub;
}

/**
 * The public key of the account that is to become the system account. By name or by key it has to be in the store
 * and to be without JetStream (E-62).
 *
 * @throws NscError `account-not-found`, `policy-refused`
 */
export function getSystemAccount(tree: Tree, nameOrKey: string): string {
  const account = getAccount(tree, nameOrKey, '');
  if (hasJetStream(account.claims)) {
    throw new NscError(
      'policy-refused',
      `account ${quote(account.name)} has JetStream limits, which a system account must not have`,
      {
        hint: `remove them first: nsc edit account ${quote(account.name)} --js-disable`,
      },
    );
  }
  return account.claims.sub ?? '';
}
