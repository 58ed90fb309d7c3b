import { NscError } from '../../errors.js';
import type { Change } from '../change.js';
import { checkClaims } from '../claims/check/claims.js';
import type { AnyClaims, Issue, RegisteredClaims } from '../claims/types.js';
import { findReadable } from '../tree/readable.js';
import type { Entry, OperatorEntry, Tree } from '../tree/tree.js';
import { isVouchedFor, requireAuthentic } from './authentic.js';
import { brokenChain, orphan } from './broken-chain.js';
import { checkMove, findMovedUsers } from './moved-users.js';
import { describeEnd, type LinkEnd, type Refusal } from './refusal.js';
import { refuseCompromised } from './refuse-compromised.js';
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
 * @throws NscError `bad-token` for a token in the store that was altered and would be signed on, `key-compromised` for
 *   a key that comes back, `invalid-claims`, `broken-chain`
 */
export function checkOutcome(before: Tree, after: Tree, changes: readonly Change[], now: number): string[] {
  const authentic = new Set<string>();
  for (const change of changes) {
    requireAuthenticBase(before, change, authentic);
    refuseCompromised(before, after, change);
  }
  const outcomes = new Map<string, Outcome>();
  const moved = findMovedUsers(before, after, changes);
  for (const change of changes) {
    const move = moved.get(change);
    if (move) {
      checkMove(move, before, after);
      continue;
    }
    const outcome = findOutcome(before, after, change);
    if (outcome) outcomes.set(`${outcome.end.kind} ${outcome.end.name}/${outcome.account ?? ''}`, outcome);
  }
  return [...outcomes.values()].flatMap((outcome) => [...checkRules(outcome, now), ...checkChain(outcome)]);
}

/**
 * What a new token is made from, and what has to vouch for it, as it was before.
 *
 * @param authentic what was looked at already
 */
function requireAuthenticBase(before: Tree, change: Change, authentic: Set<string>): void {
  if (change.type !== 'put-operator' && change.type !== 'put-account' && change.type !== 'put-user') return;
  const require = (
    kind: 'operator' | 'account' | 'user',
    name: string,
    find: () => Entry<RegisteredClaims> | undefined,
  ): void => {
    const id = `${kind} ${name}`;
    if (authentic.has(id)) return;
    authentic.add(id);
    const entry = find();
    if (entry) requireAuthentic(kind, entry);
  };
  const operator = findOperator(before);
  if (!operator) return;
  require('operator', '', () => operator);
  if (change.type === 'put-operator') return;
  const account = change.type === 'put-user' ? change.account : change.name;
  if (change.type === 'put-user' || !isVouchedFor(change.claims)) {
    require('account', account, () => before.findAccount(account));
  }
  if (change.type === 'put-user' && !isVouchedFor(change.claims)) {
    require('user', `${account}/${change.name}`, () => before.findUser(account, change.name));
  }
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
  if (issues.length === 0) return [];
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
  const previous = findReadable(findPrevious);
  return previous ? checkClaims(end.kind, previous, now) : [];
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
