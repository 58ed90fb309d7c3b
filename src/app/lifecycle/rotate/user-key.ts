import type { Change } from '../../../domain/change.js';
import { isRevoked } from '../../../domain/claims/revocation.js';
import { findSeed } from '../../../domain/creds/creds.js';
import { draftUser } from '../../../domain/draft.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import { keyPairFromSeed } from '../../../domain/nkey/key-pair.js';
import { getUser } from '../../../domain/tree/lookup.js';
import { findReadable } from '../../../domain/tree/readable.js';
import type { AccountEntry, Tree, UserEntry } from '../../../domain/tree/tree.js';
import { requireAuthentic } from '../../../domain/trust/authentic.js';
import { chooseSigner } from '../../../domain/trust/signer.js';
import { verifyUser } from '../../../domain/trust/verify.js';
import { NscError } from '../../../errors.js';
import { quote, quoteWord } from '../../../lib/display.js';
import { putSeed } from '../../take-key.js';
import type { ResignedUser } from '../resign.js';
import { getSlotAccount } from './slot-keys.js';
import type { StepContext } from './stepped.js';

export type UserSlot = Extract<Slot, { kind: 'user' }>;

/**
 * The user whose key rotates, and its account.
 *
 * @throws NscError `account-not-found`, `user-not-found`, `bad-token` where one of the two was altered, and
 *   `policy-refused` for a user that is revoked, or refused for another reason: another key would let it in again
 */
export function getRotatedUser(
  tree: Tree,
  slot: UserSlot,
): { readonly account: AccountEntry; readonly user: UserEntry } {
  const account = getSlotAccount(tree, slot);
  const user = getUser(tree, account, slot.user, '--user');
  requireAuthentic('account', account);
  requireAuthentic('user', user);
  const [name, of] = [quote(user.name), quote(account.name)];
  if (!isRevoked(account.claims, user.claims)) {
    const refusal = verifyUser(user, account, tree.operator, { signatures: false });
    if (!refusal) return { account, user };
    throw new NscError('policy-refused', `${refusal.message}, and another key would let it in`, {
      hint: `if that is what you want, sign it anew first: nsc edit user ${quoteWord(user.name)} --account ${quoteWord(account.name)} with -K or --role`,
      details: { account: account.name, user: user.name, refusal: refusal.code },
    });
  }
  throw new NscError('policy-refused', `user ${name} of account ${of} is revoked, and another key would let it in`, {
    hint: `if that is what you want: nsc revocations delete-user --account ${quoteWord(account.name)} --name ${quoteWord(user.name)}`,
    details: { account: account.name, user: user.name },
  });
}

/**
 * The token of a user about another key, with all else as it was, and its creds where the seed of that key is at hand. A
 * seed that only the creds had is stored before they are replaced.
 *
 * @throws NscError those of `chooseSigner`
 */
export function putUserKey(
  { tree, now, signer: requested }: StepContext,
  { account, user }: { readonly account: AccountEntry; readonly user: UserEntry },
  key: string,
): { readonly changes: readonly Change[]; readonly user: ResignedUser } {
  const { iss: previousIssuer } = user.claims;
  const { signer } = chooseSigner({ tree, kind: 'user', account, requested, previousIssuer });
  const pair = tree.findKeyPair(key);
  const drafted = draftUser(
    { account, name: user.name },
    { ...user.claims, sub: key },
    { signer, now, previous: user, pair },
  );
  const expires = Number(user.claims.exp ?? 0);
  return {
    changes: [...(pair ? keepSeedOfCreds(tree, user) : []), ...drafted],
    user: {
      account: account.name,
      name: user.name,
      publicKey: key,
      hasCreds: pair !== undefined,
      ...(expires > 0 && { expires }),
    },
  };
}

/**
 * Where an account and one of its users are signed at once, `-K` names who signs one of the two: a key of the operator the
 * account, anything else the user.
 *
 * @returns the context for the account, and the one for the user
 */
export function splitSigner(context: StepContext): readonly [account: StepContext, user: StepContext] {
  const { signer, ...unnamed } = context;
  return signer?.publicKey?.startsWith('O') ? [context, unnamed] : [unnamed, context];
}

function keepSeedOfCreds(tree: Tree, { account, name }: UserEntry): Change[] {
  const creds = findReadable(() => tree.findCreds(account, name));
  const seed = creds && findSeed(creds.reveal());
  const pair = seed && findReadable(() => keyPairFromSeed(seed.reveal()));
  return pair && !tree.hasSeed(pair.publicKey) ? [putSeed(pair)] : [];
}
