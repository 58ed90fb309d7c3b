import { quote } from '../../lib/display.js';
import { diffClaims } from '../claims/diff.js';
import { findScope } from '../claims/scope.js';
import type { OperatorClaims, UserScope } from '../claims/types.js';
import { type Keyring, type KeyState, successorOf } from '../keyring/keyring.js';
import { isSilent, stateUnder } from '../keyring/state.js';
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
  /** Where it is in its life; only active keys sign. */
  readonly state: KeyState;
  /** It signs when `-K` names it, and not otherwise. */
  readonly onlyWhenNamed?: boolean;
}

/** A candidate before it is looked up in the keyring. */
type Lister = Omit<Candidate, 'state'>;

/** The keys that may sign, in the order they are tried (nsc-core.md §7.2). Some of them may be silent at present. */
export function listCandidates(signing: Signing): Candidate[] {
  const { records } = signing.tree.keyring;
  const isOperators = signing.kind === 'operator' || signing.kind === 'account';
  const owner = isOperators ? '' : (signing.account?.claims.sub ?? '');
  return candidatesOf(signing).map((candidate) => ({
    ...candidate,
    state: stateUnder(records.get(candidate.publicKey), owner),
  }));
}

function candidatesOf(signing: Signing): Lister[] {
  switch (signing.kind) {
    case 'operator':
      return operatorSigners(signing);
    case 'account':
      return [...accountSigners(signing), ...(signing.tree.managed ? selfSigners(signing) : [])];
    default:
      return userSigners(signing);
  }
}

/** On edits: who signed before. */
export interface Preference {
  readonly previousIssuer?: string | undefined;
}

/** Who signs without `-K`: the first of these whose seed is at hand. Silent keys are left out. */
export const listSigners = (signing: Signing, preference: Preference = {}): Candidate[] =>
  inTurn(signing, listCandidates(signing), preference);

/**
 * The order in which keys are tried without `-K`, silent ones left out: the one that took over from a silent key which
 * signed before, else the active key of the keyring (DESIGN §5), else who signed before, then as they are listed. A user
 * stays in its role, and an operator signs itself by its identity if it can.
 */
export function inTurn(
  signing: Signing,
  candidates: readonly Candidate[],
  { previousIssuer }: Preference,
): Candidate[] {
  const { keyring } = signing.tree;
  const previous = findHolder(keyring, candidates, previousIssuer)?.publicKey;
  const holdsOn = previous !== previousIssuer || isScoped(candidates, previous);
  // a record without that date is about a name or a note, and tells nothing of who is to sign
  const isMarked = ({ publicKey, scope }: Candidate): boolean => {
    const record = keyring.records.get(publicKey);
    const isActivated = record?.state === 'active' && record.since.active !== undefined;
    return !scope && isActivated && isSigningKey(signing, publicKey);
  };
  const { sub: identity } = signing.operatorClaims ?? signing.tree.operator.claims;
  const isItself = ({ publicKey, onlyWhenNamed }: Candidate): boolean =>
    signing.kind === 'operator' && publicKey === identity && !onlyWhenNamed;
  const rank = (candidate: Candidate): number => {
    if (isItself(candidate) || (candidate.publicKey === previous && holdsOn)) return 0;
    if (isMarked(candidate)) return 1;
    return candidate.publicKey === previous ? 2 : 3;
  };
  return candidates.filter(({ state }) => !isSilent(state)).sort((a, b) => rank(a) - rank(b));
}

/**
 * The key that goes on for one that signed before: that key itself while it is active; else the one that took over from
 * it, or another active one of its role. A keyring says who took over, and not what users may do: where the scope would
 * be another one, it is the silent key still, which signs nothing.
 */
export function findHolder(
  keyring: Keyring,
  candidates: readonly Candidate[],
  issuer: string | undefined,
): Candidate | undefined {
  if (issuer === undefined) return undefined;
  const find = (key: string): Candidate | undefined => candidates.find(({ publicKey }) => publicKey === key);
  const own = find(issuer);
  if (own && !isSilent(own.state)) return own;
  const heir = find(successorOf(keyring, issuer));
  if (!own || (heir && !isSilent(heir.state) && allowsSame(own, heir))) return heir;
  return candidates.find((other) => own.scope?.role && !isSilent(other.state) && allowsSame(own, other)) ?? own;
}

function allowsSame({ scope: one }: Candidate, { scope: other }: Candidate): boolean {
  if (!one || !other) return one === other;
  if (one.role || other.role) return one.role === other.role;
  return diffClaims(one.template ?? {}, other.template ?? {}).length === 0;
}

const isScoped = (candidates: readonly Candidate[], key: string | undefined): boolean =>
  candidates.some(({ publicKey, scope }) => scope && publicKey === key);

/** An identity that is on record is no reason to prefer it to signing keys. */
const isSigningKey = ({ tree, account }: Signing, key: string): boolean =>
  key !== tree.operator.claims.sub && key !== account?.claims.sub;

/**
 * An operator signs itself: by its identity, or by a key that it lists once the edit is made (E-07). Strict operators
 * use a signing key; their identity, though valid, only when asked for (nsc-core.md §7.6).
 */
function operatorSigners({ tree, operatorClaims }: Signing): Lister[] {
  const { strict } = operatorAuthority(tree.operator.claims);
  const { identity, signingKeys } = operatorAuthority(operatorClaims ?? tree.operator.claims);
  const name = `operator ${quote(tree.operator.name)}`;
  const self: Lister = { publicKey: identity, what: `identity of ${name}`, ...(strict && { onlyWhenNamed: true }) };
  return [self, ...signingKeys.map((publicKey) => ({ publicKey, what: `signing key of ${name}` }))];
}

/** Accounts are signed by the operator's identity, unless it is strict, and by its signing keys. */
function accountSigners({ tree }: Signing): Lister[] {
  const { identity, signingKeys, strict } = operatorAuthority(tree.operator.claims);
  const name = `operator ${quote(tree.operator.name)}`;
  return [
    ...(strict ? [] : [{ publicKey: identity, what: `identity of ${name}` }]),
    ...signingKeys.map((publicKey) => ({ publicKey, what: `signing key of ${name}` })),
  ];
}

/** In a managed store an account may sign itself, for its operator to sign it later (nsc-core.md §8). */
function selfSigners({ account, ownKey }: Signing): Lister[] {
  const publicKey = account?.claims.sub ?? (typeof ownKey === 'object' ? ownKey.publicKey : ownKey);
  return publicKey === undefined ? [] : [{ publicKey, what: 'identity of the account itself' }];
}

/** Users are signed by their account, unless the operator is strict, then by its unscoped and scoped keys (E-11). */
function userSigners({ tree, account }: Signing): Lister[] {
  if (!account) return [];
  const { identity, signingKeys, strict } = accountAuthority(account.claims, tree.operator.claims);
  const name = `account ${quote(account.name)}`;
  const keys = signingKeys.map((publicKey): Lister => {
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
