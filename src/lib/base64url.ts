/** Base64 with the URL alphabet and no padding, as the three parts of a token use it (jwt-nkeys.md §2.1). */

const URL_ALPHABET = /^[A-Za-z0-9_-]*$/;

/** Bytes, or a text as UTF-8, to base64url without padding. */
export function encodeBase64Url(data: Uint8Array | string): string {
  const bytes =
    typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return bytes.toString('base64url');
}

/**
 * Base64url to bytes. Undefined for padding, white space, line ends, the standard alphabet and impossible lengths.
 * Bits of the last character that carry no data are ignored as Go does, so one value has several spellings: never use
 * the text as an identity.
 */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  if (text.length % 4 === 1 || !URL_ALPHABET.test(text)) return undefined;
  return Buffer.from(text, 'base64url');
}
