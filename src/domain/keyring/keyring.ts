import type { Slot } from './slot.js';

/**
 * Where a key is in its life. `next` is announced and signs nothing yet; `active` signs; `retiring` is trusted and signs
 * nothing any more; `removed` is trusted no longer; `compromised` is one that somebody else may have.
 */
export const KEY_STATES = ['next', 'active', 'retiring', 'removed', 'compromised'] as const;
export type KeyState = (typeof KEY_STATES)[number];

/** What is known about a key beside what tokens say. */
export interface KeyRecord {
  /** Public key. */
  readonly key: string;
  readonly slot: Slot;
  readonly state: KeyState;
  /** When it got into each state, and when it was made, as far as that is known. Unix seconds. */
  readonly since: Readonly<Partial<Record<KeyState | 'created', number>>>;
  /** When it should be replaced. Unix seconds. */
  readonly expires?: number;
  readonly alias?: string;
  readonly note?: string;
  /** The key it took over from, and the one that took over from it. */
  readonly replaces?: string;
  readonly replacedBy?: string;
  /** Of a user's key that retires: when its last token was issued, which the store no longer has. Unix seconds. */
  readonly lastIssued?: number;
}

/**
 * What an operator's store knows about the life of keys; in `.keyring.json` beside its JWT. nsc neither needs nor reads
 * it. Keys without a record are as tokens have them: those that are listed are active (see `state.ts`).
 */
export interface Keyring {
  /** By public key. */
  readonly records: ReadonlyMap<string, KeyRecord>;
}

export const emptyKeyring: Keyring = { records: new Map() };

/** The keyring with these records in place of what it had for their keys. */
export function withRecords(keyring: Keyring, records: Iterable<KeyRecord>): Keyring {
  const all = new Map(keyring.records);
  for (const record of records) all.set(record.key, record);
  return { records: all };
}

/** The record after a transition, dated. @param now Unix seconds */
export function moved(record: KeyRecord, state: KeyState, now: number): KeyRecord {
  return { ...record, state, since: { ...record.since, [state]: now } };
}

/** A first record. @param now Unix seconds */
export function newRecord(key: string, slot: Slot, state: KeyState, now: number): KeyRecord {
  return { key, slot, state, since: { [state]: now } };
}

/** The key with an alias; undefined when none has it. */
export function findByAlias({ records }: Keyring, alias: string): KeyRecord | undefined {
  for (const record of records.values()) if (record.alias === alias) return record;
  return undefined;
}

/** The key that has taken over from a key in the end; itself when none has. */
export function successorOf({ records }: Keyring, key: string): string {
  const seen = new Set<string>();
  let at = key;
  for (;;) {
    const next = records.get(at)?.replacedBy;
    if (next === undefined || seen.has(next)) return at;
    seen.add(at);
    at = next;
  }
}
