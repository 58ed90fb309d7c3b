import type { ActivationBody, ActivationClaims, Issue } from '../types.js';
import { issueOf, within } from './issue.js';
import { checkOptionalKey } from './key.js';
import { show } from './show.js';
import { checkSubject } from './subject.js';
import { checkValidity } from './validity.js';

/** Rules C and A1–A3 (jwt-nkeys.md §4.5). */
export function checkActivation(claims: ActivationClaims, now: number): Issue[] {
  return [...checkValidity(claims, now), ...checkActivationBody(claims.nats)];
}

/** Rules A1–A3: an activation inside an import is checked without its times. */
export function checkActivationBody(body: ActivationBody): Issue[] {
  const issues: Issue[] = [];
  if (body.kind !== 'stream' && body.kind !== 'service') {
    issues.push(issueOf('A1', 'activation is for neither a stream nor a service'));
  }
  issues.push(...within('A2', checkSubject(body.subject ?? '', `activation subject ${show(body.subject ?? '')}`)));
  issues.push(...checkOptionalKey('A3', 'account', body.issuer_account, 'issuer account'));
  return issues;
}
