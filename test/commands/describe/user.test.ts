import { describe } from 'vitest';
import { command } from '../../../src/commands/describe/user.js';
import { account, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { plainClaims } from '../../support/plain-claims.js';
import type { Given } from '../../support/plan.js';

const A = account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a4', 'reader', { sub: { allow: ['x'] } })] } });
const u = user('A/u', 'u1');
const scoped = user('A/scoped', 'u2', { by: 'a4', nats: under('a1') });
const w = user('B/w', 'u3', { by: 'b1' });
const given: Given = {
  operators: [{ operator: operator(), accounts: [A, account('B', 'b1')], users: [u, scoped, w] }],
};

const tenant = user('A/tenant', 'u2', { by: 'a3', nats: under('a1') });
const withTenant: Given = {
  operators: [
    {
      operator: operator(),
      accounts: [
        account('A', 'a1', {
          nats: {
            signing_keys: [
              ...(A.claims.nats.signing_keys ?? []),
              scope('a3', 'tenant', { pub: { allow: ['{{name()}}.>'] } }),
            ],
          },
        }),
      ],
      users: [tenant],
    },
  ],
};

const described = {
  kind: 'described',
  type: 'user',
  token: '<user u by a1>',
  claims: plainClaims(u),
  view: 'table',
  names: { a1: 'A', a2: 'A', a4: 'A' },
};
const ofB = { ...described, token: '<user w by b1>', claims: plainClaims(w), names: { b1: 'B' } };

describe('a user', () => {
  itAnswers(command, given, {
    'that is named': ['u', described],
    'that is named by its key': ['-n $u1', described],
    'of a role, with the scope of the role': [
      'scoped',
      {
        ...described,
        token: '<user scoped by a4>',
        claims: plainClaims(scoped),
        scope: {
          kind: 'user_scope',
          key: 'a4',
          role: 'reader',
          description: '',
          template: { pub: {}, sub: { allow: ['x'] }, subs: -1, data: -1, payload: -1 },
        },
      },
    ],
    'of a role with functions, with what they come to': [
      'tenant',
      {
        ...described,
        token: '<user tenant by a3>',
        claims: plainClaims(tenant),
        names: { a1: 'A', a2: 'A', a3: 'A', a4: 'A' },
        scope: {
          kind: 'user_scope',
          key: 'a3',
          role: 'tenant',
          description: '',
          template: { pub: { allow: ['{{name()}}.>'] }, sub: {}, subs: -1, data: -1, payload: -1 },
        },
        expansion: {
          limits: { pub: { allow: ['tenant.>'] }, sub: {}, subs: -1, data: -1, payload: -1 },
          dropped: [],
        },
      },
      withTenant,
    ],
    'that is the only one': ['-a B', ofB],
    'of another account': ['w -a $b1', ofB],
    'as JSON': ['u --json', { ...described, names: {}, view: 'json' }],
  });
  itRefuses(command, given, {
    'that is not there': ['x', ['user-not-found', 'user "x" does not exist in account "A"']],
    'of several, not named': ['', ['missing-option', 'a user of account "A" is needed']],
    'of an account that is not there': [
      'u -a C',
      ['account-not-found', 'account "C" does not exist under operator "O"'],
    ],
  });
});
