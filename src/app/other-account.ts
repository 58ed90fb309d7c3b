import { decodePublicKey } from '../domain/nkey/codec.js';
import { getAccount } from '../domain/tree/lookup.js';
import type { AccountEntry, Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';

/** An account that need not be of this store: it is known by its key. */
export interface OtherAccount {
  readonly key: string;
  /** Of an account that was named; one given by its key is not looked for, because that reads all of them. */
  readonly entry?: AccountEntry;
}

/**
 * The account of a name, or of a public key.
 *
 * @throws NscError `wrong-key-kind` for a key of another kind, `account-not-found` for a name that no account has
 */
export function getOtherAccount(tree: Tree, keyOrName: string): OtherAccount {
  const role = decodePublicKey(keyOrName)?.role;
  if (role === 'account') return { key: keyOrName };
  if (role !== undefined) {
    throw new NscError('wrong-key-kind', `${keyOrName} is a key of kind ${role}, not account`, {
      hint: 'name the account, or give its public key, which starts with A',
    });
  }
  const entry = getAccount(tree, keyOrName, '');
  return { key: entry.claims.sub ?? '', entry };
}
