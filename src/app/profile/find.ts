import { isPublicKey } from '../../domain/nkey/codec.js';
import type { AccountEntry, Tree, UserEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { getOperator } from '../operator-lookup.js';
import type { Workspace } from '../workspace.js';

/*
 * What the parts of a profile's URL name: a name as it is written, the name it is when percent escapes are decoded, a
 * public key, or the only name that differs in letter case alone (S-21).
 */

/** Throws `operator-not-found`. */
export function getProfileOperator(workspace: Workspace, part: string): Tree {
  const names = workspace.operatorNames();
  const found = lookUp(part, {
    byName: (name) => (names.includes(name) ? workspace.tree(name) : undefined),
    byKey: (key) => (isPublicKey(key, 'operator') ? getOperator(workspace, key) : undefined),
    names: () => names,
  });
  if (found) return found;
  throw new NscError('operator-not-found', `operator ${quote(part)} is not in ${workspace.storeRoot}`, {
    hint: 'nsc list operators shows the ones there are; ?store=DIR looks elsewhere',
  });
}

/** Throws `account-not-found`. */
export function getProfileAccount(tree: Tree, part: string): AccountEntry {
  const found = lookUp(part, {
    byName: (name) => tree.findAccount(name),
    byKey: (key) => (isPublicKey(key, 'account') ? tree.findAccountByKey(key) : undefined),
    names: () => tree.accountNames(),
  });
  if (found) return found;
  const operator = quote(tree.operator.name);
  throw new NscError('account-not-found', `account ${quote(part)} does not exist under operator ${operator}`, {
    hint: 'see them all with: nsc list accounts',
  });
}

/** Throws `user-not-found`. */
export function getProfileUser(tree: Tree, { name: account }: AccountEntry, part: string): UserEntry {
  const found = lookUp(part, {
    byName: (name) => tree.findUser(account, name),
    byKey: (key) => (isPublicKey(key, 'user') ? tree.findUserByKey(account, key) : undefined),
    names: () => tree.userNames(account),
  });
  if (found) return found;
  throw new NscError('user-not-found', `user ${quote(part)} does not exist in account ${quote(account)}`, {
    hint: `see them all with: nsc list users --account ${quote(account)}`,
  });
}

interface Lookup<Found> {
  byName(name: string): Found | undefined;
  byKey(key: string): Found | undefined;
  names(): readonly string[];
}

function lookUp<Found>(part: string, { byName, byKey, names }: Lookup<Found>): Found | undefined {
  const decoded = decoding(part);
  const found = byName(part) ?? (decoded === part ? undefined : byName(decoded)) ?? byKey(part);
  if (found !== undefined) return found;
  const folded = decoded.toLowerCase();
  const [only, ...others] = names().filter((name) => name.toLowerCase() === folded);
  return only !== undefined && others.length === 0 ? byName(only) : undefined;
}

function decoding(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
