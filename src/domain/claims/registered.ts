import { record } from './schema-record.js';
import { int64, text } from './schema-values.js';
import type { RegisteredClaims } from './types.js';

/** The members all tokens have, in order (jwt-nkeys.md §3.1). */
export const REGISTERED_MEMBERS = {
  aud: text,
  exp: int64,
  jti: text,
  iat: int64,
  iss: text,
  name: text,
  nbf: int64,
  sub: text,
};

export const REGISTERED = record<RegisteredClaims>(REGISTERED_MEMBERS);
