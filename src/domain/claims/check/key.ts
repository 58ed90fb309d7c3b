import { isPublicKey, looksLikeSeed } from '../../nkey/codec.js';
import type { Role } from '../../nkey/prefix.js';
import type { Issue } from '../types.js';
import { issueOf } from './issue.js';
import type { RuleNumber } from './rules.js';
import { show } from './show.js';

/**
 * An issue of the given rule unless the text is a public key of that role. `what` says whose key it is.
 * Keys are judged by the strict profile of jwt-nkeys.md §1.3.
 */
export function checkKey(rule: RuleNumber, role: Role, text: string, what: string): Issue[] {
  if (isPublicKey(text, role)) return [];
  const article = role === 'operator' || role === 'account' ? 'an' : 'a';
  return [issueOf(rule, `${what} ${showKey(text)} is not ${article} ${role} public key`)];
}

/** The same for a member that may be absent or empty. */
export function checkOptionalKey(rule: RuleNumber, role: Role, text: string | undefined, what: string): Issue[] {
  return text ? checkKey(rule, role, text, what) : [];
}

/** A key for a message; a seed that stands where a public key belongs is not repeated. */
export function showKey(text: string): string {
  return looksLikeSeed(text) ? '(a seed)' : show(text);
}
