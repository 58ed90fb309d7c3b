/** Texts from tokens and file systems, made safe and unambiguous for a terminal. */

/**
 * What a terminal obeys or hides: control characters, invisible formatting (bidirectional overrides, zero width, soft
 * hyphens, tags), line and paragraph separators, unpaired surrogates, blank "fillers".
 */
const everyUnsafe = (): RegExp => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5/gu;

/** Asked first, because the pattern above takes half a millisecond to compile. */
const PLAIN = /^[ -~]*$/;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with everything invisible or active written as `\u{…}` with its code point in hex. */
export function escapeForTerminal(text: string): string {
  return PLAIN.test(text) ? text : text.replace(everyUnsafe(), escapeCodePoint);
}

function escapeCodePoint(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** The text in double quotes, on one line: quotes and backslashes escaped, and what is unsafe as above. */
export function quote(text: string): string {
  const inner = text.replace(/["\\]/g, '\\$&');
  if (PLAIN.test(text)) return `"${inner}"`;
  return `"${inner.replace(everyUnsafe(), (character) => SHORT_ESCAPES[character] ?? escapeCodePoint(character))}"`;
}

/** One word of a command that a hint shows: in quotes in which a shell leaves it alone, also with `$` in it. */
export function quoteWord(text: string): string {
  return /[$`!]/.test(text) ? `'${escapeForTerminal(text).replaceAll("'", "'\\''")}'` : quote(text);
}

/** Names in double quotes, as many as a line bears: `"a", "b" and 3 more`. */
export function quoteSome(names: readonly string[], most = 10): string {
  const shown = names.slice(0, most).map(quote).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/**
 * A path in back quotes (in double quotes where it holds back quotes or unsafe characters), with the home directory
 * written `~`, only where it ends at a separator: `/home/bob2` stays (E-69).
 */
export function quotePath(path: string, home: string): string {
  const shown = abbreviateHome(path, home);
  return shown.includes('`') || escapeForTerminal(shown) !== shown ? quote(shown) : `\`${shown}\``;
}

function abbreviateHome(path: string, home: string): string {
  const root = home.replace(/[/\\]+$/, '');
  if (root === '' || !path.startsWith(root)) return path;
  const rest = path.slice(root.length);
  return rest === '' || rest.startsWith('/') || rest.startsWith('\\') ? `~${rest}` : path;
}
