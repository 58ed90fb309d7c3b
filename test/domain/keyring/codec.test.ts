import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeKeyring, parseKeyring } from '../../../src/domain/keyring/codec.js';
import {
  emptyKeyring,
  KEY_STATES,
  type KeyRecord,
  newRecord,
  withRecords,
} from '../../../src/domain/keyring/keyring.js';
import type { Slot } from '../../../src/domain/keyring/slot.js';
import { RUNS } from '../../lib/property.js';
import { caught } from '../../support/caught.js';
import { KEYS, pub } from '../trust/hierarchy.js';

const OPERATOR: Slot = { kind: 'operator-signing' };

describe('a text of a keyring', () => {
  it('is JSON, a record for each key in the order of keys, with a line end', () => {
    const records = [newRecord(pub('o2'), OPERATOR, 'next', 5), newRecord(pub('o1'), OPERATOR, 'active', 4)];
    const text = encodeKeyring(withRecords(emptyKeyring, records));
    expect(text).toMatch(/^\{\n {2}"version": 1,\n {2}"keys": \[\n/);
    expect(text.endsWith('}\n')).toBe(true);
    expect(JSON.parse(text)).toEqual({
      version: 1,
      keys: [...records].sort((a, b) => (a.key < b.key ? -1 : 1)),
    });
  });

  it('is the same in whatever order the keys came', () => {
    const [one, other] = [newRecord(pub('o1'), OPERATOR, 'active', 4), newRecord(pub('o2'), OPERATOR, 'next', 5)];
    const text = (...records: KeyRecord[]): string => encodeKeyring(withRecords(emptyKeyring, records));
    expect(text(one, other)).toBe(text(other, one));
  });

  it('of nothing is read as nothing', () => {
    expect(parseKeyring(encodeKeyring(emptyKeyring))).toEqual(emptyKeyring);
  });

  it('keeps members that a later version wrote, also through a change of the record', () => {
    const later = {
      ...newRecord(pub('o1'), OPERATOR, 'active', 4),
      origin: { hsm: 7 },
      slot: { ...OPERATOR, zone: 'x' },
    };
    const keyring = parseKeyring(JSON.stringify({ version: 1, keys: [later] }));
    const [record] = keyring.records.values();
    const changed = withRecords(keyring, [{ ...(record as KeyRecord), alias: 'prod' }]);
    expect(JSON.parse(encodeKeyring(changed))).toEqual({ version: 1, keys: [{ ...later, alias: 'prod' }] });
  });

  it('that was read is written the same (property)', () => {
    fc.assert(
      fc.property(fc.uniqueArray(aRecord, { selector: ({ key }) => key }), (records) => {
        const keyring = withRecords(emptyKeyring, records);
        const text = encodeKeyring(keyring);
        const read = parseKeyring(text);
        expect([...read.records.keys()].sort()).toEqual([...keyring.records.keys()].sort());
        for (const record of records) expect(read.records.get(record.key)).toEqual(record);
        expect(encodeKeyring(read)).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });
});

const aKey = fc.constantFrom(...Object.values(KEYS).map(({ publicKey }) => publicKey));
const aText = fc.string({ unit: 'binary' });
const aTime = fc.integer({ min: -1e9, max: 253_402_300_799 });
const aSlot: fc.Arbitrary<Slot> = fc.oneof(
  fc.constantFrom<Slot>({ kind: 'operator-identity' }, OPERATOR),
  fc.record({ kind: fc.constantFrom('account-identity', 'account-signing'), account: aKey }) as fc.Arbitrary<Slot>,
  fc.record({ kind: fc.constant('role'), account: aKey, role: aText }) as fc.Arbitrary<Slot>,
  fc.record({ kind: fc.constant('scope'), account: aKey, key: aKey }) as fc.Arbitrary<Slot>,
  fc.record({ kind: fc.constant('user'), account: aKey, user: aText }) as fc.Arbitrary<Slot>,
);
const sinceKeys = fc.constantFrom(...KEY_STATES, 'created');
const aRecord = fc.record(
  {
    key: aKey,
    slot: aSlot,
    state: fc.constantFrom(...KEY_STATES),
    since: fc.dictionary(sinceKeys, aTime, { noNullPrototype: true }),
    expires: aTime,
    alias: aText,
    note: aText,
    replaces: aKey,
    replacedBy: aKey,
  },
  { requiredKeys: ['key', 'slot', 'state', 'since'], noNullPrototype: true },
) as fc.Arbitrary<KeyRecord>;

/** What names a slot of each kind. */
const NAMES = {
  'account-identity': { account: 'A' },
  'account-signing': { account: 'A' },
  role: { account: 'A', role: 'r' },
  scope: { account: 'A', key: 'K' },
  user: { account: 'A', user: 'u' },
};

describe('a text that is refused', () => {
  const whole = newRecord(pub('o1'), OPERATOR, 'active', 4);
  const keys = (...entries: unknown[]): string => JSON.stringify({ version: 1, keys: entries });
  const NO_RECORD = 'one of its entries is no record of a key';

  it.each([
    ['nothing', '', 'it is no JSON'],
    ['half a file', encodeKeyring(withRecords(emptyKeyring, [whole])).slice(0, -20), 'it is no JSON'],
    ['null', 'null', 'its version is undefined, and 1 is known here'],
    ['a list', '[]', 'its version is undefined, and 1 is known here'],
    ['a later version', JSON.stringify({ version: 2, keys: [] }), 'its version is 2, and 1 is known here'],
    ['a version in words', JSON.stringify({ version: '1', keys: [] }), 'its version is "1", and 1 is known here'],
    ['no keys', JSON.stringify({ version: 1 }), 'it has no list of keys'],
    ['keys by name', JSON.stringify({ version: 1, keys: {} }), 'it has no list of keys'],
    ['a key twice', keys(whole, whole), `${pub('o1')} is there twice`],
    ['a text for a record', keys('x'), NO_RECORD],
    ['no record', keys(null), NO_RECORD],
    ['no key', keys({ ...whole, key: undefined }), NO_RECORD],
    ['a key with a typing error', keys({ ...whole, key: pub('o1').slice(0, -1) }), NO_RECORD],
    ['a seed for a key', keys({ ...whole, key: KEYS.o1.seed.reveal() }), NO_RECORD],
    ['another state', keys({ ...whole, state: 'lost' }), NO_RECORD],
    ['no slot', keys({ ...whole, slot: undefined }), NO_RECORD],
    ['another kind of slot', keys({ ...whole, slot: { kind: 'server' } }), NO_RECORD],
    ['a kind of slot that all objects have', keys({ ...whole, slot: { kind: 'toString' } }), NO_RECORD],
    ['a kind of slot in a list', keys({ ...whole, slot: { kind: ['operator-signing'] } }), NO_RECORD],
    ['a role that is no text', keys({ ...whole, slot: { kind: 'role', account: 'A', role: 1 } }), NO_RECORD],
    ['no dates', keys({ ...whole, since: undefined }), NO_RECORD],
    ['dates in a list', keys({ ...whole, since: [4] }), NO_RECORD],
    ['a date in words', keys({ ...whole, since: { active: '2023' } }), NO_RECORD],
    ['half a second', keys({ ...whole, since: { active: 1.5 } }), NO_RECORD],
    ['a due date in words', keys({ ...whole, expires: 'soon' }), NO_RECORD],
    ['an alias that is no text', keys({ ...whole, alias: 1 }), NO_RECORD],
    ['a note that is no text', keys({ ...whole, note: ['x'] }), NO_RECORD],
    ['a successor that is no key', keys({ ...whole, replacedBy: 'x' }), NO_RECORD],
    ['a predecessor that is no key', keys({ ...whole, replaces: 0 }), NO_RECORD],
    ...Object.entries(NAMES).flatMap(([kind, names]) =>
      Object.keys(names).map((member): [string, string, string] => {
        const slot = { kind, ...names, [member]: undefined };
        return [`a slot of kind ${kind} without its ${member}`, keys({ ...whole, slot }), NO_RECORD];
      }),
    ),
  ])('%s', (_what, text, why) => {
    expect(caught(() => parseKeyring(text))).toMatchObject({
      code: 'store-corrupt',
      message: `the keyring cannot be understood: ${why}`,
      hint: 'restore .keyring.json from a backup; without it, every listed key counts as active',
    });
  });
});
