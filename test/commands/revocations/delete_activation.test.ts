import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/revocations/delete_activation.js';
import { service, stream } from '../../domain/sharing/accounts.js';
import { pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Planned, planRaw } from '../../support/plan.js';
import { withExports } from './activations.js';

const orders = stream('orders.>', { name: 'orders', token_req: true });
const at = (revocations: Record<string, number>) =>
  withExports([{ ...orders, revocations }, service('pay', { revocations })]);
const given = at({ [pub('b1')]: 1_100_000_000, '*': 1_000_000_000 });

const forgiven = (who: string, claims: object, warning: string): Planned => ({
  changes: ['put-account A by o1'],
  claims: { A: claims },
  steps: [`deleted the revocation of ${who} for the private stream export "orders" of account "A"`],
  warnings: [warning],
});
const entry = (key: string) => `nats.exports[orders.>].revocations${key}`;
const B = 'account "B" [b1]';

describe('a revocation is deleted', () => {
  itPlans(command, given, {
    'of an account': [
      "--subject 'orders.>' --target-account B",
      forgiven(
        B,
        { [entry('.b1')]: { removed: 1_100_000_000 } },
        `activations issued to ${B} after 2001-09-09 01:46:40 UTC and up to 2004-11-09 11:33:20 UTC are accepted again`,
      ),
    ],
    'of all accounts': [
      "-t '*'",
      forgiven(
        'all accounts',
        { [entry('["*"]')]: { removed: 1_000_000_000 } },
        'activations issued to all accounts up to 2001-09-09 01:46:40 UTC are accepted again, unless accounts are ' +
          'revoked by themselves',
      ),
    ],
    'of one that all accounts share': [
      '-t $b1',
      forgiven(
        'account b1',
        { [entry('.b1')]: { removed: 5 } },
        'account b1 stays revoked, as all accounts are, up to 1970-01-01 00:00:09 UTC',
      ),
      at({ [pub('b1')]: 5, '*': 9 }),
    ],
    'of one that all accounts share to the second': [
      '-t $b1',
      forgiven(
        'account b1',
        { [entry('.b1')]: { removed: 9 } },
        'account b1 stays revoked, as all accounts are, up to 1970-01-01 00:00:09 UTC',
      ),
      at({ [pub('b1')]: 9, '*': 9 }),
    ],
    'by the key that is named': [
      '-a A -s orders.eu -t B -K $o2',
      {
        ...forgiven(
          B,
          { iss: ['o1', 'o2'], [entry('.b1')]: { removed: 7 } },
          `activations issued to ${B} up to 1970-01-01 00:00:07 UTC are accepted again`,
        ),
        changes: ['put-account A by o2'],
      },
      { ...at({ [pub('b1')]: 7 }), selected: { account: 'B' } },
    ],
  });

  it('of a service', async () => {
    const { after } = await planRaw(command, at({ [pub('b1')]: 7 }), '--service -t B');
    const exports = after.findAccount('A')?.claims.nats.exports ?? [];
    expect(exports.map((found) => found?.revocations)).toEqual([{ [pub('b1')]: 7 }, undefined]);
  });
});

it('of all accounts is asked about on a terminal', () => {
  const ask = (targetAccount: string) =>
    command.confirm?.({} as never, { targetAccount } as never, { changes: [] } as never);
  expect(ask('*')).toBe('Accept old activations of all accounts again?');
  expect(ask('B')).toBeUndefined();
});

describe('refused', () => {
  const streamOfA = 'the private stream export "orders" of account "A"';
  itRefuses(command, withExports([orders]), {
    'an account that is not on the list': [
      '-t B',
      ['item-not-found', `activations of account "B" [b1] for ${streamOfA} are not revoked`],
    ],
    'all accounts, where they are not': [
      "-t '*'",
      ['item-not-found', `activations of all accounts for ${streamOfA} are not revoked`],
    ],
    nobody: ['', ['missing-option', 'the account that imports was not named']],
    'an export that is not there': ['-s x -t B', ['item-not-found', 'account "A" has no stream export "x"']],
  });
});
