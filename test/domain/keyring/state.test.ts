import { describe, expect, it } from 'vitest';
import { describeSlot } from '../../../src/domain/keyring/describe-slot.js';
import {
  emptyKeyring,
  findByAlias,
  KEY_STATES,
  type KeyRecord,
  type Keyring,
  type KeyState,
  moved,
  newRecord,
  successorOf,
  withRecords,
} from '../../../src/domain/keyring/keyring.js';
import { isSameSlot, type Slot, slotId } from '../../../src/domain/keyring/slot.js';
import {
  accountKeyInfos,
  accountSlot,
  isSilent,
  type KeyInfo,
  keysInSlot,
  operatorKeyInfos,
  stateOf,
  stateUnder,
} from '../../../src/domain/keyring/state.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import { account, type KeyName, nameOfKey, operator, pub, scope, under, user } from '../trust/hierarchy.js';

const IDENTITY: Slot = { kind: 'operator-identity' };
const OPERATOR: Slot = { kind: 'operator-signing' };
const SIGNING: Slot = { kind: 'account-signing', account: pub('a1') };
const READER: Slot = { kind: 'role', account: pub('a1'), role: 'reader' };
const USER: Slot = { kind: 'user', account: pub('a1'), user: 'u' };
const rec = (name: KeyName, slot: Slot, state: KeyState, more: Partial<KeyRecord> = {}): KeyRecord => ({
  ...newRecord(pub(name), slot, state, 1),
  ...more,
});
const ring = (...records: KeyRecord[]): Keyring => withRecords(emptyKeyring, records);

describe('tokens have the last word on the state of a key', () => {
  it.each<[recorded: KeyState | 'nothing', isListed: boolean, ofSigner: KeyState, ofUser: KeyState]>([
    ['nothing', true, 'active', 'active'],
    ['nothing', false, 'removed', 'removed'],
    ['next', true, 'next', 'active'],
    ['next', false, 'removed', 'next'],
    ['active', true, 'active', 'active'],
    ['active', false, 'removed', 'removed'],
    ['retiring', true, 'retiring', 'active'],
    ['retiring', false, 'removed', 'retiring'],
    ['removed', true, 'active', 'active'],
    ['removed', false, 'removed', 'removed'],
    ['compromised', true, 'compromised', 'compromised'],
    ['compromised', false, 'compromised', 'compromised'],
  ])('recorded as %s, listed %s', (recorded, isListed, ofSigner, ofUser) => {
    const record = (name: KeyName, slot: Slot) => (recorded === 'nothing' ? undefined : rec(name, slot, recorded));
    for (const slot of [OPERATOR, SIGNING, READER, IDENTITY]) {
      expect(stateOf(record('o2', slot), isListed)).toBe(ofSigner);
    }
    expect(stateOf(record('u1', USER), isListed)).toBe(ofUser);
  });

  it.each<[recorded: KeyState, here: KeyState, there: KeyState]>([
    ['next', 'next', 'active'],
    ['active', 'active', 'active'],
    ['retiring', 'retiring', 'active'],
    ['removed', 'active', 'active'],
    ['compromised', 'compromised', 'compromised'],
  ])('a key that two accounts list, recorded as %s in one of them', (recorded, here, there) => {
    const record = rec('a2', SIGNING, recorded);
    expect([stateUnder(record, pub('a1')), stateUnder(record, pub('b1'))]).toEqual([here, there]);
  });

  it('only active keys sign', () => {
    expect(KEY_STATES.filter((state) => !isSilent(state))).toEqual(['active']);
  });
});

/** `a2 next, a4 reader` … */
const shown = (infos: readonly KeyInfo[]): string[] =>
  infos.map(({ key, slot, state, isListed, record }) =>
    [nameOfKey(key), slot.kind, state, isListed ? 'listed' : 'unlisted', record ? 'recorded' : 'derived'].join(' '),
  );

describe('the keys of tokens', () => {
  const O = operator({ nats: { signing_keys: [pub('o2'), pub('o3')] } });
  const A = account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a4', 'reader'), scope('a3', '')] } });

  it('are derived where nothing is on record', () => {
    expect(shown(operatorKeyInfos(emptyKeyring, O.claims))).toEqual([
      'o1 operator-identity active listed derived',
      'o2 operator-signing active listed derived',
      'o3 operator-signing active listed derived',
    ]);
    expect(shown(accountKeyInfos(emptyKeyring, A.claims)).sort()).toEqual([
      'a1 account-identity active listed derived',
      'a2 account-signing active listed derived',
      'a3 scope active listed derived',
      'a4 role active listed derived',
    ]);
  });

  it('an identity that is coming or gone is one although it is listed among the signing keys', () => {
    const keyring = ring(rec('o2', IDENTITY, 'next'), rec('o3', OPERATOR, 'retiring'));
    expect(shown(operatorKeyInfos(keyring, O.claims))).toEqual([
      'o1 operator-identity active listed derived',
      'o2 operator-identity next listed recorded',
      'o3 operator-signing retiring listed recorded',
    ]);
  });

  it('a scope without a role keeps the name of its first key, a role goes by what the token says', () => {
    const first = { kind: 'scope', account: pub('a1'), key: pub('ax') } as const;
    const infos = accountKeyInfos(ring(rec('a3', first, 'active'), rec('a4', SIGNING, 'active')), A.claims);
    expect(infos.find(({ key }) => key === pub('a3'))?.slot).toEqual(first);
    expect(infos.find(({ key }) => key === pub('a4'))?.slot).toEqual(READER);
    const own: Slot = { kind: 'scope', account: pub('a1'), key: pub('a3') };
    const strange: Slot[] = [SIGNING, READER, { ...first, account: pub('b1') }];
    for (const slot of strange) {
      const [, ...others] = accountKeyInfos(ring(rec('a3', slot, 'active'), rec('a2', first, 'active')), A.claims);
      expect(others.map((info) => info.slot)).toEqual(expect.arrayContaining([own, SIGNING]));
    }
    expect(accountSlot(A.claims, pub('a2'))).toEqual(SIGNING);
  });

  it('of a slot, with those that only the keyring knows', () => {
    const tree = memoryTree({
      operator: O,
      accounts: [A],
      users: [user('A/u', 'u1', { by: 'a4', nats: under('a1') })],
      keyring: ring(
        rec('o3', OPERATOR, 'active'),
        rec('ox', OPERATOR, 'removed'),
        rec('ax', READER, 'compromised'),
        rec('u2', USER, 'next'),
        rec('u3', USER, 'removed'),
      ),
    });
    expect(shown(keysInSlot(tree, OPERATOR))).toEqual([
      'o2 operator-signing active listed derived',
      'o3 operator-signing active listed recorded',
      'ox operator-signing removed unlisted recorded',
    ]);
    expect(shown(keysInSlot(tree, READER))).toEqual([
      'a4 role active listed derived',
      'ax role compromised unlisted recorded',
    ]);
    expect(shown(keysInSlot(tree, USER))).toEqual([
      'u1 user active listed derived',
      'u2 user next unlisted recorded',
      'u3 user removed unlisted recorded',
    ]);
    expect(keysInSlot(tree, { kind: 'account-signing', account: pub('b1') })).toEqual([]);
    expect(keysInSlot(tree, { ...USER, user: 'nobody' })).toEqual([]);
  });
});

describe('slots', () => {
  it('are the same when all that names them is', () => {
    const slots: Slot[] = [
      IDENTITY,
      OPERATOR,
      { kind: 'account-identity', account: pub('a1') },
      SIGNING,
      { ...SIGNING, account: pub('b1') },
      READER,
      { ...READER, role: 'writer' },
      { kind: 'scope', account: pub('a1'), key: pub('a4') },
      USER,
      { ...USER, user: 'v' },
    ];
    expect(new Set(slots.map(slotId)).size).toBe(slots.length);
    for (const slot of slots) expect(isSameSlot(slot, { ...slot })).toBe(true);
  });

  it('are told in words, also when the account is gone', () => {
    const tree = memoryTree({ operator: operator(), accounts: [account('A', 'a1')] });
    const told = (slot: Slot): string => describeSlot(tree, slot);
    expect([IDENTITY, OPERATOR, SIGNING, READER, USER].map(told)).toEqual([
      'identity of operator "O"',
      'signing keys of operator "O"',
      'signing keys of account "A"',
      'role "reader" of account "A"',
      'key of user "u" of account "A"',
    ]);
    expect(told({ kind: 'account-identity', account: pub('a1') })).toBe('identity of account "A"');
    expect(told({ kind: 'scope', account: pub('b1'), key: pub('a4') })).toBe(
      `scope of ${pub('a4')} of account ${pub('b1')}`,
    );
  });
});

describe('records', () => {
  it('are dated at each transition', () => {
    const first = newRecord(pub('o2'), OPERATOR, 'next', 5);
    expect(moved(moved(first, 'active', 7), 'retiring', 9)).toEqual({
      ...first,
      state: 'retiring',
      since: { next: 5, active: 7, retiring: 9 },
    });
    expect(first.since).toEqual({ next: 5 });
  });

  it('are found by alias, and replaced by key', () => {
    const keyring = ring(rec('o1', IDENTITY, 'active', { alias: 'root' }), rec('o2', OPERATOR, 'active'));
    expect(findByAlias(keyring, 'root')?.key).toBe(pub('o1'));
    expect(findByAlias(keyring, 'other')).toBeUndefined();
    const after = withRecords(keyring, [rec('o1', IDENTITY, 'retiring')]);
    expect(findByAlias(after, 'root')).toBeUndefined();
    expect(after.records.size).toBe(2);
    expect(findByAlias(keyring, 'root')).toBeDefined();
  });

  it('lead to who took over in the end, and round a circle that somebody wrote by hand', () => {
    const chain = ring(
      rec('o1', OPERATOR, 'removed', { replacedBy: pub('o2') }),
      rec('o2', OPERATOR, 'retiring', { replacedBy: pub('o3') }),
    );
    expect(successorOf(chain, pub('o1'))).toBe(pub('o3'));
    expect(successorOf(chain, pub('o3'))).toBe(pub('o3'));
    const circle = ring(
      rec('o1', OPERATOR, 'active', { replacedBy: pub('o2') }),
      rec('o2', OPERATOR, 'active', { replacedBy: pub('o1') }),
    );
    expect([pub('o1'), pub('o2')]).toContain(successorOf(circle, pub('o1')));
  });
});
