import { findScope, scopesOf, signingKeysOf } from '../../domain/claims/scope.js';
import type { KeyInput } from '../../domain/key-input.js';
import { findByAlias } from '../../domain/keyring/keyring.js';
import { roleOf } from '../../domain/nkey/codec.js';
import { getAccount, getUser } from '../../domain/tree/lookup.js';
import { findReadable } from '../../domain/tree/readable.js';
import { roleNotFound } from '../../domain/tree/roles.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { QueryContext } from '../command.js';
import { findKeyInfo } from './find-key.js';
import type { Resigning, SignedToken } from './resign-types.js';

/** What a person wants to have signed anew; what is given narrows the rest. */
export interface ResignFilter {
  readonly issuer?: KeyInput | undefined;
  /** By name or public key. */
  readonly account?: string | undefined;
  /** Whether the account itself is meant, too. */
  readonly withAccount?: boolean | undefined;
  readonly role?: string | undefined;
  readonly user?: string | undefined;
  readonly all?: boolean | undefined;
}

/** The tokens that are meant. */
export interface ResignSelection extends Pick<Resigning, 'accounts' | 'usersOf' | 'activations' | 'userNames'> {
  has(token: SignedToken): boolean;
  /** Of the issuer that was asked for, when nothing else knows it: some token has to be signed by it. */
  readonly stranger?: string;
}

/**
 * The tokens that a filter selects.
 *
 * - `account`, its users and the activations that it gave;
 * - `role`, `user`: those users, and nothing else;
 * - `issuer`: what that key signed. Alone, an operator's key stands for accounts, an account's for its users and
 *   activations;
 * - `all`: accounts, users and activations.
 *
 * @throws NscError `missing-option` without any; `account-not-found`, `user-not-found`, `item-not-found` for a role;
 *   `key-not-found` for an issuer that is no key, `wrong-key-kind` for one that signs nothing
 */
export function selectTokens({ tree, workspace }: QueryContext, filter: ResignFilter): ResignSelection {
  const { all = false, role } = filter;
  const issuer = filter.issuer && issuerOf(tree, filter.issuer);
  const isNamed = filter.account !== undefined || role !== undefined || filter.user !== undefined;
  if (!isNamed && !all && issuer === undefined) {
    throw new NscError('missing-option', 'it has to be said what is to be signed anew', {
      hint: 'name it with --account, --role, --user or --issuer, or take everything with --all',
    });
  }
  const account = isNamed ? getAccount(tree, filter.account, workspace.selected.account) : undefined;
  const user = account && filter.user !== undefined ? getUser(tree, account, filter.user, '--user') : undefined;
  if (account && role !== undefined) requireRole(tree, account, role);

  const isForUsers = role !== undefined || user !== undefined;
  const isOfOperator = issuer !== undefined && roleOf(issuer) === 'operator';
  const takesAccounts = !isForUsers && (isOfOperator || all || filter.withAccount === true || account === undefined);
  const accounts = takesAccounts && (account ? [account.name] : true);
  return {
    accounts,
    usersOf: isOfOperator
      ? []
      : account
        ? [account.name]
        : issuer === undefined
          ? tree.accountNames()
          : signedBy(tree, issuer),
    activations: !isForUsers && !isOfOperator,
    ...(user && { userNames: () => [user.name] }),
    has: (token) =>
      (issuer === undefined || token.issuer === issuer) &&
      (account === undefined || token.account.name === account.name) &&
      (role === undefined || isInRole(tree, token, role)),
    ...(issuer !== undefined && findKeyInfo(tree, issuer) === undefined && { stranger: issuer }),
  };
}

/** Names of the accounts that a key signs for, or did; of a key that nobody knows, all. */
function signedBy(tree: Tree, key: string): string[] {
  const slot = tree.keyring.records.get(key)?.slot;
  const of = slot && 'account' in slot ? slot.account : undefined;
  const names = tree.accountNames();
  const known = names.filter((name) => {
    const claims = findReadable(() => tree.findAccount(name))?.claims;
    return claims && (claims.sub === key || claims.sub === of || signingKeysOf(claims).includes(key));
  });
  return known.length > 0 ? known : names;
}

function issuerOf(tree: Tree, given: KeyInput): string {
  const key = given.publicKey ?? findByAlias(tree.keyring, given.text)?.key;
  if (key === undefined) {
    throw new NscError('key-not-found', `${quote(given.text)} is neither a key, a key file nor an alias`, {
      hint: 'see them with: nsc keys list',
      details: { key: given.text },
    });
  }
  const kind = roleOf(key);
  if (kind === 'operator' || kind === 'account') return key;
  throw new NscError('wrong-key-kind', `${key} is a key of kind ${kind}, which signs nothing`, {
    hint: 'give a key of an operator or an account',
    details: { key, kind },
  });
}

/** A role that is gone may be known from the time when its key signed. */
function requireRole({ keyring }: Tree, account: AccountEntry, role: string): void {
  if (scopesOf(account.claims).some((scope) => scope.role === role)) return;
  for (const { slot } of keyring.records.values()) {
    if (slot.kind === 'role' && slot.role === role && slot.account === account.claims.sub) return;
  }
  throw roleNotFound(account, role);
}

function isInRole({ keyring }: Tree, { account, issuer }: SignedToken, role: string): boolean {
  const scope = findScope(account.claims, issuer);
  if (scope) return scope.role === role;
  const slot = keyring.records.get(issuer)?.slot;
  return slot?.kind === 'role' && slot.role === role && slot.account === account.claims.sub;
}
