import type { AccountBody } from '../../../domain/claims/types.js';
import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import type { KeyPair } from '../../../domain/nkey/key-pair.js';
import type { AccountEntry, Tree } from '../../../domain/tree/tree.js';
import { chooseSigner } from '../../../domain/trust/signer.js';
import { NscError } from '../../../errors.js';
import { type Resigned, resign, type SignedToken } from '../resign.js';
import { getSlotAccount, isOperatorSlot } from './slot-keys.js';
import type { StepContext } from './stepped.js';

/** Keys that stop signing and the one that signs instead. */
export interface HandOver {
  readonly from: readonly string[];
  readonly to: KeyPair;
  /** What changes in accounts besides, by name. */
  readonly edits?: ReadonlyMap<string, (body: AccountBody) => AccountBody>;
}

/**
 * Signs all that some keys of a slot signed anew: accounts for the operator, users and activations for an account.
 *
 * @param context whose tree has the operator as it shall be
 * @throws NscError those of `resign` and of `chooseSigner`
 */
export function handOver(context: StepContext, slot: Slot, { from, to, edits }: HandOver): Resigned {
  const { tree, now } = context;
  const isOperators = isOperatorSlot(slot);
  const account = isOperators ? undefined : getSlotAccount(tree, slot);
  const isOurs = (token: SignedToken): boolean =>
    from.includes(token.issuer) && (isOperators ? token.kind === 'account' : token.account.name === account?.name);
  const isStrict = tree.operator.claims.nats.strict_signing_key_usage === true;
  // the identity of a strict operator signs nothing
  const signer = (owner: AccountEntry): KeyPair =>
    slot.kind === 'operator-identity' && isStrict ? chooseSigner({ tree, kind: 'account', account: owner }).signer : to;
  return resign({
    tree,
    now,
    signerFor: (token) => (isOurs(token) ? signer(token.account) : undefined),
    signerOfAccount: (changed) => signerOf(context, changed),
    accounts: isOperators,
    usersOf: account ? [account.name] : [],
    activations: account !== undefined && sharesByActivation(account),
    ...(edits && { edits }),
  });
}

const signerOf = ({ tree, signer: requested }: StepContext, account: AccountEntry): KeyPair =>
  chooseSigner({ tree, kind: 'account', account, requested, previousIssuer: account.claims.iss }).signer;

/** Whether an account exports something that others import with an activation. */
export const sharesByActivation = ({ claims }: AccountEntry): boolean =>
  claims.nats.exports?.some((shared) => shared?.token_req === true) ?? false;

/**
 * The key that is to sign.
 *
 * @throws NscError `key-not-found` when its seed is not at hand
 */
export function getSigningPair(tree: Tree, slot: Slot, key: string): KeyPair {
  const pair = tree.findKeyPair(key);
  if (pair) return pair;
  throw new NscError(
    'key-not-found',
    `the seed of ${key} is not in the keystore, and it is to sign for the ${describeSlot(tree, slot)}`,
    {
      hint: 'import it with: nsc import keys --dir DIR',
      details: { key },
    },
  );
}
