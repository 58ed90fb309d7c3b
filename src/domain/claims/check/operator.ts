import type { Issue, OperatorClaims } from '../types.js';
import { parseInteger } from './integer.js';
import { issueOf } from './issue.js';
import { checkKey, checkOptionalKey } from './key.js';
import { show } from './show.js';
import { parseUrl } from './url.js';
import { checkValidity } from './validity.js';

/** The schemes of operator service URLs. */
const SERVICE_SCHEMES: readonly string[] = ['nats', 'tls', 'ws', 'wss'];

/** Rules C and O1–O11 (jwt-nkeys.md §4.2). */
export function checkOperator(claims: OperatorClaims, now: number): Issue[] {
  const { nats } = claims;
  const issues = checkValidity(claims, now);
  issues.push(...checkAccountServerUrl(nats.account_server_url ?? ''));
  for (const url of nats.operator_service_urls ?? []) issues.push(...checkServiceUrl(url));
  for (const key of nats.signing_keys ?? []) issues.push(...checkKey('O7', 'operator', key, 'signing key'));
  issues.push(...checkOptionalKey('O8', 'account', nats.system_account, 'system account'));
  issues.push(...checkServerVersion(nats.assert_server_version ?? ''));
  return issues;
}

/** Rules O1 and O2; the empty text is fine. Also a precondition of encoding (§2.4). */
export function checkAccountServerUrl(text: string): Issue[] {
  if (text === '') return [];
  const url = parseUrl(text);
  if (url === undefined) return [issueOf('O1', `account server URL ${showUrl(text)} is not a URL`)];
  if (url.scheme === '') return [issueOf('O2', `account server URL ${showUrl(text)} has no scheme`)];
  return [];
}

/** Rules O3–O6: the first one that is broken; the empty text is fine. */
export function checkServiceUrl(text: string): Issue[] {
  if (text === '') return [];
  const named = `service URL ${showUrl(text)}`;
  const url = parseUrl(text);
  if (url === undefined) return [issueOf('O3', `${named} is not a URL`)];
  if (url.hasUserInfo) return [issueOf('O4', `${named} must not hold credentials`)];
  if (url.path !== '') return [issueOf('O5', `${named} must not have a path`)];
  if (!SERVICE_SCHEMES.includes(url.scheme)) {
    return [issueOf('O6', `${named} has none of the schemes ${SERVICE_SCHEMES.join(', ')}`)];
  }
  return [];
}

/** A URL for a message, without user name and password. */
function showUrl(text: string): string {
  return show(text.replace(/\/\/.*@/s, '//…@'));
}

/** Rules O9–O11: the first one that is broken; the empty text is fine. */
function checkServerVersion(version: string): Issue[] {
  if (version === '') return [];
  const named = `asserted server version ${show(version)}`;
  const texts = version.split('.');
  if (texts.length !== 3) return [issueOf('O9', `${named} is not of the form major.minor.update`)];
  const numbers = texts.map(parseInteger);
  if (numbers.includes(undefined)) return [issueOf('O10', `${named} has a part that is not an integer`)];
  if (numbers.some((number) => number !== undefined && number < 0)) {
    return [issueOf('O11', `${named} has a negative part`)];
  }
  return [];
}
