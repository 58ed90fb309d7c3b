import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/generate/creds.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { account, NOW as ISSUED, KEYS, operator, pub, scope, user } from '../../domain/trust/hierarchy.js';
import { Aliases } from '../../support/aliases.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { answer, type Given, NOW } from '../../support/plan.js';
import { Session } from '../../support/session.js';

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
const ownPlace = '/keys/creds/O/A/u.creds';
const emitted = { kind: 'emitted', what: 'credentials', content, ownPlace, data: { user: 'u', account: 'A' } };

describe('creds', () => {
  itAnswers(command, given, {
    'of a user': ['-n u', emitted],
    'of a user by key': ['--name $u1', emitted],
    'of the only user': ['', emitted],
    'of another account': ['-a A', emitted, { ...given, selected: { account: 'B' } }],
    'into a file': ['-o u.creds', { ...emitted, file: 'u.creds' }],
    'to standard output': ['-o --', emitted],
  });
});

describe('a warning (S-53)', () => {
  const late = user('A/late', 'u2', { exp: ISSUED - 1 });
  const bearer = user('A/bearer', 'u3', { nats: { ...u.claims.nats, bearer_token: true } });
  const revoked = user('A/u', 'u1', { iat: ISSUED });
  const world = (users: (typeof u)[], A = account('A', 'a1')): Given => ({
    operators: [{ operator: operator(), accounts: [A], users }],
  });
  const warning = async (given: Given) => ((await answer(command, given, '')) as { warnings?: string[] }).warnings;

  it.each<[string, Given, string[] | undefined]>([
    ['none for a user that may connect', world([u]), undefined],
    ['for one that has expired', world([late]), ['user "late" has expired: servers refuse these creds']],
    [
      'for one that is not valid yet',
      world([user('A/soon', 'u1', { nbf: NOW + 60 })]),
      ['user "soon" is not valid yet: servers refuse these creds'],
    ],
    [
      'for one with a bearer token',
      world([bearer]),
      ['user "bearer" has a bearer token: whoever sees the JWT can connect without the seed'],
    ],
    [
      'for one of a role that gives a bearer token',
      world(
        [user('A/r', 'u1', { by: 'a4', nats: { pub: {}, sub: {}, issuer_account: pub('a1') } })],
        account('A', 'a1', { nats: { signing_keys: [scope('a4', 'reader', { bearer_token: true })] } }),
      ),
      ['user "r" has a bearer token: whoever sees the JWT can connect without the seed'],
    ],
    [
      'for one that is revoked',
      world([revoked], account('A', 'a1', { nats: { revocations: { [pub('u1')]: ISSUED } } })),
      ['user "u" is revoked by account "A": servers refuse these creds'],
    ],
    [
      'for one that a removed key signed',
      world([user('A/w', 'u1', { by: 'a2', nats: { ...u.claims.nats, issuer_account: pub('a1') } })]),
      ['user "w" is signed by a2, which account "A" does not list: servers refuse these creds'],
    ],
  ])('%s', async (_what, given, expected) => {
    expect(await warning(given)).toEqual(expected);
  });

  it('is said on standard error, and in JSON', async () => {
    const session = new Session();
    for (const line of ['add operator O', 'add account A', 'add user u --bearer']) await session.ok(line);
    const text = 'user "u" has a bearer token: whoever sees the JWT can connect without the seed';
    const { exit, stdout, stderr } = await session.run('generate creds');
    expect([exit, stderr]).toEqual([0, `nsc: warning: ${text}\n`]);
    expect(stdout).toMatch(/^-----BEGIN NATS USER JWT-----/);
    expect(JSON.parse(await session.ok('generate creds --json')).warnings).toEqual([text]);
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
