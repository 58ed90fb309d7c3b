import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/list/accounts.js';
import { account, operator } from '../../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { type Given, rowsOf } from '../../support/plan.js';

const P = { ...operator(), name: 'P' };
const given: Given = {
  operators: [
    { operator: operator(), accounts: [account('B', 'b1'), account('A', 'a1')] },
    { operator: P, accounts: [{ ...account('A', 'a2'), name: 'Moved' }] },
  ],
};

const list = (operatorName: string, rows: object[]) => ({
  kind: 'listed',
  title: `accounts of operator "${operatorName}"`,
  columns: [
    { key: 'name', title: 'Name' },
    { key: 'public_key', title: 'Public Key' },
  ],
  rows,
  whenEmpty: `operator "${operatorName}" has no accounts: add one with nsc add account`,
});

describe('accounts', () => {
  itAnswers(command, given, {
    'of the selected operator, sorted': [
      '',
      list('O', [
        { name: 'A', public_key: 'a1' },
        { name: 'B', public_key: 'b1' },
      ]),
    ],
    'of another operator, with the name their JWT says where it differs': [
      '-o P',
      list('P', [{ name: 'Moved', public_key: 'a2', claim_name: 'A' }]),
    ],
    'of an operator by its key': [
      '--operator $o1',
      list('O', [
        { name: 'A', public_key: 'a1' },
        { name: 'B', public_key: 'b1' },
      ]),
    ],
    'of an operator without any': ['-J', list('O', []), { operators: [{ operator: operator() }] }],
    'that cannot be read, with the reason (E-37)': [
      '',
      list('O', [
        { name: 'A', public_key: 'a1' },
        { name: 'B', public_key: '', error: 'account "B" is broken' },
      ]),
      { ...given, unreadable: ['B'] },
    ],
  });
  itRefuses(command, given, {
    'of an operator that is not there': ['-o Q', ['operator-not-found', 'no operator "Q"']],
    'of an operator whose key is not there': ['-o $o2', ['operator-not-found', 'no operator with key o2 in /stores']],
    'an argument': ['O', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });

  it('marks the selected one', async () => {
    expect(await rowsOf(command, given, '')).toEqual([
      { cells: ['A', 'a1'], current: true },
      { cells: ['B', 'b1'], current: false },
    ]);
    expect(await rowsOf(command, given, '-o P')).toEqual([{ cells: ['Moved (A)', 'a2'], current: false }]);
  });

  it('shows the reason in the place of the key', async () => {
    expect((await rowsOf(command, { ...given, unreadable: ['B'] }, ''))[1]?.cells).toEqual([
      'B',
      'account "B" is broken',
    ]);
  });
});
