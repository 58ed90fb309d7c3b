/** Base32 as nkeys use it: RFC 4648 upper-case alphabet, no padding (jwt-nkeys.md §1.1). */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ILLEGAL = 0xff;

/** Character code → five bits. */
const VALUES = new Uint8Array(128).fill(ILLEGAL);
for (let value = 0; value < ALPHABET.length; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value;

/** Bytes to text: ⌈bits / 5⌉ characters, unused bits of the last one zero. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    buffer = (buffer << 8) | (bytes[at] ?? 0);
    for (bits += 8; bits >= 5; ) {
      bits -= 5;
      text += ALPHABET[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(buffer << (5 - bits)) & 31] : text;
}

/**
 * Text to bytes. Undefined unless the text is exactly what {@link encodeBase32} writes: only the alphabet, a possible
 * length, unused bits zero. Go is laxer here (skips line ends, drops a surplus character; jwt-nkeys.md §1.3).
 */
export function decodeBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array((text.length * 5) >> 3);
  let buffer = 0;
  let bits = 0;
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const value = VALUES[text.charCodeAt(at)] ?? ILLEGAL;
    if (value === ILLEGAL) return undefined;
    buffer = (buffer << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[length] = buffer >> bits;
      length += 1;
      buffer &= (1 << bits) - 1;
    }
  }
  return bits >= 5 || buffer !== 0 ? undefined : bytes;
}
