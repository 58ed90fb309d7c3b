import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { isPublicKey, looksLikeSeed } from './nkey/codec.js';

export type NamedKind = 'operator' | 'account' | 'user';

const MAX_FILE_NAME_BYTES = 255;

/** The longest ending a name gets as a file: users have creds beside their JWT. */
const ENDING: Readonly<Record<NamedKind, string>> = { operator: '.jwt', account: '.jwt', user: '.creds' };

/** Device names of Windows: no file can be called so, whatever follows a dot. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)/i;

/**
 * A name that can safely be a file, an argument and a claim. Blanks, dots and other letters inside are fine; what nsc
 * lets through and stores badly is not (nsc-core.md §4, E-01, E-03, E-10, E-44).
 *
 * @returns the name
 * @throws NscError `bad-name`
 */
export function checkName(kind: NamedKind, name: string): string {
  if (looksLikeSeed(name)) throw new NscError('bad-name', `a seed cannot be the name of ${article(kind)}`);
  const reason = findFault(kind, name);
  if (reason === undefined) return name;
  throw new NscError('bad-name', `${quote(name)} cannot be the name of ${article(kind)}: ${reason}`, {
    hint: 'choose another name',
    details: { kind, name, reason },
  });
}

function findFault(kind: NamedKind, name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (/[/\\]/.test(name)) return 'it holds a path separator';
  if (/\p{Cc}/u.test(name)) return 'it holds a control character';
  if (name === '.' || name === '..') return 'it stands for a directory';
  if (name !== name.trim()) return 'it begins or ends with a blank';
  if (name.startsWith('-')) return 'it begins with a dash, as an option does';
  if (kind === 'operator' && name.startsWith('.')) return 'it begins with a dot, as files of the store do';
  if (RESERVED.test(name)) return 'Windows reserves it for a device';
  if (isPublicKey(name)) return 'it is a public key';
  const bytes = new TextEncoder().encode(name + ENDING[kind]).length;
  if (bytes > MAX_FILE_NAME_BYTES)
    return `its file name would have ${bytes} bytes, and ${MAX_FILE_NAME_BYTES} is the most`;
  return undefined;
}

const article = (kind: NamedKind): string => `${kind === 'user' ? 'a' : 'an'} ${kind}`;

const ADJECTIVES = [
  'amber',
  'brisk',
  'calm',
  'clever',
  'coral',
  'dusty',
  'early',
  'fair',
  'gentle',
  'golden',
  'happy',
  'hidden',
  'icy',
  'jolly',
  'keen',
  'lively',
  'lucky',
  'mellow',
  'misty',
  'noble',
  'polar',
  'proud',
  'quick',
  'quiet',
  'rapid',
  'silver',
  'steady',
  'sunny',
  'swift',
  'tidy',
  'vivid',
  'warm',
] as const;

const NOUNS = [
  'badger',
  'beacon',
  'birch',
  'brook',
  'canyon',
  'cedar',
  'comet',
  'crane',
  'delta',
  'falcon',
  'fjord',
  'glacier',
  'harbor',
  'heron',
  'island',
  'juniper',
  'lagoon',
  'lantern',
  'maple',
  'meadow',
  'meteor',
  'orchard',
  'osprey',
  'otter',
  'pebble',
  'pine',
  'raven',
  'reef',
  'river',
  'summit',
  'thicket',
  'willow',
] as const;

/**
 * A made-up name, `adjective_noun`.
 *
 * @param random gives an integer from 0 to below its argument
 */
export function randomName(random: (below: number) => number): string {
  return `${ADJECTIVES[random(ADJECTIVES.length)]}_${NOUNS[random(NOUNS.length)]}`;
}
