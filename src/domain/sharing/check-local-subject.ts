import { show } from '../claims/check/show.js';
import { checkRenaming } from '../claims/check/subject.js';
import { findTransformFault, readToken } from '../claims/check/transform.js';
import type { Import } from '../claims/types.js';
import { localSubject } from './local-subject.js';
import type { Found } from './problem.js';
import { remoteSubject } from './remote-subject.js';

/**
 * What keeps servers from giving an import its local subject. Where the remote subject has wildcards they make a
 * transform of the two, in which `$n` is the only function, and drop the import when there is none. What breaks the
 * rules R1–R6 (jwt-nkeys.md §4.1) is left to whoever checks the claims.
 */
export function checkLocalSubject(entry: Import): Found[] {
  const local = localSubject(entry);
  const remote = remoteSubject(entry);
  if (entry.type === 'stream' && entry.to && !entry.local_subject && hasWildcard(entry.to)) {
    return [refused(`prefix ${show(entry.to)} has a wildcard`)];
  }
  if (local === remote || !hasWildcard(remote)) return [];
  if (checkRenaming(local, remote).length > 0) return [];
  let position = 0;
  const tokens = local.split('.').map((token) => (token === '*' ? `$${++position}` : token));
  const fault = findTransformFault(remote, tokens.join('.'));
  if (fault) return [refused(`local subject ${show(local)} does not go with ${show(remote)}: ${fault}`)];
  const references = tokens.filter(isTransformed);
  const odd = references.find((token) => !/^\$[1-9]\d*$/.test(token));
  if (odd) return [refused(`local subject ${show(local)}: ${show(odd)} cannot stand for a "*" of ${show(remote)}`)];
  if (new Set(references).size === references.length) return [];
  const what = `local subject ${show(local)} uses a "*" of ${show(remote)} twice, and another one not at all`;
  return [{ code: 'local-subject', level: 'warning', what, hint: 'write $1, $2 … for each "*", or "*" for all' }];
}

function isTransformed(token: string): boolean {
  const { wildcards = [], choices } = readToken(token) ?? {};
  return wildcards.length > 0 || choices !== undefined;
}

const hasWildcard = (subject: string): boolean => subject.split('.').some((token) => token === '*' || token === '>');

const refused = (what: string): Found => ({
  code: 'local-subject',
  level: 'error',
  what,
  hint: 'write $1 in the local subject for what the first "*" matches, $2 for the second',
});
