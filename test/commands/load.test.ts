import { describe, expect, it } from 'vitest';
import { command } from '../../src/commands/load.js';
import { issue } from '../../src/domain/token/issue.js';
import type { OperatorEntry } from '../../src/domain/tree/tree.js';
import { account, KEYS, operator, pub, scope, NOW as THEN, user } from '../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../support/cases.js';
import { alter, forgeToken } from '../support/forged-token.js';
import { type Given, NOW, planRaw } from '../support/plan.js';

const SERVER = 'https://host/jwt/v1';
const O = operator({ nats: { account_server_url: `${SERVER}/`, signing_keys: [pub('o2')] } });
const A = account('A', 'a1', { by: 'o2' });
const LINK = 'nsc://Mine?secret=$a1.seed&user=alice';

/** Servers that answer with these tokens. */
const servers = (token = A.token, { token: operatorToken }: Pick<OperatorEntry, 'token'> = O): Given => ({
  urls: { 'https://host/op': operatorToken, [`${SERVER}/accounts/${pub('a1')}`]: token },
  env: { NSC_Mine_OPERATOR: 'https://host/op' },
  files: { 'a1.nk': '$a1.seed', 'a1.pub': '$a1', 'link.txt': `${LINK}\n`, 'junk.txt': 'junk' },
  stored: [],
});
const given = servers();
const there = (world: Given, managed = true, entry: OperatorEntry = O): Given => ({
  ...world,
  operators: [{ operator: entry, managed }],
});
const newer = (entry: typeof A) => ({ ...entry, ...issue('account', entry.claims, KEYS.o2, { now: NOW }) });

const wholeUser = (name: string, by = 'a1') => ({
  [`A/${name}`]: { iss: by, name, sub: 'new1', nats: { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 } },
});
const tokens = (name: string, operatorName: string) => ({
  [`operator ${operatorName}`]: {
    iat: THEN,
    iss: 'o1',
    name: 'O',
    sub: 'o1',
    nats: { account_server_url: `${SERVER}/`, signing_keys: ['o2'] },
  },
  A: {
    iat: THEN,
    iss: 'o2',
    name: 'A',
    sub: 'a1',
    nats: {
      limits: { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 },
      default_permissions: { pub: {}, sub: {} },
      authorization: {},
    },
  },
  ...wholeUser(name),
});
const made = (name: string, operatorName = 'Mine') => ({
  changes: [
    `put-operator ${operatorName} by o1 (new, managed)`,
    'put-account A by o2',
    'put-seed a1',
    'put-seed new1',
    `put-user A/${name} by a1`,
    `put-creds A/${name}`,
    `select operator=${operatorName} account=A`,
  ],
  claims: tokens(name, operatorName),
  steps: [
    `imported operator "${operatorName}"`,
    'imported account "A" [a1]',
    `added user "${name}" to account "A"`,
    `generated user creds file \`/keys/creds/${operatorName}/A/${name}.creds\``,
  ],
});

describe('operator, account and user come', () => {
  itPlans(command, given, {
    'from a link, under the name the operator is known by, and no context is made or claimed (S-26)': [
      `--profile ${LINK}`,
      made('alice'),
    ],
    'from a file that holds the link, which keeps the seed private (S-48)': ['--profile link.txt', made('alice')],
    'with the user called default': ['--profile nsc://mine?secret=$a1.seed', made('default')],
    'with the user that --user names': ['--profile nsc://Mine/?secret=$a1.seed --user bob', made('bob')],
    'with the user that link and --user name': [`--profile ${LINK} --user alice`, made('alice')],
    'from a URL and a seed, under the name of the claims (E-61, S-26)': [
      '--url https://host/op --seed $a1.seed',
      made('default', 'O'),
      { ...given, env: {} },
    ],
    'from a URL and a file with the seed (S-48)': [
      '--url https://host/op --seed a1.nk --user bob',
      made('bob', 'O'),
      { ...given, env: {} },
    ],
  });

  it('as they were sent, byte for byte', async () => {
    const { plan } = await planRaw(command, given, `--profile ${LINK}`);
    expect(plan).toMatchObject({
      operator: 'Mine',
      changes: [{ token: O.token, managed: true }, { token: A.token }, {}, {}, {}, {}, {}],
    });
  });
});

describe('what is here already', () => {
  const onlyUser = made('alice').changes.slice(2);
  itPlans(command, given, {
    'an operator with the same key is used under its own name': [
      `--profile ${LINK}`,
      {
        changes: ['put-account A by o2', ...onlyUser.slice(0, -1), 'select operator=O account=A'],
        claims: { A: tokens('alice', 'O').A, ...wholeUser('alice') },
        steps: ['operator "O" is here already', ...made('alice', 'O').steps.slice(1)],
      },
      there(given),
    ],
    'an older operator that is managed elsewhere is updated': [
      `--profile ${LINK}`,
      {
        changes: [
          'put-operator O by o1',
          'put-account A by o2',
          ...onlyUser.slice(0, -1),
          'select operator=O account=A',
        ],
        claims: {
          'operator O': { 'nats.account_server_url': { added: `${SERVER}/` }, 'nats.signing_keys[o2]': 'added' },
          A: tokens('alice', 'O').A,
          ...wholeUser('alice'),
        },
        steps: ['updated operator "O"', ...made('alice', 'O').steps.slice(1)],
      },
      there(given, true, { name: 'O', ...issue('operator', operator().claims, KEYS.o1, { now: THEN - 1 }) }),
    ],
    'an operator of our own is never replaced, though an older one': [
      `--profile ${LINK}`,
      {
        changes: ['put-account A by o2', ...onlyUser.slice(0, -1), 'select operator=O account=A'],
        claims: { A: tokens('alice', 'O').A, ...wholeUser('alice') },
        steps: ['operator "O" is here already', ...made('alice', 'O').steps.slice(1)],
      },
      there(given, false, {
        name: 'O',
        ...issue('operator', operator({ nats: { signing_keys: [pub('o2')] } }).claims, KEYS.o1, { now: THEN - 1 }),
      }),
    ],
    'an account with the same key keeps the name it has here': [
      `--profile ${LINK}`,
      {
        changes: ['put-account Z by o2', 'put-seed a1', 'select operator=O account=Z'],
        claims: { Z: { name: ['Z', 'A'] } },
        steps: [
          'operator "O" is here already',
          'imported account "Z" [a1]',
          'warn: user "alice" of account "Z" exists already',
        ],
      },
      {
        ...given,
        operators: [
          { operator: O, managed: true, accounts: [account('Z', 'a1', { by: 'o2' })], users: [user('Z/alice', 'u1')] },
        ],
      },
    ],
    'a user is left as it is': [
      `--profile ${LINK}`,
      {
        changes: ['put-account A by o2', 'put-seed a1', 'select operator=O account=A'],
        claims: { A: {} },
        steps: [
          'operator "O" is here already',
          'imported account "A" [a1]',
          'warn: user "alice" of account "A" exists already',
        ],
      },
      { ...given, operators: [{ operator: O, managed: true, accounts: [A], users: [user('A/alice', 'u1')] }] },
    ],
    'an account that was issued later stays': [
      `--profile ${LINK}`,
      {
        changes: [...onlyUser.slice(0, -1), 'select operator=O account=A'],
        claims: wholeUser('alice'),
        steps: ['operator "O" is here already', ...made('alice', 'O').steps.slice(2)],
        warnings: ['account "A" is here with a JWT that was issued later, which stays'],
      },
      { ...given, operators: [{ operator: O, managed: true, accounts: [newer(A)] }] },
    ],
  });
});

it('an operator that has expired or breaks a rule is taken, after saying so', async () => {
  const broken = operator({
    exp: THEN,
    nats: { account_server_url: SERVER, signing_keys: [pub('o2')], operator_service_urls: ['http://h'] },
  });
  const { plan, shown } = await planRaw(command, servers(A.token, broken), `--profile ${LINK}`);
  expect(plan.force).toBe(true);
  expect(shown.warnings).toEqual(
    expect.arrayContaining([
      'operator "O": service URL "http://h" has none of the schemes nats, tls, ws, wss',
      'operator "O": expired at 2023-11-14 22:13:20 UTC',
    ]),
  );
});

describe('an account', () => {
  it('takes the place of one that was altered, after saying so', async () => {
    const world: Given = { ...given, operators: [{ operator: O, managed: true, accounts: [alter(A)] }] };
    const { plan } = await planRaw(command, world, `--profile ${LINK}`);
    expect(plan).toMatchObject({
      changes: expect.arrayContaining([{ type: 'put-account', ...A }]),
      warnings: ['the JWT of account "A" that was here was damaged or altered'],
      force: true,
    });
  });

  it('that signed itself is taken, after saying so', async () => {
    const { shown } = await planRaw(command, servers(account('A', 'a1', { by: 'a1' }).token), `--profile ${LINK}`);
    expect(shown.warnings).toEqual([
      'account "A": the account is self-signed, so its limits bind nobody',
      'account "A" is signed by its own key: operator "Mine" has to sign it before servers accept it',
    ]);
  });

  it('that has expired is taken, after saying so', async () => {
    const { shown } = await planRaw(
      command,
      servers(account('A', 'a1', { by: 'o2', exp: THEN }).token),
      `--profile ${LINK}`,
    );
    expect(shown.warnings).toEqual(['account "A": expired at 2023-11-14 22:13:20 UTC']);
  });

  it('that breaks a rule is taken, because nothing here can mend it', async () => {
    const broken = account('A', 'a1', { by: 'o2', nats: { description: 'x'.repeat(9000) } });
    const { shown } = await planRaw(command, servers(broken.token), `--profile ${LINK}`);
    expect(shown.changes).toEqual(made('alice').changes);
    expect(shown.warnings?.length).toBeGreaterThan(0);
  });

  it('of a strict operator, without signing key here, comes without user', async () => {
    const strict = operator({
      nats: { account_server_url: SERVER, signing_keys: [pub('o2')], strict_signing_key_usage: true },
    });
    const { shown } = await planRaw(command, servers(A.token, strict), `--profile ${LINK}`);
    expect(shown.changes).toEqual([
      'put-operator Mine by o1 (new, managed)',
      'put-account A by o2',
      'put-seed a1',
      'select operator=Mine account=A',
    ]);
    expect(shown.warnings).toEqual([
      'user "alice" was not made: operator "Mine" requires signing keys and account "A" has none',
    ]);
  });

  it('of a strict operator, with a role whose seed is here, makes a user of the role', async () => {
    const strict = operator({
      nats: { account_server_url: SERVER, signing_keys: [pub('o2')], strict_signing_key_usage: true },
    });
    const roles = account('A', 'a1', { by: 'o2', nats: { signing_keys: [scope('a3', 'reader')] } });
    const { shown } = await planRaw(command, { ...servers(roles.token, strict), stored: ['a3'] }, `--profile ${LINK}`);
    expect(shown.claims).toMatchObject({ 'A/alice': { iss: 'a3', nats: { issuer_account: 'a1' } } });
  });
});

describe('refused', () => {
  const link = (text: string) => `--profile ${text}`;
  itRefuses(command, given, {
    nothing: ['', ['missing-option', 'nothing to load was named']],
    'a URL without seed': [
      '--url https://host/op',
      ['missing-option', '--url: the seed of an account is needed to load it'],
    ],
    'a link and a URL': [
      `${link(LINK)} --url https://host/op`,
      ['conflicting-options', '--profile and --url exclude each other'],
    ],
    'a URL and a file with a seed that is not there, which is not the fault of the URL': [
      '--url https://host/op --seed nowhere.nk',
      ['bad-key', '--seed: "nowhere.nk" is neither a key nor a key file'],
    ],
    'a link and a seed': [
      `${link(LINK)} --seed a1.nk`,
      ['conflicting-options', '--profile and --seed exclude each other'],
    ],
    'two users': [
      `${link(LINK)} --user bob`,
      ['conflicting-options', '--user and the link name different users: "bob", "alice"'],
    ],
    'a user whose name leads out of the store (S-42)': [
      link('nsc://Mine?secret=$a1.seed&user=../../x'),
      ['bad-name', '"../../x" cannot be the name of a user: it holds a path separator'],
    ],
    'a link without seed': [link('nsc://Mine?user=x'), ['bad-value', '--profile: that is not a link to an account']],
    'a link of another kind, which is no file either': [
      link('nats://Mine?secret=$a1.seed'),
      ['bad-value', '--profile: that is not a link to an account'],
    ],
    'a file without link': [
      link('junk.txt'),
      ['bad-value', '--profile: what "junk.txt" holds is not a link to an account'],
    ],
    'a file that is not there': [link('none.txt'), ['file-not-found', '--profile: there is no file "none.txt"']],
    'a link with the seed of a user': [
      link('nsc://Mine?secret=$u1.seed'),
      ['wrong-key-kind', '--profile: u1 is a key of kind user, not account'],
    ],
    'a link with a part of a seed, which is not repeated (S-48)': [
      link(`nsc://Mine?secret=${KEYS.a1.seed.reveal().slice(0, -1)}`),
      ['bad-key', '--profile: the secret of the link is not the seed of an account'],
    ],
    'a link with a public key': [
      link('nsc://Mine?secret=$a1'),
      ['key-not-found', '--profile: the link names the public key a1, and the seed is needed'],
    ],
    'a file with a public key': [
      '--url https://host/op --seed a1.pub',
      ['key-not-found', '--seed: that is the public key a1, and the seed is needed'],
    ],
    'an operator that nobody knows': [
      link('nsc://Other?secret=$a1.seed'),
      ['operator-not-found', '--profile: no operator is known under the name "Other"'],
    ],
    'a server that does not answer': [
      '--url https://nowhere/op --seed a1.nk',
      ['remote-failed', '--url: https://nowhere/op is not there'],
    ],
    'an account server that does not answer': [
      link('nsc://Mine?secret=$b1.seed'),
      ['remote-failed', `--profile: ${SERVER}/accounts/b1 is not there`],
    ],
    'an operator without account server': [
      link(LINK),
      ['item-not-found', '--profile: operator "O" names no account server, so account a1 cannot be loaded'],
      servers(A.token, operator()),
    ],
    'an account server of another kind': [
      link(LINK),
      [
        'item-not-found',
        '--profile: operator "O" names an account server that is not asked over HTTP: "nats://host", so account a1 cannot be loaded',
      ],
      servers(A.token, operator({ nats: { account_server_url: 'nats://host' } })),
    ],
    'an operator that a stranger signed': [
      link(LINK),
      ['broken-chain', '--profile: operator "O" is signed by ox, which operator "O" does not list'],
      servers(A.token, operator({ by: 'ox', nats: O.claims.nats })),
    ],
    'an operator that was altered': [
      link(LINK),
      ['bad-token', '--profile: "Mine": the JWT has a wrong signature'],
      servers(A.token, { token: O.token.replace(/.{10}$/, 'AAAAAAAAAA') }),
    ],
    'an answer that is no operator': [
      link(LINK),
      ['bad-token', '--profile: "Mine" holds a JWT of kind account, not of an operator'],
      servers(A.token, A),
    ],
    'another account than the one asked for (E-02, S-43)': [
      link(LINK),
      ['broken-chain', `"${SERVER}/accounts/a1": account "B" is about b1, not about a1`],
      servers(account('B', 'b1', { by: 'o2' }).token),
    ],
    'an account that the operator did not sign': [
      link(LINK),
      ['broken-chain', `"${SERVER}/accounts/a1": account "A" is signed by ox, which operator "Mine" does not list`],
      servers(account('A', 'a1', { by: 'ox' }).token),
    ],
    'an account whose name leads out of the store (S-42)': [
      link(LINK),
      ['bad-name', '"../../x" cannot be the name of an account: it holds a path separator'],
      servers(forgeToken(A.token, { name: '../../x' }, 'o2')),
    ],
    'an answer that is no account': [
      link(LINK),
      ['bad-token', `"${SERVER}/accounts/a1" holds a JWT of kind operator, not of an account`],
      servers(O.token),
    ],
    'another operator of the same name': [
      link(LINK),
      ['already-exists', 'operator "Mine" already exists in /stores'],
      there(given, true, { ...operator({ by: 'o3', sub: pub('o3') }), name: 'Mine' }),
    ],
    'another account of the same name': [
      link(LINK),
      ['already-exists', 'account "A" is here with another key: a2, not a1'],
      { ...given, operators: [{ operator: O, managed: true, accounts: [account('A', 'a2')] }] },
    ],
    'an argument': ['x', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});
