import { isPublicKey } from '../../domain/nkey/codec.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote, quoteSome } from '../../lib/display.js';
import type { Holding } from '../resolver.js';
import type { Removal } from './remove-accounts.js';

/**
 * Accounts that servers have and the store does not. System accounts stay (S-33).
 *
 * @param systemAccounts public keys: the operator's, and the one that is connected as
 * @returns in the order of their keys
 * @throws NscError `store-corrupt` when an account of the store cannot be read, as servers may have it, too (S-60)
 */
export function findExtras(tree: Tree, holdings: readonly Holding[], systemAccounts: readonly string[]): Removal[] {
  const known = new Set([...systemAccounts, ...localKeys(tree)]);
  const holders = new Map<string, string[]>();
  for (const { server, accounts } of holdings) {
    for (const key of accounts) {
      if (known.has(key)) continue;
      const servers = holders.get(key) ?? [];
      if (!servers.includes(server)) servers.push(server);
      holders.set(key, servers);
    }
  }
  return [...holders].map(([key, servers]) => ({ key, holders: servers })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

function localKeys(tree: Tree): string[] {
  const unreadable: string[] = [];
  const keys = tree.accountNames().flatMap((name) => {
    try {
      return tree.findAccount(name)?.claims.sub ?? [];
    } catch (error) {
      if (!(error instanceof NscError)) throw error;
      unreadable.push(name);
      return [];
    }
  });
  if (unreadable.length === 0) return keys;
  throw new NscError(
    'store-corrupt',
    `nothing was pruned: cannot read account ${quoteSome(unreadable)}, so servers may have it`,
    {
      hint: 'restore it from a backup, or delete the account here; nsc validate --all-accounts tells more',
      details: { accounts: unreadable },
    },
  );
}

/** An account that is to be deleted from servers, by its name where it is in the store. */
export interface RemovalTarget {
  readonly key: string;
  readonly name?: string;
}

/** Public keys of the accounts that servers and we need to talk: the operator's system account, and the one that was named. */
export function systemAccountsOf(tree: Tree, named: string | undefined): string[] {
  const { system_account: key = '' } = tree.operator.claims.nats;
  const other = named === undefined ? undefined : getAccount(tree, named, '').claims.sub;
  return [key, other ?? ''].filter((one) => one !== '');
}

/**
 * The account that is to be removed: of this store by its name or key, or any other one by its key.
 *
 * @param systemAccounts public keys of accounts that have to stay
 * @throws NscError `account-not-found`, `policy-refused`
 */
export function getRemovalTarget(tree: Tree, nameOrKey: string, systemAccounts: readonly string[]): RemovalTarget {
  const here = isPublicKey(nameOrKey, 'account') ? tree.findAccountByKey(nameOrKey) : getAccount(tree, nameOrKey, '');
  const key = here?.claims.sub ?? nameOrKey;
  if (systemAccounts.includes(key)) {
    const what = here ? quote(here.name) : key;
    throw new NscError(
      'policy-refused',
      `account ${what} is the system account, without which nothing can be pushed any more`,
      {
        hint: 'servers have it from their configuration; make another one the system account there first',
        details: { account: key },
      },
    );
  }
  return { key, ...(here && { name: here.name }) };
}

/** Who has an account. */
export const holdersOf = (holdings: readonly Holding[] | undefined, key: string): string[] =>
  (holdings ?? []).filter(({ accounts }) => accounts.has(key)).map(({ server }) => server);
