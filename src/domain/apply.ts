import { NscError } from '../errors.js';
import type { Secret } from '../lib/secret.js';
import type { Change } from './change.js';
import type { Keyring } from './keyring/keyring.js';
import { type KeyPair, keyPairFromSeed } from './nkey/key-pair.js';
import { findReadable } from './tree/readable.js';
import type { AccountEntry, OperatorEntry, Tree, UserEntry } from './tree/tree.js';

/**
 * The tree that changes lead to. Nothing of the tree below is read before it is asked for, and nothing is written.
 *
 * Changes apply in order. Deleting an account takes its users with it; seeds and creds go only when a change says so.
 * `select` and `keep-version` have no effect on a tree.
 */
export function applyChanges(tree: Tree, changes: readonly Change[]): Tree {
  return changes.length === 0 ? tree : new Overlay(tree, changes);
}

/** What became of one thing: undefined stands for "deleted". */
type Layer<Value> = Map<string, Value | undefined>;

class Overlay implements Tree {
  readonly #base: Tree;
  #operator: OperatorEntry | undefined;
  #managed: boolean | undefined;
  #keyring: Keyring | undefined;
  readonly #accounts: Layer<AccountEntry> = new Map();
  readonly #users = new Map<string, Layer<UserEntry>>();
  /** Accounts whose users below no longer count. */
  readonly #emptied = new Set<string>();
  readonly #seeds: Layer<Secret> = new Map();
  readonly #creds = new Map<string, Layer<Secret>>();

  constructor(base: Tree, changes: readonly Change[]) {
    this.#base = base;
    for (const change of changes) this.#apply(change);
  }

  #apply(change: Change): void {
    switch (change.type) {
      case 'put-operator':
        this.#operator = { name: change.name, token: change.token, claims: change.claims };
        this.#managed = change.managed ?? this.#managed;
        break;
      case 'put-keyring':
        this.#keyring = change.keyring;
        break;
      case 'put-account':
        this.#accounts.set(change.name, { name: change.name, token: change.token, claims: change.claims });
        break;
      case 'put-user': {
        const { account, name, token, claims } = change;
        layerOf(this.#users, account).set(name, { account, name, token, claims });
        break;
      }
      case 'put-seed':
        this.#seeds.set(change.publicKey, change.seed);
        break;
      case 'put-creds':
        layerOf(this.#creds, change.account).set(change.user, change.creds);
        break;
      case 'delete-account':
        this.#accounts.set(change.name, undefined);
        this.#users.delete(change.name);
        this.#emptied.add(change.name);
        break;
      case 'delete-user':
        layerOf(this.#users, change.account).set(change.name, undefined);
        break;
      case 'delete-seed':
        this.#seeds.set(change.publicKey, undefined);
        break;
      case 'delete-creds':
        layerOf(this.#creds, change.account).set(change.user, undefined);
        break;
      case 'keep-version':
      case 'select':
        break;
    }
  }

  get operator(): OperatorEntry {
    return this.#operator ?? this.#base.operator;
  }

  get managed(): boolean {
    return this.#managed ?? this.#base.managed;
  }

  get keyring(): Keyring {
    return this.#keyring ?? this.#base.keyring;
  }

  accountNames(): string[] {
    return merge(this.#base.accountNames(), this.#accounts);
  }

  findAccount(name: string): AccountEntry | undefined {
    return this.#accounts.has(name) ? this.#accounts.get(name) : this.#base.findAccount(name);
  }

  findAccountByKey(publicKey: string): AccountEntry | undefined {
    const changed = findByKey(this.#accounts, publicKey);
    if (changed) return changed;
    const below = this.#base.findAccountByKey(publicKey);
    return below && !this.#accounts.has(below.name) ? below : undefined;
  }

  userNames(account: string): string[] {
    const below = this.#emptied.has(account) ? [] : this.#base.userNames(account);
    return merge(below, this.#users.get(account) ?? new Map());
  }

  findUser(account: string, name: string): UserEntry | undefined {
    const layer = this.#users.get(account);
    if (layer?.has(name)) return layer.get(name);
    return this.#emptied.has(account) ? undefined : this.#base.findUser(account, name);
  }

  findUserByKey(account: string, publicKey: string): UserEntry | undefined {
    const layer = this.#users.get(account);
    const changed = layer && findByKey(layer, publicKey);
    if (changed || this.#emptied.has(account)) return changed;
    const below = this.#base.findUserByKey(account, publicKey);
    if (!below || !layer?.has(below.name)) return below;
    // users may share a key, and the first one that had it has changed
    for (const name of this.#base.userNames(account)) {
      const user = layer.has(name) ? undefined : findReadable(() => this.#base.findUser(account, name));
      if (user?.claims.sub === publicKey) return user;
    }
    return undefined;
  }

  hasSeed(publicKey: string): boolean {
    return this.#seeds.has(publicKey) ? this.#seeds.get(publicKey) !== undefined : this.#base.hasSeed(publicKey);
  }

  findKeyPair(publicKey: string): KeyPair | undefined {
    if (!this.#seeds.has(publicKey)) return this.#base.findKeyPair(publicKey);
    const seed = this.#seeds.get(publicKey);
    const pair = seed && keyPairFromSeed(seed.reveal());
    if (!pair || pair.publicKey === publicKey) return pair;
    throw new NscError('key-mismatch', `the seed stored for ${publicKey} is the one of ${pair.publicKey}`, {
      details: { expected: publicKey, found: pair.publicKey },
    });
  }

  storedKeys(): string[] {
    return merge(this.#base.storedKeys(), this.#seeds);
  }

  findCreds(account: string, user: string): Secret | undefined {
    const layer = this.#creds.get(account);
    return layer?.has(user) ? layer.get(user) : this.#base.findCreds(account, user);
  }

  credsNames(account: string): string[] {
    return merge(this.#base.credsNames(account), this.#creds.get(account) ?? new Map());
  }

  credsAccounts(): string[] {
    return [...new Set([...this.#base.credsAccounts(), ...this.#creds.keys()])].sort();
  }
}

function layerOf<Value>(layers: Map<string, Layer<Value>>, account: string): Layer<Value> {
  const layer = layers.get(account) ?? new Map<string, Value | undefined>();
  layers.set(account, layer);
  return layer;
}

/** The names below without the deleted ones, with the new ones, sorted. */
function merge(below: readonly string[], layer: Layer<unknown>): string[] {
  const names = new Set(below);
  for (const [name, value] of layer) {
    if (value === undefined) names.delete(name);
    else names.add(name);
  }
  return [...names].sort();
}

function findByKey<Found extends AccountEntry | UserEntry>(layer: Layer<Found>, publicKey: string): Found | undefined {
  for (const entry of layer.values()) if (entry?.claims.sub === publicKey) return entry;
  return undefined;
}
