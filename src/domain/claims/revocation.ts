import type { AccountClaims, Int64, RegisteredClaims } from './types.js';

/**
 * Revocations: public key, or `*` for everyone → Unix seconds. What was issued at or before that second is refused
 * (jwt-nkeys.md §5.3). Accounts hold one for their users, exports one for the accounts that import them.
 */
export type Revocations = Readonly<Record<string, Int64>>;

/** The key under which everyone is revoked. */
export const EVERYONE = '*';

/**
 * How many seconds a revocation may lie ahead of the clock for a token to be dated after it. Beyond, somebody wants the
 * key shut out until then.
 */
export const REACH = 60;

/** Whether a token is revoked: it was issued at or before the time of its subject, or of everyone (jwt-nkeys.md §5.3). */
export function isRevokedBy(revocations: Revocations = {}, { sub = '', iat = 0 }: RegisteredClaims): boolean {
  return [timeOf(revocations, sub), timeOf(revocations, EVERYONE)].some((time) => time !== undefined && time >= iat);
}

/** Whether an account revoked a token of one of its users. */
export function isRevoked(account: AccountClaims, token: RegisteredClaims): boolean {
  return isRevokedBy(account.nats.revocations, token);
}

/** The time at which a key, or {@link EVERYONE}, is revoked; undefined when it is not listed. */
export function timeOf(revocations: Revocations, key: string): Int64 | undefined {
  return Object.hasOwn(revocations, key) ? revocations[key] : undefined;
}

/**
 * The `iat` of a token that is signed now: times are whole seconds, so what follows a revocation in the same second has
 * to be dated one second after it (E-49, S-56). A token whose key is revoked until later than {@link REACH} is dated
 * now, and stays revoked.
 *
 * @param key public key of the subject
 * @param now Unix seconds
 */
export function issueTime(revocations: Revocations = {}, key: string, now: number): number {
  const latest = latestOf(now - 1, [timeOf(revocations, key), timeOf(revocations, EVERYONE)]);
  return latest > now + REACH ? now : Math.max(now, Number(latest) + 1);
}

/**
 * The time of a revocation that is made now: it takes in the token at hand, and what {@link issueTime} may have dated
 * ahead since an earlier revocation (E-49, S-56).
 *
 * @param key public key, or {@link EVERYONE}
 * @param now Unix seconds
 * @param issuedAt `iat` of the token that must be refused
 */
export function revocationTime(
  revocations: Revocations = {},
  key: string,
  { now, issuedAt }: { readonly now: number; readonly issuedAt?: Int64 | undefined },
): Int64 {
  const times = Object.entries(revocations)
    .filter(([listed]) => key === EVERYONE || listed === key || listed === EVERYONE)
    .filter(([, time]) => time >= now && time <= now + REACH)
    .map(([, time]) => Number(time) + 1);
  return latestOf(now, [issuedAt, ...times]);
}

/** Lists a key, or {@link EVERYONE}, as revoked; a later time that is there already stays (jwt-nkeys.md §3.4). */
export function revoke(revocations: Revocations = {}, key: string, at: Int64): Revocations {
  return { ...revocations, [key]: latestOf(at, [timeOf(revocations, key)]) };
}

/** Lists a user as revoked from now on; see {@link revocationTime} and {@link revoke}. */
export function revokeUser(
  account: AccountClaims,
  userKey: string,
  moment: { readonly now: number; readonly issuedAt?: Int64 | undefined },
): AccountClaims {
  const { revocations } = account.nats;
  const at = revocationTime(revocations, userKey, moment);
  return { ...account, nats: { ...account.nats, revocations: revoke(revocations, userKey, at) } };
}

/**
 * Leaves out the entries that decide nothing, because everyone is revoked at the same time or later: no token that was
 * refused is accepted, and none that was accepted is refused.
 *
 * @returns the entries that stay, and the keys of those that went
 */
export function compactRevocations(revocations: Revocations): { kept: Revocations; dropped: string[] } {
  const everyone = timeOf(revocations, EVERYONE);
  const isIdle = (key: string, time: Int64): boolean => everyone !== undefined && key !== EVERYONE && time <= everyone;
  const entries = Object.entries(revocations);
  return {
    kept: Object.fromEntries(entries.filter(([key, time]) => !isIdle(key, time))),
    dropped: entries.flatMap(([key, time]) => (isIdle(key, time) ? [key] : [])),
  };
}

/** The latest of some times. */
export function latestOf(first: Int64, others: Iterable<Int64 | undefined>): Int64 {
  let latest = first;
  for (const time of others) if (time !== undefined && time > latest) latest = time;
  return latest;
}
