/** JSON exactly as Go's encoding/json writes it, on which the bytes of a token depend (jwt-nkeys.md §2.7). */

export interface EncodeOptions {
  /** Members by UTF-8 byte order of their names instead of in the order of the object. */
  readonly sortKeys?: boolean;
  /** Blanks per level; absent = no white space at all. */
  readonly indent?: number;
  /** Write `<`, `>` and `&` as `\u003c`, `\u003e`, `\u0026`. Default true, as in tokens. */
  readonly escapeHtml?: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const SPECIAL = /["\\<>&\u0000-\u001f\u2028\u2029\ud800-\udfff]/u;
const EVERY_SPECIAL = new RegExp(SPECIAL, 'gu');
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const SPECIAL_BUT_HTML = /["\\\u0000-\u001f\u2028\u2029\ud800-\udfff]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A JSON string with Go's escapes; an unpaired surrogate becomes the six characters `\ufffd`. */
export function encodeString(text: string, escapeHtml = true): string {
  if (!SPECIAL.test(text)) return `"${text}"`;
  return `"${text.replace(escapeHtml ? EVERY_SPECIAL : SPECIAL_BUT_HTML, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  return code >= 0xd800 && code <= 0xdfff ? '\\ufffd' : `\\u${code.toString(16).padStart(4, '0')}`;
}

/**
 * A value as JSON. Members that are undefined are left out; bigint is written as an integer; −0 as `-0`.
 *
 * @throws TypeError for what JSON cannot hold: NaN, infinities, functions, symbols, undefined outside of objects
 */
export function encodeJson(value: unknown, options: EncodeOptions = {}): string {
  const { sortKeys = false, escapeHtml = true } = options;
  const step = ' '.repeat(options.indent ?? 0);
  const colon = step === '' ? ':' : ': ';

  function encode(item: unknown, margin: string): string {
    switch (typeof item) {
      case 'string':
        return encodeString(item, escapeHtml);
      case 'number':
        if (!Number.isFinite(item)) throw new TypeError(`JSON cannot hold ${item}`);
        return Object.is(item, -0) ? '-0' : String(item);
      case 'bigint':
      case 'boolean':
        return String(item);
      case 'object':
        if (item === null) return 'null';
        return Array.isArray(item) ? encodeArray(item, margin) : encodeObject(item as Record<string, unknown>, margin);
      default:
        throw new TypeError(`JSON cannot hold ${typeof item}`);
    }
  }

  function encodeArray(array: readonly unknown[], margin: string): string {
    const inner = margin + step;
    return enclose(
      '[',
      array.map((element) => encode(element, inner)),
      ']',
      margin,
    );
  }

  function encodeObject(object: Record<string, unknown>, margin: string): string {
    const inner = margin + step;
    const names = Object.keys(object);
    if (sortKeys) names.sort(compareBytes);
    const members: string[] = [];
    for (const name of names) {
      const member = object[name];
      if (member !== undefined) members.push(encodeString(name, escapeHtml) + colon + encode(member, inner));
    }
    return enclose('{', members, '}', margin);
  }

  function enclose(open: string, parts: readonly string[], close: string, margin: string): string {
    if (step === '' || parts.length === 0) return open + parts.join(',') + close;
    return `${open}\n${margin}${step}${parts.join(`,\n${margin}${step}`)}\n${margin}${close}`;
  }

  return encode(value, '');
}

/**
 * Order of two texts by the bytes of their UTF-8: negative, 0 or positive. Unlike `<` it puts U+E000…U+FFFF before
 * code points above U+FFFF.
 */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
function rank(code: number): number {
  return code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code;
}
