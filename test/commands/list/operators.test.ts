import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/list/operators.js';
import { operator } from '../../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { type Given, rowsOf } from '../../support/plan.js';

const O = operator();
const given: Given = { operators: [{ operator: O }, { operator: { ...O, name: 'Alias' } }] };

const list = (rows: object[]) => ({
  kind: 'listed',
  title: 'operators',
  columns: [
    { key: 'name', title: 'Name' },
    { key: 'public_key', title: 'Public Key' },
  ],
  rows,
  whenEmpty: 'no operators in /stores: add one with nsc init or nsc add operator',
});

describe('operators', () => {
  itAnswers(command, given, {
    'of the store, sorted, with the name their JWT says where it differs': [
      '',
      list([
        { name: 'Alias', public_key: 'o1', claim_name: 'O' },
        { name: 'O', public_key: 'o1' },
      ]),
    ],
    'of an empty store': ['--json', list([]), {}],
  });
  itRefuses(command, given, {
    'an argument': ['O', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });

  it('marks the selected one', async () => {
    expect(await rowsOf(command, given, '')).toEqual([
      { cells: ['Alias (O)', 'o1'], current: false },
      { cells: ['O', 'o1'], current: true },
    ]);
  });
});
