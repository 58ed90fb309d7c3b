import type { Change } from '../domain/change.js';
import { EVERYONE, latestOf, revocationTime } from '../domain/claims/revocation.js';
import type { AccountClaims } from '../domain/claims/types.js';
import { draftAccount } from '../domain/draft.js';
import type { KeyPair } from '../domain/nkey/key-pair.js';
import type { AccountEntry, Tree } from '../domain/tree/tree.js';
import { issuedUsers } from './issued-users.js';

/**
 * What servers get in place of an account that is to go: everybody is revoked and no connection is allowed, so that
 * servers throw its clients out as soon as they have it, whoever signed them; and nothing is shared with other accounts.
 *
 * @param issuing.now Unix seconds
 */
export function emptyAccount(
  tree: Tree,
  account: AccountEntry,
  { signer, now }: { readonly signer: KeyPair; readonly now: number },
): Extract<Change, { type: 'put-account' }> {
  const { name, sub, nats } = account.claims;
  const dates = issuedUsers(tree, account).map(({ claims }) => claims.iat);
  const until = revocationTime(nats.revocations, EVERYONE, { now, issuedAt: latestOf(now, dates) });
  const claims: AccountClaims = {
    ...(name !== undefined && { name }),
    ...(sub !== undefined && { sub }),
    nats: {
      limits: { subs: 0, data: 0, payload: 0, imports: 0, exports: 0, wildcards: false, conn: 0, leaf: 0 },
      revocations: { [EVERYONE]: until },
      default_permissions: { pub: {}, sub: {} },
      authorization: {},
      type: 'account',
      version: 2,
    },
  };
  return draftAccount(account.name, claims, { signer, now, previous: account });
}
