/** Go's strings.ToLower and strings.TrimSpace, which differ from JavaScript's (jwt-nkeys.md §3.2). */

const NOT_ASCII = /[^\0-\x7f]/;
const SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const SPACE_AROUND = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g');

/** Lower case, code point by code point: no final sigma, and U+0130 becomes a plain `i`. */
export function goLower(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase();
  let lower = '';
  for (const character of text) lower += character === '\u0130' ? 'i' : character.toLowerCase();
  return lower;
}

/** Without white space at both ends; U+0085 counts as white space, U+FEFF does not. */
export function goTrim(text: string): string {
  return isVisibleAscii(text.charCodeAt(0)) && isVisibleAscii(text.charCodeAt(text.length - 1))
    ? text
    : text.replace(SPACE_AROUND, '');
}

const isVisibleAscii = (code: number): boolean => code > 0x20 && code < 0x7f;
