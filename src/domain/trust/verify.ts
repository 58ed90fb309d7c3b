import { isRevoked } from '../claims/revocation.js';
import { describeScope, findScope, isScopedBodyEmpty } from '../claims/scope.js';
import { expandTemplate } from '../claims/template-expansion.js';
import type { AnyClaims, RegisteredClaims } from '../claims/types.js';
import { decodeToken, verifyToken } from '../token/decode.js';
import { holdsSignature } from '../token/signed-here.js';
import type { AccountEntry, Entry, OperatorEntry, UserEntry } from '../tree/tree.js';
import { type Authority, accountAuthority, operatorAuthority } from './authority.js';
import { accountEnd, describeEnd, type Link, operatorEnd, type Refusal, type RefusalCode, userEnd } from './refusal.js';

/** What counts beside "the parent trusts the key that signed it". */
export interface VerifyOptions {
  /** False skips Ed25519, for tokens whose signature is known to be good. */
  readonly signatures?: boolean;
  /** Unix seconds. Absent = validity times don't count. */
  readonly now?: number;
  /** True refuses users that their account revoked. */
  readonly revocations?: boolean;
  /** True accepts accounts signed by themselves: in a managed store they wait for their operator (nsc-core.md §8). */
  readonly managed?: boolean;
  /** The public key the token was asked for, where it comes from elsewhere (E-02). */
  readonly subject?: string;
}

/**
 * An operator is trusted when it signed itself, with its identity key or with a signing key it lists (jwt-nkeys.md §5.1).
 *
 * @returns the first rule it breaks; undefined when it is trusted
 * @throws NscError `bad-token` when signatures count and the token cannot be decoded
 */
export function verifyOperator(operator: OperatorEntry, options: VerifyOptions = {}): Refusal | undefined {
  const link = { child: operatorEnd(operator), parent: operatorEnd(operator) };
  return (
    verifySignature(operator, link, options) ??
    verifySubject(link, options) ??
    verifyOperatorIssuer(operator, link) ??
    verifyTimes(operator.claims, link, options)
  );
}

/**
 * An account is trusted when the operator's identity key, unless it is strict, or a signing key of the operator signed it
 * (jwt-nkeys.md §5.1, §5.3). Returns and throws as {@link verifyOperator}.
 */
export function verifyAccount(
  account: AccountEntry,
  operator: OperatorEntry,
  options: VerifyOptions = {},
): Refusal | undefined {
  const link = { child: accountEnd(account), parent: operatorEnd(operator) };
  return (
    verifySignature(account, link, options) ??
    verifySubject(link, options) ??
    verifyAccountIssuer(account, operator, link, options) ??
    verifyTimes(account.claims, link, options)
  );
}

/**
 * A user is trusted when its account, unless the operator is strict, or a signing key of the account signed it, within the
 * scope of that key (jwt-nkeys.md §5.3, nsc-distribution.md §5.3). Whether the account is trusted is another question.
 * Returns and throws as {@link verifyOperator}.
 */
export function verifyUser(
  user: UserEntry,
  account: AccountEntry,
  operator: OperatorEntry,
  options: VerifyOptions = {},
): Refusal | undefined {
  const link = { child: userEnd(user), parent: accountEnd(account) };
  return (
    verifySignature(user, link, options) ??
    verifySubject(link, options) ??
    verifyUserIssuer(user, account, operator, link) ??
    verifyScope(user, account, link) ??
    verifyTemplate(user, account, link) ??
    verifyBearer(user, account, link) ??
    verifyTimes(user.claims, link, options) ??
    verifyNotRevoked(user, account, link, options)
  );
}

/** The token holds what its issuer signed. */
function verifySignature({ token, claims }: Entry<AnyClaims>, link: Link, { signatures = true }: VerifyOptions) {
  if (!signatures || holdsSignature(claims, token, () => verifyToken(decodeToken(token)))) return undefined;
  return refusal('bad-signature', link, 'does not hold what its issuer signed');
}

/** The token is about the key it was asked for. */
function verifySubject(link: Link, { subject = link.child.key }: VerifyOptions) {
  if (subject === link.child.key) return undefined;
  return refusal('subject-mismatch', link, `is about ${link.child.key}, not about ${subject}`);
}

/** Strict or not, the identity key may sign its own token (jwt-nkeys.md §5.1). */
function verifyOperatorIssuer({ claims }: OperatorEntry, link: Link) {
  const authority = { ...operatorAuthority(claims), strict: false };
  return verifyIssuer(claims, authority, link);
}

function verifyAccountIssuer(
  { claims }: AccountEntry,
  operator: OperatorEntry,
  link: Link,
  { managed }: VerifyOptions,
) {
  const isSelfSigned = claims.iss === claims.sub;
  if (isSelfSigned && managed) return undefined;
  return verifyIssuer(claims, operatorAuthority(operator.claims), link);
}

/** Who signs with another key than the account's own has to say for which account (jwt-nkeys.md §5.3). */
function verifyUserIssuer(
  { claims }: UserEntry,
  { claims: account }: AccountEntry,
  operator: OperatorEntry,
  link: Link,
) {
  const untrusted = verifyIssuer(claims, accountAuthority(account, operator.claims), link);
  if (untrusted) return untrusted;

  const issuerAccount = claims.nats.issuer_account ?? '';
  if (issuerAccount === '' && claims.iss !== account.sub) {
    return refusal(
      'issuer-account-missing',
      link,
      `is signed by signing key ${claims.iss} but does not name its account`,
    );
  }
  if (issuerAccount !== '' && issuerAccount !== account.sub) {
    return refusal('issuer-account-mismatch', link, `names ${issuerAccount} as its account, not ${account.sub}`);
  }
  return undefined;
}

/** The issuer is a key that speaks for the parent. */
function verifyIssuer({ iss = '' }: RegisteredClaims, { identity, signingKeys, strict }: Authority, link: Link) {
  if (signingKeys.includes(iss)) return undefined;
  if (iss !== identity) {
    return refusal(
      'untrusted-issuer',
      link,
      `is signed by ${iss || 'nobody'}, which ${describeEnd(link.parent)} does not list`,
    );
  }
  if (strict) {
    return refusal(
      'identity-key-not-allowed',
      link,
      `is signed by an identity key, but the operator requires signing keys`,
    );
  }
  return undefined;
}

/** Under a scoped key the template speaks, so the user must not (jwt-nkeys.md §3.5). */
function verifyScope({ claims }: UserEntry, account: AccountEntry, link: Link) {
  const scope = findScope(account.claims, claims.iss ?? '');
  if (!scope || isScopedBodyEmpty(claims.nats)) return undefined;
  return refusal(
    'scope-violation',
    link,
    `has permissions or limits of its own, which ${describeScope(scope)} does not allow`,
  );
}

/** The template has to come to something for this user (nsc-distribution.md §5.4). */
function verifyTemplate({ claims }: UserEntry, account: AccountEntry, link: Link) {
  const scope = findScope(account.claims, claims.iss ?? '');
  if (!scope) return undefined;
  const expansion = expandTemplate(scope.template ?? {}, claims, account.claims);
  if (!('refused' in expansion)) return undefined;
  return refusal('template-refused', link, `is shut out by ${describeScope(scope)}: ${expansion.refused}`);
}

/** An account may forbid tokens that need no key; under a scoped key the template says whether it is one. */
function verifyBearer({ claims }: UserEntry, account: AccountEntry, link: Link) {
  const { bearer_token: isBearer } = findScope(account.claims, claims.iss ?? '')?.template ?? claims.nats;
  if (!isBearer || !account.claims.nats.limits?.disallow_bearer) return undefined;
  return refusal('bearer-not-allowed', link, `is a bearer token, which ${describeEnd(link.parent)} forbids`);
}

/** Valid up to and including `exp`, from `nbf` on; zero and less mean no bound (jwt-nkeys.md C1, C2). */
function verifyTimes({ exp = 0, nbf = 0 }: RegisteredClaims, link: Link, { now }: VerifyOptions) {
  if (now === undefined) return undefined;
  if (exp > 0 && now > exp) return refusal('expired', link, 'has expired');
  if (nbf > now) return refusal('not-yet-valid', link, 'is not valid yet');
  return undefined;
}

/** Revoked is what was issued at or before the time of the revocation (jwt-nkeys.md §5.3, E-49). */
function verifyNotRevoked({ claims }: UserEntry, account: AccountEntry, link: Link, { revocations }: VerifyOptions) {
  if (!revocations) return undefined;
  if (!isRevoked(account.claims, claims)) return undefined;
  return refusal('revoked', link, `is revoked by ${describeEnd(link.parent)}`);
}

const refusal = (code: RefusalCode, link: Link, what: string): Refusal => ({
  code,
  message: `${describeEnd(link.child)} ${what}`,
  link,
});
