import { scopesOf } from '../../domain/claims/scope.js';
import type { KeyInput } from '../../domain/key-input.js';
import { findByAlias, type KeyState } from '../../domain/keyring/keyring.js';
import type { Slot } from '../../domain/keyring/slot.js';
import { accountKeyInfos, type KeyInfo } from '../../domain/keyring/state.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { getScopesByRole } from '../../domain/tree/roles.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { listSigners } from '../../domain/trust/candidates.js';
import { getKeyInfo } from './find-key.js';
import type { FoundKey } from './key-report-keys.js';
import type { Usage, UsageCounts } from './key-report-usage.js';

/** A key as lists and programs see it. Dates are Unix seconds. */
export interface KeyReport {
  readonly publicKey: string;
  /** Of whom it is. */
  readonly kind: 'operator' | 'account' | 'user';
  /** What it is for; a user's own key is its identity. */
  readonly use: 'identity' | 'signing' | 'role' | 'scope';
  readonly role?: string;
  /** Name; the public key of an account that is gone. */
  readonly account?: string;
  readonly user?: string;
  readonly state: KeyState;
  /** Whether it signs unless another key is named; of a user's own key, whether the user connects with it. */
  readonly active: boolean;
  /** Whether its seed is in the keystore. */
  readonly private: boolean;
  /** Whether a token has it or lists it. */
  readonly public: boolean;
  readonly created?: number;
  /** When it should be replaced. */
  readonly expires?: number;
  readonly alias?: string;
  readonly note?: string;
  readonly since?: Readonly<Partial<Record<KeyState, number>>>;
  readonly replaces?: string;
  readonly replacedBy?: string;
  readonly usedBy: Usage;
}

/** A row of a list of keys, or why a token could not be looked at. */
export type KeyRow = KeyReport | { readonly error: string };

/** Rows as they are asked for. */
export function* keyRows(tree: Tree, keys: Iterable<FoundKey>, usage: UsageCounts): Generator<KeyRow> {
  const defaults = new DefaultSigners(tree);
  for (const found of keys) {
    if ('error' in found) yield { error: found.error };
    else yield reportKey(tree, found.info, { account: found.account, usedBy: usage.of(found.info.key), defaults });
  }
}

/** What is known of one key. */
export function reportKey(
  tree: Tree,
  { key, slot, state, isListed, record }: KeyInfo,
  { account, usedBy, defaults }: { account: AccountEntry | undefined; usedBy: Usage; defaults: DefaultSigners },
): KeyReport {
  const { created, ...since } = record?.since ?? {};
  const isCurrent = state === 'active' && isListed;
  return {
    publicKey: key,
    ...placeOf(slot, account),
    state,
    active: isCurrent && (slot.kind === 'user' || defaults.has(key, account)),
    private: tree.hasSeed(key),
    public: isListed,
    ...(created !== undefined && { created }),
    ...(record?.expires !== undefined && { expires: record.expires }),
    ...(record?.alias !== undefined && { alias: record.alias }),
    ...(record?.note !== undefined && { note: record.note }),
    ...(Object.keys(since).length > 0 && { since }),
    ...(record?.replaces !== undefined && { replaces: record.replaces }),
    ...(record?.replacedBy !== undefined && { replacedBy: record.replacedBy }),
    usedBy,
  };
}

function placeOf(
  slot: Slot,
  entry: AccountEntry | undefined,
): Pick<KeyReport, 'kind' | 'use' | 'role' | 'account' | 'user'> {
  if (slot.kind === 'operator-identity') return { kind: 'operator', use: 'identity' };
  if (slot.kind === 'operator-signing') return { kind: 'operator', use: 'signing' };
  const account = entry?.name ?? slot.account;
  switch (slot.kind) {
    case 'account-identity':
      return { kind: 'account', use: 'identity', account };
    case 'account-signing':
      return { kind: 'account', use: 'signing', account };
    case 'role':
      return { kind: 'account', use: 'role', role: slot.role, account };
    case 'scope':
      return { kind: 'account', use: 'scope', account };
    case 'user':
      return { kind: 'user', use: 'identity', account, user: slot.user };
  }
}

/** Which keys sign without `-K`: of those that may, the first whose seed is at hand. Found once for each owner. */
export class DefaultSigners {
  readonly #tree: Tree;
  #ofOperator: ReadonlySet<string> | undefined;
  #ofAccount: { readonly name: string; readonly keys: ReadonlySet<string> } | undefined;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** @param account the account whose key it is; undefined for the operator's */
  has(key: string, account: AccountEntry | undefined): boolean {
    if (!account) return this.#operatorKeys().has(key);
    if (this.#ofAccount?.name !== account.name) {
      this.#ofAccount = { name: account.name, keys: this.#accountKeys(account) };
    }
    return this.#ofAccount.keys.has(key);
  }

  #operatorKeys(): ReadonlySet<string> {
    this.#ofOperator ??= new Set([...this.#first('operator'), ...this.#first('account')]);
    return this.#ofOperator;
  }

  /** What signs users, and what signs those of each role. */
  #accountKeys(account: AccountEntry): ReadonlySet<string> {
    const tree = this.#tree;
    const candidates = listSigners({ tree, kind: 'user', account }).filter(({ publicKey }) => tree.hasSeed(publicKey));
    const roles = new Set(candidates.flatMap(({ scope }) => scope?.role || []));
    const ofRoles = [...roles].map((role) => candidates.find(({ scope }) => scope?.role === role)?.publicKey ?? '');
    const scopesAlone = candidates.filter(({ scope }) => scope && !scope.role);
    return new Set([
      ...candidates.slice(0, 1).map(({ publicKey }) => publicKey),
      ...ofRoles,
      ...scopesAlone.map(({ publicKey }) => publicKey),
    ]);
  }

  #first(kind: 'operator' | 'account'): string[] {
    const tree = this.#tree;
    const signers = listSigners({ tree, kind }).filter(({ onlyWhenNamed }) => !onlyWhenNamed);
    const first = signers.find(({ publicKey }) => tree.hasSeed(publicKey));
    return first ? [first.publicKey] : [];
  }
}

/**
 * The key that a person names: public key, seed, key file or alias; or a role, whose active key is meant. With an account
 * named a text is a role of it first.
 *
 * @param account what `--account` named, if anything
 * @throws NscError `key-not-found`, `item-not-found` and `bad-value` for a role, those of `getAccount`
 */
export function getNamedKey(tree: Tree, given: KeyInput, account: string | undefined, selected: string): KeyInfo {
  if (given.publicKey !== undefined) return getKeyInfo(tree, given);
  const isAlias = findByAlias(tree.keyring, given.text) !== undefined;
  if (isAlias && account === undefined) return getKeyInfo(tree, given);
  if (account === undefined && selected === '') return getKeyInfo(tree, given);
  const owner = getAccount(tree, account, selected);
  if (!scopesOf(owner.claims).some(({ role }) => role === given.text)) return getKeyInfo(tree, given);
  const [leading] = getScopesByRole(tree, owner, given.text);
  const info = accountKeyInfos(tree.keyring, owner.claims).find(({ key }) => key === leading.key);
  return info ?? getKeyInfo(tree, { text: leading.key, publicKey: leading.key });
}

/** What to do about a key next, as a command; undefined where nothing is. @param now Unix seconds */
export function adviceFor({ key, slot, state, isListed, record }: KeyInfo, now: number): string | undefined {
  switch (state) {
    case 'next':
      return `nsc rotate activate ${key}`;
    case 'retiring':
      return `nsc rotate finish ${key}`;
    case 'compromised':
      return isListed ? `nsc compromise ${key}` : undefined;
    case 'active':
      return record?.expires !== undefined && record.expires <= now && slot.kind !== 'account-identity'
        ? `nsc rotate start ${key}`
        : undefined;
    case 'removed':
      return undefined;
  }
}
