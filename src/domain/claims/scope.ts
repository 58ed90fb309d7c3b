import { quote } from '../../lib/display.js';
import { keyOf } from './signing-key.js';
import type { AccountClaims, Permission, UserBody, UserPermissionLimits, UserScope } from './types.js';

/** The signing keys of an account and the scopes that bind some of them (jwt-nkeys.md §3.4, §3.5). */

/** The public keys that may sign for the account beside its own, as listed. */
export function signingKeysOf(account: AccountClaims): string[] {
  return (account.nats.signing_keys ?? []).map(keyOf);
}

/** The scope of a signing key; undefined for a plain key and for one that is not listed. */
export function findScope(account: AccountClaims, key: string): UserScope | undefined {
  return account.nats.signing_keys?.findLast((entry) => typeof entry !== 'string' && entry.key === key) as
    | UserScope
    | undefined;
}

/** The first scope with that role. Nothing keeps two scopes from having the same role. */
export function findScopeByRole(account: AccountClaims, role: string): UserScope | undefined {
  return scopesOf(account).find((scope) => scope.role === role);
}

/** `role "reader"`, or the key of a scope without a role. */
export const describeScope = ({ role, key }: UserScope): string =>
  role ? `role ${quote(role)}` : `scoped signing key ${key}`;

/** The scopes in listed order. */
export function scopesOf(account: AccountClaims): UserScope[] {
  return (account.nats.signing_keys ?? []).filter((entry) => typeof entry !== 'string');
}

/**
 * Whether a user brings no permissions and limits of its own, as under a scoped key it must not (G-1). Zero numbers
 * and false count as none, but an empty list counts as something: the server compares that way (jwt-nkeys.md §3.5).
 */
export function isScopedBodyEmpty(body: UserBody): boolean {
  return (
    isEmpty(body.pub) &&
    isEmpty(body.sub) &&
    [body.resp, body.src, body.times, body.allowed_connection_types].every((member) => member === undefined) &&
    [body.subs, body.data, body.payload].every((limit) => !limit) &&
    !body.times_location &&
    !body.bearer_token &&
    !body.proxy_required
  );
}

/** What a scope decides for its users. */
const DECIDED = [
  'pub',
  'sub',
  'resp',
  'src',
  'times',
  'times_location',
  'subs',
  'data',
  'payload',
  'bearer_token',
  'proxy_required',
  'allowed_connection_types',
] as const satisfies (keyof UserPermissionLimits)[];

/**
 * A user without permissions and limits of its own, as one under a scoped key must be.
 *
 * @returns also the members that said something; unlimited numbers say nothing
 */
export function stripOwnLimits(body: UserBody): { body: UserBody; gone: string[] } {
  const gone = DECIDED.filter((member) => {
    const { [member]: value } = body;
    return !isScopedBodyEmpty({ [member]: value }) && value !== -1;
  });
  const kept = Object.entries(body).filter(([member]) => !(DECIDED as readonly string[]).includes(member));
  return { body: { pub: {}, sub: {}, ...Object.fromEntries(kept) }, gone };
}

function isEmpty(permission: Permission | undefined): boolean {
  return permission?.allow === undefined && permission?.deny === undefined;
}
