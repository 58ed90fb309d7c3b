/** UTF-8 to text as Go's JSON reader does it (jwt-nkeys.md §2.5). */

const decode = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

/**
 * Every byte that is not part of a well-formed sequence becomes one U+FFFD. The platform's decoder replaces a cut-off
 * sequence as a whole, so it is only trusted with texts that need no replacement. A byte order mark is kept.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  const text = decode(bytes);
  return text.includes('\ufffd') ? decodeBytewise(bytes) : text;
}

function decodeBytewise(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0);
    const character = decode(bytes.subarray(at, at + length));
    const isWhole = !character.startsWith('\ufffd') || isReplacementCharacter(bytes, at);
    text += isWhole ? character : '\ufffd';
    at += isWhole ? length : 1;
  }
  return text;
}

/** How many bytes a sequence with this first byte has; 1 for bytes that cannot be first. */
function sequenceLength(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

/** U+FFFD itself, well-formed. */
function isReplacementCharacter(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
}
