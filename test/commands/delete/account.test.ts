import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/delete/account.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { decodeVerified } from '../../../src/domain/token/decode.js';
import { serviceFrom, streamFrom } from '../../domain/sharing/accounts.js';
import { account, KEYS, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Given, NOW, planRaw } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const strict = operator({ nats: { signing_keys: [pub('o2')], strict_signing_key_usage: true } });
const A = account('A', 'a1', {
  nats: {
    signing_keys: [pub('a2'), scope('a4', 'reader')],
    authorization: { auth_users: [pub('u1')], xkey: pub('x1') },
  },
});
const u = user('A/u', 'u1');
const v = user('A/v', 'u2', { by: 'a2', nats: under('a1') });
const content = {
  operator: O,
  accounts: [A, account('B', 'b1')],
  users: [u, v],
  creds: [{ account: 'A', user: 'u', creds: formatCreds(u.token, KEYS.u1.seed) }],
};
const given: Given = { operators: [content], selected: { account: 'B' } };

const warnings = ['servers that hold account "A" keep it until it is deleted there'];
const users = ['delete-user A/u', 'delete-user A/v'];
const lost = ['A/u', 'A/v', 'A'];

describe('an account goes with its users', () => {
  itPlans(command, given, {
    'and leaves seeds and creds; that servers keep it is told (E-25, S-32)': [
      'A',
      {
        changes: [...users, 'delete-account A'],
        steps: ['deleted user "u" [u1]', 'deleted user "v" [u2]', 'deleted account "A"'],
        warnings,
        lost,
      },
    ],
    'by its key': [
      '--name $a1',
      {
        changes: [...users, 'delete-account A'],
        steps: ['deleted user "u" [u1]', 'deleted user "v" [u2]', 'deleted account "A"'],
        warnings,
        lost,
      },
    ],
    'with all seeds that are stored (E-43)': [
      'A -D',
      {
        changes: [
          'delete-user A/u',
          'delete-seed u1',
          'delete-user A/v',
          'delete-seed a2',
          'delete-seed x1',
          'delete-seed a1',
          'delete-account A',
        ],
        steps: [
          'deleted user "u" [u1]',
          'deleted the seed of u1',
          'deleted user "v" [u2]',
          'deleted the seed of a2',
          'deleted the seed of x1',
          'deleted the seed of a1',
          'deleted account "A"',
        ],
        warnings,
        lost,
      },
      { ...given, stored: ['o1', 'a1', 'a2', 'x1', 'u1', 'b1'] },
    ],
    'with all creds there are': [
      'A --rm-creds',
      {
        changes: ['delete-user A/u', 'delete-creds A/u', 'delete-user A/v', 'delete-account A'],
        steps: [
          'deleted user "u" [u1]',
          'deleted `/keys/creds/O/A/u.creds`',
          'deleted user "v" [u2]',
          'deleted account "A"',
        ],
        warnings,
        lost,
      },
    ],
    'and is no longer selected': [
      'A',
      {
        changes: [...users, 'delete-account A', 'select account='],
        steps: ['deleted user "u" [u1]', 'deleted user "v" [u2]', 'deleted account "A"'],
        warnings,
        lost,
      },
      { ...given, selected: { account: 'A' } },
    ],
    'however --revoke is set': [
      'B --revoke=false',
      {
        changes: ['delete-account B'],
        steps: ['deleted account "B"'],
        warnings: ['servers that hold account "B" keep it until it is deleted there'],
        lost: ['B'],
      },
      { ...given, selected: { account: 'A' } },
    ],
  });

  const dependents = [
    account('B', 'b1', {
      nats: { imports: [streamFrom('a1', 'news.>'), serviceFrom('a1', 'local', { to: 'ask' }), streamFrom('a3', 'x')] },
    }),
    account('AUTH', 'a3', { nats: { authorization: { allowed_accounts: [pub('a1'), pub('b1')] } } }),
    account('ANY', 'a4', { nats: { authorization: { allowed_accounts: ['*'] } } }),
  ];
  const itself = account('A', 'a1', { nats: { authorization: { allowed_accounts: [pub('a1')] } } });
  itPlans(command, given, {
    'and those who import from it, or let people into it, are named': [
      'A',
      {
        changes: ['delete-account A'],
        steps: ['deleted account "A"'],
        warnings: [
          'account "B" imports "ask" from account "A", and gets nothing from then on',
          'account "B" imports "news.>" from account "A", and gets nothing from then on',
          'the auth callout of account "AUTH" goes on to allow account "A" until: nsc edit authcallout --account "AUTH" --rm-allowed-account a1',
          ...warnings,
        ],
        lost: ['A'],
      },
      { operators: [{ operator: O, accounts: [itself, ...dependents] }], selected: { account: 'B' } },
    ],
  });

  it('takes nothing but what is below it', async () => {
    const { after } = await planRaw(command, given, 'A -DC');
    expect({ accounts: after.accountNames(), users: after.userNames('A'), seeds: after.storedKeys() }).toEqual({
      accounts: ['B'],
      users: [],
      seeds: expect.arrayContaining([pub('o1'), pub('o2'), pub('b1'), pub('u3')]),
    });
    expect(after.storedKeys()).not.toContain(pub('a4'));
  });

  it('asks first, on a terminal', () => {
    const context = {} as Parameters<NonNullable<typeof command.confirm>>[0];
    const input = { name: 'A', rmNkey: true } as Parameters<NonNullable<typeof command.confirm>>[1];
    const plan = {} as Parameters<NonNullable<typeof command.confirm>>[2];
    expect(command.confirm?.(context, input, plan)).toBe('Delete account "A" and all its users and their seeds?');
    expect(command.confirm?.(context, { ...input, rmNkey: undefined }, plan)).toBe(
      'Delete account "A" and all its users?',
    );
    expect(command.confirm?.(context, { ...input, push: true }, plan)).toBe(
      'Delete account "A" and all its users and their seeds, on all servers and here?',
    );
  });
});

describe('with --push servers delete it first', () => {
  const there = (nats: Parameters<typeof operator>[0] = {}): Given => ({
    operators: [
      {
        ...content,
        operator: operator({ nats: { signing_keys: [pub('o2')], account_server_url: 'nats://h:4222', ...nats.nats } }),
      },
    ],
    selected: { account: 'B' },
  });
  const deleted = {
    changes: [...users, 'delete-account A'],
    steps: ['deleted user "u" [u1]', 'deleted user "v" [u2]', 'deleted account "A"'],
    lost,
  };
  itPlans(command, there(), {
    'and get one without users before': ['A --push', { ...deleted, delivery: [['send A by o1', 'remove a1']] }],
    'signed by the key that -K names': ['A --push -K $o2', { ...deleted, delivery: [['send A by o2', 'remove a1']] }],
    'over a way that options say': [
      'A --push -u ws://other --system-account SYS --system-user sys --timeout 90 --tls-first --ca-cert ca.pem --client-cert c.pem --client-key k.pem --tls-curves X25519',
      {
        ...deleted,
        delivery: [
          ['send A by o1', 'remove a1'],
          {
            url: 'ws://other',
            systemAccount: 'SYS',
            systemUser: 'sys',
            timeoutMs: 60_000,
            tls: { handshakeFirst: true, caFile: 'ca.pem', certFile: 'c.pem', keyFile: 'k.pem', curves: ['X25519'] },
          },
        ],
      },
    ],
  });

  it('the one without users lets nobody in, and gives nothing', async () => {
    const { plan } = await planRaw(command, there(), 'A --push');
    const sent = plan.delivery?.account;
    expect(decodeVerified(sent?.token ?? '').claims).toEqual(sent?.claims);
    expect(sent?.claims).toEqual({
      iat: NOW,
      iss: pub('o1'),
      jti: expect.any(String),
      name: 'A',
      sub: pub('a1'),
      nats: {
        // what is absent is 0
        limits: {},
        revocations: { '*': NOW },
        default_permissions: { pub: {}, sub: {} },
        authorization: {},
        type: 'account',
        version: 2,
      },
    });
  });

  const managed = (stored: Given['stored']): Given => ({
    operators: [{ ...content, ...there().operators?.[0], managed: true }],
    selected: { account: 'B' },
    stored: stored ?? [],
  });
  itPlans(command, managed(['o2']), {
    'of a managed operator whose key is here, too': [
      'A --push',
      { ...deleted, delivery: [['send A by o2', 'remove a1']] },
    ],
  });
  itRefuses(command, there(), {
    'but not the system account, whoever insists': [
      'A --push --force',
      ['policy-refused', 'account "A" is the system account of operator "O", and servers do not delete it'],
      there({ nats: { system_account: pub('a1') } }),
    ],
    'but not without a key of the operator': [
      'A --push',
      [
        'managed-operator',
        'operator "O" is managed elsewhere and has to sign account "A" before servers take it, so there is nothing to push',
      ],
      managed(['a1']),
    ],
    'but not without knowing where they are': [
      'A --push',
      ['missing-option', 'operator "O" has no account server URL'],
      given,
    ],
    'but not by options alone': [
      'A --account-jwt-server-url nats://h',
      ['missing-option', '--account-jwt-server-url says how servers are reached, so it needs --push'],
    ],
  });
});

describe('refused', () => {
  const managed: Given = { operators: [{ ...content, managed: true }] };
  const system: Given = { operators: [{ ...content, operator: operator({ nats: { system_account: pub('a1') } }) }] };
  itRefuses(command, given, {
    'no account, because the selected one might not be meant (E-24)': [
      '',
      ['missing-option', 'no account to delete was named'],
      { ...given, selected: { account: 'A' } },
    ],
    'an account that is not there': ['C', ['account-not-found', 'account "C" does not exist under operator "O"']],
    'two accounts': ['A B', ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2']],
    'an account of a managed operator': [
      'A',
      ['managed-operator', 'operator "O" is managed elsewhere, so account "A" would only go from this store'],
      managed,
    ],
    'the system account (E-24)': ['A', ['policy-refused', 'account "A" is the system account of operator "O"'], system],
    'when nobody who may sign accounts is at hand': [
      'A',
      [
        'no-signer',
        'no key that may sign account "A" is in the keystore: o1 (identity of operator "O"), o2 (signing key of operator "O")',
      ],
      { ...given, stored: ['a1'] },
    ],
    'with a key that may not sign accounts': [
      'A -K $a1',
      ['wrong-key-kind', 'a1 is of kind account, but account "A" must be signed by one of kind operator'],
    ],
    'with the identity of a strict operator': [
      'A -K $o1',
      ['signer-not-allowed', 'o1 may not sign account "A": the operator requires signing keys'],
      { operators: [{ ...content, operator: strict }] },
    ],
  });
  itPlans(command, given, {
    'unless forced: an account of a managed operator': [
      'B --force',
      {
        changes: ['delete-account B'],
        steps: ['deleted account "B"'],
        warnings: ['servers that hold account "B" keep it until it is deleted there'],
        lost: ['B'],
      },
      managed,
    ],
    'unless forced: the system account': [
      'A -F',
      {
        changes: [...users, 'delete-account A', 'select account='],
        steps: ['deleted user "u" [u1]', 'deleted user "v" [u2]', 'deleted account "A"'],
        warnings,
        lost,
      },
      system,
    ],
  });
});
