import { describe } from 'vitest';
import { command } from '../../../src/commands/describe/jwt.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { account, KEYS, user } from '../../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { plainClaims } from '../../support/plain-claims.js';
import type { Given } from '../../support/plan.js';

const A = account('A', 'a1');
const u = user('A/u', 'u1');
const given: Given = {
  files: {
    'a.jwt': `${A.token}\n`,
    'decorated.jwt': `-----BEGIN NATS ACCOUNT JWT-----\n${A.token}\n------END NATS ACCOUNT JWT------\n`,
    'u.creds': formatCreds(u.token, KEYS.u1.seed).reveal(),
    junk: 'junk',
    'bad.jwt': A.token.replace(/.{10}$/, 'AAAAAAAAAA'),
  },
  urls: { 'https://h/a': A.token },
};

const described = {
  kind: 'described',
  type: 'account',
  token: '<account A by o1>',
  claims: plainClaims(A),
  view: 'table',
  names: {},
};

describe('a JWT', () => {
  itAnswers(command, given, {
    'from a file': ['-f a.jwt', described],
    'from a decorated file': ['--file decorated.jwt', described],
    'from a URL': ['-f https://h/a', described],
    'from creds': ['-f u.creds', { ...described, type: 'user', token: '<user u by a1>', claims: plainClaims(u) }],
    'as JWT': [
      '-f u.creds -R',
      { ...described, type: 'user', token: '<user u by a1>', claims: plainClaims(u), view: 'raw' },
    ],
    'as one claim': ['-f a.jwt -F name', { ...described, view: { field: 'name' } }],
  });
  itRefuses(command, given, {
    'that is not named': ['', ['missing-option', 'no JWT to describe was given']],
    'that is not there': ['-f nowhere', ['file-not-found', '--file: there is no file "nowhere"']],
    'that is none': ['-f junk', ['bad-token', '"junk": the JWT does not have three parts']],
    'that was tampered with': ['-f bad.jwt', ['bad-token', '"bad.jwt": the JWT has a wrong signature']],
    'as argument': ['a.jwt', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});
