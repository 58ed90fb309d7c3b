import { decodePublicKey } from '../domain/nkey/codec.js';
import { getAccount } from '../domain/tree/lookup.js';
import type { AccountEntry, Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';

/** An account that need not be of this store: it is known by its key. */
export interface OtherAccount {
  readonly key: string;
  readonly entry?: AccountEntry;
}

/**
 * The account behind a public key, or the account of that name.
 *
 * @throws NscError `wrong-key-kind` for a key of another kind, `account-not-found` for a name that no account has
 */
export function getOtherAccount(tree: Tree, keyOrName: string): OtherAccount {
  const role = decodePublicKey(keyOrName)?.role;
  if (role !== undefined && role !== 'account') {
    throw new NscError('wrong-key-kind', `${keyOrName} is a key of kind ${role}, not account`, {
      hint: 'name the account, or give its public key, which starts with A',
    });
  }
  const entry = role === undefined ? getAccount(tree, keyOrName, '') : tree.findAccountByKey(keyOrName);
  return { key: entry?.claims.sub ?? keyOrName, ...(entry && { entry }) };
}
