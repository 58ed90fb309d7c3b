import { quote } from '../../lib/display.js';
import { findScope } from '../claims/scope.js';
import type { OperatorClaims, UserScope } from '../claims/types.js';
import type { KeyPair } from '../nkey/key-pair.js';
import type { AccountEntry, Tree } from '../tree/tree.js';
import { accountAuthority, operatorAuthority } from './authority.js';

/** What is to be signed, and under whom. */
export interface Signing {
  readonly tree: Tree;
  readonly kind: 'operator' | 'account' | 'user' | 'activation';
  /** The account of a user or activation; for an account: the account itself, once it exists. */
  readonly account?: AccountEntry;
  /** A new account's own key; its public half when the seed is in the keystore, or nowhere. */
  readonly ownKey?: KeyPair | string;
  /** The operator as it shall be, when it is what is signed. */
  readonly operatorClaims?: OperatorClaims;
}

/** A key that may sign. */
export interface Candidate {
  readonly publicKey: string;
  /** `identity of operator "O"`, `role "reader" of account "A"`. */
  readonly what: string;
  readonly scope?: UserScope;
  /** It signs when `-K` names it, and not otherwise. */
  readonly onlyWhenNamed?: boolean;
}

/** The keys that may sign, in the order they are tried (nsc-core.md §7.2). */
export function listCandidates(signing: Signing): Candidate[] {
  switch (signing.kind) {
    case 'operator':
      return operatorSigners(signing);
    case 'account':
      return [...accountSigners(signing), ...(signing.tree.managed ? selfSigners(signing) : [])];
    default:
      return userSigners(signing);
  }
}

/** Whom to prefer among those that may sign. */
export interface Preference {
  /** The key that the keyring marks as the one to use. */
  readonly activeKey?: string;
  /** On edits: who signed before. */
  readonly previousIssuer?: string | undefined;
}

/** The order in which keys are tried without `-K`: the active one, who signed before, then as they are listed. */
export function inTurn(candidates: readonly Candidate[], { activeKey, previousIssuer }: Preference): Candidate[] {
  const rank = ({ publicKey }: Candidate) => (publicKey === activeKey ? 0 : publicKey === previousIssuer ? 1 : 2);
  return [...candidates].sort((a, b) => rank(a) - rank(b));
}

/**
 * An operator signs itself: by its identity, or by a key that it lists once the edit is made (E-07). Strict operators
 * use a signing key; their identity, though valid, only when asked for (nsc-core.md §7.6).
 */
function operatorSigners({ tree, operatorClaims }: Signing): Candidate[] {
  const { strict } = operatorAuthority(tree.operator.claims);
  const { identity, signingKeys } = operatorAuthority(operatorClaims ?? tree.operator.claims);
  const name = `operator ${quote(tree.operator.name)}`;
  const self: Candidate = { publicKey: identity, what: `identity of ${name}`, ...(strict && { onlyWhenNamed: true }) };
  return [self, ...signingKeys.map((publicKey) => ({ publicKey, what: `signing key of ${name}` }))];
}

/** Accounts are signed by the operator's identity, unless it is strict, and by its signing keys. */
function accountSigners({ tree }: Signing): Candidate[] {
  const { identity, signingKeys, strict } = operatorAuthority(tree.operator.claims);
  const name = `operator ${quote(tree.operator.name)}`;
  return [
    ...(strict ? [] : [{ publicKey: identity, what: `identity of ${name}` }]),
    ...signingKeys.map((publicKey) => ({ publicKey, what: `signing key of ${name}` })),
  ];
}

/** In a managed store an account may sign itself, for its operator to sign it later (nsc-core.md §8). */
function selfSigners({ account, ownKey }: Signing): Candidate[] {
  const publicKey = account?.claims.sub ?? (typeof ownKey === 'object' ? ownKey.publicKey : ownKey);
  return publicKey === undefined ? [] : [{ publicKey, what: 'identity of the account itself' }];
}

/** Users are signed by their account, unless the operator is strict, then by its unscoped and scoped keys (E-11). */
function userSigners({ tree, account }: Signing): Candidate[] {
  if (!account) return [];
  const { identity, signingKeys, strict } = accountAuthority(account.claims, tree.operator.claims);
  const name = `account ${quote(account.name)}`;
  const keys = signingKeys.map((publicKey): Candidate => {
    const scope = findScope(account.claims, publicKey);
    if (!scope) return { publicKey, what: `signing key of ${name}` };
    return { publicKey, what: scope.role ? `role ${quote(scope.role)} of ${name}` : `scoped key of ${name}`, scope };
  });
  return [
    ...(strict ? [] : [{ publicKey: identity, what: `identity of ${name}` }]),
    ...keys.filter(({ scope }) => !scope),
    ...keys.filter(({ scope }) => scope),
  ];
}
