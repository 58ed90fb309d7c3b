import type { Issue } from '../types.js';
import { parseInteger } from './integer.js';
import { issueOf, within } from './issue.js';
import { show } from './show.js';

/** Rules S1–S4 (jwt-nkeys.md §4.1). `what` is how messages call it. Wildcards may stand anywhere. */
export function checkSubject(subject: string, what = 'subject'): Issue[] {
  if (subject === '') return [issueOf('S1', `${what} is empty`)];
  const issues: Issue[] = [];
  if (subject.includes(' ')) issues.push(issueOf('S2', `${what} has a space in it`));
  if (subject.startsWith('.')) issues.push(issueOf('S3', `${what} starts with a dot`));
  else if (subject.endsWith('.')) issues.push(issueOf('S3', `${what} ends with a dot`));
  if (subject.includes('..')) issues.push(issueOf('S4', `${what} has an empty token`));
  return issues;
}

/**
 * Rules R1–R6: a local subject against the subject it renames. `$2` in it stands for what the second `*` of the
 * source matched.
 */
export function checkRenaming(local: string, source: string): Issue[] {
  const named = `local subject ${show(local)}`;
  const issues = within('R1', checkSubject(local, named));
  if (source === '') issues.push(issueOf('R2', `${named} renames an empty subject`));
  if (local.includes(' ')) issues.push(issueOf('R3', `${named} has a space in it`));
  if (endsInFullWildcard(local) !== endsInFullWildcard(source)) {
    issues.push(issueOf('R4', `${named} and subject ${show(source)} must both end in ">" or neither`));
  }
  const wildcards = source.split('.').filter((token) => token === '*').length;
  let references = 0;
  for (const token of local.split('.')) {
    if (token === '*') references += 1;
    const index = readReference(token);
    if (index === undefined) continue;
    if (index > wildcards) {
      issues.push(issueOf('R5', `${named}: ${show(token)} refers to a "*" that subject ${show(source)} does not have`));
    } else references += 1;
  }
  if (references !== wildcards) {
    issues.push(
      issueOf(
        'R6',
        `${named} uses ${references} of the ${wildcards} "*" in subject ${show(source)}; it must use each once`,
      ),
    );
  }
  return issues;
}

/** The local subject with `*` in place of its references. */
export function toPattern(local: string): string {
  if (!local.includes('$')) return local;
  return local
    .split('.')
    .map((token) => (readReference(token) === undefined ? token : '*'))
    .join('.');
}

/** The integer of a `$n` token; undefined for every other token. */
function readReference(token: string) {
  return token.length > 1 && token.startsWith('$') ? parseInteger(token.slice(1)) : undefined;
}

function endsInFullWildcard(subject: string): boolean {
  return subject === '>' || subject.endsWith('.>');
}

/** Whether a subject has wildcard tokens, as the JWT library sees it: `a*`, `a>` and `>.a` have none. */
export function isWildcard(subject: string): boolean {
  return (
    subject === '*' ||
    subject === '>' ||
    subject.endsWith('.>') ||
    subject.endsWith('.*') ||
    subject.startsWith('*.') ||
    subject.includes('.*.')
  );
}

/**
 * Whether every subject `inner` matches is matched by `outer` too, token by token: `*` in the outer one stands for
 * any one token (a `>` too), `>` at its end for one or more. Equal subjects contain each other.
 */
export function isContained(inner: string, outer: string): boolean {
  if (inner === outer) return true;
  const outerTokens = outer.split('.');
  const innerTokens = inner.split('.');
  const last = outerTokens.length - 1;
  if (innerTokens.length < outerTokens.length) return false;
  if (innerTokens.length > outerTokens.length && outerTokens[last] !== '>') return false;
  return outerTokens.every((token, at) => (at === last && token === '>') || token === '*' || token === innerTokens[at]);
}
