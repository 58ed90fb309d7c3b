import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { scopesOf } from '../claims/scope.js';
import type { UserScope } from '../claims/types.js';
import type { KeyState } from '../keyring/keyring.js';
import { stateOf } from '../keyring/state.js';
import { isPublicKey } from '../nkey/codec.js';
import { findNearest } from './nearest.js';
import type { AccountEntry, Tree } from './tree.js';

/** One scope, or several. */
export type Scopes = readonly [UserScope, ...UserScope[]];

/**
 * The scopes that have a role: one, or several while the key of the role is rotated; then the active one comes first, and
 * compromised keys are left out. Who changes or shows a role means all of them.
 *
 * @throws NscError `item-not-found`; `bad-value` when several keys sign for the role, of which no rotation knows: nothing
 *   but a rule of ours prevents that
 */
export function getScopesByRole(tree: KeyringHolder, account: AccountEntry, role: string): Scopes {
  const scopes = scopesOf(account.claims).filter((scope) => scope.role === role);
  const [first, ...others] = scopes;
  if (!first) throw roleNotFound(account, role);
  if (others.length === 0) return [first];
  const inState = (state: KeyState): UserScope[] => scopes.filter(({ key }) => stateOfListed(tree, key) === state);
  const active = inState('active');
  if (active.length <= 1) {
    const [leading, ...rest] = [...active, ...inState('next'), ...inState('retiring')];
    return leading ? [leading, ...rest] : [first, ...others];
  }
  const keys = active.map(({ key }) => key);
  throw new NscError('bad-value', `role ${quote(role)} of account ${quote(account.name)} belongs to several keys`, {
    hint: `name the key instead: ${keys.join(', ')}`,
    details: { role, account: account.name, keys },
  });
}

/** What a tree knows about the life of keys. It is read only where a role has several keys. */
type KeyringHolder = Pick<Tree, 'keyring'>;

/** Where a listed key is in its life. */
export const stateOfListed = ({ keyring }: KeyringHolder, key: string): KeyState =>
  stateOf(keyring.records.get(key), true);

/**
 * The scope that has a public key, or those that have a role.
 *
 * @throws NscError those of {@link getScopesByRole}; `item-not-found` for a key that is not a scoped one of the account
 */
export function getScopes(tree: KeyringHolder, account: AccountEntry, roleOrKey: string): Scopes {
  const ofKey = scopesOf(account.claims).find(({ key }) => key === roleOrKey);
  if (ofKey) return [ofKey];
  if (!isPublicKey(roleOrKey)) return getScopesByRole(tree, account, roleOrKey);
  throw new NscError('item-not-found', `${roleOrKey} is not a scoped signing key of account ${quote(account.name)}`, {
    hint: seeRoles(account),
    details: { key: roleOrKey, account: account.name },
  });
}

/** The refusal of a role that an account does not have. */
export function roleNotFound(account: AccountEntry, role: string): NscError {
  const roles = [...new Set(scopesOf(account.claims).flatMap((scope) => scope.role || []))];
  const nearest = findNearest(role, roles);
  const add = `add it with: nsc edit signing-key --account ${quote(account.name)} --role ${quote(role)} --sk generate`;
  return new NscError('item-not-found', `account ${quote(account.name)} has no role ${quote(role)}`, {
    hint: nearest === undefined ? (roles.length === 0 ? add : seeRoles(account)) : `did you mean ${quote(nearest)}?`,
    details: { role, account: account.name, roles },
  });
}

const seeRoles = ({ name }: AccountEntry): string => `see them with: nsc list roles --account ${quote(name)}`;

/** The users of an account by the key that signed them. */
export interface UsersByIssuer {
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Why users could not be read. */
  readonly unreadable: readonly string[];
}

/** Decodes every user of an account once; signatures are not verified. */
export function groupUsers(tree: Tree, account: string): UsersByIssuer {
  const names = new Map<string, string[]>();
  const unreadable: string[] = [];
  for (const name of tree.userNames(account)) {
    try {
      const issuer = tree.findUser(account, name)?.claims.iss ?? '';
      const ofIssuer = names.get(issuer);
      if (ofIssuer) ofIssuer.push(name);
      else names.set(issuer, [name]);
    } catch (error) {
      if (!(error instanceof NscError)) throw error;
      unreadable.push(error.message);
    }
  }
  return { names, unreadable };
}
