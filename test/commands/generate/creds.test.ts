import { describe } from 'vitest';
import { command } from '../../../src/commands/generate/creds.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { account, KEYS, operator, user } from '../../domain/trust/hierarchy.js';
import { Aliases } from '../../support/aliases.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import type { Given } from '../../support/plan.js';

const u = user('A/u', 'u1');
const given: Given = {
  operators: [
    {
      operator: operator(),
      accounts: [account('A', 'a1'), account('B', 'b1')],
      users: [u, user('B/v', 'u2', { by: 'b1' }), user('B/w', 'u3', { by: 'b1' })],
    },
  ],
};

const content = { secret: new Aliases().name(formatCreds(u.token, KEYS.u1.seed).reveal()) };
const answer = { kind: 'emitted', what: 'credentials', content, data: { user: 'u', account: 'A' } };

describe('creds', () => {
  itAnswers(command, given, {
    'of a user': ['-n u', answer],
    'of a user by key': ['--name $u1', answer],
    'of the only user': ['', answer],
    'of another account': ['-a A', answer, { ...given, selected: { account: 'B' } }],
    'into a file': ['-o u.creds', { ...answer, file: 'u.creds' }],
    'to standard output': ['-o --', answer],
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'none of several users': ['-a B', ['missing-option', 'a user of account "B" is needed']],
    'a user that is not there': ['-n x', ['user-not-found', 'user "x" does not exist in account "A"']],
    'a user whose seed is not stored': [
      '-n u',
      ['key-not-found', 'the seed of user "u" [u1] is not in the keystore'],
      { ...given, stored: [] },
    ],
    'a seed of somebody else (E-09)': [
      '-n u',
      ['key-mismatch', 'the seed stored for u1 is the one of u2'],
      { ...given, swapped: { u1: 'u2' } },
    ],
    'an argument': ['u', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});
