import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/import/user.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { issue } from '../../../src/domain/token/issue.js';
import { Secret } from '../../../src/lib/secret.js';
import { account, KEYS, operator, pub, scope, NOW as THEN, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { alter, forgeToken } from '../../support/forged-token.js';
import { type Given, NOW, planRaw } from '../../support/plan.js';

const A = account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a3', 'reader')] } });
const u = user('A/u', 'u1');
const creds = (token: string, key: 'u1' | 'u2' = 'u1'): string =>
  formatCreds(token, KEYS.u1).reveal().replace(KEYS.u1.seed.reveal(), KEYS[key].seed.reveal());
const files = {
  'u.jwt': u.token,
  'u.creds': creds(u.token),
  'signed.jwt': user('A/u', 'u1', { by: 'a2', nats: under('a1') }).token,
  'scoped.jwt': user('A/u', 'u1', { by: 'a3', nats: under('a1') }).token,
  'expired.jwt': user('A/u', 'u1', { exp: THEN }).token,
};
const world = (given: Partial<Given> = {}, accounts = [account('B', 'b1'), A], users: (typeof u)[] = []): Given => ({
  operators: [{ operator: operator(), accounts, users }],
  stored: ['o1', 'a1'],
  files,
  ...given,
});
const given = world();
const claims = (iss = 'a1', nats: object = { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 }) => ({
  'A/u': { iat: THEN, iss, name: 'u', sub: 'u1', nats },
});
const noCreds = 'no creds file was written: the seed of the user is not at hand';
const wroteCreds = 'generated user creds file `/keys/creds/O/A/u.creds`';
const imported = 'imported user "u" of account "A"';

describe('a user', () => {
  itPlans(command, given, {
    'is stored under the account it belongs to, whichever is selected': [
      '--file u.jwt',
      { changes: ['put-user A/u by a1'], claims: claims(), steps: [noCreds, imported] },
    ],
    'comes with its seed from a creds file, and its creds are written (S-25)': [
      '-f u.creds',
      {
        changes: ['put-seed u1', 'put-user A/u by a1', 'put-creds A/u'],
        claims: claims(),
        steps: ['stored the seed of u1', wroteCreds, imported],
      },
    ],
    'gets creds when its seed is in the keystore already (S-25)': [
      '-f u.jwt',
      { changes: ['put-user A/u by a1', 'put-creds A/u'], claims: claims(), steps: [wroteCreds, imported] },
      { ...given, stored: ['u1'] },
    ],
    'that a signing key signed': [
      '-f signed.jwt',
      {
        changes: ['put-user A/u by a2'],
        claims: claims('a2', { pub: {}, sub: {}, issuer_account: 'a1' }),
        steps: [noCreds, imported],
      },
    ],
    'of a role': [
      '-f scoped.jwt',
      {
        changes: ['put-user A/u by a3'],
        claims: claims('a3', { pub: {}, sub: {}, issuer_account: 'a1' }),
        steps: [noCreds, imported],
      },
    ],
    'that has expired is taken with --skip': [
      '-f expired.jwt --skip',
      {
        changes: ['put-user A/u by a1'],
        claims: { 'A/u': { ...claims()['A/u'], exp: THEN } },
        steps: [noCreds, imported],
        warnings: ['user "u": expired at 2023-11-14 22:13:20 UTC'],
      },
    ],
    'that is revoked is taken, after saying so': [
      '-f u.jwt',
      {
        changes: ['put-user A/u by a1'],
        claims: claims(),
        steps: [noCreds, imported],
        warnings: ['user "u" is revoked by account "A"'],
      },
      world({}, [account('A', 'a1', { nats: { revocations: { [pub('u1')]: THEN } } })]),
    ],
    'that is here with the same key is replaced with --overwrite': [
      '-f u.jwt --overwrite',
      { changes: ['put-user A/u by a1'], claims: { 'A/u': {} }, steps: [noCreds, imported] },
      world({}, [A], [u]),
    ],
  });

  it('is stored byte for byte', async () => {
    const { plan } = await planRaw(command, given, '-f u.creds');
    expect(plan.changes[1]).toMatchObject({ token: u.token });
  });

  it('that breaks a rule is taken with --skip, after saying so', async () => {
    const broken = user('A/u', 'u1', { nats: { pub: {}, sub: {}, src: ['nowhere'] } });
    const { plan } = await planRaw(command, world({ files: { 'b.jwt': broken.token } }), '-f b.jwt --skip');
    expect(plan).toMatchObject({
      changes: [{ type: 'put-user', token: broken.token }],
      warnings: expect.arrayContaining(['user "u": source network "nowhere" is not a CIDR block']),
      force: true,
    });
  });

  it('is forced on the store for no other reason than that, or one that was altered there', async () => {
    const planned = async (there: typeof u) =>
      (await planRaw(command, world({}, [A], [there]), '-f u.jwt --overwrite')).plan;
    expect(await planned(u)).toMatchObject({ force: false, warnings: [] });
    expect(await planned(alter(u))).toMatchObject({
      force: true,
      warnings: ['the JWT of user "u" that was here was damaged or altered'],
    });
  });

  it('that is older than the one it replaces is taken after a warning', async () => {
    const newer = { ...u, ...issue('user', u.claims, KEYS.a1, { now: NOW }) };
    const { shown } = await planRaw(command, world({}, [A], [newer]), '-f u.jwt --overwrite');
    expect(shown.warnings).toEqual([
      'the JWT of user "u" that was here was issued later than the one that takes its place: what was changed since then, such as revocations, is undone',
    ]);
  });

  it('whose creds hold a seed with a mistake comes without it, after a warning', async () => {
    const spoilt = creds(u.token).replace(/(SU\w{55})./, '$1_');
    const { shown } = await planRaw(command, { ...given, files: { 'u.creds': spoilt } }, '-f u.creds');
    expect(shown).toMatchObject({
      changes: ['put-user A/u by a1'],
      warnings: ['the seed in "u.creds" is not valid and was left out'],
    });
  });

  it('whose creds cannot be written keeps the old ones, after a warning', async () => {
    const old = new Secret(creds(user('A/u', 'u1', { exp: 1 }).token));
    const there = { operator: operator(), accounts: [A], creds: [{ account: 'A', user: 'u', creds: old }] };
    const { shown } = await planRaw(command, { ...given, operators: [there] }, '-f u.jwt');
    expect(shown.warnings).toEqual([
      '`/keys/creds/O/A/u.creds` holds another JWT, and cannot be written: the seed of the user is not in the keystore',
    ]);
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'no file': ['', ['missing-option', 'no user was named']],
    'a file that is not there': ['-f none.creds', ['file-not-found', '--file: there is no file "none.creds"']],
    'a token of another kind': [
      '-f a.jwt',
      ['bad-token', '"a.jwt" holds a JWT of kind account, not of a user'],
      world({ files: { 'a.jwt': A.token } }),
    ],
    'a token of more than 1 MiB': [
      '-f big.jwt',
      ['bad-token', '"big.jwt": the JWT is longer than 1048576 bytes'],
      world({ files: { 'big.jwt': 'e'.repeat(5 * 1024 * 1024) } }),
    ],
    'a token that was altered': [
      '-f bad.jwt --skip --overwrite',
      ['bad-token', '"bad.jwt": the JWT has a wrong signature'],
      world({ files: { 'bad.jwt': u.token.replace(/.{10}$/, 'AAAAAAAAAA') } }),
    ],
    'a token about no user': [
      '-f x.jwt',
      ['bad-token', '"x.jwt" holds a JWT about "a2", which is no key of kind user'],
      world({ files: { 'x.jwt': forgeToken(u.token, { sub: pub('a2') }, 'a1') } }),
    ],
    'a name that leads out of the store (S-42)': [
      '-f evil.jwt',
      ['bad-name', '"../../x" cannot be the name of a user: it holds a path separator'],
      world({ files: { 'evil.jwt': forgeToken(u.token, { name: '../../x' }, 'a1') } }),
    ],
    'creds with the seed of somebody else': [
      '-f mixed.creds',
      ['key-mismatch', '"mixed.creds" holds the seed of u2 with a JWT for u1'],
      world({ files: { 'mixed.creds': creds(u.token, 'u2') } }),
    ],
    'one that has expired': [
      '-f expired.jwt',
      ['invalid-claims', 'user "u" is not valid: expired at 2023-11-14 22:13:20 UTC'],
    ],
    'one whose account is not here': [
      '-f u.jwt',
      ['account-not-found', 'user "u" belongs to account a1, which is not here'],
      world({}, [account('B', 'b1')]),
    ],
    'one that a key signed which its account does not list': [
      '-f ax.jwt',
      ['broken-chain', 'user "u" is signed by ax, which account "A" does not list'],
      world({ files: { 'ax.jwt': user('A/u', 'u1', { by: 'ax', nats: under('a1') }).token } }),
    ],
    'one that breaks a rule, too, whatever --skip says of that': [
      '-f ax.jwt --skip',
      ['broken-chain', 'user "u" is signed by ax, which account "A" does not list'],
      world({
        files: { 'ax.jwt': user('A/u', 'u1', { by: 'ax', nats: { ...under('a1'), src: ['nowhere'] } }).token },
      }),
    ],
    'one with permissions of its own under a role': [
      '-f s.jwt --skip',
      ['broken-chain', 'user "u" has permissions or limits of its own, which role "reader" does not allow'],
      world({ files: { 's.jwt': user('A/u', 'u1', { by: 'a3', nats: { ...under('a1'), subs: 5 } }).token } }),
    ],
    'one that an identity key signed under a strict operator': [
      '-f u.jwt',
      ['broken-chain', 'user "u" is signed by an identity key, but the operator requires signing keys'],
      {
        ...given,
        operators: [
          {
            operator: operator({ nats: { signing_keys: [pub('o2')], strict_signing_key_usage: true } }),
            accounts: [account('A', 'a1', { by: 'o2' })],
          },
        ],
      },
    ],
    'one that is here': ['-f u.jwt', ['already-exists', 'user "u" already exists'], world({}, [A], [u])],
    'another one of the same name': [
      '-f u.jwt --overwrite',
      ['already-exists', 'user "u" is here with another key: u2, not u1'],
      world({}, [A], [user('A/u', 'u2')]),
    ],
  });
});
