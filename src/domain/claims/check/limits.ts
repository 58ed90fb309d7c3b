import { JETSTREAM_LIMITS } from '../jetstream.js';
import type { AccountBody, AccountLimits, Export, Int64, Issue, JetStreamLimits } from '../types.js';
import { issueOf } from './issue.js';
import { show } from './show.js';
import { isWildcard } from './subject.js';

const OTHER_MEMBERS = [
  'subs',
  'data',
  'payload',
  'imports',
  'exports',
  'wildcards',
  'disallow_bearer',
  'conn',
  'leaf',
] as const satisfies readonly (keyof AccountLimits)[];

function hasTiers(limits: AccountLimits): boolean {
  return Object.keys(limits.tiered_limits ?? {}).length > 0;
}

function hasJetStream(limits: JetStreamLimits): boolean {
  return JETSTREAM_LIMITS.some((member) => limits[member]);
}

/** Whether every number is 0, every switch off and no tier there: what a self-signed account should have. */
export function isEmptyLimits(limits: AccountLimits): boolean {
  return !hasTiers(limits) && !hasJetStream(limits) && !OTHER_MEMBERS.some((member) => limits[member]);
}

/** Rules L1 and L2: JetStream tiers (jwt-nkeys.md §4.3). */
export function checkTiers(limits: AccountLimits): Issue[] {
  if (!hasTiers(limits)) return [];
  const issues: Issue[] = [];
  if (hasJetStream(limits)) {
    issues.push(issueOf('L1', 'limits have both JetStream tiers and JetStream limits without a tier'));
  }
  if (Object.hasOwn(limits.tiered_limits ?? {}, '')) issues.push(issueOf('L2', 'a JetStream tier has no name'));
  return issues;
}

/**
 * Rules K1–K4: imports and exports against their limits. One cause may be reported by K1 and K2, as in Go. Only -1
 * means unlimited here, and wildcards matter only when exports are limited.
 */
export function checkCounts(body: AccountBody): Issue[] {
  const limits = body.limits ?? {};
  const imports = body.imports ?? [];
  const exports = body.exports ?? [];
  const issues: Issue[] = [];
  const mostImports = limits.imports ?? 0;
  if (imports.length > mostImports) {
    const message = `the limit of imports is ${mostImports}, and there are ${imports.length}`;
    if (mostImports >= 0 && !isEmptyLimits(limits)) issues.push(issueOf('K1', message));
    if (!isUnlimited(mostImports)) issues.push(issueOf('K2', message));
  }
  const mostExports = limits.exports ?? 0;
  if (isUnlimited(mostExports)) return issues;
  if (exports.length > mostExports) {
    issues.push(issueOf('K3', `the limit of exports is ${mostExports}, and there are ${exports.length}`));
  }
  return limits.wildcards ? issues : [...issues, ...checkWildcardExports(exports)];
}

function checkWildcardExports(exports: readonly (Export | null)[]): Issue[] {
  return exports
    .filter((entry) => isWildcard(entry?.subject ?? ''))
    .map((entry) => issueOf('K4', `export ${show(entry?.subject ?? '')}: the limits allow no wildcards`));
}

function isUnlimited(limit: Int64): boolean {
  return Number(limit) === -1;
}
