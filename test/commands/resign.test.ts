import { describe, expect, it } from 'vitest';
import { command } from '../../src/commands/resign.js';
import { formatCreds } from '../../src/domain/creds/creds.js';
import { emptyKeyring, newRecord, withRecords } from '../../src/domain/keyring/keyring.js';
import type { UserEntry } from '../../src/domain/tree/tree.js';
import { plural } from '../../src/lib/plural.js';
import { Secret } from '../../src/lib/secret.js';
import {
  account,
  NOW as ISSUED,
  KEYS,
  type KeyName,
  operator,
  pub,
  scope,
  under,
  user,
} from '../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../support/cases.js';
import { type Given, NOW, type Planned, plan, planRaw } from '../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const A = account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2'), scope('a4', 'reader')] } });
const B = account('B', 'b1');
const u = user('A/u', 'u1', { by: 'a1' });
const v = user('A/v', 'u2', { by: 'a2', nats: { subs: -1, data: -1, payload: -1, issuer_account: pub('a1') } });
const w = user('A/w', 'u3', { by: 'a4', nats: under('a1') });
const given: Given = { operators: [{ operator: O, accounts: [A, B], users: [u, v, w] }] };

const credsOf = (entry: UserEntry, key: KeyName) => ({
  account: entry.account,
  user: entry.name,
  creds: formatCreds(entry.token, KEYS[key].seed),
});
/** A world of other tokens. */
const world = (
  { accounts = [A, B], users = [u, v, w], ...more }: Partial<NonNullable<Given['operators']>[number]>,
  rest: Given = {},
): Given => ({ ...given, ...rest, operators: [{ operator: O, accounts, users, ...more }] });

/** Users that are signed by who signed them before. */
const users = (...lines: string[]): Partial<Planned> => ({
  changes: lines.flatMap((line) => [`put-user ${line}`, `put-creds ${line.replace(/ by .*/, '')}`]),
  claims: Object.fromEntries(lines.map((line) => [line.replace(/ by .*/, ''), {}])),
});
const signed = (who: string, creds = 1): string[] => [
  `signed ${who} of account "A" anew`,
  `wrote ${plural(creds, 'creds file')}`,
];

describe('who is signed anew', () => {
  itPlans(command, given, {
    'the users of an account, each by who signed it before': [
      '--account A',
      { ...(users('A/u by a1', 'A/v by a2', 'A/w by a4') as Planned), steps: signed('3 users', 3) },
    ],
    'the account, too': [
      '--account A --with-account',
      {
        changes: ['put-account A by o2', ...(users('A/u by a1', 'A/v by a2', 'A/w by a4').changes ?? [])],
        claims: { A: {}, 'A/u': {}, 'A/v': {}, 'A/w': {} },
        steps: ['signed account "A" anew', ...signed('3 users', 3)],
      },
    ],
    'what an account key signed': ['--issuer $a2', { ...(users('A/v by a2') as Planned), steps: signed('user "v"') }],
    'what the identity of an account signed': [
      '--issuer $a1',
      { ...(users('A/u by a1') as Planned), steps: signed('user "u"') },
    ],
    'accounts that an operator key signed': [
      '--issuer $o1',
      { changes: ['put-account B by o1'], claims: { B: {} }, steps: ['signed account "B" anew'] },
    ],
    'of those only the one that is named': [
      '--issuer $o1 --account A',
      { changes: [], steps: ['warn: nothing was there to sign anew'] },
    ],
    'the users of a role': [
      '--account A --role reader',
      { ...(users('A/w by a4') as Planned), steps: signed('user "w"') },
    ],
    'one user': ['--user v', { ...(users('A/v by a2') as Planned), steps: signed('user "v"') }],
    'one user by its key': [
      '--account A --user $u1',
      { ...(users('A/u by a1') as Planned), steps: signed('user "u"') },
    ],
    'a user, unless another key signed it': [
      '--user v --issuer $a1',
      { changes: [], steps: ['warn: nothing was there to sign anew'] },
    ],
    everything: [
      '--all',
      {
        changes: [
          'put-account A by o2',
          'put-account B by o1',
          ...(users('A/u by a1', 'A/v by a2', 'A/w by a4').changes ?? []),
        ],
        claims: { A: {}, B: {}, 'A/u': {}, 'A/v': {}, 'A/w': {} },
        steps: ['signed 2 accounts anew: "A", "B"', ...signed('3 users', 3)],
      },
    ],
  });
});

const SCOPE_OF_W = 'account "A" no longer has the role of a4, which said what its users may do';
const rotated = withRecords(emptyKeyring, [
  { ...newRecord(pub('a2'), { kind: 'account-signing', account: pub('a1') }, 'retiring', 1), replacedBy: pub('a3') },
  newRecord(pub('a3'), { kind: 'account-signing', account: pub('a1') }, 'active', 1),
  {
    ...newRecord(pub('a4'), { kind: 'role', account: pub('a1'), role: 'reader' }, 'retiring', 1),
    replacedBy: pub('ax'),
  },
  newRecord(pub('ax'), { kind: 'role', account: pub('a1'), role: 'reader' }, 'active', 1),
]);
const both = account('A', 'a1', {
  nats: { signing_keys: [pub('a2'), pub('a3'), scope('a4', 'reader'), scope('ax', 'reader')] },
});
const after = account('A', 'a1', { nats: { signing_keys: [pub('a3'), scope('ax', 'reader')] } });
const everyKey: Given = { stored: ['o1', 'o2', 'a1', 'a2', 'a3', 'a4', 'ax', 'u1', 'u2', 'u3'] };

describe('who signs', () => {
  itPlans(command, given, {
    'the key that took over from a silent one': [
      '--issuer $a2',
      {
        changes: ['put-user A/v by a3', 'put-creds A/v'],
        claims: { 'A/v': { iss: ['a2', 'a3'] } },
        steps: signed('user "v"'),
      },
      world({ accounts: [both], keyring: rotated }, everyKey),
    ],
    'the new key of the role': [
      '--role reader',
      {
        changes: ['put-user A/w by ax', 'put-creds A/w'],
        claims: { 'A/w': { iss: ['a4', 'ax'] } },
        steps: signed('user "w"'),
      },
      world({ accounts: [both], keyring: rotated }, everyKey),
    ],
    'the new key of the role although the old one is no longer listed': [
      '--role reader',
      {
        changes: ['put-user A/w by ax', 'put-creds A/w'],
        claims: { 'A/w': { iss: ['a4', 'ax'] } },
        steps: signed('user "w"'),
      },
      world({ accounts: [after], keyring: rotated }, everyKey),
    ],
    'a key that is listed, for users whose issuer no longer is': [
      '--issuer $a2',
      {
        changes: ['put-user A/v by a1', 'put-creds A/v'],
        claims: { 'A/v': { iss: ['a2', 'a1'], 'nats.issuer_account': { removed: 'a1' } } },
        steps: signed('user "v"'),
      },
      world({ accounts: [account('A', 'a1')], users: [v] }),
    ],
    'the key that -K names': [
      '--user u -K $a2',
      {
        changes: ['put-user A/u by a2', 'put-creds A/u'],
        claims: { 'A/u': { iss: ['a1', 'a2'], 'nats.issuer_account': { added: 'a1' } } },
        steps: signed('user "u"'),
      },
    ],
    'an account signs itself where its operator is managed elsewhere': [
      '--issuer $o2',
      {
        changes: ['put-account A by a1'],
        claims: { A: { iss: ['o2', 'a1'] } },
        steps: ['signed account "A" anew'],
      },
      world({ managed: true }, { stored: ['a1'] }),
    ],
  });
});

describe('what stays as it is, while the others are signed', () => {
  itPlans(command, given, {
    'a user whose role is gone': [
      '--account A',
      {
        ...(users('A/u by a1') as Planned),
        steps: signed('user "u"'),
        warnings: [`user "A/w" stays as before: ${SCOPE_OF_W}`],
      },
      world({ accounts: [account('A', 'a1')], users: [u, w] }),
    ],
    'a user whose role is gone, although a record calls its key a plain one': [
      '--account A',
      {
        ...(users('A/u by a1') as Planned),
        steps: signed('user "u"'),
        warnings: [`user "A/w" stays as before: ${SCOPE_OF_W}`],
      },
      world({
        accounts: [account('A', 'a1')],
        users: [u, w],
        keyring: withRecords(emptyKeyring, [
          newRecord(pub('a4'), { kind: 'account-signing', account: pub('a1') }, 'removed', 1),
        ]),
      }),
    ],
    'a user in a role whose seed is elsewhere: another key would change what it may do': [
      '--account A',
      {
        ...(users('A/u by a1') as Planned),
        steps: signed('user "u"'),
        warnings: [
          'user "A/w" stays as before: the seed of a4 (role "reader" of account "A"), which signed the user, is not in the keystore',
        ],
      },
      world({ users: [u, w] }, { stored: ['a1', 'u1'] }),
    ],
    'a user that is revoked': [
      '--account A',
      {
        ...(users('A/v by a2') as Planned),
        steps: signed('user "v"'),
        warnings: ['user "A/u" stays as before, because it is revoked'],
      },
      world({
        accounts: [account('A', 'a1', { nats: { signing_keys: [pub('a2')], revocations: { [pub('u1')]: ISSUED } } })],
        users: [u, v],
      }),
    ],
    'a user that cannot be read': [
      '--account A',
      {
        ...(users('A/v by a2') as Planned),
        steps: signed('user "v"'),
        warnings: ['user "A/u" stays as before: user "u" is broken'],
      },
      world({ users: [u, v] }, { unreadable: ['A/u'] }),
    ],
    'a user that its account does not allow: servers refuse it whoever signs it': [
      '--account A',
      {
        ...(users('A/v by a2') as Planned),
        steps: signed('user "v"'),
        warnings: ['user "A/u" stays as before: user "u" is a bearer token, which account "A" forbids'],
      },
      world({
        accounts: [account('A', 'a1', { nats: { signing_keys: [pub('a2')], limits: { disallow_bearer: true } } })],
        users: [user('A/u', 'u1', { nats: { subs: -1, bearer_token: true } }), v],
      }),
    ],
    'a user that was altered': [
      '--account A',
      {
        ...(users('A/v by a2') as Planned),
        steps: signed('user "v"'),
        warnings: ['user "A/u" stays as before: the JWT of user "u" does not hold what its issuer signed'],
      },
      world({ users: [{ ...u, token: `${u.token.slice(0, -6)}AAAAAA` }, v] }),
    ],
  });
});

describe('creds', () => {
  itPlans(command, given, {
    'are not written without the seed, and that is told': [
      '--user u',
      {
        changes: ['put-user A/u by a1'],
        claims: { 'A/u': {} },
        steps: ['signed user "u" of account "A" anew'],
        warnings: ['whoever has the seeds of users "A/u" needs their new JWTs: they are not here'],
      },
      world({}, { stored: ['a1'] }),
    ],
    'are written from the seed in them, where the keystore has none': [
      '--user u',
      { ...(users('A/u by a1') as Planned), steps: signed('user "u"') },
      world({ creds: [credsOf(u, 'u1')] }, { stored: ['a1'] }),
    ],
    'of another time are written anew': [
      '--user u',
      { ...(users('A/u by a1') as Planned), steps: signed('user "u"') },
      world({ creds: [credsOf(user('A/u', 'u1', { nats: { tags: ['old'] } }), 'u1')] }, { stored: ['a1'] }),
    ],
    'with the only copy of another seed stay': [
      '--user u',
      {
        changes: ['put-user A/u by a1'],
        claims: { 'A/u': {} },
        steps: ['signed user "u" of account "A" anew'],
        warnings: [
          'the creds of "A/u" were not written: the creds of user "u" hold the seed of u2, which is nowhere else',
        ],
      },
      world({ creds: [credsOf(user('A/u', 'u2'), 'u2')] }, { stored: ['a1', 'u1'] }),
    ],
    'that are rubbish are written anew': [
      '--user u',
      { ...(users('A/u by a1') as Planned), steps: signed('user "u"') },
      world({ creds: [{ account: 'A', user: 'u', creds: new Secret('rubbish') }] }),
    ],
    'that are rubbish stay without a seed, and that is told': [
      '--user u',
      {
        changes: ['put-user A/u by a1'],
        claims: { 'A/u': {} },
        steps: ['signed user "u" of account "A" anew'],
        warnings: ['the creds of "A/u" were not written: the creds of user "u" do not hold its seed'],
      },
      world({ creds: [{ account: 'A', user: 'u', creds: new Secret('rubbish') }] }, { stored: ['a1'] }),
    ],
    'of a key file that holds another key are not written, and the other users are signed': [
      '--account A',
      {
        changes: ['put-user A/u by a1', 'put-user A/v by a2', 'put-creds A/v'],
        claims: { 'A/u': {}, 'A/v': {} },
        steps: signed('2 users', 1),
        warnings: ['the creds of "A/u" were not written: the seed stored for u1 is the one of u3'],
      },
      world({ users: [u, v] }, { swapped: { u1: 'u3' } }),
    ],
  });
});

describe('revoked users', () => {
  const shut = account('A', 'a1', { nats: { revocations: { '*': ISSUED } } });
  itPlans(command, given, {
    'come back with --revoked, and that is told': [
      '--account A --revoked',
      {
        ...(users('A/u by a1') as Planned),
        steps: signed('user "u"'),
        warnings: ['users "A/u" were revoked, and servers accept their new JWTs'],
      },
      world({ accounts: [shut], users: [u] }),
    ],
  });

  it('are asked about on a terminal', async () => {
    const question = async (line: string) => {
      const { plan: made } = await planRaw(command, world({ accounts: [shut], users: [u] }), line);
      return command.confirm?.({} as never, { revoked: line.includes('--revoked') } as never, made);
    };
    expect(await question('--account A --revoked')).toBe(
      'Sign revoked tokens anew, too, so that servers accept them again?',
    );
    expect(await question('--account A')).toBeUndefined();
  });
});

describe('servers', () => {
  it('get the accounts that changed, once they are committed', async () => {
    const { plan: made } = await planRaw(command, given, '--all --push --timeout 3');
    expect(made.push).toMatchObject({ accounts: ['A', 'B'], reach: { timeoutMs: 3000 } });
  });

  it('get nothing where only users changed', async () => {
    const { plan: made, shown } = await planRaw(command, given, '--account A --push');
    expect(made.push).toBeUndefined();
    expect(shown.steps).toContain('no account changed, so nothing is to be sent');
  });
});

describe('a token that could not be signed', () => {
  it('decides the exit code, and the others are signed', async () => {
    const { plan: made } = await planRaw(
      command,
      world({ accounts: [account('A', 'a1')], users: [u, w] }),
      '--account A',
    );
    expect(made.result).toMatchObject({
      failure: { code: 'no-signer', details: { left: [{ kind: 'user', account: 'A', name: 'w' }] } },
    });
  });
});

it('changes nothing but who signed and when', async () => {
  const before = user('A/u', 'u1', {
    exp: NOW - 5,
    nats: {
      subs: -1,
      data: -1,
      payload: 1024,
      bearer_token: true,
      tags: ['x'],
      pub: { allow: ['a.>'] },
      stranger: { b: [1, 2n ** 60n], a: null },
    } as never,
  });
  const { after } = await planRaw(command, world({ users: [before] }), '--account A');
  const { iat, jti, ...rest } = after.findUser('A', 'u')?.claims ?? {};
  const { iat: was, jti: _id, ...old } = before.claims;
  expect(rest).toEqual(old);
  expect([was, iat]).toEqual([ISSUED, NOW]);
  expect(jti).not.toBe(before.claims.jti);
});

it('shows only a summary of many users', async () => {
  const many = Array.from({ length: 60 }, (_, at) => user(`A/u${at}`, 'u1'));
  const shown = await plan(command, world({ users: many }), '--account A');
  expect(shown.steps).toEqual(signed('60 users', 60));
});

describe('refused', () => {
  itRefuses(command, given, {
    'without saying what': ['', ['missing-option', 'it has to be said what is to be signed anew']],
    'an account that is not there': [
      '--account X',
      ['account-not-found', 'account "X" does not exist under operator "O"'],
    ],
    'a user that is not there': ['--user x', ['user-not-found', 'user "x" does not exist in account "A"']],
    'a role that was never there': ['--role x', ['item-not-found', 'account "A" has no role "x"']],
    'an issuer that nobody knows and that signed nothing': [
      '--issuer $ax',
      ['key-not-found', 'nobody knows ax, and it signed nothing here'],
    ],
    'an issuer that is no key': ['--issuer x', ['key-not-found', '"x" is neither a key, a key file nor an alias']],
    'an issuer that signs nothing': [
      '--issuer $u1',
      ['wrong-key-kind', 'u1 is a key of kind user, which signs nothing'],
    ],
    '--with-account without an account': ['--with-account --all', ['missing-option', '--with-account needs --account']],
    'options of --push without it': [
      '--all --timeout 3',
      ['missing-option', '--timeout says how servers are reached, so it needs --push'],
    ],
    '-K of a key that the account does not list': [
      '--account A -K $ax.seed',
      ['signer-not-allowed', 'ax may not sign users of account "A": it is not among the keys that may'],
    ],
    'where nobody can sign': [
      '--account A',
      [
        'no-signer',
        '2 tokens could not be signed anew: no key that may sign users of account "A" is in the keystore: a1 (identity of account "A"), a2 (signing key of account "A"), a4 (role "reader" of account "A")',
      ],
      world({ users: [u, v] }, { stored: [] }),
    ],
    'moving users in no role to one': [
      '--user u -K $a4',
      [
        'no-signer',
        '1 token could not be signed anew: users of account "A" who are in no role can only be signed by a key of role "reader", which changes what they may do',
      ],
    ],
    'moving users of a role out of it': [
      '--user w -K $a2',
      [
        'no-signer',
        '1 token could not be signed anew: users of account "A" who are in role "reader" can only be signed by a key of no role, which changes what they may do',
      ],
    ],
  });
});
