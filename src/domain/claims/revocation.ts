import type { AccountClaims, Int64 } from './types.js';

/** The key under which all users of an account are revoked. */
export const EVERYONE = '*';

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

/**
 * The time up to which tokens of this subject are revoked; undefined when they are not.
 * A token is revoked when its `iat` is at or before that time (reference: jwt-nkeys.md §5.3).
 */
export function findRevocation(
  revocations: Readonly<Record<string, Int64>> | undefined,
  subject: string,
): Int64 | undefined {
  const times = [revocations?.[subject], revocations?.[EVERYONE]].filter((time) => time !== undefined);
  return times.reduce<Int64 | undefined>(
    (latest, time) => (latest === undefined || time > latest ? time : latest),
    undefined,
  );
}
