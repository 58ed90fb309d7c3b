import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/revocations/list-users.js';
import { account, operator, pub, user } from '../../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { type Given, rowsOf } from '../../support/plan.js';

const revocations = { [pub('u1')]: 1_300_000_000, [pub('u3')]: 1, '*': 1_700_000_000 };
const given: Given = {
  operators: [
    {
      operator: operator(),
      accounts: [account('A', 'a1', { nats: { revocations } }), account('B', 'b1')],
      users: [user('A/u', 'u1'), user('A/v', 'u2')],
    },
  ],
};

const rows = [
  { public_key: '*', revoked_until: 1_700_000_000 },
  { public_key: 'u3', revoked_until: 1 },
  { public_key: 'u1', name: 'u', revoked_until: 1_300_000_000 },
];

describe('revoked users', () => {
  itAnswers(command, given, {
    'are listed with the names of this store': ['-a A', expect.objectContaining({ kind: 'listed', rows })],
    'are those of the selected account': ['', expect.objectContaining({ rows })],
  });

  it('are shown with the time in words', async () => {
    expect(await rowsOf(command, given, '')).toEqual([
      { cells: ['* [All Users]', '', '2023-11-14 22:13:20 UTC'], current: false },
      { cells: ['u3', '', '1970-01-01 00:00:01 UTC'], current: false },
      { cells: ['u1', 'u', '2011-03-13 07:06:40 UTC'], current: false },
    ]);
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'an account without revoked users, as nsc has it': ['-a B', ['item-not-found', 'account "B" has no revoked users']],
    'an account that is not there': ['-a C', ['account-not-found', 'account "C" does not exist under operator "O"']],
  });
});
