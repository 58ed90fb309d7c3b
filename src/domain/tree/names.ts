import { findReadable } from './readable.js';
import type { Tree } from './tree.js';

/**
 * Display names for the keys of the operator and of the accounts asked for. Accounts are read only as long as a name
 * is missing, and those that cannot be read have none.
 *
 * @returns public key → name
 */
export function namesIn(tree: Tree, accountKeys: readonly (string | undefined)[]): Map<string, string> {
  const { claims, name } = tree.operator;
  const names = new Map([claims.sub ?? '', ...(claims.nats.signing_keys ?? [])].map((key) => [key, name]));
  const wanted = new Set(accountKeys.filter((key) => key !== undefined && key !== ''));
  for (const account of wanted.size > 0 ? tree.accountNames() : []) {
    const key = findReadable(() => tree.findAccount(account))?.claims.sub ?? '';
    if (wanted.delete(key)) names.set(key, account);
    if (wanted.size === 0) break;
  }
  return names;
}
