import { NscError } from '../../errors.js';
import { isPublicKey } from '../nkey/codec.js';
import { KEY_STATES, type KeyRecord, type Keyring } from './keyring.js';

/** The text of `.keyring.json`: records sorted by key, so that a change is a few lines of a diff. */
export function encodeKeyring({ records }: Keyring): string {
  const keys = [...records.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return `${JSON.stringify({ version: 1, keys }, undefined, 2)}\n`;
}

/**
 * Reads `.keyring.json`. Members that are not known survive in their record.
 *
 * @throws NscError `store-corrupt` for a text that is no keyring, or one of a later version
 */
export function parseKeyring(text: string): Keyring {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw corrupt('it is no JSON', cause);
  }
  const { version, keys } = (json ?? {}) as { version?: unknown; keys?: unknown };
  if (version !== 1) throw corrupt(`its version is ${JSON.stringify(version)}, and 1 is known here`);
  if (!Array.isArray(keys)) throw corrupt('it has no list of keys');
  const records = new Map<string, KeyRecord>();
  for (const entry of keys) {
    if (!isRecord(entry)) throw corrupt('one of its entries is no record of a key');
    if (records.has(entry.key)) throw corrupt(`${entry.key} is there twice`);
    records.set(entry.key, entry);
  }
  return { records };
}

function isRecord(entry: unknown): entry is KeyRecord {
  if (!isObject(entry)) return false;
  const { key, slot, state, since, expires, alias, note, replaces, replacedBy, lastIssued } = entry;
  return (
    typeof key === 'string' &&
    isPublicKey(key) &&
    isSlot(slot) &&
    KEY_STATES.some((known) => known === state) &&
    isObject(since) &&
    Object.values(since).every(Number.isSafeInteger) &&
    [expires, lastIssued].every((time) => time === undefined || Number.isSafeInteger(time)) &&
    [alias, note].every((text) => text === undefined || typeof text === 'string') &&
    [replaces, replacedBy].every((other) => other === undefined || (typeof other === 'string' && isPublicKey(other)))
  );
}

/** The members that each kind of slot has. */
const SLOT_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  'operator-identity': [],
  'operator-signing': [],
  'account-identity': ['account'],
  'account-signing': ['account'],
  role: ['account', 'role'],
  scope: ['account', 'key'],
  user: ['account', 'user'],
};

function isSlot(slot: unknown): boolean {
  if (!isObject(slot) || typeof slot.kind !== 'string' || !Object.hasOwn(SLOT_MEMBERS, slot.kind)) return false;
  return (SLOT_MEMBERS[slot.kind] ?? []).every((member) => typeof slot[member] === 'string');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const corrupt = (why: string, cause?: unknown): NscError =>
  new NscError('store-corrupt', `the keyring cannot be understood: ${why}`, {
    hint: 'restore .keyring.json from a backup; without it, every listed key counts as active',
    ...(cause !== undefined && { cause }),
  });
