import { parseJson } from '../../lib/int64-json.js';
import { Mismatch, requireObject } from '../claims/schema.js';
import type { Header } from './token.js';

/** The header of every token we write, base64url (jwt-nkeys.md §2.1). */
export const HEADER_2 = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ';

const VERSION_2: Header = { typ: 'JWT', alg: 'ed25519-nkey' };

/**
 * Checks a header: type and algorithm in any letter case, other members of no interest. The algorithm says nothing
 * about the version (jwt-nkeys.md §2.5 step 7).
 *
 * @throws Mismatch, SyntaxError
 */
export function readHeader(encoded: string, decode: (encoded: string) => string): Header {
  if (encoded === HEADER_2) return VERSION_2;
  const { typ, alg } = requireObject(parseJson(decode(encoded)));
  if (typeof typ !== 'string' || typ.toUpperCase() !== 'JWT') throw new Mismatch('is not of the type JWT');
  if (typeof alg !== 'string' || !/^ed25519(-nkey)?$/.test(alg.toLowerCase())) {
    throw new Mismatch('is not signed with ed25519-nkey');
  }
  return { typ, alg };
}
