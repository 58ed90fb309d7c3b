import { expect, it } from 'vitest';
import { namesIn } from '../../../src/domain/tree/names.js';
import { FakeWorld } from '../../support/fake-world.js';
import { account, operator, pub } from '../trust/hierarchy.js';

it('accounts that cannot be read have no name, and keep nobody else from having one', () => {
  const accounts = [account('A', 'a1'), account('B', 'b1')];
  const { workspace } = new FakeWorld({ operators: [{ operator: operator(), accounts }], unreadable: ['A'] });
  const names = namesIn(workspace.tree('O'), [pub('a1'), pub('b1')]);
  expect([names.get(pub('a1')), names.get(pub('b1'))]).toEqual([undefined, 'B']);
});
