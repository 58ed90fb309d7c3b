import { parseDecorated } from '../../domain/creds/creds.js';
import { decodeToken } from '../../domain/token/decode.js';
import { MAX_TOKEN_LENGTH, type TokenOf } from '../../domain/token/token.js';
import { NscError } from '../../errors.js';

/** What came from a server, and what it should be. */
export interface Arrived {
  /** Who sent it: `server "S1"`, the URL. Made safe to show already. */
  readonly source: string;
  /** What was asked for: `account "A"`. Made safe to show already. */
  readonly what: string;
  /** The public key that it was asked for. */
  readonly key: string;
}

/** Banners and blanks around a JWT. */
const AROUND = 4096;

/**
 * The token in what arrived, bare or between banners. What cannot be one is not looked into (S-50).
 *
 * @throws NscError `untrusted-answer`
 */
export function readArrived(text: string, arrived: Arrived): string {
  if (text.length > MAX_TOKEN_LENGTH + AROUND) {
    throw untrusted('size', `it is longer than ${MAX_TOKEN_LENGTH} bytes`, arrived);
  }
  return parseDecorated(text).token.trim();
}

/**
 * Decodes what arrived. Its signature is not verified.
 *
 * @throws NscError `untrusted-answer`
 */
export function decodeArrived<Kind extends 'operator' | 'account'>(
  token: string,
  kind: Kind,
  arrived: Arrived,
): TokenOf<Kind> {
  const decoded = decodeAny(token, arrived);
  if (decoded.kind === kind) return decoded as TokenOf<'operator' | 'account'> as TokenOf<Kind>;
  throw untrusted('kind', `the JWT is of the kind ${decoded.kind}`, arrived);
}

function decodeAny(token: string, arrived: Arrived) {
  try {
    return decodeToken(token);
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    throw untrusted('no-token', error.message, arrived);
  }
}

/**
 * The refusal of what arrived.
 *
 * @param reason what scripts branch on
 * @param problem a sentence without its end; texts of the server in it are quoted
 */
export const untrusted = (
  reason: string,
  problem: string,
  { source, what, key }: Arrived,
  hint = 'ask whoever runs the server where that is from',
): NscError =>
  new NscError('untrusted-answer', `what ${source} gave as ${what} is not kept: ${problem}`, {
    hint,
    details: { reason, source, key, problem },
  });
