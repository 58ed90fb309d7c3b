import type { Plan } from '../app/command.js';
import { findWaiting, type Waiting } from '../app/distribution/waiting.js';
import { applyChanges } from '../domain/apply.js';
import type { Change } from '../domain/change.js';
import { emptyTree } from '../domain/tree/memory-tree.js';
import type { Tree } from '../domain/tree/tree.js';
import { type LostTrust, lostTrust } from '../domain/trust/blast-radius.js';
import { checkOutcome } from '../domain/trust/check-outcome.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

/** What a plan leads to. */
export interface Verdict {
  /** Absent when no token changes. */
  readonly after?: Tree;
  readonly warnings: readonly string[];
  /** Tokens that servers accept now and refuse afterwards. */
  readonly lost: readonly LostTrust[];
  /** What a managed operator has to sign. */
  readonly waiting?: Waiting;
}

/** What is judged, and against what. */
export interface Judged {
  readonly plan: Plan;
  /** Absent when the operator is new, or there is none. */
  readonly before: Tree | undefined;
  /** Unix seconds. */
  readonly now: number;
  /** Whether it is the command that brings an operator of version 1 up to date. */
  readonly upgrades: boolean;
}

/**
 * Looks at what a plan leads to, before anything of it is done.
 *
 * @throws NscError `old-jwt-version` and what `checkOutcome` refuses, unless the plan insists
 */
export function judge({ plan, before, now, upgrades }: Judged): Verdict {
  if (!plan.changes.some(({ type }) => TOKEN_CHANGES.has(type))) return { warnings: [], lost: [] };
  if (before && !plan.force && !upgrades) refuseVersion1(before);
  const origin = before ?? emptyTree(plan.operator ?? '');
  const after = applyChanges(origin, plan.changes);
  const warnings = outcome(plan, () => checkOutcome(origin, after, plan.changes, now));
  const lost = before ? loss(plan, () => lostTrust(before, after, plan.changes, now)) : [];
  const waiting = plan.changes.some(({ type }) => type === 'put-account') ? findWaiting(plan, after) : undefined;
  return { after, warnings: [...warnings, ...(waiting?.warnings ?? [])], lost, ...(waiting && { waiting }) };
}

const TOKEN_CHANGES: ReadonlySet<string> = new Set<Change['type']>([
  'put-operator',
  'put-account',
  'put-user',
  'delete-account',
  'delete-user',
]);

/** A version 1 operator cannot vouch for what we would sign (nsc-core.md §1.3). */
function refuseVersion1({ operator, managed }: Tree): void {
  if (operator.claims.nats.version !== 1) return;
  throw new NscError('old-jwt-version', `operator ${quote(operator.name)} has a JWT of version 1`, {
    hint: managed ? 'import a newer one with: nsc add operator --url FILE --force' : 'upgrade it with: nsc upgrade-jwt',
    details: { operator: operator.name },
  });
}

/** Where a person may insist, a bad outcome is a warning; but no key comes back that somebody else may have. */
function outcome(plan: Plan, check: () => string[]): string[] {
  try {
    return check();
  } catch (error) {
    if (plan.force && error instanceof NscError && error.code !== 'key-compromised') return [error.message];
    throw error;
  }
}

/** Where a person replaces a token that cannot be read, nobody can tell what trusted it. */
function loss(plan: Plan, find: () => LostTrust[]): LostTrust[] {
  try {
    return find();
  } catch (error) {
    if (plan.force && error instanceof NscError) return [];
    throw error;
  }
}
