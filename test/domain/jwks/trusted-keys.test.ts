import { describe, expect, it } from 'vitest';
import { accountJwks, operatorJwks } from '../../../src/domain/jwks/trusted-keys.js';
import { emptyKeyring, type KeyState, newRecord, withRecords } from '../../../src/domain/keyring/keyring.js';
import type { Slot } from '../../../src/domain/keyring/slot.js';
import { encodePublicKey } from '../../../src/domain/nkey/codec.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import type { Tree } from '../../../src/domain/tree/tree.js';
import { account, type KeyName, NOW, nameOfKey, operator, pub, scope } from '../trust/hierarchy.js';

type States = Readonly<Partial<Record<KeyName, KeyState>>>;

/** The keyring as rotation leaves it; slots of the operator and of the plain keys of an account. */
function keyring(states: States) {
  const slotOf = (name: string): Slot =>
    name.startsWith('o') ? { kind: 'operator-signing' } : { kind: 'account-signing', account: pub('a1') };
  const records = Object.entries(states).map(([name, state]) =>
    newRecord(pub(name as KeyName), slotOf(name), state, NOW),
  );
  return withRecords(emptyKeyring, records);
}

const SIGNERS = [pub('o2'), pub('o3')];
const A = account('A', 'a1', { nats: { signing_keys: [scope('a4', 'reader'), pub('a2'), pub('a3')] } });

function tree(states: States = {}, { strict = false, keys = SIGNERS } = {}): Tree {
  const nats = { signing_keys: keys, ...(strict && { strict_signing_key_usage: true }) };
  return memoryTree({ operator: operator({ nats }), accounts: [A], keyring: keyring(states) });
}

const names = (keys: readonly { readonly kid: string }[]): string[] => keys.map(({ kid }) => nameOfKey(kid));
const ofOperator = (...given: Parameters<typeof tree>): string[] => names(operatorJwks(tree(...given)));
const ofAccount = (...given: Parameters<typeof tree>): string[] => names(accountJwks(tree(...given), A));

describe('the keys of an operator', () => {
  it.each<[string, States, string[]]>([
    ['without keyring, as listed', {}, ['o1', 'o2', 'o3']],
    ['the active one first', { o3: 'active' }, ['o3', 'o1', 'o2']],
    ['one that is announced after those that sign', { o2: 'next' }, ['o1', 'o3', 'o2']],
    ['one that retires at the end', { o2: 'retiring', o3: 'next' }, ['o1', 'o3', 'o2']],
    ['in the middle of a rotation', { o2: 'retiring', o3: 'active' }, ['o3', 'o1', 'o2']],
    ['one that is compromised is gone, though still listed', { o2: 'compromised' }, ['o1', 'o3']],
    ['one that a record calls removed, but is listed, is back', { o2: 'removed' }, ['o1', 'o2', 'o3']],
    ['one that is only on record was removed', { ox: 'retiring' }, ['o1', 'o2', 'o3']],
    ['an identity that retires', { o1: 'retiring' }, ['o2', 'o3', 'o1']],
  ])('%s', (_what, states, expected) => {
    expect(ofOperator(states)).toEqual(expected);
  });

  it('a strict one has no identity among them', () => {
    expect(ofOperator({}, { strict: true })).toEqual(['o2', 'o3']);
  });

  it('what is listed twice is there once, and what is no key for accounts is not there', () => {
    const small = encodePublicKey('operator', new Uint8Array(32).fill(1, 0, 1));
    expect(ofOperator({}, { keys: [pub('o2'), pub('o1'), pub('o2'), pub('a1'), 'x', small] })).toEqual(['o1', 'o2']);
  });
});

describe('the keys of an account', () => {
  it.each<[string, States, string[]]>([
    ['without keyring: scoped ones are trusted for users, too', {}, ['a1', 'a2', 'a3', 'a4']],
    ['the active one first', { a3: 'active' }, ['a3', 'a1', 'a2', 'a4']],
    ['announced', { a2: 'next' }, ['a1', 'a3', 'a4', 'a2']],
    ['retiring', { a2: 'retiring', a3: 'active' }, ['a3', 'a1', 'a4', 'a2']],
    ['compromised', { a2: 'compromised', a4: 'compromised' }, ['a1', 'a3']],
  ])('%s', (_what, states, expected) => {
    expect(ofAccount(states)).toEqual(expected);
  });

  it('under a strict operator its identity is not among them', () => {
    expect(ofAccount({}, { strict: true })).toEqual(['a2', 'a3', 'a4']);
  });
});
