import { NscError } from '../../errors.js';
import type { AccountEntry, Tree } from '../tree/tree.js';

/** The part of an account that says what it shares. */
export type Exporter = Pick<AccountEntry, 'name' | 'claims'>;

type Accounts = Pick<Tree, 'accountNames' | 'findAccount'>;

/** Finds accounts by public key. */
export type FindExporter = (publicKey: string) => Exporter | undefined;

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
      const account = findReadable(tree, name);
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

/** An account by name; undefined when it is not there, or cannot be read. */
export function findReadable(tree: Accounts, name: string): AccountEntry | undefined {
  try {
    return tree.findAccount(name);
  } catch (error) {
    if (error instanceof NscError) return undefined;
    throw error;
  }
}
