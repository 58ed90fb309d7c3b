import { parseDecorated } from '../../domain/creds/creds.js';
import { type KeyPair, keyPairFromSeed } from '../../domain/nkey/key-pair.js';
import { getAccount, getUser } from '../../domain/tree/lookup.js';
import type { AccountEntry, Tree, UserEntry } from '../../domain/tree/tree.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { QueryContext } from '../command.js';
import type { NatsIdentity } from '../nats.js';
import { warnOfRefusal } from '../user-warnings.js';

/** Somebody that servers may let in. */
export interface ToolUser {
  readonly account: AccountEntry;
  readonly user: UserEntry;
  readonly identity: NatsIdentity;
  /** Why servers would not. */
  readonly warnings: readonly string[];
}

/**
 * The user that a tool connects as: named, or the only one of the account. The JWT is the one of the store; the seed is
 * the one of the keystore, or that of the creds file.
 *
 * @throws NscError `account-not-found`, `user-not-found`, `missing-option`, `key-not-found`, `bad-token`
 */
export function getToolUser(
  { workspace, tree, now }: QueryContext,
  input: { readonly account?: string | undefined; readonly user?: string | undefined },
): ToolUser {
  const account = getAccount(tree, input.account, workspace.selected.account);
  const user = getUser(tree, account, input.user, '--user');
  requireAuthentic('user', user);
  const pair = findPair(tree, user);
  if (pair === undefined) {
    const key = user.claims.sub ?? '';
    throw new NscError(
      'key-not-found',
      `user ${quote(user.name)} has no creds, and its seed [${key}] is not in the keystore`,
      {
        hint: 'put the seed there with: nsc import keys --dir DIR',
      },
    );
  }
  return { account, user, identity: { token: user.token, pair }, warnings: warnOfRefusal(tree, account, user, now) };
}

function findPair(tree: Tree, { account, name, claims }: UserEntry): KeyPair | undefined {
  const key = claims.sub ?? '';
  const pair = tree.findKeyPair(key);
  if (pair) return pair;
  const creds = tree.findCreds(account, name);
  const seed = creds && parseDecorated(creds.reveal()).seed;
  const kept = seed && keyPairFromSeed(seed.reveal());
  return kept?.publicKey === key ? kept : undefined;
}
