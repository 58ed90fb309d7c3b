import { type EncodeOptions, encodeJson } from '../lib/canonical-json.js';
import { Secret } from '../lib/secret.js';

/**
 * JSON of any value, with its members in their order unless `sortKeys` says otherwise.
 *
 * Integers of 64 bits stay exact. Characters that a terminal would obey or hide (control characters, direction
 * overrides, zero width) are written as `\u` escapes, which changes the text but not what it means.
 */
export function jsonText(value: unknown, options: EncodeOptions = {}): string {
  return escapeInvisible(encodeJson(encodable(value) ?? null, options));
}

/** JSON on one line; `<`, `>` and `&` stay as they are. */
export const jsonLine = (value: unknown): string => jsonText(value, { escapeHtml: false });

/** JSON for people to read, as a whole answer. */
export const jsonDocument = (value: unknown): string => `${jsonText(value, { indent: 1, escapeHtml: false })}\n`;

/** Asked first, because the pattern below is slow to compile. */
const PLAIN = /^[\n -~]*$/;

/** The escapes above for JSON that was made elsewhere. */
export function escapeInvisible(json: string): string {
  return PLAIN.test(json) ? json : json.replace(/[\u007f-\u009f\p{Cf}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** What JSON can say of a value; undefined for what it leaves out. Maps become objects, other iterables arrays. */
function encodable(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'object':
      return value === null ? null : fromObject(value);
    case 'function':
    case 'symbol':
      return undefined;
    default:
      return value;
  }
}

function fromObject(value: object): unknown {
  if (value instanceof Secret) return value.toJSON();
  if (value instanceof Error) return value.message;
  if (value instanceof Map) return fromEntries(value);
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>, (item) => encodable(item) ?? null);
  return fromEntries(Object.entries(value));
}

function fromEntries(entries: Iterable<[unknown, unknown]>): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, item] of entries) {
    const value = encodable(item);
    if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true });
    else object[String(name)] = value;
  }
  return object;
}
