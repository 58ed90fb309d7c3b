import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { isPublicKey, looksLikeSeed } from '../nkey/codec.js';

/**
 * The role of a scoped signing key: free text, as far as `-K` and `--sk` can tell it from a key and from `generate`
 * (nsc-core.md §7.3, §9.12).
 *
 * @throws NscError `bad-value`; a seed is not repeated
 */
export function readRole(text: string): string {
  if (looksLikeSeed(text))
    throw new NscError('bad-value', 'a seed cannot be a role', { hint: 'choose a name; --sk takes keys' });
  const fault = findFault(text);
  if (fault === undefined) return text;
  throw new NscError('bad-value', `${quote(text)} cannot be a role: ${fault}`, { hint: 'choose another name' });
}

function findFault(role: string): string | undefined {
  if (role === '') return 'it is empty';
  if (isPublicKey(role)) return 'it is a public key';
  if (role.toLowerCase() === 'generate') return 'it asks for a new key';
  if (/\p{Cc}/u.test(role)) return 'it holds a control character';
  if (role !== role.trim()) return 'it begins or ends with a blank';
  if (role.startsWith('-')) return 'it begins with a dash, as an option does';
  return undefined;
}
