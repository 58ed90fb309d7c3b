import type { Change } from '../domain/change.js';
import { roleOf } from '../domain/nkey/codec.js';
import { accountKeys, operatorKeys, type TreeKey } from '../domain/tree/keys.js';
import type { Tree } from '../domain/tree/tree.js';
import { quote } from '../lib/display.js';
import type { PlanContext } from './command.js';

/** Users that are named one by one. */
const NAMED = 5;

/**
 * What cannot be signed here any more once seeds have left the keystore: an operator or account without any key, and
 * users whose creds cannot be written again.
 */
export function unsignableWarnings({ tree }: Pick<PlanContext, 'tree'>, changes: readonly Change[]): string[] {
  const gone = new Set(changes.flatMap((change) => (change.type === 'delete-seed' ? [change.publicKey] : [])));
  if (gone.size === 0) return [];
  const isLost = (keys: Iterable<TreeKey>): boolean => {
    const signing = [...keys].filter(({ role }) => role !== 'curve').map(({ publicKey }) => publicKey);
    return signing.some((key) => gone.has(key)) && !signing.some((key) => tree.hasSeed(key) && !gone.has(key));
  };
  const roles = new Set([...gone].map(roleOf));
  const accounts = roles.has('account') || roles.has('user') ? tree.accountNames() : [];
  const users = roles.has('user') ? usersOf(tree, accounts, gone) : [];
  return [
    ...(isLost(operatorKeys(tree))
      ? [`no key of operator ${quote(tree.operator.name)} is left in the keystore: nothing can be signed with it here`]
      : []),
    ...accounts
      .filter((name) => isLost(accountKeys(tree, name)))
      .map((name) => `no key of account ${quote(name)} is left in the keystore: no user of it can be signed here`),
    ...(users.length === 0 ? [] : [userWarning(users)]),
  ];
}

const usersOf = (tree: Tree, accounts: readonly string[], keys: ReadonlySet<string>): string[] =>
  accounts.flatMap((account) =>
    tree
      .userNames(account)
      .filter((name) => keys.has(tree.findUser(account, name)?.claims.sub ?? ''))
      .map((name) => `${quote(name)} of account ${quote(account)}`),
  );

function userWarning(users: readonly string[]): string {
  const named = users.slice(0, NAMED).join(', ');
  if (users.length === 1)
    return `the seed of user ${named} leaves the keystore: its creds cannot be written here again`;
  const more = users.length > NAMED ? ` and ${users.length - NAMED} more` : '';
  return `the seeds of users ${named}${more} leave the keystore: their creds cannot be written here again`;
}
