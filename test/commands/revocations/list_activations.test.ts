import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/revocations/list_activations.js';
import { service, stream } from '../../domain/sharing/accounts.js';
import { pub } from '../../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { rowsOf } from '../../support/plan.js';
import { withExports } from './activations.js';

const revocations = { [pub('b1')]: 1_100_000_000, [pub('a3')]: 7, '*': 1_000_000_000 };
const given = withExports([
  stream('orders.>', { name: 'orders', token_req: true, revocations }),
  service('pay.*', { revocations: { [pub('b1')]: 5 } }),
  service('free'),
]);

describe('revoked activations', () => {
  itAnswers(command, given, {
    'are a list for programs': [
      "--subject 'orders.>'",
      {
        kind: 'listed',
        title: 'revoked activations of the private stream export "orders" of account "A"',
        columns: expect.anything(),
        whenEmpty: '',
        rows: [
          { public_key: '*', revoked_until: 1_000_000_000 },
          { public_key: 'a3', revoked_until: 7 },
          { public_key: 'b1', name: 'B', revoked_until: 1_100_000_000 },
        ],
      },
    ],
  });

  it('are a table for people', async () => {
    const rows = await rowsOf(command, given, '');
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['* [All Accounts]', '', '2001-09-09 01:46:40 UTC'],
      ['a3', '', '1970-01-01 00:00:07 UTC'],
      ['b1', 'B', '2004-11-09 11:33:20 UTC'],
    ]);
  });

  it('are listed although nobody who may sign is at hand', async () => {
    expect(await rowsOf(command, { ...given, stored: [] }, '-s orders.eu')).toHaveLength(3);
  });

  it('of a service, by a part of its subject, of the account that is named', async () => {
    const rows = await rowsOf(command, { ...given, selected: { account: 'B' } }, '--account A --service -s pay.card');
    expect(rows.map(({ cells }) => cells)).toEqual([['b1', 'B', '1970-01-01 00:00:05 UTC']]);
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'where there are none, as nsc does it': [
      '--service -s free',
      ['item-not-found', 'the public service export "free" of account "A" has no revoked activations'],
    ],
    'none of several exports': [
      '--service',
      ['missing-option', 'account "A" has 2 exports to choose from: service "free", service "pay.*"'],
    ],
    'an export that is not there': ['-s x', ['item-not-found', 'account "A" has no stream export "x"']],
  });
});
