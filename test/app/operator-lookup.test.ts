import { expect, it } from 'vitest';
import { getOperator } from '../../src/app/operator-lookup.js';
import { operator, pub } from '../domain/trust/hierarchy.js';
import { caught } from '../support/caught.js';
import { FakeWorld } from '../support/fake-world.js';

const { workspace } = new FakeWorld({
  operators: [{ operator: operator() }, { operator: { ...operator(), name: 'P' } }],
});

it('finds an operator by name', () => {
  expect(getOperator(workspace, 'P').operator.name).toBe('P');
});

it('finds an operator by key: the first one', () => {
  expect(getOperator(workspace, pub('o1')).operator.name).toBe('O');
});

it.each([
  ['Q', 'no operator "Q"'],
  [pub('o2'), `no operator with key ${pub('o2')} in /stores`],
  [pub('a1'), `no operator "${pub('a1')}"`],
])('refuses %s', (nameOrKey, message) => {
  const error = caught(() => getOperator(workspace, nameOrKey));
  expect([error.code, error.message]).toEqual(['operator-not-found', message]);
});

it('goes past operators that cannot be read', () => {
  const broken = { ...workspace, operatorNames: () => ['Broken', 'O'] };
  const tree = (name: string) => (name === 'Broken' ? workspace.tree('nowhere') : workspace.tree(name));
  expect(getOperator({ ...broken, tree }, pub('o1')).operator.name).toBe('O');
});
