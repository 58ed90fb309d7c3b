import { NscError } from '../../errors.js';
import { encodeBase64Url } from '../../lib/base64url.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { quote } from '../../lib/display.js';
import { sortLikeGo } from '../../lib/go-sort.js';
import { type JsonValue, parseJson } from '../../lib/int64-json.js';
import { showKey } from '../claims/check/key.js';
import { checkAccountServerUrl } from '../claims/check/operator.js';
import { Mismatch } from '../claims/schema.js';
import { kindOf, schemaOf } from '../claims/schemas.js';
import type { AccountBody, AnyClaims, ClaimKind, OperatorClaims, RegisteredClaims } from '../claims/types.js';
import { isPublicKey } from '../nkey/codec.js';
import type { KeyPair } from '../nkey/key-pair.js';
import { HEADER_2 } from './header.js';
import { ISSUER_ROLES, SUBJECT_ROLE } from './issuers.js';
import { tokenId } from './jti.js';
import { VERSION } from './payload.js';
import { rememberSigned } from './signed-here.js';
import { MAX_TOKEN_LENGTH } from './token.js';

/**
 * Signs claims: sets `iss`, `iat` (Unix seconds), `jti`, type and version, puts imports and exports in order, and
 * writes version 2 byte for byte as Go does (jwt-nkeys.md §2.2). The claims given stay as they are; those returned
 * are what decoding the token gives.
 *
 * No rule is checked but the preconditions of §2.4.
 *
 * @param kind needed only for claims that do not say what they are
 * @throws NscError `wrong-key-kind`, `invalid-claims`
 */
export function encodeToken<Claims extends AnyClaims>(
  claims: Claims,
  signer: KeyPair,
  iat: number,
  kind: ClaimKind = kindOf(claims),
): { token: string; claims: Claims } {
  checkSigner(kind, signer);
  checkSubject(kind, claims.sub ?? '');
  if (kind === 'operator') checkUrl(claims as OperatorClaims);
  const nats = prepareBody(claims, kind);
  const unsigned: RegisteredClaims = { ...claims, iss: signer.publicKey, iat };
  return refusing(() => {
    const payload = schemaOf(kind).write({ ...unsigned, jti: tokenId(unsigned), nats } as never);
    const signedText = `${HEADER_2}.${encodeBase64Url(payload)}`;
    const token = `${signedText}.${encodeBase64Url(signer.sign(signedText))}`;
    if (token.length > MAX_TOKEN_LENGTH) throw new Mismatch(`they make a token longer than ${MAX_TOKEN_LENGTH} bytes`);
    const signed = schemaOf(kind).read(readBack(payload)) as Claims;
    rememberSigned(signed, token, signer);
    return { token, claims: signed };
  });
}

/**
 * The JSON that claims have in a token, without any change to them (Go's `json.Marshal`).
 *
 * @throws NscError `invalid-claims` for what the format cannot hold
 */
export function encodePayload(claims: AnyClaims, kind: ClaimKind = kindOf(claims)): string {
  return refusing(() => schemaOf(kind).write(claims as never));
}

/** JSON that was written a moment ago has no member twice; with long integers or escapes it is read with care. */
const readBack = (payload: string): JsonValue =>
  /\d{16}|\\/.test(payload) ? parseJson(payload) : (JSON.parse(payload) as JsonValue);

function checkSigner(kind: ClaimKind, signer: KeyPair): void {
  const roles = ISSUER_ROLES[kind];
  if (roles === undefined || roles.includes(signer.role)) return;
  throw new NscError(
    'wrong-key-kind',
    `${signer.publicKey} is a key of the kind ${signer.role} and cannot sign ${kind} claims`,
    { hint: `sign with a key of the kind ${roles.join(' or ')}` },
  );
}

function checkSubject(kind: ClaimKind, subject: string): void {
  const role = SUBJECT_ROLE[kind];
  if (role === undefined ? subject !== '' : isPublicKey(subject, role)) return;
  const needed = role === undefined ? 'a subject' : `the public key of the ${role} as subject`;
  throw new NscError('invalid-claims', `${kind} claims need ${needed}, not ${showKey(subject)}`);
}

function checkUrl(claims: OperatorClaims): void {
  const [issue] = checkAccountServerUrl(claims.nats.account_server_url ?? '');
  if (issue) throw new NscError('invalid-claims', `operator ${quote(claims.name ?? '')}: ${issue.message}`);
}

/** The body with type and version, in which a generic one has no type of its own. */
function prepareBody(claims: AnyClaims, kind: ClaimKind): Record<string, unknown> | undefined {
  const { nats } = claims;
  if (kind === 'generic') return nats && { ...nats, version: VERSION };
  const body = { ...nats, type: kind, version: VERSION };
  return kind === 'account' ? sortShares(body) : body;
}

function sortShares(body: AccountBody): Record<string, unknown> {
  const { imports, exports } = body;
  return {
    ...body,
    ...(imports && { imports: sortLikeGo(imports, isBefore) }),
    ...(exports && { exports: sortLikeGo(exports, isBefore) }),
  };
}

function isBefore(a: { subject?: string } | null, b: { subject?: string } | null): boolean {
  return compareBytes(a?.subject ?? '', b?.subject ?? '') < 0;
}

function refusing<T>(encode: () => T): T {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new NscError('invalid-claims', `the claims cannot be signed: ${error.describe()}`);
  }
}
