import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { isPublicKey, looksLikeSeed } from '../nkey/codec.js';

/** Characters. */
const MAX_ALIAS = 64;
const MAX_NOTE = 1000;

/**
 * Another name for a key: free text, as far as `-K` can tell it from a key and from `generate`, which asks for a new one.
 *
 * @throws NscError `bad-value`; a seed is not repeated
 */
export function readAlias(text: string): string {
  if (looksLikeSeed(text)) throw new NscError('bad-value', 'a seed cannot be an alias', { hint: 'choose a name' });
  const fault = findFault(text);
  if (fault === undefined) return text;
  throw new NscError('bad-value', `${quote(text)} cannot be an alias: ${fault}`, { hint: 'choose another name' });
}

function findFault(alias: string): string | undefined {
  if (alias === '') return 'it is empty';
  if ([...alias].length > MAX_ALIAS) return `it has more than ${MAX_ALIAS} characters`;
  if (isPublicKey(alias)) return 'it is a public key';
  if (alias.toLowerCase() === 'generate') return 'it asks for a new key';
  if (/\p{Cc}/u.test(alias)) return 'it holds a control character';
  if (alias !== alias.trim()) return 'it begins or ends with a blank';
  if (alias.startsWith('-')) return 'it begins with a dash, as an option does';
  return undefined;
}

/**
 * What a person writes down about a key.
 *
 * @throws NscError `bad-value`; a seed is not repeated
 */
export function readNote(text: string): string {
  const hint = 'a note is a line of text';
  if (/S[OAUNCX][A-Z2-7]{56}/.test(text)) throw new NscError('bad-value', 'the note holds a seed', { hint });
  if (text.trim() === '') throw new NscError('bad-value', 'the note is empty', { hint: 'take it away with --remove' });
  if (/\p{Cc}/u.test(text)) throw new NscError('bad-value', 'the note holds a control character', { hint });
  if ([...text].length <= MAX_NOTE) return text;
  throw new NscError('bad-value', `the note has more than ${MAX_NOTE} characters`, { hint });
}
