import { describe } from 'vitest';
import { command } from '../../../src/commands/describe/account.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { plainClaims } from '../../support/plain-claims.js';
import type { Given } from '../../support/plan.js';

const A = account('A', 'a1', {
  nats: {
    imports: [
      { name: 'x', subject: 'x', account: pub('b1'), type: 'stream' },
      { name: 'y', subject: 'y', account: pub('ax'), type: 'stream' },
    ],
  },
});
const B = account('B', 'b1');
const given: Given = { operators: [{ operator: operator(), accounts: [A, B] }] };

const described = {
  kind: 'described',
  type: 'account',
  token: '<account A by o1>',
  claims: plainClaims(A),
  view: 'table',
  names: { o1: 'O', b1: 'B' },
};
const ofB = { ...described, token: '<account B by o1>', claims: plainClaims(B), names: { o1: 'O' } };

describe('an account', () => {
  itAnswers(command, given, {
    'that is selected, with the names of the accounts it imports from': ['', described],
    'that is named': ['B', ofB],
    'that is named by its key': ['$b1', ofB],
    'that is named by flag': ['-n B', ofB],
    'without names of keys': ['--long-ids', { ...described, names: {} }],
    'as one claim': ['-F nats.limits', { ...described, names: {}, view: { field: 'nats.limits' } }],
    'though another account cannot be read': ['B', ofB, { ...given, unreadable: ['A'] }],
  });
  itRefuses(command, given, {
    'that is not there': ['C', ['account-not-found', 'account "C" does not exist under operator "O"']],
    'when none is selected': [
      '',
      ['missing-option', 'an account is needed, and none is selected'],
      { operators: [{ operator: operator() }] },
    ],
    twice: ['A B', ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2']],
  });
});
