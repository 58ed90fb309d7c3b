import { applyChanges } from '../apply.js';
import type { Change } from '../change.js';
import { formatCreds } from '../creds/creds.js';
import type { KeyPair } from '../nkey/key-pair.js';
import { allKeys } from '../tree/keys.js';
import { emptyTree } from '../tree/memory-tree.js';
import type { Tree } from '../tree/tree.js';
import { operatorAuthority } from '../trust/authority.js';
import { verifyAccount, verifyUser } from '../trust/verify.js';
import { type FittedOperator, fitPieces } from './fit.js';
import { NameTable } from './names.js';
import type { Pieces } from './pieces.js';

/** The store of one operator, made of what was found. */
export interface RebuiltStore {
  /** Name of the operator's directory. */
  readonly operator: string;
  readonly changes: readonly Change[];
  readonly tree: Tree;
}

/**
 * Rebuilds the stores of all operators that were found (nsc-core.md §9.23), with the seeds they use and creds for the
 * users whose seeds are there. An operator none of whose seeds was found becomes a managed one.
 *
 * @returns the stores, and warnings about what fits nowhere or is not accepted as it is
 */
export function rebuildStores(pieces: Pieces): { stores: RebuiltStore[]; warnings: string[] } {
  const warnings = [...pieces.warnings];
  const names = new NameTable('operator', warnings);
  const stores = fitPieces(pieces, warnings).map((operator) => rebuildStore(operator, pieces.pairs, names, warnings));
  const used = new Set(stores.flatMap(({ tree }) => tree.storedKeys()));
  for (const key of [...pieces.pairs.keys()].sort()) {
    if (!used.has(key)) warnings.push(`the seed of ${key} is left out: nothing that was found uses it`);
  }
  return { stores, warnings };
}

function rebuildStore(
  { token, claims, accounts }: FittedOperator,
  pairs: Pieces['pairs'],
  names: NameTable,
  warnings: string[],
): RebuiltStore {
  const operator = names.take(claims.name ?? '', claims.sub ?? '');
  const { identity, signingKeys } = operatorAuthority(claims);
  const managed = ![identity, ...signingKeys].some((key) => pairs.has(key));
  const changes: Change[] = [{ type: 'put-operator', name: operator, token, claims, managed }];
  const accountNames = new NameTable('account', warnings);
  for (const account of accounts) {
    const name = accountNames.take(account.claims.name ?? '', account.claims.sub ?? '');
    changes.push({ type: 'put-account', name, token: account.token, claims: account.claims });
    const userNames = new NameTable('user', warnings);
    for (const user of account.users) {
      const userName = userNames.take(user.claims.name ?? '', user.claims.sub ?? '');
      changes.push({ type: 'put-user', account: name, name: userName, token: user.token, claims: user.claims });
      changes.push(...credsOf(name, userName, user.token, pairs.get(user.claims.sub ?? '')));
    }
  }
  const bare = applyChanges(emptyTree(operator), changes);
  changes.push(...seedsOf(bare, pairs));
  warnings.push(...findRefusals(bare));
  return { operator, changes, tree: applyChanges(emptyTree(operator), changes) };
}

const credsOf = (account: string, user: string, token: string, pair: KeyPair | undefined): Change[] =>
  pair ? [{ type: 'put-creds', account, user, creds: formatCreds(token, pair) }] : [];

function seedsOf(tree: Tree, pairs: Pieces['pairs']): Change[] {
  const keys = new Set([...allKeys(tree)].map(({ publicKey }) => publicKey));
  return [...keys].flatMap((publicKey): Change[] => {
    const pair = pairs.get(publicKey);
    return pair ? [{ type: 'put-seed', publicKey, seed: pair.seed }] : [];
  });
}

/** Tokens that belong where they are and are not accepted all the same; the signatures have been verified. */
function findRefusals(tree: Tree): string[] {
  return tree.accountNames().flatMap((name) => {
    const account = tree.findAccount(name);
    if (!account) return [];
    const refusal = verifyAccount(account, tree.operator, { signatures: false });
    const refused = tree.userNames(name).flatMap((userName) => {
      const user = tree.findUser(name, userName);
      return (user && verifyUser(user, account, tree.operator, { signatures: false })?.message) ?? [];
    });
    return [...(refusal ? [refusal.message] : []), ...refused];
  });
}
