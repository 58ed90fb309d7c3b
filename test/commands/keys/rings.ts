import type { KeyRecord, Keyring, KeyState } from '../../../src/domain/keyring/keyring.js';
import { emptyKeyring, newRecord, withRecords } from '../../../src/domain/keyring/keyring.js';
import type { Slot } from '../../../src/domain/keyring/slot.js';
import { NOW as ISSUED, type KeyName, pub } from '../../domain/trust/hierarchy.js';

/** Slots of the hierarchy: operator `O`, account `A` with key `a1`. */
export const IDENTITY = { kind: 'operator-identity' } as const satisfies Slot;
export const OPERATOR = { kind: 'operator-signing' } as const satisfies Slot;
export const SIGNING = { kind: 'account-signing', account: pub('a1') } as const satisfies Slot;
export const SELF = { kind: 'account-identity', account: pub('a1') } as const satisfies Slot;
export const READER = { kind: 'role', account: pub('a1'), role: 'reader' } as const satisfies Slot;
export const USER = { kind: 'user', account: pub('a1'), user: 'u' } as const satisfies Slot;

/** A record that got into its state when the tokens of the hierarchy were issued. */
export const record = (name: KeyName, slot: Slot, state: KeyState, more: Partial<KeyRecord> = {}): KeyRecord => ({
  ...newRecord(pub(name), slot, state, ISSUED),
  ...more,
});

export const ring = (...records: readonly KeyRecord[]): Keyring => withRecords(emptyKeyring, records);
