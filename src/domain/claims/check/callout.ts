import type { GenericClaims, Issue } from '../types.js';
import { issueOf } from './issue.js';
import { checkKey, checkOptionalKey } from './key.js';
import { checkValidity } from './validity.js';

/** Rules Q1, Q2 and C: what a server asks an authorization callout service (jwt-nkeys.md §4.7). */
export function checkAuthorizationRequest(claims: GenericClaims, now: number): Issue[] {
  const userKey = textOf(claims, 'user_nkey');
  const issues =
    userKey === ''
      ? [issueOf('Q1', 'the authorization request names no user key')]
      : checkKey('Q2', 'user', userKey, 'user key of the authorization request');
  return [...issues, ...checkValidity(claims, now)];
}

/** Rules Z1–Z5 and C: what a callout service answers (jwt-nkeys.md §4.8). */
export function checkAuthorizationResponse(claims: GenericClaims, now: number): Issue[] {
  const hasJwt = textOf(claims, 'jwt') !== '';
  const hasError = textOf(claims, 'error') !== '';
  const issues = [
    ...checkKey('Z1', 'user', claims.sub ?? '', 'subject'),
    ...checkKey('Z2', 'server', claims.aud ?? '', 'audience'),
  ];
  if (!hasJwt && !hasError) issues.push(issueOf('Z3', 'the authorization response holds neither a JWT nor an error'));
  if (hasJwt && hasError) issues.push(issueOf('Z4', 'the authorization response holds both a JWT and an error'));
  issues.push(...checkOptionalKey('Z5', 'account', textOf(claims, 'issuer_account'), 'issuer account'));
  return [...issues, ...checkValidity(claims, now)];
}

function textOf(claims: GenericClaims, member: string): string {
  const value = claims.nats?.[member];
  return typeof value === 'string' ? value : '';
}
