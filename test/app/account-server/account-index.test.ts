import { expect, it } from 'vitest';
import { AccountIndex } from '../../../src/app/account-server/account-index.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import type { AccountEntry, Tree } from '../../../src/domain/tree/tree.js';
import { NscError } from '../../../src/errors.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';

/** A tree that counts which accounts are read, and whose stamps are the tokens. */
class Counting {
  accounts: AccountEntry[];
  broken: string[] = [];
  read: string[] = [];

  constructor(...accounts: AccountEntry[]) {
    this.accounts = accounts;
  }

  tree(): Tree {
    const tree = memoryTree({ operator: operator(), accounts: this.accounts });
    return {
      ...tree,
      operator: tree.operator,
      accountNames: () => tree.accountNames(),
      accountStamp: (name) => tree.findAccount(name)?.token,
      findAccount: (name) => {
        this.read.push(name);
        if (this.broken.includes(name)) throw new NscError('bad-token', 'broken');
        return tree.findAccount(name);
      },
      findAccountByKey: () => {
        throw new Error('this scans');
      },
    };
  }
}

const A = account('A', 'a1');
const B = account('B', 'b1');

function start(...accounts: AccountEntry[]) {
  const store = new Counting(...accounts);
  const index = new AccountIndex();
  const find = (key: Parameters<typeof pub>[0]) => {
    store.read = [];
    return { name: index.find(store.tree(), pub(key))?.name, read: store.read };
  };
  return { store, find };
}

it('a known key costs one account, and an unknown one none', () => {
  const { find } = start(A, B);
  expect(find('a1')).toEqual({ name: 'A', read: ['A', 'B', 'A'] });
  expect(find('b1')).toEqual({ name: 'B', read: ['B'] });
  expect(find('a2')).toEqual({ name: undefined, read: [] });
});

it('finds what is new, has another name, or took the place of another, reading only that', () => {
  const { store, find } = start(A, B);
  find('a1');
  store.accounts = [A, B, account('C', 'a2')];
  expect(find('a2')).toEqual({ name: 'C', read: ['C', 'C'] });
  store.accounts = [{ ...A, name: 'Renamed' }, B];
  expect(find('a1')).toMatchObject({ name: 'Renamed' });
  expect(find('a2')).toEqual({ name: undefined, read: [] });
  store.accounts = [{ ...A, name: 'Renamed' }, account('B', 'a3')];
  expect(find('b1')).toMatchObject({ name: undefined });
  expect(find('a3')).toEqual({ name: 'B', read: ['B'] });
});

it('passes over what cannot be read, until it can', () => {
  const { store, find } = start(A, B);
  store.broken = ['B'];
  expect(find('a1')).toMatchObject({ name: 'A' });
  expect(find('b1')).toMatchObject({ name: undefined });
  store.broken = [];
  store.accounts = [A, account('B', 'b1', { by: 'o2' })];
  expect(find('b1')).toMatchObject({ name: 'B' });
});

it('manages without stamps', () => {
  const index = new AccountIndex();
  const find = (...accounts: AccountEntry[]) =>
    index.find(memoryTree({ operator: operator(), accounts }), pub('a1'))?.name;
  expect([find(B), find(A, B), find(B)]).toEqual([undefined, 'A', undefined]);
});
