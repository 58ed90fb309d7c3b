import { describe, expect, it } from 'vitest';
import { unanswered } from '../../../src/cli/ask.js';
import { command } from '../../../src/commands/delete/user.js';
import type { AccountBody } from '../../../src/domain/claims/types.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { issue } from '../../../src/domain/token/issue.js';
import { account, KEYS, operator, pub, NOW as THEN, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { added, type Given, NOW, planRaw } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const u = user('A/u', 'u1');

const world = (nats: AccountBody = {}): Given => ({
  operators: [
    {
      operator: O,
      accounts: [account('A', 'a1', { nats }), account('B', 'b1')],
      users: [u, user('A/v', 'u2'), user('A/a,b', 'u3'), user('B/u', 'u3', { by: 'b1' })],
      creds: [{ account: 'A', user: 'u', creds: formatCreds(u.token, KEYS.u1.seed) }],
    },
  ],
});
const given = world();

const works = ['without --revoke, servers go on accepting the creds of the deleted user'];
const allWork = ['without --revoke, servers go on accepting the creds of the deleted users'];

describe('a user', () => {
  itPlans(command, given, {
    'goes and leaves seed, creds and trust, which is told (E-29)': [
      'u',
      { changes: ['delete-user A/u'], steps: ['deleted user "u" [u1]'], warnings: works },
    ],
    'goes by its key': ['$u1', { changes: ['delete-user A/u'], steps: ['deleted user "u" [u1]'], warnings: works }],
    'goes with seed and creds': [
      'u -DC',
      {
        changes: ['delete-user A/u', 'delete-seed u1', 'delete-creds A/u'],
        steps: ['deleted user "u" [u1]', 'deleted the seed of u1', 'deleted `/keys/creds/O/A/u.creds`'],
        warnings: works,
      },
    ],
    'goes though there is neither seed nor creds': [
      'v -DC',
      { changes: ['delete-user A/v'], steps: ['deleted user "v" [u2]'], warnings: works },
      { ...given, stored: ['o1'] },
    ],
    'goes without a signer at hand': [
      'u',
      { changes: ['delete-user A/u'], steps: ['deleted user "u" [u1]'], warnings: works },
      { ...given, stored: [] },
    ],
    'of another account': [
      'u -a B',
      { changes: ['delete-user B/u'], steps: ['deleted user "u" [u3]'], warnings: works },
    ],
    'goes with others': [
      '-n u,v',
      {
        changes: ['delete-user A/u', 'delete-user A/v'],
        steps: ['deleted user "u" [u1]', 'deleted user "v" [u2]'],
        warnings: allWork,
      },
    ],
    'goes with the one named as argument (E-68)': [
      '-n u v',
      {
        changes: ['delete-user A/u', 'delete-user A/v'],
        steps: ['deleted user "u" [u1]', 'deleted user "v" [u2]'],
        warnings: allWork,
      },
    ],
    'goes once': [
      '-n u,u --name $u1 u',
      { changes: ['delete-user A/u'], steps: ['deleted user "u" [u1]'], warnings: works },
    ],
    'may have a comma in its name': [
      'a,b',
      { changes: ['delete-user A/a,b'], steps: ['deleted user "a,b" [u3]'], warnings: works },
    ],
  });
});

describe('a revoked user', () => {
  const revoked = (at: number | [number, number]) => ({
    A: { 'nats.revocations.u1': Array.isArray(at) ? at : { added: at } },
  });
  itPlans(command, given, {
    'is listed in its account, which is signed first': [
      'u --revoke',
      {
        changes: ['put-account A by o1', 'delete-user A/u'],
        claims: revoked(NOW),
        steps: ['revoked user "u" [u1]', 'deleted user "u" [u1]', 'edited account "A"'],
        lost: ['A/u'],
      },
    ],
    'and others are listed at once': [
      '-n u,v -R -K $o2',
      {
        changes: ['put-account A by o2', 'delete-user A/u', 'delete-user A/v'],
        claims: {
          A: { iss: ['o1', 'o2'], 'nats.revocations.u1': { added: NOW }, 'nats.revocations.u2': { added: NOW } },
        },
        steps: [
          'revoked user "u" [u1]',
          'deleted user "u" [u1]',
          'revoked user "v" [u2]',
          'deleted user "v" [u2]',
          'edited account "A"',
        ],
        lost: ['A/u', 'A/v'],
      },
    ],
    'is listed by the one who signed its account before': [
      'u -R',
      {
        changes: ['put-account A by o2', 'delete-user A/u'],
        claims: revoked(NOW),
        steps: ['revoked user "u" [u1]', 'deleted user "u" [u1]', 'edited account "A"'],
        lost: ['A/u'],
      },
      { operators: [{ operator: O, accounts: [account('A', 'a1', { by: 'o2' })], users: [u] }] },
    ],
    'is revoked anew, from now on (E-30)': [
      'u -R',
      {
        changes: ['put-account A by o1', 'delete-user A/u'],
        claims: revoked([THEN - 5, NOW]),
        steps: ['revoked user "u" [u1]', 'deleted user "u" [u1]', 'edited account "A"'],
        lost: ['A/u'],
      },
      world({ revocations: { [pub('u1')]: THEN - 5 } }),
    ],
    'is revoked once more in the same second, with what was issued in between (E-49)': [
      'u -R',
      {
        changes: ['put-account A by o1', 'delete-user A/u'],
        claims: revoked([NOW, NOW + 1]),
        steps: ['revoked user "u" [u1]', 'deleted user "u" [u1]', 'edited account "A"'],
      },
      world({ revocations: { [pub('u1')]: NOW } }),
    ],
    'keeps a later revocation': [
      'u -R',
      {
        changes: ['put-account A by o1', 'delete-user A/u'],
        claims: { A: {} },
        steps: ['revoked user "u" [u1]', 'deleted user "u" [u1]', 'edited account "A"'],
      },
      world({ revocations: { [pub('u1')]: NOW + 100 } }),
    ],
  });

  it('is refused though another clock dated its JWT ahead, by an account dated after the one before', async () => {
    const ahead = { ...u, ...issue('user', u.claims, KEYS.a1, { now: NOW + 500 }) };
    const later = { name: 'A', ...issue('account', account('A', 'a1').claims, KEYS.o1, { now: NOW + 9 }) };
    const { plan } = await planRaw(
      command,
      { operators: [{ operator: O, accounts: [later], users: [ahead] }] },
      'u -R',
    );
    expect(plan.changes[0]).toMatchObject({
      claims: { iat: NOW + 10, nats: { revocations: { [pub('u1')]: NOW + 500 } } },
    });
  });

  itRefuses(command, given, {
    'and stays when nobody can sign its account (E-29)': [
      'u -R',
      [
        'no-signer',
        'no key that may sign account "A" is in the keystore: o1 (identity of operator "O"), o2 (signing key of operator "O")',
      ],
      { ...given, stored: ['a1'] },
    ],
    'and stays when a wrong key is to sign': [
      'u -R -K $a1',
      ['wrong-key-kind', 'a1 is of kind account, but account "A" must be signed by one of kind operator'],
    ],
  });
});

describe('with --push servers get the account first', () => {
  const URL = 'nats://127.0.0.1:4222';
  const there = operator({ nats: { signing_keys: [pub('o2')], account_server_url: URL } });
  const pushed: Given = { operators: [{ operator: there, accounts: [account('A', 'a1')], users: [u] }] };
  const revoked = {
    changes: ['put-account A by o1', 'delete-user A/u'],
    claims: { A: added('nats.revocations', { u1: NOW }) },
    steps: ['revoked user "u" [u1]', 'deleted user "u" [u1]', 'edited account "A"'],
    lost: ['A/u'],
  };
  itPlans(command, pushed, {
    'which revokes the user': ['u --push', { ...revoked, delivery: [['send A by o1']] }],
    'signed by the key that -K names': [
      'u --push --revoke -K $o2',
      {
        ...revoked,
        changes: ['put-account A by o2', 'delete-user A/u'],
        claims: { A: { ...revoked.claims.A, iss: ['o1', 'o2'] } },
        delivery: [['send A by o2']],
      },
    ],
    'over a way that options say': [
      'u --push -u tls://other:4222 --system-account SYS --system-user sys --timeout 5 --tls-first --ca-cert ca.pem --client-cert c.pem --client-key k.pem --tls-curves P256',
      {
        ...revoked,
        delivery: [
          ['send A by o1'],
          {
            url: 'tls://other:4222',
            systemAccount: 'SYS',
            systemUser: 'sys',
            timeoutMs: 5000,
            tls: { handshakeFirst: true, caFile: 'ca.pem', certFile: 'c.pem', keyFile: 'k.pem', curves: ['P-256'] },
          },
        ],
      },
    ],
  });
  const managed: Given = {
    operators: [{ operator: there, managed: true, accounts: [account('A', 'a1')], users: [u] }],
  };
  itRefuses(command, pushed, {
    'not without revoking': [
      'u --push --revoke=false',
      ['conflicting-options', '--push shuts users out by revoking them, which --revoke=false forbids'],
    ],
    'not without knowing where they are': [
      'u --push',
      ['missing-option', 'operator "O" has no account server URL'],
      given,
    ],
    'not where the URL leads nowhere': [
      'u --push --account-jwt-server-url ftp://x',
      ['bad-value', '--account-jwt-server-url: scheme "ftp" is not supported (http, https, nats, tls, ws, wss)'],
    ],
    'not by options alone': [
      'u --revoke --timeout 5',
      ['missing-option', '--timeout says how servers are reached, so it needs --push'],
    ],
    'not where the operator has to sign the account first': [
      'u --push',
      [
        'managed-operator',
        'operator "O" is managed elsewhere and has to sign account "A" before servers take it, so there is nothing to push',
      ],
      { ...managed, stored: ['a1'] },
    ],
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'no user': ['', ['missing-option', 'no user to delete was named']],
    'an empty list': ["-n ''", ['missing-option', 'no user to delete was named']],
    'a user that is not there, and none goes': ['-n u,w', ['user-not-found', 'user "w" does not exist in account "A"']],
    'two arguments': ['u v', ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2']],
    'an account that is not there': ['u -a C', ['account-not-found', 'account "C" does not exist under operator "O"']],
  });

  it('asks for the account before its users', () => {
    expect(unanswered(command, {})).toEqual(['--account', '--name', '--revoke', '--rm-nkey', '--rm-creds']);
  });

  it('asks first, on a terminal', () => {
    const context = {} as Parameters<NonNullable<typeof command.confirm>>[0];
    const input = { name: ['u', 'v'], revoke: true, rmNkey: true } as Parameters<
      NonNullable<typeof command.confirm>
    >[1];
    const plan = {} as Parameters<NonNullable<typeof command.confirm>>[2];
    expect(command.confirm?.(context, input, plan)).toBe('Delete user "u", user "v" and the seeds?');
    expect(command.confirm?.(context, { ...input, rmNkey: undefined }, plan)).toBe('Delete user "u", user "v"?');
    expect(command.confirm?.(context, { ...input, push: true }, plan)).toContain('shut out on all servers first?');
  });
});
