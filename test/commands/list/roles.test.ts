import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/list/roles.js';
import { account, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { answer, type Given, rowsOf } from '../../support/plan.js';

const template = { pub: {}, sub: { allow: ['x'] }, subs: 0, data: -1, payload: -1 };
const open = { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 };
const A = account('A', 'a1', {
  nats: {
    signing_keys: [
      pub('a2'),
      { ...scope('a4', 'reader', { sub: { allow: ['x'] }, subs: 0 }), description: 'who reads' },
      scope('a3', ''),
    ],
  },
});
const given: Given = {
  operators: [
    {
      operator: operator(),
      accounts: [A, account('B', 'b1')],
      users: [
        user('A/v', 'u2', { by: 'a4', nats: under('a1') }),
        user('A/plain', 'u3', { by: 'a2' }),
        user('A/u', 'u1', { by: 'a4', nats: under('a1') }),
      ],
    },
    {
      operator: { ...operator(), name: 'P' },
      accounts: [account('C', 'ax', { nats: { signing_keys: [scope('a2', 'r')] } })],
    },
  ],
  stored: ['a4'],
};

const rows = [
  { role: '', public_key: 'a3', stored: false, users: [], description: '', template: open },
  { role: 'reader', public_key: 'a4', stored: true, users: ['u', 'v'], description: 'who reads', template },
];
const list = (name: string, all: object[]) => ({
  kind: 'listed',
  title: `roles of account "${name}"`,
  columns: [
    { key: 'role', title: 'Role' },
    { key: 'public_key', title: 'Signing Key' },
    { key: 'stored', title: 'Stored' },
    { key: 'users', title: 'Users', align: 'right' },
    { key: 'description', title: 'Description' },
  ],
  rows: all,
  whenEmpty: `account "${name}" has no roles: add one with nsc edit signing-key --sk generate --role ROLE`,
});

describe('roles', () => {
  itAnswers(command, given, {
    'of the selected account, with their users': ['', list('A', rows)],
    'of an account without roles': ['-a B', list('B', [])],
    'of an account by its key': ['--account $a1 --json', list('A', rows), { ...given, selected: { account: 'B' } }],
    'of an account of another operator': [
      '-o P -a C',
      list('C', [{ role: 'r', public_key: 'a2', stored: false, users: [], description: '', template: open }]),
    ],
    'and users that could not be counted': [
      '',
      list('A', [
        rows[0] ?? {},
        { ...rows[1], users: ['v'] },
        { role: '', public_key: '', error: 'user "u" is broken' },
      ]),
      { ...given, unreadable: ['A/u'] },
    ],
  });
  itRefuses(command, given, {
    'of an account that is not there': ['-a X', ['account-not-found', 'account "X" does not exist under operator "O"']],
    'an argument': ['A', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });

  it('tells how many users there are', async () => {
    const cells = (await rowsOf(command, { ...given, unreadable: ['A/u'] }, '')).map((row) => row.cells);
    expect(cells).toEqual([
      ['', 'a3', '', '0', ''],
      ['reader', 'a4', '*', '1', 'who reads'],
      ['', '', '', '', 'user "u" is broken'],
    ]);
  });

  it('reads no user without roles to count for', async () => {
    expect(await answer(command, { ...given, unreadable: ['B/w'] }, '-a B')).toEqual(list('B', []));
  });
});
