import { checkClaims, isBlocking } from '../domain/claims/check/claims.js';
import type { ClaimsByKind, RegisteredClaims } from '../domain/claims/types.js';
import { isPublicKey } from '../domain/nkey/codec.js';
import type { Entry } from '../domain/tree/tree.js';
import { requireAuthentic } from '../domain/trust/authentic.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { decodeFrom } from './foreign-token.js';

/*
 * What import commands ask of a token that comes from elsewhere, before it may enter the store (nsc-distribution.md
 * §3.1, §3.2).
 */

type Kind = 'account' | 'user';

/**
 * Decodes a token from elsewhere, which has to hold what its issuer signed.
 *
 * @param source where it was read, for messages
 * @throws NscError `bad-token` for anything else than such a token of the kind
 */
export function readIncoming<K extends Kind>(
  source: string,
  token: string,
  kind: K,
): { readonly token: string; readonly claims: ClaimsByKind[K] } {
  const decoded = decodeFrom(source, token);
  if (decoded.kind !== kind) {
    const wanted = `${kind === 'user' ? 'a' : 'an'} ${kind}`;
    throw new NscError('bad-token', `${quote(source)} holds a JWT of kind ${decoded.kind}, not of ${wanted}`);
  }
  const { sub = '' } = decoded.claims;
  if (!isPublicKey(sub, kind)) {
    throw new NscError(
      'bad-token',
      `${quote(source)} holds a JWT about ${quote(sub)}, which is no key of kind ${kind}`,
    );
  }
  return { token: decoded.text, claims: decoded.claims as ClaimsByKind[K] };
}

/**
 * Holds a token from elsewhere against the rules of its kind. Broken rules and validity times block unless `skip` is
 * set, and are told then; what only informs is always told (S-24).
 *
 * @param options.now Unix seconds
 * @returns `isBroken` when a rule, not only a time, is against the token
 * @throws NscError `invalid-claims`
 */
export function checkIncoming<K extends Kind | 'operator'>(
  kind: K,
  claims: ClaimsByKind[K],
  { now, skip }: { readonly now: number; readonly skip: boolean },
): { readonly warnings: string[]; readonly isBroken: boolean } {
  const issues = checkClaims(kind, claims, now);
  const subject = `${kind} ${quote(claims.name ?? '')}`;
  const blocking = issues.filter(({ level }) => level !== 'warning');
  const [first] = blocking;
  if (first && !skip) {
    const more = blocking.length > 1 ? ` (and ${blocking.length - 1} more)` : '';
    throw new NscError('invalid-claims', `${subject} is not valid: ${first.message}${more}`, {
      hint: 'take it all the same with --skip',
      details: { kind, name: claims.name, issues },
    });
  }
  const isBroken = isBlocking(issues, { times: false });
  // times are told by the check of the outcome, unless that stops at a broken rule
  const told = issues.filter(({ level }) => isBroken || level !== 'time');
  return { warnings: told.map(({ message }) => `${subject}: ${message}`), isBroken };
}

/** What is in the store under a name that a token from elsewhere brings. */
export interface Namesake<Found> {
  /** Absent when it cannot be read, or does not hold what its issuer signed: nobody knows what it was then. */
  readonly entry?: Found;
}

/** What `find` finds, whatever state it is in. */
export function findNamesake<Found extends Entry<RegisteredClaims>>(
  kind: Kind,
  find: () => Found | undefined,
): Namesake<Found> | undefined {
  try {
    const entry = find();
    if (entry) requireAuthentic(kind, entry);
    return entry && { entry };
  } catch (error) {
    if (error instanceof NscError) return {};
    throw error;
  }
}

/**
 * Refuses to replace what has the name, unless a person wants that and it is about the same key.
 *
 * @param hint how to say that one wants it
 * @throws NscError `already-exists`
 */
export function refuseNamesake(
  kind: Kind,
  { name = '', sub: key = '' }: RegisteredClaims,
  namesake: Namesake<Entry<RegisteredClaims>> | undefined,
  { overwrite, hint }: { readonly overwrite: boolean; readonly hint: string },
): void {
  const there = namesake?.entry?.claims.sub;
  if (there !== undefined && there !== key) {
    throw new NscError('already-exists', `${kind} ${quote(name)} is here with another key: ${there}, not ${key}`, {
      hint: 'they only share a name: give one of the two another name, or delete the one that is not needed',
      details: { kind, name, here: there, incoming: key },
    });
  }
  if (namesake && !overwrite) {
    throw new NscError('already-exists', `${kind} ${quote(name)} already exists`, { hint, details: { kind, name } });
  }
}

/** What a person should know about the token that goes. */
export function replacedWarnings(
  kind: Kind,
  { name = '', iat = 0 }: RegisteredClaims,
  namesake: Namesake<Entry<RegisteredClaims>> | undefined,
): string[] {
  if (!namesake) return [];
  const was = `the JWT of ${kind} ${quote(name)} that was here`;
  if (!namesake.entry) return [`${was} was damaged or altered`];
  return Number(namesake.entry.claims.iat ?? 0) > Number(iat)
    ? [
        `${was} was issued later than the one that takes its place: what was changed since then, such as revocations, is undone`,
      ]
    : [];
}
