import { decodeAnyVerified } from '../domain/token/decode.js';
import type { Token } from '../domain/token/token.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

/**
 * Decodes a token that comes from outside the store and verifies that it holds what its issuer signed.
 *
 * @param source where it was read, for messages
 * @throws NscError `bad-token`
 */
export function decodeFrom(source: string, token: string): Token {
  try {
    return decodeAnyVerified(token);
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    const { code, message, details } = error;
    throw new NscError(code, `${quote(source)}: ${message}`, { details, cause: error });
  }
}
