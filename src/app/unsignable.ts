import { accountKeys, operatorKeys, type TreeKey } from '../domain/tree/keys.js';
import type { Tree } from '../domain/tree/tree.js';
import { quote } from '../lib/display.js';

/** Users that are named one by one. */
const NAMED = 5;

/**
 * What cannot be signed here any more once seeds have left the keystore: an operator or account without any key, and
 * users whose creds cannot be written again. Reads the accounts that lose a key and no other.
 *
 * @param gone the keys whose seeds leave
 */
export function unsignableWarnings(tree: Tree, gone: readonly TreeKey[]): string[] {
  const leaving = new Set(gone.map(({ publicKey }) => publicKey));
  const isLost = (keys: Iterable<TreeKey>): boolean =>
    ![...keys].some(({ publicKey, role }) => role !== 'curve' && tree.hasSeed(publicKey) && !leaving.has(publicKey));
  const ofRole = (role: TreeKey['role']): TreeKey[] => gone.filter((key) => key.role === role);
  const accounts = [...new Set(ofRole('account').map(({ name }) => name))];
  const users = ofRole('user').map(({ name, account = '' }) => `${quote(name)} of account ${quote(account)}`);
  return [
    ...(ofRole('operator').length > 0 && isLost(operatorKeys(tree))
      ? [`no key of operator ${quote(tree.operator.name)} is left in the keystore: nothing can be signed with it here`]
      : []),
    ...accounts
      .filter((name) => isLost(accountKeys(tree, name)))
      .map((name) => `no key of account ${quote(name)} is left in the keystore: no user of it can be signed here`),
    ...(users.length === 0 ? [] : [userWarning(users)]),
  ];
}

function userWarning(users: readonly string[]): string {
  const named = users.slice(0, NAMED).join(', ');
  if (users.length === 1)
    return `the seed of user ${named} leaves the keystore: its creds cannot be written here again`;
  const more = users.length > NAMED ? ` and ${users.length - NAMED} more` : '';
  return `the seeds of users ${named}${more} leave the keystore: their creds cannot be written here again`;
}
