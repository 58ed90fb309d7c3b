import { isPublicKey } from '../../nkey/codec.js';
import type { AccountClaims, Issue, MsgTrace, UserScope } from '../types.js';
import { checkExports } from './export.js';
import { checkExternalAuthorization } from './external-authorization.js';
import { checkImports } from './import.js';
import { checkInfo } from './info.js';
import { issueOf, within } from './issue.js';
import { checkKey } from './key.js';
import { checkCounts, checkTiers, isEmptyLimits } from './limits.js';
import { checkMappings } from './mapping.js';
import { checkPermissions } from './permissions.js';
import { show } from './show.js';
import { checkSubject, isWildcard } from './subject.js';
import { checkValidity } from './validity.js';

/** How traffic of an account travels between clusters; the empty text is the default. */
const CLUSTER_TRAFFIC: readonly string[] = ['system', 'owner'];

/** Rules C, I, X, L, DP, M, EA, TR, K, G, N, CT1 and AW1, in this order (jwt-nkeys.md §4.3). */
export function checkAccount(claims: AccountClaims, now: number): Issue[] {
  const { nats } = claims;
  const limits = nats.limits ?? {};
  return [
    ...checkValidity(claims, now),
    ...checkImports(nats.imports ?? [], claims.sub ?? ''),
    ...checkExports(nats.exports ?? []),
    ...checkTiers(limits),
    ...within('DP', checkPermissions(nats.default_permissions ?? {}), () => 'default permissions'),
    ...checkMappings(nats.mappings ?? {}),
    ...checkExternalAuthorization(nats.authorization ?? {}),
    ...(nats.trace === undefined ? [] : checkTrace(nats.trace)),
    ...checkCounts(nats),
    ...checkSigningKeys(nats.signing_keys ?? []),
    ...checkInfo(nats),
    ...checkClusterTraffic(nats.cluster_traffic ?? ''),
    ...(isPublicKey(claims.iss ?? '', 'account') && !isEmptyLimits(limits)
      ? [issueOf('AW1', 'the account is self-signed, so its limits bind nobody')]
      : []),
  ];
}

/** Rules TR1–TR3. A sampling of 0 means 100, and of the destination's faults only the first is told. */
function checkTrace({ dest = '', sampling = 0 }: MsgTrace): Issue[] {
  const issues = within('TR1', checkSubject(dest, `trace destination ${show(dest)}`).slice(0, 1));
  if (isWildcard(dest)) issues.push(issueOf('TR2', `trace destination ${show(dest)} has wildcards`));
  if (sampling < 0 || sampling > 100) issues.push(issueOf('TR3', `trace sampling ${sampling} is not from 0 to 100`));
  return issues;
}

/** Rules G1 and G2. A key listed several times counts once, as what it was listed last. */
function checkSigningKeys(entries: readonly (string | UserScope)[]): Issue[] {
  const ruleByKey = new Map<string, 'G1' | 'G2'>();
  for (const entry of entries) {
    if (typeof entry === 'string') ruleByKey.set(entry, 'G1');
    else ruleByKey.set(entry.key, 'G2');
  }
  return [...ruleByKey].flatMap(([key, rule]) => checkKey(rule, 'account', key, 'signing key'));
}

/** Rule CT1. */
function checkClusterTraffic(text: string): Issue[] {
  if (text === '' || CLUSTER_TRAFFIC.includes(text)) return [];
  return [issueOf('CT1', `cluster traffic ${show(text)} is neither ${CLUSTER_TRAFFIC.join(' nor ')}`)];
}
