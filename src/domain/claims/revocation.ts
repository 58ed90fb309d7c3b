import type { AccountClaims, Int64, RegisteredClaims } from './types.js';

/** The key under which all users of an account are revoked. */
const EVERYONE = '*';

/**
 * Lists a user as revoked: every token issued to it up to now is refused, and the token at hand in any case.
 * A later revocation that is there already is kept (reference: jwt-nkeys.md §3.4).
 *
 * @param now Unix seconds
 * @param issuedAt `iat` of the token that must be refused; it may lie a little ahead of this machine's clock
 */
export function revokeUser(
  account: AccountClaims,
  userKey: string,
  { now, issuedAt = 0 }: { now: number; issuedAt?: Int64 | undefined },
): AccountClaims {
  const before = account.nats.revocations?.[userKey] ?? 0;
  const at = [before, issuedAt].reduce<Int64>((latest, time) => (time > latest ? time : latest), now);
  return { ...account, nats: { ...account.nats, revocations: { ...account.nats.revocations, [userKey]: at } } };
}

/** Whether an account revoked a token: it was issued at or before the time of the revocation (jwt-nkeys.md §5.3). */
export function isRevoked(account: AccountClaims, { sub = '', iat = 0 }: RegisteredClaims): boolean {
  const { revocations } = account.nats;
  return [revocations?.[sub], revocations?.[EVERYONE]].some((time) => time !== undefined && time >= iat);
}
