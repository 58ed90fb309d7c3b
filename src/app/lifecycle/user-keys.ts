import type { KeyRecord } from '../../domain/keyring/keyring.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';

/** The keys of a user beside the one of its token, which only the keyring knows of. */
export interface BesideKeys {
  /** Made, and in no token yet. */
  readonly next: readonly KeyRecord[];
  /** Tokens of them are elsewhere, and servers accept those. */
  readonly retiring: readonly KeyRecord[];
}

/** The keys that come and go for a user while its key is rotated. A keyring that cannot be read has none. */
export function keysBeside(tree: Tree, { claims }: AccountEntry, user: string, key: string): BesideKeys {
  const records = [...(findReadable(() => tree.keyring)?.records.values() ?? [])].filter(
    (record) =>
      record.key !== key &&
      record.slot.kind === 'user' &&
      record.slot.account === claims.sub &&
      record.slot.user === user,
  );
  return {
    next: records.filter(({ state }) => state === 'next'),
    retiring: records.filter(({ state }) => state === 'retiring'),
  };
}
