import { findReadable } from '../tree/readable.js';
import type { AccountEntry, Tree } from '../tree/tree.js';

/** The part of an account that says what it shares. */
export type Exporter = Pick<AccountEntry, 'name' | 'claims'>;

type Accounts = Pick<Tree, 'accountNames' | 'findAccount'>;

/** Finds accounts by public key. */
export type FindExporter = (publicKey: string) => Exporter | undefined;

/**
 * Finds exporters for a single import, which asks for few: one after the other, none twice, and no account is read for
 * those that are known.
 */
export function seekExporters(tree: Pick<Tree, 'findAccountByKey'>, known: readonly AccountEntry[]): FindExporter {
  const sought = new Map<string, Exporter | undefined>(known.map((account) => [account.claims.sub ?? '', account]));
  return (publicKey) => {
    if (!sought.has(publicKey)) sought.set(publicKey, tree.findAccountByKey(publicKey));
    return sought.get(publicKey);
  };
}

/**
 * An index of what the accounts of a tree share. Every account is read once at most, and none before a key is looked up
 * that is not among the known ones. Accounts that cannot be read are not in it.
 */
export function indexExporters(tree: Accounts, known: readonly AccountEntry[] = []): FindExporter {
  const index = new Map(known.map((account) => [account.claims.sub ?? '', account as Exporter]));
  let isComplete = false;
  return (publicKey) => {
    const found = index.get(publicKey);
    if (found !== undefined || isComplete) return found;
    for (const name of tree.accountNames()) {
      const account = findReadable(() => tree.findAccount(name));
      const key = account?.claims.sub ?? '';
      if (account && !index.has(key)) index.set(key, sharedPart(account));
    }
    isComplete = true;
    return index.get(publicKey);
  };
}

/** An index of all accounts has no room for what does not matter here. */
function sharedPart({ name, claims: { sub = '', nats } }: AccountEntry): Exporter {
  const { imports = [], exports = [], signing_keys = [] } = nats;
  return { name, claims: { sub, nats: { imports, exports, signing_keys } } };
}
