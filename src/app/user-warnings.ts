import { findScope } from '../domain/claims/scope.js';
import type { AccountEntry, Tree, UserEntry } from '../domain/tree/tree.js';
import { verifyUser } from '../domain/trust/verify.js';
import { quote } from '../lib/display.js';

/**
 * What somebody should know who is handed the creds of a user: servers would refuse them, or they need no seed (S-53).
 *
 * @param now Unix seconds
 */
export function warnAboutUser(tree: Tree, account: AccountEntry, user: UserEntry, now: number): string[] {
  const { bearer_token: isBearer } = findScope(account.claims, user.claims.iss ?? '')?.template ?? user.claims.nats;
  return [
    ...warnOfRefusal(tree, account, user, now),
    ...(isBearer
      ? [`user ${quote(user.name)} has a bearer token: whoever sees the JWT can connect without the seed`]
      : []),
  ];
}

/**
 * What servers that know the account as it is here would say against a user.
 *
 * @param now Unix seconds
 */
export function warnOfRefusal(tree: Tree, account: AccountEntry, user: UserEntry, now: number): string[] {
  const refusal = verifyUser(user, account, tree.operator, { signatures: false, now, revocations: true });
  return refusal ? [`${refusal.message}: servers refuse these creds`] : [];
}
