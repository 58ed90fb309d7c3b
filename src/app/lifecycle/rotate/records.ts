import type { Change } from '../../../domain/change.js';
import { type KeyRecord, type KeyState, moved, withRecords } from '../../../domain/keyring/keyring.js';
import type { KeyInfo } from '../../../domain/keyring/state.js';
import type { Tree } from '../../../domain/tree/tree.js';

/** Files records in the keyring, in place of those their keys had: whoever signs sees who may do so from then on. */
export const putRecords = ({ keyring }: Pick<Tree, 'keyring'>, records: Iterable<KeyRecord>): Change => ({
  type: 'put-keyring',
  keyring: withRecords(keyring, records),
});

/** The record of a key after a transition; a first one for a key that only tokens spoke of. @param now Unix seconds */
export function movedInfo({ key, slot, state, record }: KeyInfo, to: KeyState, now: number): KeyRecord {
  return moved({ ...(record ?? { key, state, since: {} }), slot }, to, now);
}

/** The same record without some of its members. */
export function without(record: KeyRecord, ...members: readonly (keyof KeyRecord)[]): KeyRecord {
  const kept = Object.entries(record).filter(([member]) => !(members as readonly string[]).includes(member));
  return Object.fromEntries(kept) as unknown as KeyRecord;
}
