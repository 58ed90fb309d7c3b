import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../src/domain/apply.js';
import type { Change } from '../../src/domain/change.js';
import { emptyTree, memoryTree } from '../../src/domain/tree/memory-tree.js';
import type { Tree } from '../../src/domain/tree/tree.js';
import { Secret } from '../../src/lib/secret.js';
import { account, KEYS, operator, pub, user } from './trust/hierarchy.js';

const O = operator();
const A = account('A', 'a1');
const B = account('B', 'b1');
const u1 = user('A/u1', 'u1');
const u2 = user('A/u2', 'u2');
const creds = new Secret('creds of u1');
const base = memoryTree({
  operator: O,
  accounts: [B, A],
  users: [u2, u1],
  seeds: [KEYS.o1, KEYS.a1],
  creds: [{ account: 'A', user: 'u1', creds }],
});

const put = {
  account: (entry: typeof A): Change => ({ type: 'put-account', ...entry }),
  user: (entry: typeof u1): Change => ({ type: 'put-user', ...entry }),
};

/** Everything a tree says. */
function snapshot(tree: Tree) {
  return {
    operator: tree.operator.token,
    managed: tree.managed,
    accounts: Object.fromEntries(tree.accountNames().map((name) => [name, tree.userNames(name)])),
    keys: tree.storedKeys(),
  };
}

const keys = (...names: Parameters<typeof pub>[0][]) => names.map(pub).sort();

describe('applying changes', () => {
  const before = snapshot(base);
  const cases: [string, Change[], Partial<ReturnType<typeof snapshot>>][] = [
    ['nothing', [], {}],
    ['select', [{ type: 'select', operator: 'X', account: 'Y' }], {}],
    ['a new account', [put.account(account('C', 'a2'))], { accounts: { A: ['u1', 'u2'], B: [], C: [] } }],
    ['a new user', [put.user(user('B/u3', 'u3'))], { accounts: { A: ['u1', 'u2'], B: ['u3'] } }],
    ['a deleted user', [{ type: 'delete-user', account: 'A', name: 'u1' }], { accounts: { A: ['u2'], B: [] } }],
    ['a deleted account takes its users', [{ type: 'delete-account', name: 'A' }], { accounts: { B: [] } }],
    [
      'an account deleted and made again is empty',
      [{ type: 'delete-account', name: 'A' }, put.account(A), put.user(u2)],
      { accounts: { A: ['u2'], B: [] } },
    ],
    [
      'an account made and deleted',
      [put.account(account('C', 'a2')), put.user(user('C/u3', 'u3')), { type: 'delete-account', name: 'C' }],
      {},
    ],
    ['a new seed', [{ type: 'put-seed', publicKey: pub('u1'), seed: KEYS.u1.seed }], { keys: keys('a1', 'o1', 'u1') }],
    ['a deleted seed', [{ type: 'delete-seed', publicKey: pub('a1') }], { keys: keys('o1') }],
    [
      'things deleted that are not there',
      [
        { type: 'delete-account', name: 'Z' },
        { type: 'delete-seed', publicKey: pub('ox') },
      ],
      {},
    ],
    ['a managed operator', [{ type: 'put-operator', ...O, managed: true }], { managed: true }],
    ['an operator whose being managed stays as it is', [{ type: 'put-operator', ...O }], {}],
  ];
  it.each(cases)('%s', (_what, changes, expected) => {
    expect(snapshot(applyChanges(base, changes))).toEqual({ ...before, ...expected });
    expect(snapshot(base)).toEqual(before);
  });

  it('finds what was put, by name and by key, and no longer what it replaced', () => {
    const moved = account('A', 'a2', { nats: { tags: ['new'] } });
    const renamed = user('A/u1', 'u3');
    const tree = applyChanges(base, [put.account(moved), put.user(renamed)]);
    expect(tree.findAccount('A')).toEqual(moved);
    expect(tree.findAccountByKey(pub('a2'))).toEqual(moved);
    expect(tree.findAccountByKey(pub('a1'))).toBeUndefined();
    expect(tree.findAccountByKey(pub('b1'))).toEqual(B);
    expect(tree.findUser('A', 'u1')).toEqual(renamed);
    expect(tree.findUser('A', 'u2')).toEqual(u2);
    expect(tree.findUserByKey('A', pub('u3'))).toEqual(renamed);
    expect(tree.findUserByKey('A', pub('u1'))).toBeUndefined();
    expect(tree.findUserByKey('A', pub('u2'))).toEqual(u2);
  });

  it('finds nothing of a deleted account', () => {
    const tree = applyChanges(base, [{ type: 'delete-account', name: 'A' }]);
    expect(tree.findAccount('A')).toBeUndefined();
    expect(tree.findAccountByKey(pub('a1'))).toBeUndefined();
    expect(tree.findUser('A', 'u1')).toBeUndefined();
    expect(tree.findUserByKey('A', pub('u1'))).toBeUndefined();
    expect(tree.hasSeed(pub('a1'))).toBe(true);
    expect(tree.findCreds('A', 'u1')).toBe(creds);
  });

  it('keeps seeds and creds as they were put', () => {
    const fresh = new Secret('fresh');
    const tree = applyChanges(base, [
      { type: 'put-seed', publicKey: pub('u1'), seed: KEYS.u1.seed },
      { type: 'delete-seed', publicKey: pub('o1') },
      { type: 'put-creds', account: 'A', user: 'u2', creds: fresh },
      { type: 'delete-creds', account: 'A', user: 'u1' },
    ]);
    expect(tree.findKeyPair(pub('u1'))?.seed.equals(KEYS.u1.seed)).toBe(true);
    expect(tree.findKeyPair(pub('a1'))?.publicKey).toBe(pub('a1'));
    expect([tree.hasSeed(pub('o1')), tree.findKeyPair(pub('o1'))]).toEqual([false, undefined]);
    expect([tree.findCreds('A', 'u2'), tree.findCreds('A', 'u1')]).toEqual([fresh, undefined]);
    expect([tree.credsNames('A'), base.credsNames('A'), tree.credsNames('B')]).toEqual([['u2'], ['u1'], []]);
    const more = applyChanges(base, [{ type: 'put-creds', account: 'Z', user: 'u', creds: fresh }]);
    expect([base.credsAccounts(), more.credsAccounts()]).toEqual([['A'], ['A', 'Z']]);
  });

  it('refuses a seed under another name (E-09)', () => {
    const tree = applyChanges(base, [{ type: 'put-seed', publicKey: pub('u1'), seed: KEYS.u2.seed }]);
    expect(() => tree.findKeyPair(pub('u1'))).toThrow(
      expect.objectContaining({
        code: 'key-mismatch',
        message: `the seed stored for ${pub('u1')} is the one of ${pub('u2')}`,
      }),
    );
  });

  it('is the same at once and one after the other', () => {
    const changes: Change[] = [
      put.account(account('C', 'a2')),
      { type: 'delete-user', account: 'A', name: 'u1' },
      put.user(user('C/x', 'u3')),
    ];
    const stepwise = changes.reduce((tree, change) => applyChanges(tree, [change]), base);
    expect(snapshot(stepwise)).toEqual(snapshot(applyChanges(base, changes)));
  });

  it('reads nothing of the tree below until asked', () => {
    const unreadable = new Proxy({} as Tree, {
      get: () => {
        throw new Error('read too early');
      },
    });
    const tree = applyChanges(unreadable, [
      { type: 'put-operator', ...O, managed: false },
      put.account(A),
      put.user(u1),
    ]);
    expect(tree.operator).toEqual(O);
    expect(tree.managed).toBe(false);
    expect(tree.findAccount('A')).toEqual(A);
    expect(tree.findUser('A', 'u1')).toEqual(u1);
  });
});

describe('an empty tree', () => {
  it('has no operator until one is put', () => {
    const empty = emptyTree('O', base);
    expect(() => empty.operator).toThrow(
      expect.objectContaining({ code: 'operator-not-found', message: 'operator "O" does not exist' }),
    );
    expect(applyChanges(empty, [{ type: 'put-operator', ...O }]).operator).toEqual(O);
  });

  it('shows the keys that are there already', () => {
    const empty = emptyTree('O', base);
    expect(empty.hasSeed(pub('o1'))).toBe(true);
    expect(empty.findKeyPair(pub('o1'))?.publicKey).toBe(pub('o1'));
    expect(empty.storedKeys()).toEqual(base.storedKeys());
    expect([
      emptyTree('O').storedKeys(),
      emptyTree('O').hasSeed(pub('o1')),
      emptyTree('O').findKeyPair(pub('o1')),
    ]).toEqual([[], false, undefined]);
    expect([
      empty.accountNames(),
      empty.userNames('A'),
      empty.findAccount('A'),
      empty.findUser('A', 'u1'),
      empty.findCreds('A', 'u1'),
      empty.credsNames('A'),
      empty.credsAccounts(),
    ]).toEqual([[], [], undefined, undefined, undefined, [], []]);
  });
});
