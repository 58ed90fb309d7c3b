import { findReadable } from '../../../domain/tree/readable.js';
import type { Tree, UserEntry } from '../../../domain/tree/tree.js';
import type { HoldersOf, StepContext } from './stepped.js';

/**
 * A user that has a key which is another's: users may share one, and what becomes of it becomes of all of them.
 *
 * @param accounts names of those that are searched
 */
export function findHolder(
  { tree, holders }: Pick<StepContext, 'tree' | 'holders'>,
  key: string,
  accounts: readonly string[],
): Pick<UserEntry, 'account' | 'name'> | undefined {
  if (holders) return holders(key).find(({ account }) => accounts.includes(account));
  for (const account of accounts) {
    const found = tree.findUserByKey(account, key);
    if (found) return found;
  }
  return undefined;
}

/** Reads every user once, when it is asked for the first time. */
export function holdersIn(tree: Tree): HoldersOf {
  let known: Map<string, Pick<UserEntry, 'account' | 'name'>[]> | undefined;
  return (key) => {
    known ??= readHolders(tree);
    return known.get(key) ?? [];
  };
}

function readHolders(tree: Tree): Map<string, Pick<UserEntry, 'account' | 'name'>[]> {
  const found = new Map<string, Pick<UserEntry, 'account' | 'name'>[]>();
  for (const account of tree.accountNames()) {
    for (const name of tree.userNames(account)) {
      const { sub = '' } = findReadable(() => tree.findUser(account, name))?.claims ?? {};
      found.set(sub, [...(found.get(sub) ?? []), { account, name }]);
    }
  }
  return found;
}
