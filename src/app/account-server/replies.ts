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
  const caching = { etag: etagOf(token, claims), 'cache-control': cacheControl(claims, now) };
  return unlessKnown(headers, { 'content-type': 'application/jwt', ...caching }, token);
}

/** A key set as it is sent, with the tag that changes whenever it does. */
export interface KeySetText {
  readonly text: string;
  readonly etag: string;
}

/** A key set with its tag. */
export const keySetText = (text: string): KeySetText => ({ text, etag: hashTag(text) });

/** A key set (RFC 7517 §8.5), with what caches need to know. */
export function keySetReply({ headers }: HttpRequest, { text: body, etag }: KeySetText): HttpResponse {
  return unlessKnown(
    headers,
    { 'content-type': 'application/jwk-set+json', etag, 'cache-control': cacheControl({}, 0) },
    body,
  );
}

/** Nothing is sent again to those who have it. */
function unlessKnown(
  asked: HttpRequest['headers'],
  {
    'content-type': type,
    ...caching
  }: { readonly 'content-type': string; readonly etag: string; readonly 'cache-control': string },
  body: string,
): HttpResponse {
  if (names(asked['if-none-match'], caching.etag)) return { status: 304, headers: caching };
  return { status: 200, headers: { 'content-type': type, ...caching }, body };
}

const hashTag = (content: string): string => `"${Buffer.from(sha256(content)).toString('hex')}"`;

/** The id of the token, which changes with the second it was issued in; of one without an id that can be sent, its hash. */
function etagOf(token: string, { jti = '' }: RegisteredClaims): string {
  return /^[!#-~]+$/.test(jti) ? `"${jti}"` : hashTag(token);
}

/** What expires is never called fresh for longer than it is valid; the reference has a negative age for what does not. */
function cacheControl({ exp = 0 }: RegisteredClaims, now: number): string {
  const left = exp > 0 ? Math.max(Number(exp) - now, 0) : Number.POSITIVE_INFINITY;
  return `max-age=${Math.min(left, FRESH_SECONDS)}, stale-if-error=${Math.min(left, STALE_SECONDS)}`;
}

/** Whether `If-None-Match` names a tag, weakly or not (RFC 9110 §13.1.2). */
const names = (header: string | undefined, etag: string): boolean =>
  (header ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
