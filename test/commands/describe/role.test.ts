import { describe } from 'vitest';
import { command } from '../../../src/commands/describe/role.js';
import type { AccountEntry } from '../../../src/domain/tree/tree.js';
import { account, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import type { Given } from '../../support/plan.js';

const reader = scope('a4', 'reader', { sub: { allow: ['x'] }, subs: 0 });
const world = (A: AccountEntry): Given => ({
  operators: [
    {
      operator: operator(),
      accounts: [A, account('B', 'b1', { nats: { signing_keys: [scope('a2', 'only')] } })],
      users: [
        user('A/v', 'u2', { by: 'a4', nats: under('a1') }),
        user('A/plain', 'u3'),
        user('A/u', 'u1', { by: 'a4', nats: under('a1') }),
      ],
    },
  ],
});
const A = account('A', 'a1', { nats: { signing_keys: [pub('a3'), reader, scope('ax', '')] } });
const given = world(A);

const shown = {
  kind: 'role',
  account: 'A',
  scope: {
    kind: 'user_scope',
    key: 'a4',
    role: 'reader',
    template: { pub: {}, sub: { allow: ['x'] }, subs: 0, data: -1, payload: -1 },
    description: '',
  },
  stored: true,
  users: ['u', 'v'],
  unreadable: [],
};

describe('a role', () => {
  itAnswers(command, given, {
    'with what it gives, and to whom': ['reader', shown],
    'by its key': ['-n $a4', shown],
    'as JSON': ['--name reader --account $a1 --json', shown],
    'whose seed is elsewhere': ['reader', { ...shown, stored: false }, { ...given, stored: [] }],
    'with users that cannot be read': [
      'reader',
      { ...shown, users: ['v'], unreadable: ['user "u" is broken'] },
      { ...given, unreadable: ['A/u'] },
    ],
    'that is the only one': [
      '-a B',
      {
        ...shown,
        account: 'B',
        scope: {
          ...shown.scope,
          key: 'a2',
          role: 'only',
          template: { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 },
        },
        users: [],
      },
    ],
  });
  itRefuses(command, given, {
    'of several, not named': ['', ['missing-option', 'a role of account "A" is needed']],
    'that is not there': ['writer', ['item-not-found', 'account "A" has no role "writer"']],
    'of a key without a scope': ['$a3', ['item-not-found', 'a3 is not a scoped signing key of account "A"']],
    'of a key that is not listed': ['$b1', ['item-not-found', 'b1 is not a scoped signing key of account "A"']],
    'that several keys have': [
      'reader',
      ['bad-value', 'role "reader" of account "A" belongs to several keys'],
      world(account('A', 'a1', { nats: { signing_keys: [reader, scope('a3', 'reader')] } })),
    ],
    'of an account that was altered': [
      'reader',
      ['bad-token', 'the JWT of account "A" does not hold what its issuer signed'],
      world({ ...A, token: A.token.replace(/.{10}$/, 'AAAAAAAAAA') }),
    ],
  });
});
