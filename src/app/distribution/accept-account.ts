import { checkClaims } from '../../domain/claims/check/claims.js';
import type { AccountClaims, Issue } from '../../domain/claims/types.js';
import { checkName } from '../../domain/name.js';
import type { AccountEntry, OperatorEntry } from '../../domain/tree/tree.js';
import { verifyAccount } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';
import { type Arrived, decodeArrived, readArrived, untrusted } from './arrived.js';

/** What an account that arrives from a server is held against. */
export interface ExpectedAccount {
  /** Who sent it: `server "S1"`, the URL. Made safe to show already. */
  readonly source: string;
  /** The public key that it was asked for, or that the server says it is about. */
  readonly subject: string;
  /** Who has to vouch for it. */
  readonly operator: OperatorEntry;
  /** As the store has it. */
  readonly held?: AccountEntry | undefined;
  /** Unix seconds. */
  readonly now: number;
  /** True where the caller decides what becomes of a version that is older than the one in the store. */
  readonly takesOlder?: boolean;
}

export interface AcceptedAccount {
  /** Under the name it has in the store; else that of its claims, which can be a name. */
  readonly entry: AccountEntry;
  /** Beside the one in the store: the very one, issued before it (`older`), or at the same time or later (`newer`). */
  readonly age: 'new' | 'same' | 'newer' | 'older';
  readonly warnings: readonly string[];
}

/**
 * Judges an account JWT that a server gave: nothing of it is trusted before (E-02, S-42, S-43, S-44, S-50). It has to be
 * an account of the size a JWT can have, about the key it was asked for, signed by the operator, with a name that can be
 * one, within the rules of accounts and not older than ours. Validity times are left to the check of the outcome. One
 * that an account signed itself is accepted only when it is what the store has.
 *
 * @param text a JWT, bare or between banners
 * @throws NscError `untrusted-answer`, whose `details.reason` says which rule it broke
 */
export function acceptAccount(text: string, expected: ExpectedAccount): AcceptedAccount {
  const { source, subject, operator, held, now, takesOlder = false } = expected;
  const arrived: Arrived = { source, what: held ? `account ${quote(held.name)}` : `account ${subject}`, key: subject };
  const token = readArrived(text, arrived);
  if (held?.token === token && held.claims.sub === subject) return accepted(held, 'same', telling(held, operator));

  const { claims } = decodeArrived(token, 'account', arrived);
  requireTrusted({ name: claims.name ?? '', token, claims }, expected, arrived);
  const name = findName(claims, held, arrived);
  requireRules(claims, { held, now }, arrived);
  const entry = { name, token, claims };
  if (!held) return accepted(entry, 'new');
  const warnings = nameWarnings(claims, held, source);
  if (Number(claims.iat ?? 0) >= Number(held.claims.iat ?? 0)) return accepted(entry, 'newer', warnings);
  if (takesOlder) return accepted(entry, 'older', warnings);
  throw untrusted('older', 'it was issued before the one that is here', arrived);
}

const accepted = (
  entry: AccountEntry,
  age: AcceptedAccount['age'],
  warnings: readonly string[] = [],
): AcceptedAccount => ({ entry, age, warnings });

/** That servers have what is here says nothing about who signed it. */
function telling(held: AccountEntry, operator: OperatorEntry): string[] {
  const refusal = verifyAccount(held, operator, { managed: true });
  return refusal ? [refusal.message] : [];
}

/** Whom the account is about comes first: of another one it doesn't matter who signed it. */
function requireTrusted(entry: AccountEntry, { subject, operator }: ExpectedAccount, arrived: Arrived): void {
  const { sub = '', iss } = entry.claims;
  if (sub !== subject) throw untrusted('subject-mismatch', `it is about ${sub || 'nobody'}`, arrived);
  const refusal = verifyAccount(entry, operator);
  if (refusal?.code === 'untrusted-issuer' && iss === sub) {
    throw untrusted('self-signed', `it is signed by its own key, not by operator ${quote(operator.name)}`, arrived);
  }
  if (refusal) throw untrusted(refusal.code, refusal.message, arrived);
}

/** Names of accounts become paths (S-42). An account that is here keeps the name that it has here. */
function findName({ name = '' }: AccountClaims, held: AccountEntry | undefined, arrived: Arrived): string {
  if (held && (name === held.name || name === held.claims.name)) return held.name;
  try {
    checkName('account', name);
    return held?.name ?? name;
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    throw untrusted('name', error.message, arrived);
  }
}

function nameWarnings({ name = '' }: AccountClaims, held: AccountEntry, source: string): string[] {
  if (name === held.name || name === held.claims.name) return [];
  const rename = `nsc rename account ${quoteWord(held.name)} ${quoteWord(name)}`;
  return [`${source} has account ${quote(held.name)} under the name ${quote(name)}; here it keeps its own: ${rename}`];
}

/** Rules that the account here breaks as well don't stand in the way. */
function requireRules(
  claims: AccountClaims,
  { held, now }: { readonly held: AccountEntry | undefined; readonly now: number },
  arrived: Arrived,
): void {
  const errors = errorsOf(claims, now);
  if (errors.length === 0) return;
  const known = new Set(held && errorsOf(held.claims, now).map(({ message }) => message));
  const fresh = errors.find(({ message }) => !known.has(message));
  if (fresh) throw untrusted('claims', `it breaks a rule: ${fresh.message}`, arrived);
}

const errorsOf = (claims: AccountClaims, now: number): Issue[] =>
  checkClaims('account', claims, now).filter(({ level }) => level === 'error');
