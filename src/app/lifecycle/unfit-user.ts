import { findScope } from '../../domain/claims/scope.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import type { AccountEntry, OperatorEntry, UserEntry } from '../../domain/tree/tree.js';
import { brokenChain } from '../../domain/trust/broken-chain.js';
import { type RefusalCode, userEnd } from '../../domain/trust/refusal.js';
import { verifyUser } from '../../domain/trust/verify.js';
import type { NscError } from '../../errors.js';

/** What no signature mends: the user itself says something that its account or its role does not allow. */
const UNFIT: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'scope-violation',
  'template-refused',
  'bearer-not-allowed',
]);

/**
 * Why servers would refuse a user whoever signs it, as they do already; undefined where they would not. The check of the
 * outcome would refuse all others along with it.
 *
 * @param account as it will be
 */
export function refuseUnfit(
  user: UserEntry,
  { signer, account, operator }: { signer: KeyPair; account: AccountEntry; operator: OperatorEntry },
): NscError | undefined {
  const { claims } = user;
  const { sub = '', nats: body } = account.claims;
  const isBearer = claims.nats.bearer_token && body.limits?.disallow_bearer;
  if (!isBearer && !findScope(account.claims, signer.publicKey)) return undefined;
  const nats = { ...claims.nats, issuer_account: sub };
  const signed = { ...user, claims: { ...claims, iss: signer.publicKey, nats } };
  const refusal = verifyUser(signed, account, operator, { signatures: false });
  return refusal && UNFIT.has(refusal.code) ? brokenChain(userEnd(user), refusal) : undefined;
}
