import { NscError } from '../../errors.js';
import { decodeBase64Url } from '../../lib/base64url.js';
import { decodeUtf8 } from '../../lib/go-utf8.js';
import { Mismatch } from '../claims/schema.js';
import type { AnyClaims, ClaimKind, GenericClaims } from '../claims/types.js';
import { decodePublicKey } from '../nkey/codec.js';
import { verify, verifyAsync } from '../nkey/key-pair.js';
import { readHeader } from './header.js';
import { ISSUER_ROLES } from './issuers.js';
import { readGenericPayload, readPayload } from './payload.js';
import { MAX_TOKEN_LENGTH, type Token, type TokenOf } from './token.js';

/**
 * Everything Go's `Decode` does (jwt-nkeys.md §2.5) but the signature, which {@link verifyToken} checks. No rule and
 * no time is looked at. Stricter than Go: repeated members, names in odd letter case and keys in odd spelling are
 * refused.
 *
 * @throws NscError `bad-token`; the message does not repeat the token
 */
export function decodeToken(text: string): Token {
  return refusing(() => {
    const [header, payload, signature] = split(text);
    const { kind, version, claims } = readPayload(decodeText(payload));
    checkIssuer(kind, claims.iss ?? '');
    return {
      text,
      header: readHeader(header, decodeText),
      kind,
      version,
      claims,
      signedText: version <= 1 ? payload : text.slice(0, header.length + 1 + payload.length),
      signature: decodeBytes(signature),
    } as Token;
  });
}

/**
 * A token read as generic claims, whatever its kind (Go's `DecodeGeneric`). Unlike {@link decodeToken} it takes the
 * signed part from the algorithm in the header, and any issuer. Only so version 2 generic tokens verify.
 *
 * @throws NscError `bad-token`
 */
export function decodeGeneric(text: string): TokenOf<'generic'> {
  return refusing(() => {
    const parts = split(text);
    const [, payload, signature] = parts;
    const header = readHeader(parts[0], decodeText);
    const { claims, type, tags } = readGenericPayload(decodeText(payload));
    const isOld = header.alg === 'ed25519';
    const moved =
      isOld && (type || tags) ? { nats: { ...claims.nats, ...(type && { type }), ...(tags && { tags }) } } : {};
    return {
      text,
      header,
      kind: 'generic',
      version: isOld ? 1 : 2,
      claims: { ...claims, ...moved } as GenericClaims,
      signedText: isOld ? payload : text.slice(0, parts[0].length + 1 + payload.length),
      signature: decodeBytes(signature),
    };
  });
}

/** {@link decodeToken} for a token that must be of one kind. */
export function decodeKind<Kind extends ClaimKind>(text: string, kind: Kind): TokenOf<Kind> {
  const token = decodeToken(text);
  if (token.kind !== kind) throw badToken(`is of the kind ${token.kind}, not ${kind}`);
  return token as Token as TokenOf<Kind>;
}

/** {@link decodeToken}, and the signature must be that of the issuer it names. */
export function decodeVerified(text: string): Token {
  const token = decodeToken(text);
  if (!verifyToken(token)) throw badToken('has a wrong signature');
  return token;
}

/**
 * {@link decodeVerified} for tokens of every kind. A generic one of version 2, which Go's `Decode` never verifies, is
 * read as Go's `DecodeGeneric` does (jwt-nkeys.md §2.5 item 7).
 */
export function decodeAnyVerified(text: string): Token {
  const token = decodeToken(text);
  if (verifyToken(token)) return token;
  const generic = token.kind === 'generic' ? decodeGeneric(text) : undefined;
  if (generic && verifyToken(generic)) return generic;
  throw badToken('has a wrong signature');
}

/** Whether the issuer that the token names signed it. Whether that issuer may is another question. */
export function verifyToken(token: SignedToken): boolean {
  return verify(token.claims.iss ?? '', token.signedText, token.signature);
}

/** {@link verifyToken} on the thread pool, for bulk work. */
export function verifyTokenAsync(token: SignedToken): Promise<boolean> {
  return verifyAsync(token.claims.iss ?? '', token.signedText, token.signature);
}

/** {@link verifyTokenAsync} for a token whose claims are decoded already, so that bulk work decodes once. */
export function verifyDecodedAsync(text: string, { iss = '', nats }: AnyClaims): Promise<boolean> {
  const end = text.lastIndexOf('.');
  const isOld = Number((nats as { version?: number } | undefined)?.version ?? 0) <= 1;
  const signature = decodeBytes(text.slice(end + 1));
  return verifyAsync(iss, text.slice(isOld ? text.indexOf('.') + 1 : 0, end), signature);
}

type SignedToken = Pick<Token, 'signedText' | 'signature'> & { readonly claims: AnyClaims };

function split(text: string): [header: string, payload: string, signature: string] {
  if (text.length > MAX_TOKEN_LENGTH) throw new Mismatch(`is longer than ${MAX_TOKEN_LENGTH} bytes`);
  const [header, payload, signature, ...rest] = text.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    throw new Mismatch('does not have three parts');
  }
  return [header, payload, signature];
}

/** Like Go, line ends inside a part are skipped; in header and payload they are signed. */
function decodeBytes(part: string): Uint8Array {
  const bytes = decodeBase64Url(part) ?? decodeBase64Url(part.replace(/[\r\n]/g, ''));
  if (bytes === undefined) throw new Mismatch('is not base64url');
  return bytes;
}

function decodeText(part: string): string {
  return decodeUtf8(decodeBytes(part));
}

function checkIssuer(kind: ClaimKind, issuer: string): void {
  const roles = ISSUER_ROLES[kind];
  if (roles === undefined) return;
  const role = decodePublicKey(issuer)?.role;
  if (role === undefined || !roles.includes(role)) {
    throw new Mismatch(`is of the kind ${kind} and not issued by an ${roles.join(' or ')} key`);
  }
}

function refusing<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof Mismatch) throw badToken(error.describe());
    if (error instanceof SyntaxError) throw badToken('holds no valid JSON', error.message);
    throw error;
  }
}

function badToken(problem: string, reason?: string): NscError {
  return new NscError('bad-token', `the JWT ${problem}`, reason === undefined ? {} : { details: { reason } });
}
