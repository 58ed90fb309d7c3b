import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';

/**
 * Which name has the account of a key, remembered between requests. A known key costs one file. For an unknown one
 * accounts are looked at only where their files have changed.
 */
export class AccountIndex {
  readonly #accounts = new Map<string, { readonly stamp: string; readonly key: string | undefined }>();
  #names = new Map<string, string>();

  /** The account as it is in this tree. Those that cannot be read are passed over. */
  find(tree: Tree, key: string): AccountEntry | undefined {
    const known = findByName(tree, this.#names.get(key), key);
    if (known) return known;
    this.#update(tree);
    return findByName(tree, this.#names.get(key), key);
  }

  #update(tree: Tree): void {
    const names = tree.accountNames();
    const there = new Set(names);
    for (const name of this.#accounts.keys()) if (!there.has(name)) this.#accounts.delete(name);
    for (const name of names) {
      // taken before reading, so that what is written in between is seen as changed the next time
      const stamp = stampOf(tree, name);
      if (stamp === undefined) this.#accounts.delete(name);
      else if (this.#accounts.get(name)?.stamp !== stamp) {
        const account = findReadable(() => tree.findAccount(name));
        this.#accounts.set(name, { stamp, key: account?.claims.sub });
      }
    }
    this.#names = new Map();
    for (const [name, { key }] of this.#accounts) if (key !== undefined) this.#names.set(key, name);
  }
}

/** Another one whenever the account was written; undefined when it is gone. */
export const stampOf = (tree: Tree, name: string): string | undefined =>
  tree.accountStamp ? tree.accountStamp(name) : findReadable(() => tree.findAccount(name))?.token;

function findByName(tree: Tree, name: string | undefined, key: string): AccountEntry | undefined {
  const account = name === undefined ? undefined : findReadable(() => tree.findAccount(name));
  return account?.claims.sub === key ? account : undefined;
}
