import type { Change } from '../change.js';
import type { Tree, UserEntry } from '../tree/tree.js';
import { brokenChain } from './broken-chain.js';
import { type Refusal, userEnd } from './refusal.js';
import { verifyUser } from './verify.js';

/** A user that leaves an account which is deleted for one with its key, with the token it had: nobody signs it. */
interface Move {
  readonly was: UserEntry;
  readonly is: UserEntry;
}

/** The changes that only move a user to the new name of its account. */
export function findMovedUsers(before: Tree, after: Tree, changes: readonly Change[]): ReadonlyMap<Change, Move> {
  const namesOf = (type: 'put-account' | 'delete-account') =>
    changes.flatMap((change) => (change.type === type ? [change.name] : []));
  const moves = new Map<Change, Move>();
  const heirs = namesOf('put-account');
  for (const from of heirs.length === 0 ? [] : namesOf('delete-account')) {
    const key = before.findAccount(from)?.claims.sub;
    const heir = heirs.find((name) => after.findAccount(name)?.claims.sub === key);
    for (const change of changes) {
      if (change.type !== 'put-user' || change.account !== heir) continue;
      const was = before.findUser(from, change.name);
      if (was?.token === change.token) moves.set(change, { was, is: change });
    }
  }
  return moves;
}

/**
 * A user that only moves may stay as bad as it was, but must not become worse: a template can name the account.
 *
 * @throws NscError `broken-chain`
 */
export function checkMove({ was, is }: Move, before: Tree, after: Tree): void {
  const refuse = (user: UserEntry, tree: Tree): Refusal | undefined => {
    const parent = tree.findAccount(user.account);
    return parent && verifyUser(user, parent, tree.operator, { signatures: false });
  };
  const refusal = refuse(is, after);
  if (refusal && !refuse(was, before)) throw brokenChain(userEnd(is), refusal);
}
