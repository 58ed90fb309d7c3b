import { expect, it } from 'vitest';
import { findNearest } from '../../../src/domain/tree/nearest.js';

const cases: [wanted: string, names: string[], expected: string | undefined][] = [
  ['orders', ['Orders', 'Billing'], 'Orders'],
  ['oders', ['Orders'], 'Orders'],
  ['ordesr', ['Orders'], 'Orders'],
  ['orderz1', ['Orders'], 'Orders'],
  ['a', ['b'], 'b'],
  ['a', ['bc'], undefined],
  ['ab', ['cd'], undefined],
  ['team-blue', ['team-red', 'team-blu'], 'team-blu'],
  ['x', [], undefined],
  ['completely', ['different'], undefined],
];
it.each(cases)('%s of %j is %s', (wanted, names, expected) => {
  expect(findNearest(wanted, names)).toBe(expected);
});
