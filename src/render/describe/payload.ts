import { NscError } from '../../errors.js';
import { decodeBase64Url } from '../../lib/base64url.js';
import { type JsonValue, parseJson } from '../../lib/int64-json.js';

/** The payload of a token as it is written, without any check. Throws `bad-token` when there is none to read. */
export function payloadOf(token: string): JsonValue {
  const bytes = decodeBase64Url(token.split('.')[1] ?? '');
  if (bytes === undefined) throw unreadable();
  try {
    return parseJson(new TextDecoder().decode(bytes));
  } catch (error) {
    throw unreadable(error);
  }
}

const unreadable = (cause?: unknown): NscError =>
  new NscError('bad-token', 'the payload of the JWT is unreadable', { cause });
