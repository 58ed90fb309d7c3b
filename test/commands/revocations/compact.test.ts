import { describe } from 'vitest';
import { command } from '../../../src/commands/revocations/compact.js';
import type { AccountBody } from '../../../src/domain/claims/types.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import type { Given } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const world = (nats: AccountBody): Given => ({
  operators: [{ operator: O, accounts: [account('A', 'a1', { nats }), account('B', 'b1')] }],
});
const given = world({
  revocations: { '*': 50, [pub('u1')]: 50, [pub('u2')]: 51, [pub('u3')]: 3 },
  exports: [
    { subject: 'a', type: 'service', revocations: { '*': 9, [pub('b1')]: 9, [pub('ax')]: 10 } },
    { subject: 'b', type: 'stream', revocations: { [pub('b1')]: 1 } },
    { subject: 'c', type: 'stream' },
  ],
});
const given2 = world({ revocations: { [pub('u1')]: 5 }, exports: [{ subject: 'c', type: 'stream' }] });
const warnings = ['what was dropped does not come back when the revocation of everyone (*) is deleted'];

describe('entries that decide nothing', () => {
  const change = {
    'nats.revocations.u1': { removed: 50 },
    'nats.revocations.u3': { removed: 3 },
    'nats.exports[a].revocations.b1': { removed: 9 },
  };
  const steps = [
    'dropped 2 revocations of users',
    'dropped 1 revocation of accounts that import service "a"',
    'edited account "A"',
  ];
  itPlans(command, given, {
    'go from the account and its exports': [
      '-a A',
      { changes: ['put-account A by o1'], claims: { A: change }, steps, warnings },
    ],
    'go from the account that is the argument, signed by the key that is named': [
      'A -K $o2',
      { changes: ['put-account A by o2'], claims: { A: { iss: ['o1', 'o2'], ...change } }, steps, warnings },
    ],
    'go from exports alone': [
      '',
      {
        changes: ['put-account A by o1'],
        claims: { A: { 'nats.exports[c].revocations.b1': { removed: 5 } } },
        steps: ['dropped 1 revocation of accounts that import stream "c"', 'edited account "A"'],
        warnings,
      },
      world({ exports: [{ subject: 'c', type: 'stream', revocations: { '*': 5, [pub('b1')]: 5 } }] }),
    ],
    'are not there': ['', { changes: [], steps: ['every revocation of account "A" is needed'] }, given2],
    'are not there, where nobody is revoked': [
      'B',
      { changes: [], steps: ['every revocation of account "B" is needed'] },
    ],
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'an account that is not there': ['C', ['account-not-found', 'account "C" does not exist under operator "O"']],
    'nobody to sign': [
      '',
      [
        'no-signer',
        'no key that may sign account "A" is in the keystore: o1 (identity of operator "O"), o2 (signing key of operator "O")',
      ],
      { ...given, stored: [] },
    ],
  });
});
