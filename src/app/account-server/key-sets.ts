import { signingKeysOf } from '../../domain/claims/scope.js';
import { encodeKeySet } from '../../domain/jwks/jwk.js';
import { accountJwks, operatorJwks } from '../../domain/jwks/trusted-keys.js';
import { verifyDecodedAsync } from '../../domain/token/decode.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { verifyAccount } from '../../domain/trust/verify.js';
import { stampOf } from './account-index.js';
import { type KeySetText, keySetText } from './replies.js';
import type { Vouching } from './vouching.js';

/** Accounts that are read at one moment; their signatures are verified beside the event loop. */
const BATCH = 32;

/** Keys of accounts that are remembered at most; what is beyond is read again for each new set. */
const MOST_KEYS = 200_000;

/** Characters of the set that is remembered at most; a larger one is made anew for each request. */
const MOST_TEXT = 32 * 1024 * 1024;

/** So often it begins again while others change the store. */
const MOST_LOOKS = 10;

/** What is remembered of an account: what it lists, and who signed it, if it holds what was signed. */
interface Kept {
  readonly stamp: string | undefined;
  readonly account: AccountEntry | undefined;
  readonly keys: number;
}

/**
 * The keys of the operator and of every account it signed, as one set. Every request sees the store as it is then; what
 * did not change since the last one is not read again.
 */
export class KeySets {
  readonly #look: () => Tree;
  readonly #vouching: Vouching;
  readonly #kept = new Map<string, Kept>();
  #keys = 0;
  #latest: { readonly state: string; readonly set: KeySetText } | undefined;
  #asked: Promise<KeySetText> | undefined;
  #making: Promise<KeySetText> | undefined;

  /** @param look the store as it is at this moment, after a commit of somebody else that is under way */
  constructor(look: () => Tree, vouching: Vouching) {
    this.#look = look;
    this.#vouching = vouching;
  }

  /**
   * Those who ask at the same time share one look at the store, which comes after all of them.
   *
   * @throws NscError what reading the operator and its keyring throws, and {@link Vouching.operatorOf} does
   */
  all(): Promise<KeySetText> {
    this.#asked ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#asked = undefined;
      return this.#current();
    });
    return this.#asked;
  }

  #current(): KeySetText | Promise<KeySetText> {
    const tree = this.#look();
    this.#vouching.operatorOf(tree);
    if (this.#latest && this.#latest.state === stateOf(tree)) return this.#latest.set;
    // whoever comes while it is made gets it, too: the last look at the store is still to come
    this.#making ??= this.#make().finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  /** A commit of several files may begin after the first was read: a set counts once it is found in the same state twice. */
  async #make(): Promise<KeySetText> {
    for (let looks = 1; ; looks += 1) {
      const before = this.#look();
      this.#vouching.operatorOf(before);
      const state = stateOf(before);
      const accounts = await this.#read(before);
      const tree = this.#look();
      this.#vouching.operatorOf(tree);
      const isSettled = stateOf(tree) === state;
      if (!isSettled && looks < MOST_LOOKS) continue;
      const trusted = accounts.filter((account) => !verifyAccount(account, tree.operator, { signatures: false }));
      const keys = [...operatorJwks(tree), ...trusted.flatMap((account) => accountJwks(tree, account))];
      const set = keySetText(encodeKeySet(keys));
      this.#latest = isSettled && set.text.length <= MOST_TEXT ? { state, set } : undefined;
      return set;
    }
  }

  /** The accounts in the order of their names, without those that cannot be read or were altered. */
  async #read(tree: Tree): Promise<AccountEntry[]> {
    const names = tree.accountNames();
    const there = new Set(names);
    for (const name of this.#kept.keys()) if (!there.has(name)) this.#forget(name);
    const found: AccountEntry[] = [];
    for (let from = 0; from < names.length; from += BATCH) {
      const at = from === 0 ? tree : this.#look();
      const batch = names.slice(from, from + BATCH).map((name) => this.#find(at, name));
      // only what has to be verified is waited for
      for (const one of batch) found.push(...((one instanceof Promise ? await one : one) ?? []));
    }
    return found;
  }

  #find(tree: Tree, name: string): AccountEntry[] | Promise<AccountEntry[]> {
    // taken before reading, so that what is written in between is seen as changed the next time
    const stamp = stampOf(tree, name);
    const kept = this.#kept.get(name);
    if (kept && stamp !== undefined && kept.stamp === stamp) return kept.account ? [kept.account] : [];
    const account = findReadable(() => tree.findAccount(name));
    if (account === undefined) return [];
    return verifyDecodedAsync(account.token, account.claims).then((isAuthentic) => {
      const part = isAuthentic ? withoutTheRest(account) : undefined;
      this.#keep(name, { stamp, account: part, keys: 1 + signingKeysOf(account.claims).length });
      return part ? [part] : [];
    });
  }

  #keep(name: string, kept: Kept): void {
    this.#forget(name);
    if (this.#keys + kept.keys > MOST_KEYS) return;
    this.#kept.set(name, kept);
    this.#keys += kept.keys;
  }

  #forget(name: string): void {
    this.#keys -= this.#kept.get(name)?.keys ?? 0;
    this.#kept.delete(name);
  }
}

/** What decides about keys; an account may be far larger. */
function withoutTheRest({ name, claims: { sub = '', iss = '', nats } }: AccountEntry): AccountEntry {
  const signing_keys = (nats.signing_keys ?? []).map((entry) =>
    typeof entry === 'string' ? entry : { kind: entry.kind, key: entry.key, role: entry.role ?? '' },
  );
  return { name, token: '', claims: { sub, iss, nats: { signing_keys } } };
}

/** A text that is another one whenever the set may be. */
function stateOf(tree: Tree): string {
  const records = [...tree.keyring.records.values()].map(({ key, state }) => `${key} ${state}`);
  const accounts = tree.accountNames().map((name) => `${name}\0${stampOf(tree, name)}`);
  return [tree.operator.token, ...records, ...accounts].join('\n');
}
