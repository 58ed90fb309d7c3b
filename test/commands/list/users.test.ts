import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/list/users.js';
import { account, operator, user } from '../../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { type Given, rowsOf } from '../../support/plan.js';

const given: Given = {
  operators: [
    {
      operator: operator(),
      accounts: [account('A', 'a1'), account('B', 'b1')],
      users: [user('A/v', 'u2'), { ...user('A/u', 'u1'), name: 'moved' }],
    },
    {
      operator: { ...operator(), name: 'P' },
      accounts: [account('C', 'a2')],
      users: [user('C/w', 'u3', { by: 'a2' })],
    },
  ],
};

const list = (accountName: string, rows: object[]) => ({
  kind: 'listed',
  title: `users of account "${accountName}"`,
  columns: [
    { key: 'name', title: 'Name' },
    { key: 'public_key', title: 'Public Key' },
  ],
  rows,
  whenEmpty: `account "${accountName}" has no users: add one with nsc add user`,
});
const ofA = [
  { name: 'moved', public_key: 'u1', claim_name: 'u' },
  { name: 'v', public_key: 'u2' },
];

describe('users', () => {
  itAnswers(command, given, {
    'of the selected account, sorted': ['', list('A', ofA)],
    'of an account': ['-a B', list('B', [])],
    'of an account by its key': ['-a $a1', list('A', ofA), { ...given, selected: { account: 'B' } }],
    'of an account of another operator': ['-o P -a C', list('C', [{ name: 'w', public_key: 'u3' }])],
    'that cannot be read, with the reason (E-37)': [
      '-J',
      list('A', [ofA[0] ?? {}, { name: 'v', public_key: '', error: 'user "v" is broken' }]),
      { ...given, unreadable: ['A/v'] },
    ],
  });
  itRefuses(command, given, {
    'of an account that is not there': ['-a X', ['account-not-found', 'account "X" does not exist under operator "O"']],
    'of another operator without an account': [
      '-o P',
      ['missing-option', 'an account is needed, and none is selected'],
    ],
    'an argument': ['A', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });

  it('shows the name that the JWT says', async () => {
    expect(await rowsOf(command, given, '')).toEqual([
      { cells: ['moved (u)', 'u1'], current: false },
      { cells: ['v', 'u2'], current: false },
    ]);
  });
});
