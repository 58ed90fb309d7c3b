import type { Change } from './change.js';
import { issueTime } from './claims/revocation.js';
import type { AccountClaims, OperatorClaims, UserClaims } from './claims/types.js';
import { formatCreds } from './creds/creds.js';
import type { KeyPair } from './nkey/key-pair.js';
import { issue } from './token/issue.js';
import type { AccountEntry, Entry } from './tree/tree.js';

/** Who signs, when, and what the token replaces. */
interface Issuing<Claims> {
  readonly signer: KeyPair;
  /** Unix seconds. */
  readonly now: number;
  readonly previous?: Entry<Claims> | undefined;
}

/** Signs operator claims as a change. Errors: those of `issue`. */
export function draftOperator(
  name: string,
  claims: OperatorClaims,
  issuing: Issuing<OperatorClaims>,
): Extract<Change, { type: 'put-operator' }> {
  return { type: 'put-operator', name, ...issue('operator', claims, issuing.signer, timing(issuing)) };
}

/** Signs account claims as a change. */
export function draftAccount(
  name: string,
  claims: AccountClaims,
  issuing: Issuing<AccountClaims>,
): Extract<Change, { type: 'put-account' }> {
  return { type: 'put-account', name, ...issue('account', claims, issuing.signer, timing(issuing)) };
}

/**
 * Signs user claims; with the user's key pair at hand its creds follow.
 *
 * `issuer_account` is set when a signing key signs and absent when the account itself does (E-67). The token is dated
 * after a revocation of this moment (E-49), and after the one it replaces where that is given.
 *
 * @param target the account the user belongs to, as it will be, and the name of the user
 */
export function draftUser(
  target: { readonly account: Pick<AccountEntry, 'name' | 'claims'>; readonly name: string },
  claims: UserClaims,
  issuing: Issuing<UserClaims> & { readonly pair?: KeyPair | undefined },
): Change[] {
  const { issuer_account: _stale, ...body } = claims.nats;
  const { account, name } = target;
  const { sub: accountKey = '' } = account.claims;
  const own = issuing.signer.publicKey === accountKey;
  const nats = own ? body : { ...body, issuer_account: accountKey };
  const follows = Number(issuing.previous?.claims.iat ?? 0) + 1;
  // a time that no clock ever shows cannot be followed
  const after = Number.isSafeInteger(follows) ? Math.max(issuing.now, follows) : issuing.now;
  const now = issueTime(account.claims.nats.revocations, claims.sub ?? '', after);
  const issued = issue('user', { ...claims, nats }, issuing.signer, { now });
  const changes: Change[] = [{ type: 'put-user', account: account.name, name, ...issued }];
  if (issuing.pair) {
    const creds = formatCreds(issued.token, issuing.pair);
    changes.push({ type: 'put-creds', account: account.name, user: name, creds });
  }
  return changes;
}

const timing = <Claims extends OperatorClaims | AccountClaims>({ now, previous }: Issuing<Claims>) => ({
  now,
  ...(previous ? { previous: previous.claims } : {}),
});
