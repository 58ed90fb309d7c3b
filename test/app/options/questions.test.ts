import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/app/command.js';
import { askForMissing, type Prompter } from '../../../src/cli/ask.js';
import { command as deleteAccount } from '../../../src/commands/delete/account.js';
import { command as deleteUser } from '../../../src/commands/delete/user.js';
import { command as editAccount } from '../../../src/commands/edit/account.js';
import { command as editUser } from '../../../src/commands/edit/user.js';
import { command as selectAccount } from '../../../src/commands/select/account.js';
import { command as selectOperator } from '../../../src/commands/select/operator.js';
import { account, operator, pub, user } from '../../domain/trust/hierarchy.js';
import { FakeWorld, type Given } from '../../support/fake-world.js';

/** What `-i` offers: [message, choices, default]. */
type Offer = readonly [message: string, choices: readonly string[], preset?: string];

const given: Given = {
  operators: [
    {
      operator: operator(),
      accounts: [account('A', 'a1'), account('B', 'b1')],
      users: [user('A/u', 'u1'), user('A/v', 'u2'), user('B/w', 'u3', { by: 'b1' }), user('B/x', 'u3', { by: 'b1' })],
    },
    { operator: { ...operator(), name: 'P' } },
  ],
};

async function offers(command: Command, input: Record<string, unknown>, choose = 0): Promise<Offer[]> {
  const offered: Offer[] = [];
  const prompter: Prompter = {
    input: async () => '',
    confirm: async ({ default: preset }) => preset,
    select: async ({ message, choices, default: preset }) => {
      offered.push(preset === undefined ? [message, choices] : [message, choices, preset]);
      return choices[choose] ?? '';
    },
    checkbox: async ({ message, choices }) => {
      offered.push([message, choices]);
      return [];
    },
  };
  await askForMissing(command.options, input, new FakeWorld(given).workspace, prompter);
  return offered;
}

describe('interactive mode offers', () => {
  const cases: [what: string, command: Command, input: Record<string, unknown>, choose: number, expected: Offer[]][] = [
    ['operators', selectOperator, {}, 0, [['Operator', ['O', 'P']]]],
    ['accounts', selectAccount, {}, 0, [['Account', ['A', 'B']]]],
    ['accounts to edit', editAccount, {}, 0, [['Account', ['A', 'B'], 'A']]],
    ['accounts to delete, none of them by default (E-24)', deleteAccount, {}, 0, [['Account to delete', ['A', 'B']]]],
    [
      'users of the account that was chosen',
      editUser,
      {},
      1,
      [
        ['Account', ['A', 'B'], 'A'],
        ['User', ['w', 'x']],
      ],
    ],
    ['users of the account that was named by key', editUser, { account: pub('b1') }, 0, [['User', ['w', 'x']]]],
    [
      'users to delete',
      deleteUser,
      {},
      0,
      [
        ['Account', ['A', 'B'], 'A'],
        ['Users to delete', ['u', 'v']],
      ],
    ],
  ];
  it.each(cases)('%s', async (_what, command, input, choose, expected) => {
    expect(await offers(command, input, choose)).toEqual(expected);
  });
});
