import type { RegisteredClaims } from '../../domain/claims/types.js';
import { decodeToken } from '../../domain/token/decode.js';
import { NscError } from '../../errors.js';
import { encodeJson } from '../../lib/canonical-json.js';
import { formatDate } from '../../lib/moment.js';

/**
 * A token for people to read (nsc-distribution.md §6.1): header, claims and signature with CRLF between them. Dates
 * stand beside times, and tokens that are part of the claims are decoded too.
 *
 * @throws NscError `bad-token`
 */
export function decodedText(token: string): string {
  const { header, claims } = decodeToken(token);
  return [json(header), json(expand(claims)), token.slice(token.lastIndexOf('.') + 1)].join('\r\n');
}

const json = (value: unknown): string => encodeJson(value, { indent: 2, escapeHtml: false });

function expand(claims: RegisteredClaims & { readonly nats?: unknown }): object {
  const { iat, exp, nbf } = claims;
  const { imports } = (claims.nats ?? {}) as { imports?: readonly { token?: string }[] };
  return {
    ...claims,
    ...(iat !== undefined && { iat: `${iat} (${formatDate(iat)})` }),
    ...(exp !== undefined && { exp: `${exp} (${formatDate(exp)})` }),
    ...(nbf !== undefined && { nbf: `${nbf} (${formatDate(nbf)})` }),
    ...(imports && { nats: { ...(claims.nats as object), imports: imports.map(expandImport) } }),
  };
}

/** A token that cannot be decoded, such as the URL of one, stays as it is. */
function expandImport(one: { token?: string }): object {
  try {
    return one.token ? { ...one, token: expand(decodeToken(one.token).claims) } : one;
  } catch (error) {
    if (error instanceof NscError) return one;
    throw error;
  }
}
