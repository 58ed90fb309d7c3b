import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { Change } from '../change.js';
import { checkClaims } from '../claims/check/claims.js';
import type { AnyClaims, Issue, RegisteredClaims } from '../claims/types.js';
import type { Entry, OperatorEntry, Tree, UserEntry } from '../tree/tree.js';
import { requireAuthentic } from './authentic.js';
import { describeEnd, type LinkEnd, type Refusal, type RefusalCode } from './refusal.js';
import { type VerifyOptions, verifyAccount, verifyOperator, verifyUser } from './verify.js';

/**
 * Looks at what a mutation leads to, before it is committed: every token it puts has to keep the validation rules, and
 * its parent has to trust it. Rules that the token broke before, validity times and revocations don't block: they become
 * warnings. Tokens that no change puts are not looked at (`blast-radius` does that), and users that only move along with
 * their account, unsigned, may be as they were.
 *
 * @param before of a new operator: an empty tree
 * @param now Unix seconds
 * @returns warnings
 * @throws NscError `bad-token` for a token in the store that was altered and would be signed on, `invalid-claims`,
 *   `broken-chain`
 */
export function checkOutcome(before: Tree, after: Tree, changes: readonly Change[], now: number): string[] {
  const authentic = new Set<string>();
  for (const change of changes) requireAuthenticBase(before, change, authentic);
  const outcomes = new Map<string, Outcome>();
  const moved = findMoved(before, after, changes);
  for (const change of changes) {
    const was = moved.get(change);
    if (was) {
      checkMove(was, change as PutUser, before, after);
      continue;
    }
    const outcome = findOutcome(before, after, change);
    if (outcome) outcomes.set(describeEnd(outcome.end) + (outcome.account ?? ''), outcome);
  }
  return [...outcomes.values()].flatMap((outcome) => [...checkRules(outcome, now), ...checkChain(outcome)]);
}

/** What a new token is made from, and what has to vouch for it, as it was before. */
function requireAuthenticBase(before: Tree, change: Change, authentic: Set<string>): void {
  if (change.type !== 'put-operator' && change.type !== 'put-account' && change.type !== 'put-user') return;
  const require = (kind: 'operator' | 'account' | 'user', entry: Entry<RegisteredClaims> | undefined): void => {
    if (!entry || authentic.has(entry.token)) return;
    requireAuthentic(kind, entry);
    authentic.add(entry.token);
  };
  const operator = findOperator(before);
  if (!operator) return;
  require('operator', operator);
  if (change.type === 'put-operator') return;
  require('account', before.findAccount(change.type === 'put-user' ? change.account : change.name));
  if (change.type === 'put-user') require('user', before.findUser(change.account, change.name));
}

type PutUser = Extract<Change, { type: 'put-user' }>;

/** Users that leave an account which is deleted for one with its key, with the token they had: nobody signs them. */
function findMoved(before: Tree, after: Tree, changes: readonly Change[]): ReadonlyMap<Change, UserEntry> {
  const namesOf = (type: 'put-account' | 'delete-account') =>
    changes.flatMap((change) => (change.type === type ? [change.name] : []));
  const moved = new Map<Change, UserEntry>();
  const heirs = namesOf('put-account');
  for (const from of heirs.length === 0 ? [] : namesOf('delete-account')) {
    const key = before.findAccount(from)?.claims.sub;
    const heir = heirs.find((name) => after.findAccount(name)?.claims.sub === key);
    for (const change of changes) {
      if (change.type !== 'put-user' || change.account !== heir) continue;
      const was = before.findUser(from, change.name);
      if (was?.token === change.token) moved.set(change, was);
    }
  }
  return moved;
}

/** A user that only moves may stay as bad as it was, but must not become worse: a template can name the account. */
function checkMove(was: UserEntry, { account, name, token, claims }: PutUser, before: Tree, after: Tree): void {
  const refuse = (user: UserEntry, tree: Tree): Refusal | undefined => {
    const parent = tree.findAccount(user.account);
    return parent && verifyUser(user, parent, tree.operator, { signatures: false });
  };
  const refusal = refuse({ account, name, token, claims }, after);
  if (refusal && !refuse(was, before)) throw brokenChain({ kind: 'user', name, key: claims.sub ?? '' }, refusal);
}

/** There is none in the tree of a new operator. */
function findOperator(tree: Tree): OperatorEntry | undefined {
  try {
    return tree.operator;
  } catch (error) {
    if (error instanceof NscError && error.code === 'operator-not-found') return undefined;
    throw error;
  }
}

/** A token that a change puts, as it is in the end. */
interface Outcome {
  readonly end: LinkEnd;
  readonly account?: string;
  readonly claims: AnyClaims;
  verify(options: VerifyOptions): Refusal | undefined;
  /** The claims that the token replaces. */
  findPrevious(): AnyClaims | undefined;
}

function findOutcome(before: Tree, after: Tree, change: Change): Outcome | undefined {
  switch (change.type) {
    case 'put-operator': {
      const { operator } = after;
      return {
        end: { kind: 'operator', name: operator.name, key: operator.claims.sub ?? '' },
        claims: operator.claims,
        verify: (options) => verifyOperator(operator, options),
        findPrevious: () => before.operator.claims,
      };
    }
    case 'put-account': {
      const account = after.findAccount(change.name);
      if (!account) return undefined;
      const key = account.claims.sub ?? '';
      return {
        end: { kind: 'account', name: change.name, key },
        claims: account.claims,
        verify: (options) => verifyAccount(account, after.operator, { ...options, managed: after.managed }),
        findPrevious: () => (before.findAccount(change.name) ?? before.findAccountByKey(key))?.claims,
      };
    }
    case 'put-user': {
      const user = after.findUser(change.account, change.name);
      const account = after.findAccount(change.account);
      if (!user) return undefined;
      if (!account) throw orphan(change.name, change.account);
      return {
        end: { kind: 'user', name: change.name, key: user.claims.sub ?? '' },
        account: change.account,
        claims: user.claims,
        verify: (options) => verifyUser(user, account, after.operator, { ...options, revocations: true }),
        findPrevious: () => before.findUser(change.account, change.name)?.claims,
      };
    }
    default:
      return undefined;
  }
}

function checkRules({ end, claims, findPrevious }: Outcome, now: number): string[] {
  const issues = checkClaims(end.kind, claims, now);
  const errors = issues.filter(({ level }) => level === 'error');
  const known = errors.length === 0 ? [] : checkPrevious(end, findPrevious, now);
  const fresh = errors.filter((issue) => !take(known, issue));
  const [first] = fresh;
  const subject = describeEnd(end);
  if (first) {
    const more = fresh.length > 1 ? ` (and ${fresh.length - 1} more)` : '';
    throw new NscError('invalid-claims', `${subject} would be invalid: ${first.message}${more}`, {
      details: { kind: end.kind, name: end.name, issues: fresh },
    });
  }
  const times = issues.filter(({ level }) => level === 'time');
  return [
    ...errors.map(({ message }) => `${subject} is invalid, as it was before: ${message}`),
    ...times.map(({ message }) => `${subject}: ${message}`),
  ];
}

/** What was wrong with the token before. One that cannot be read excuses nothing. */
function checkPrevious(end: LinkEnd, findPrevious: () => AnyClaims | undefined, now: number): Issue[] {
  try {
    const previous = findPrevious();
    return previous ? checkClaims(end.kind, previous, now) : [];
  } catch (error) {
    if (error instanceof NscError) return [];
    throw error;
  }
}

/** Takes one issue out of a list, if it is there. */
function take(issues: Issue[], { rule, message }: Issue): boolean {
  const at = issues.findIndex((issue) => issue.rule === rule && issue.message === message);
  if (at >= 0) issues.splice(at, 1);
  return at >= 0;
}

function checkChain({ end, verify }: Outcome): string[] {
  const refusal = verify({});
  if (!refusal) return [];
  if (refusal.code === 'revoked') return [refusal.message];
  throw brokenChain(end, refusal);
}

function brokenChain({ kind, name }: LinkEnd, { code, message, link }: Refusal): NscError {
  const hint = HINTS[code];
  return new NscError('broken-chain', message, {
    ...(hint !== undefined && { hint }),
    details: { kind, name, refusal: code, link },
  });
}

const SIGN_WITH_LISTED_KEY = 'sign with a key that the parent lists: -K KEY';

const HINTS: Readonly<Partial<Record<RefusalCode, string>>> = {
  'bad-signature': 'get the token again from where it came from',
  'untrusted-issuer': SIGN_WITH_LISTED_KEY,
  'identity-key-not-allowed': 'sign with a signing key: -K KEY',
  'issuer-account-missing': 'sign the user again: nsc edit user NAME --tag TAG',
  'issuer-account-mismatch': 'put the user under the account it names, or sign it again',
  'template-refused': 'give the user the tags the role asks for: --tag NAME:VALUE',
  'scope-violation': 'leave permissions and limits out, or sign with an unscoped key: -K KEY',
  'bearer-not-allowed': 'use --bearer=false, or allow bearer tokens: nsc edit account NAME --disallow-bearer=false',
};

const orphan = (user: string, account: string): NscError =>
  new NscError('broken-chain', `user ${quote(user)} would belong to account ${quote(account)}, which does not exist`, {
    hint: `add the account first: nsc add account ${quote(account)}`,
    details: { kind: 'user', name: user, account },
  });
