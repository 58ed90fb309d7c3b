import type { RegisteredClaims } from '../../domain/claims/types.js';
import { sha256 } from '../../lib/ed25519.js';
import type { HttpRequest, HttpResponse } from '../http-server.js';
import { decodedText } from './decoded.js';

/** Seconds for which a cache may take a JWT as it was: so long a revocation may go unseen behind one. */
const FRESH_SECONDS = 60;

/** Seconds for which it may do so while this server is out of order. */
const STALE_SECONDS = 3600;

/** @param reason why, for the log */
export const text = (status: number, message: string, reason?: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' },
  body: message,
  ...(reason !== undefined && { reason }),
});

/** To those who only want to know whether anybody is there; servers ask so when they start. */
export const alive: HttpResponse = {
  status: 200,
  headers: { 'cache-control': 'no-cache, no-store, must-revalidate', pragma: 'no-cache', expires: '0' },
};

/** A switch in the query: `?text=true`, or just `?text`. */
export const isSet = (query: URLSearchParams, name: string): boolean =>
  ['', '1', 'true'].includes(query.get(name)?.toLowerCase() ?? 'no');

/**
 * A token as it was asked for: `text`, `decode`, or as such, with what caches need to know (nsc-distribution.md §6.1).
 *
 * @param now Unix seconds
 */
export function tokenReply(
  { query, headers }: HttpRequest,
  { token, claims }: { readonly token: string; readonly claims: RegisteredClaims },
  now: number,
): HttpResponse {
  if (isSet(query, 'text')) return text(200, token);
  if (isSet(query, 'decode')) return text(200, decodedText(token));
  const etag = etagOf(token, claims);
  const caching = { etag, 'cache-control': cacheControl(claims, now) };
  if (names(headers['if-none-match'], etag)) return { status: 304, headers: caching };
  return { status: 200, headers: { 'content-type': 'application/jwt', ...caching }, body: token };
}

/** The id of the token, which changes with the second it was issued in; of one without an id that can be sent, its hash. */
function etagOf(token: string, { jti = '' }: RegisteredClaims): string {
  return `"${/^[!#-~]+$/.test(jti) ? jti : Buffer.from(sha256(token)).toString('hex')}"`;
}

/** What expires is never called fresh for longer than it is valid; the reference has a negative age for what does not. */
function cacheControl({ exp = 0 }: RegisteredClaims, now: number): string {
  const left = exp > 0 ? Math.max(Number(exp) - now, 0) : Number.POSITIVE_INFINITY;
  return `max-age=${Math.min(left, FRESH_SECONDS)}, stale-if-error=${Math.min(left, STALE_SECONDS)}`;
}

/** Whether `If-None-Match` names a tag, weakly or not (RFC 9110 §13.1.2). */
const names = (header: string | undefined, etag: string): boolean =>
  (header ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
