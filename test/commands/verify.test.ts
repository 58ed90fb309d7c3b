import { describe, expect, it } from 'vitest';
import { command } from '../../src/commands/verify.js';
import { newActivation } from '../../src/domain/claims/new.js';
import type { UserScope } from '../../src/domain/claims/types.js';
import { formatCreds } from '../../src/domain/creds/creds.js';
import { encodeKeySet, jwkOf } from '../../src/domain/jwks/jwk.js';
import { emptyKeyring, newRecord, withRecords } from '../../src/domain/keyring/keyring.js';
import { decodePublicKey } from '../../src/domain/nkey/codec.js';
import { issue } from '../../src/domain/token/issue.js';
import type { TreeContent } from '../../src/domain/tree/memory-tree.js';
import { stream } from '../domain/sharing/accounts.js';
import {
  account,
  KEYS,
  type KeyName,
  operator,
  pub,
  scope,
  NOW as THEN,
  under,
  user,
} from '../domain/trust/hierarchy.js';
import { itRefuses } from '../support/cases.js';
import { alter, forgeToken } from '../support/forged-token.js';
import { answer, type Given, NOW } from '../support/plan.js';

const EXPORTS = [stream('news.>', { token_req: true })];
const A = account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a4', 'reader')], exports: EXPORTS } });
const O = operator({ nats: { signing_keys: [pub('o2')] } });
const u = user('A/u', 'u1');
const store: TreeContent = { operator: O, accounts: [A, account('B', 'b1')], users: [u] };

const jwk = (name: KeyName): object => ({ ...jwkOf(pub(name), decodePublicKey(pub(name))?.role ?? 'user') });
const keySet = (...keys: (KeyName | object)[]): string =>
  JSON.stringify({ keys: keys.map((key) => (typeof key === 'string' ? jwk(key) : key)) });

/** A token of user "u" with another header. */
function withHeader(header: object): string {
  const [, payload = ''] = u.token.split('.');
  const text = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}`;
  return `${text}.${Buffer.from(KEYS.a1.sign(text)).toString('base64url')}`;
}

const activation = (by: KeyName, more: object = {}, nats: object = {}): string => {
  const fresh = newActivation(pub('b1'));
  const claims = { ...fresh, ...more, nats: { ...fresh.nats, subject: 'news.>', kind: 'stream' as const, ...nats } };
  return issue('activation', claims, KEYS[by], { now: THEN }).token;
};

/** A token of a kind that nobody knows, of version 2: Go reads it as generic claims. */
const generic = (by: KeyName, more: object = {}, nats: object = {}): string =>
  forgeToken(u.token, { sub: 'x', ...more, nats: { type: 'other', data: 1, ...nats } }, by);

const HOURS: UserScope['template'] = {
  times: [{ start: '06:00:00', end: '12:00:00' }],
  times_location: 'Europe/Berlin',
};

interface Told {
  readonly ok: boolean;
  readonly rule?: string;
  readonly message?: string;
  readonly warnings?: readonly string[];
}

/** Verifies a token that lies in a file; what is told of it. */
async function verify(
  content: string,
  options = '',
  world: TreeContent | undefined = store,
  more: Given = {},
): Promise<Told> {
  const given: Given = { ...(world && { operators: [world] }), ...more, files: { token: content, ...more.files } };
  const { ok, data, sections } = (await answer(command, given, `token ${options}`)) as {
    ok: boolean;
    data: { rule?: string; message?: string };
    sections: [{ findings: { rule: string; level: string; message: string }[] }];
  };
  const warnings = sections[0].findings.filter(({ level }) => level === 'warning').map(({ rule }) => rule);
  expect(sections[0].findings.find(({ level }) => level === 'error')?.rule).toBe(data.rule);
  return {
    ok,
    ...(data.rule !== undefined && { rule: data.rule, message: data.message ?? '' }),
    ...(warnings.length > 0 && { warnings }),
  };
}

const trusted: Told = { ok: true };
const broken = (rule: string, message: string): Told => ({ ok: false, rule, message });

describe('what is no token', () => {
  it.each<[string, string, Told]>([
    ['a text', 'hello', broken('undecodable', 'the JWT does not have three parts')],
    ['no base64', 'a.b!.c', broken('undecodable', expect.any(String) as unknown as string)],
    ['no JSON', 'eyJ.eyJ.eyJ', broken('undecodable', 'the JWT holds no valid JSON')],
    [
      'no signature at all',
      withHeader({ alg: 'none', typ: 'JWT' }),
      broken('wrong-header', 'the JWT is not signed with ed25519-nkey'),
    ],
    [
      'a shared secret',
      withHeader({ alg: 'HS256', typ: 'JWT' }),
      broken('wrong-header', 'the JWT is not signed with ed25519-nkey'),
    ],
    [
      'EdDSA as others call it',
      withHeader({ alg: 'EdDSA', typ: 'JWT' }),
      broken('wrong-header', 'the JWT is not signed with ed25519-nkey'),
    ],
    [
      'another type',
      withHeader({ alg: 'ed25519-nkey', typ: 'JWE' }),
      broken('wrong-header', 'the JWT is not of the type JWT'),
    ],
    ['too much of it', `${'x'.repeat(2 * 1024 * 1024)}`, broken('undecodable', 'the JWT is longer than 1048576 bytes')],
  ])('%s', async (_what, text, expected) => {
    expect(await verify(text)).toEqual(expected);
    expect(await verify(text, '--jwks set', store, { files: { set: keySet('a1') } })).toEqual(expected);
  });
});

describe('against the store', () => {
  const inA = (nats: object): TreeContent => ({ ...store, accounts: [account('A', 'a1', { nats })] });
  const strict = (by: KeyName = 'o2'): TreeContent => ({
    operator: operator({ nats: { signing_keys: [pub('o2')], strict_signing_key_usage: true } }),
    accounts: [account('A', 'a1', { by, nats: { signing_keys: [pub('a2')] } })],
  });
  const compromised = (name: KeyName): TreeContent => {
    const record = newRecord(pub(name), { kind: 'account-signing', account: pub('a1') }, 'compromised', THEN);
    return { ...store, keyring: withRecords(emptyKeyring, [record]) };
  };

  it.each<[string, string, Told, TreeContent?]>([
    ['a user', u.token, trusted],
    ['a decorated one', formatCreds(u.token, KEYS.u1).reveal().split('\n\n')[0] ?? '', trusted],
    ['a user that the store has not', user('A/new', 'u3').token, trusted],
    ['one of a signing key', user('A/v', 'u2', { by: 'a2', nats: under('a1') }).token, trusted],
    ['one of a role', user('A/v', 'u2', { by: 'a4', nats: under('a1') }).token, trusted],
    ['an account', A.token, trusted],
    ['an account that the store has not', account('N', 'a3', { by: 'o2' }).token, trusted],
    ['the operator', O.token, trusted],
    [
      'the operator, signed by its signing key',
      operator({ by: 'o2', nats: { signing_keys: [pub('o2')] } }).token,
      trusted,
    ],
    ['an activation', activation('a1'), trusted],
    ['an activation of a signing key', activation('a2', {}, { issuer_account: pub('a1') }), trusted],

    ['altered', alter(u).token, broken('bad-signature', 'the JWT does not hold what its issuer signed')],
    [
      'of a stranger',
      user('A/u', 'u1', { by: 'ax' }).token,
      broken('unknown-account', 'operator "O" has no account with the key ax here'),
    ],
    [
      'of a stranger who names the account',
      user('A/u', 'u1', { by: 'ax', nats: under('a1') }).token,
      broken('untrusted-issuer', 'user "u" is signed by ax, which account "A" does not list'),
    ],
    [
      'of a key of another account',
      user('A/u', 'u1', { by: 'b1', nats: under('a1') }).token,
      broken('untrusted-issuer', 'user "u" is signed by b1, which account "A" does not list'),
    ],
    [
      'a signing key without its account',
      user('A/u', 'u1', { by: 'a2' }).token,
      broken('unknown-account', 'operator "O" has no account with the key a2 here'),
    ],
    [
      'a role with permissions of its own',
      user('A/u', 'u1', { by: 'a4', nats: { ...under('a1'), pub: { allow: ['x'] } } }).token,
      broken('scope-violation', 'user "u" has permissions or limits of its own, which role "reader" does not allow'),
    ],
    ['expired', user('A/u', 'u1', { exp: NOW - 1 }).token, broken('expired', 'user "u" has expired')],
    ['in its last second', user('A/u', 'u1', { exp: NOW }).token, trusted],
    ['not valid yet', user('A/u', 'u1', { nbf: NOW + 1 }).token, broken('not-yet-valid', 'user "u" is not valid yet')],
    [
      'revoked',
      u.token,
      broken('revoked', 'user "u" is revoked by account "A"'),
      inA({ revocations: { [pub('u1')]: THEN } }),
    ],
    [
      'revoked with all others',
      u.token,
      broken('revoked', 'user "u" is revoked by account "A"'),
      inA({ revocations: { '*': THEN } }),
    ],
    [
      'a bearer where none may be',
      user('A/u', 'u1', { nats: { pub: {}, sub: {}, bearer_token: true } }).token,
      broken('bearer-not-allowed', 'user "u" is a bearer token, which account "A" forbids'),
      inA({ limits: { disallow_bearer: true } }),
    ],
    [
      'the identity of an account under a strict operator',
      u.token,
      broken(
        'identity-key-not-allowed',
        'user "u" is signed by an identity key, but the operator requires signing keys',
      ),
      strict(),
    ],
    [
      'a user of an account that the identity of a strict operator signed',
      user('A/u', 'u1', { by: 'a2', nats: under('a1') }).token,
      broken(
        'identity-key-not-allowed',
        'account "A" is signed by an identity key, but the operator requires signing keys',
      ),
      strict('o1'),
    ],
    [
      'a user of an account that the operator did not sign',
      u.token,
      broken('untrusted-issuer', 'account "A" is signed by ox, which operator "O" does not list'),
      { ...store, accounts: [account('A', 'a1', { by: 'ox' })] },
    ],
    [
      'a user of an account that has expired',
      u.token,
      broken('expired', 'account "A" has expired'),
      { ...store, accounts: [account('A', 'a1', { exp: NOW - 1 })] },
    ],
    [
      'a user of an account that was altered',
      u.token,
      broken('bad-signature', 'account "A" does not hold what its issuer signed'),
      { ...store, accounts: [alter(A)] },
    ],
    [
      'a user of an operator that has expired',
      u.token,
      broken('expired', 'operator "O" has expired'),
      { ...store, operator: operator({ exp: NOW - 1 }) },
    ],
    [
      'signed by a compromised key',
      u.token,
      broken('compromised-key', 'the JWT is signed by a1, which is marked as compromised'),
      compromised('a1'),
    ],
    [
      'below an operator that a compromised key signed',
      u.token,
      broken('compromised-key', 'operator "O" is signed by o1, which is marked as compromised'),
      { ...compromised('o1'), accounts: [account('A', 'a1', { by: 'o2' })] },
    ],
    [
      'below a compromised key',
      u.token,
      broken('compromised-key', 'account "A" is signed by o1, which is marked as compromised'),
      compromised('o1'),
    ],
    [
      'an account of a stranger',
      account('A', 'a1', { by: 'ox' }).token,
      broken('untrusted-issuer', 'account "A" is signed by ox, which operator "O" does not list'),
    ],
    [
      'an account that signed itself',
      account('A', 'a1', { by: 'a1' }).token,
      broken('untrusted-issuer', 'account "A" is signed by a1, which operator "O" does not list'),
    ],
    [
      'another operator of the same name',
      forgeToken(O.token, { sub: pub('ox') }, 'ox'),
      broken('subject-mismatch', 'operator "O" is about ox, not about o1'),
    ],
    [
      'an operator that lists a stranger, who signed it',
      operator({ by: 'ox', nats: { signing_keys: [pub('ox')] } }).token,
      broken('untrusted-issuer', 'operator "O" is signed by ox, which operator "O" does not list'),
    ],
    [
      'an activation of a stranger',
      activation('ax'),
      broken('unknown-account', 'operator "O" has no account with the key ax here'),
    ],
    [
      'an activation of a stranger who names the account',
      activation('ax', {}, { issuer_account: pub('a1') }),
      broken('untrusted-issuer', 'it is signed by ax, which account "A" does not list'),
    ],
    [
      'an activation that has expired',
      activation('a1', { exp: NOW - 1 }),
      broken('expired', 'the JWT expired on 2023-11-14 22:14:19 UTC'),
    ],
    [
      'an activation that was revoked',
      activation('a1'),
      broken('revoked', 'the activation is revoked by account "A"'),
      inA({ exports: [stream('news.>', { token_req: true, revocations: { [pub('b1')]: THEN } })] }),
    ],
    [
      'an activation of the identity as if of a signing key, under a strict operator',
      activation('a1', {}, { issuer_account: pub('a1') }),
      broken(
        'identity-key-not-allowed',
        'it is signed by the identity key of account "A", but the operator requires signing keys',
      ),
      strict(),
    ],
    [
      'an activation in its last second, which servers do not count',
      activation('a1', { exp: NOW }),
      broken('expired', 'the JWT expired on 2023-11-14 22:14:20 UTC'),
    ],
    [
      'a user whose account is in its last second, which servers do not count',
      u.token,
      broken('expired', 'account "A" has expired'),
      { ...store, accounts: [account('A', 'a1', { exp: NOW })] },
    ],
    [
      'an account in its last second',
      account('A', 'a1', { exp: NOW }).token,
      broken('expired', 'account "A" has expired'),
    ],
    [
      'a user that breaks a rule',
      user('A/u', 'u1', { nats: { pub: { allow: ['a b'] }, sub: {} } }).token,
      broken(
        'invalid-claims',
        'the JWT breaks rule UP.P3: publish allow entry "a b": only a subscription can name a queue',
      ),
    ],
    [
      'an account that breaks a rule',
      account('A', 'a1', { nats: { signing_keys: ['AFOO'] } }).token,
      broken('invalid-claims', 'the JWT breaks rule G1: signing key "AFOO" is not an account public key'),
    ],
    [
      'a user of an account that breaks a rule',
      u.token,
      broken('invalid-claims', 'account "A" breaks rule G1: signing key "AFOO" is not an account public key'),
      inA({ signing_keys: ['AFOO'] }),
    ],
    ...(
      [
        [{ src: ['192.0.2.1', '192.0.2.0/24'] }, '"192.0.2.1" is no network'],
        [{ times: [{ start: '25:00:00', end: '26:00:00' }] }, 'its hours are no times of day'],
        [
          { times: [{ start: '06:00:00', end: '12:00:00' }], times_location: 'Mars/X' },
          'there is no time zone "Mars/X"',
        ],
      ] as const
    ).map(([template, fault]): [string, string, Told, TreeContent] => [
      `a role that lets nobody in: ${fault}`,
      user('A/u', 'u1', { by: 'a4', nats: under('a1') }).token,
      broken('template-refused', `role "reader" lets nobody in: ${fault}`),
      inA({ signing_keys: [scope('a4', 'reader', template as never)] }),
    ]),
    [
      'a role with sound limits before others',
      user('A/u', 'u1', { by: 'a4', nats: under('a1') }).token,
      trusted,
      inA({ signing_keys: [scope('a4', 'reader', { src: ['192.0.2.0/24', 'x'], times_location: 'Mars/X' })] }),
    ],
    [
      'a role that lets people in at some hours somewhere',
      user('A/u', 'u1', { by: 'a4', nats: under('a1') }).token,
      trusted,
      inA({ signing_keys: [scope('a4', 'reader', HOURS)] }),
    ],
    [
      'a user of an account that expires later',
      u.token,
      trusted,
      { ...store, accounts: [account('A', 'a1', { exp: NOW + 1 })] },
    ],
    [
      'an activation that one of several exports has revoked',
      activation('a1'),
      broken('revoked', 'the activation is revoked by account "A"'),
      inA({
        exports: [
          stream('news.>', { token_req: true, revocations: { [pub('b1')]: THEN } }),
          stream('*.>', { token_req: true }),
        ],
      }),
    ],
    ['an activation that expires later', activation('a1', { exp: NOW + 1 }), trusted],
    ['an activation for what nobody shares', activation('a1', {}, { subject: 'other' }), trusted],
    ['an activation of the identity, under a strict operator', activation('a1'), trusted, strict()],
    [
      'an altered generic token',
      alter({ token: generic('b1') }).token,
      broken('bad-signature', 'the JWT does not hold what its issuer signed'),
    ],
    ['a generic token of the operator', generic('o2'), trusted],
    [
      'a generic token that has expired',
      generic('b1', { exp: NOW - 1 }),
      broken('expired', 'the JWT expired on 2023-11-14 22:14:19 UTC'),
    ],
    [
      'a generic token that has expired, of the operator',
      generic('o2', { exp: NOW - 1 }),
      broken('expired', 'the JWT expired on 2023-11-14 22:14:19 UTC'),
    ],
    [
      'a generic token of a signing key that names its account',
      generic('a2', {}, { issuer_account: pub('a1') }),
      trusted,
    ],
    [
      'a generic token of a signing key that does not',
      generic('a2'),
      broken('unknown-account', 'operator "O" has no account with the key a2 here'),
    ],
    [
      'a generic token of another account than it names',
      generic('b1', {}, { issuer_account: pub('a1') }),
      broken('untrusted-issuer', 'it is signed by b1, which account "A" does not list'),
    ],
    ['a generic token that names no text as its account', generic('b1', {}, { issuer_account: 7 }), trusted],
    [
      'a generic token of an account that the operator did not sign',
      generic('a1'),
      broken('untrusted-issuer', 'account "A" is signed by ox, which operator "O" does not list'),
      { ...store, accounts: [account('A', 'a1', { by: 'ox' })] },
    ],
    [
      'creds with a token that is not of a user',
      formatCreds(u.token, KEYS.u1)
        .reveal()
        .replace(u.token, forgeToken(u.token, { nats: { type: 'other' } }, 'a1')),
      broken('wrong-kind', 'the seed is that of a user, and the JWT beside it is of kind generic'),
    ],
    ['a generic token of an account', generic('b1'), trusted],
    [
      'a generic token of a stranger',
      generic('ox'),
      broken('untrusted-issuer', 'it is signed by ox, which operator "O" does not list'),
    ],
    [
      'a generic token of a user',
      generic('u1'),
      broken('unknown-account', 'operator "O" has no account with the key u1 here'),
    ],
  ])('%s', async (_what, token, expected, world = store) => {
    expect(await verify(token, '', world)).toEqual(expected);
  });

  it('one that was issued before the one of the store is told', async () => {
    const older = {
      ...store,
      accounts: [A],
      users: [{ ...u, ...issue('user', u.claims, KEYS.a1, { now: THEN + 30 }) }],
    };
    expect(await verify(u.token, '', older)).toEqual({ ok: true, warnings: ['superseded'] });
  });

  it('a later one of somebody else with the same name says nothing of it', async () => {
    const users = [{ ...u, ...issue('user', user('A/u', 'u2').claims, KEYS.a1, { now: THEN + 30 }) }];
    expect(await verify(u.token, '', { ...store, users })).toEqual(trusted);
  });

  it.each([
    ['an account', A.token, { accounts: [{ ...A, ...issue('account', A.claims, KEYS.o1, { now: THEN + 30 }) }] }],
    ['an operator', O.token, { operator: { ...O, ...issue('operator', O.claims, KEYS.o1, { now: THEN + 30 }) } }],
  ])('%s that was issued before the one of the store is told', async (_what, token, later) => {
    expect(await verify(token, '', { ...store, ...later })).toEqual({ ok: true, warnings: ['superseded'] });
  });

  it('another operator of the store may be meant', async () => {
    const other: TreeContent = { operator: { ...operator(), name: 'P' }, accounts: [] };
    const world: Given = { operators: [other, store] };
    expect(await verify(u.token, '--operator O', undefined, world)).toEqual(trusted);
    expect(await verify(u.token, '', undefined, world)).toMatchObject({ rule: 'unknown-account' });
  });
});

describe('against a key set', () => {
  it.each<[string, string, string, Told]>([
    ['a user', u.token, keySet('o1', 'a1'), trusted],
    ['an account', A.token, keySet('o1'), trusted],
    ['an operator', O.token, keySet('o1'), trusted],
    ['a generic token', generic('o2'), keySet('o2'), trusted],
    ['the set that we write', u.token, encodeKeySet([jwkOf(pub('a1'), 'account') ?? []].flat()), trusted],
    ['altered', alter(u).token, keySet('a1'), broken('bad-signature', 'the JWT does not hold what its issuer signed')],
    [
      'expired',
      user('A/u', 'u1', { exp: NOW - 1 }).token,
      keySet('a1'),
      broken('expired', 'the JWT expired on 2023-11-14 22:14:19 UTC'),
    ],
    [
      'not valid yet',
      user('A/u', 'u1', { nbf: NOW + 1 }).token,
      keySet('a1'),
      broken('not-yet-valid', 'the JWT is not valid before 2023-11-14 22:14:21 UTC'),
    ],
    ['in its last second', user('A/u', 'u1', { exp: NOW }).token, keySet('a1'), trusted],
    ['in its first second', user('A/u', 'u1', { nbf: NOW }).token, keySet('a1'), trusted],
    ['that expires later', user('A/u', 'u1', { exp: NOW + 1 }).token, keySet('a1'), trusted],
    ['of nobody in it', u.token, keySet('o1'), broken('unknown-key', 'key "a1" is not in the key set')],
    ['nobody in it', u.token, keySet(), broken('unknown-key', 'key "a1" is not in the key set')],
    [
      'two keys of the same id',
      u.token,
      keySet('a1', { ...jwk('a2'), kid: pub('a1') }),
      broken('ambiguous-key', 'key "a1" is in the key set more than once, each time with another key behind it'),
    ],
    [
      'an id with another key behind it',
      forgeToken(u.token, { iss: pub('a1') }, 'a2'),
      keySet({ ...jwk('a2'), kid: pub('a1') }),
      broken('mismatched-key', 'key "a1" is the id of another key in the key set than it spells'),
    ],
    [
      'a private key',
      u.token,
      keySet({ ...jwk('a1'), d: 'x' }),
      {
        ...broken('private-key', 'key "a1" is in the key set with its private half, so anybody may sign with it'),
        warnings: ['private-keys'],
      },
    ],
    [
      'a private key of somebody else',
      u.token,
      keySet('a1', { ...jwk('a2'), d: 'x' }),
      { ok: true, warnings: ['private-keys'] },
    ],
    [
      'a key for encryption',
      u.token,
      keySet({ ...jwk('a1'), use: 'enc' }),
      broken('unusable-key', 'key "a1" is in the key set, but not to verify with'),
    ],
  ])('%s', async (_what, token, set, expected) => {
    expect(await verify(token, '--jwks set', undefined, { files: { set } })).toEqual(expected);
  });

  it('at a URL, without a store', async () => {
    const urls = { 'https://auth.example.com/.well-known/jwks.json': keySet('a1') };
    expect(await verify(u.token, '--jwks https://auth.example.com/.well-known/jwks.json', undefined, { urls })).toEqual(
      trusted,
    );
  });

  it('at a URL of another machine without encryption, if that is allowed', async () => {
    const url = 'http://auth.example.com/jwks.json';
    const given = { urls: { [url]: keySet('a1') } };
    await expect(verify(u.token, `--jwks ${url}`, undefined, given)).rejects.toMatchObject({ code: 'bad-value' });
    expect(await verify(u.token, `--jwks ${url} --allow-http`, undefined, given)).toEqual(trusted);
  });
});

describe('what is asked of the token', () => {
  const late = user('A/u', 'u1', { exp: NOW + 100, nbf: NOW - 100 }).token;
  it.each<[string, string, string, Told]>([
    ['its kind', u.token, '--kind user', trusted],
    ['another kind', u.token, '--kind account', broken('wrong-kind', 'the JWT is of kind user, not account')],
    ['its issuer', u.token, '--issuer $a1', trusted],
    ['its issuer, by a key file', u.token, '--issuer a1.nk', trusted],
    ['another issuer', u.token, '--issuer $a2', broken('wrong-issuer', 'the JWT is signed by a1, not by a2')],
    ['later', late, '--at 2m', broken('expired', 'user "u" has expired')],
    ['earlier', late, '--at -2m', broken('not-yet-valid', 'user "u" is not valid yet')],
    ['at a date', late, '--at 2023-11-14T22:14:30Z', trusted],
    ['at a date that is over', late, '--at 2030-01-01', broken('expired', 'user "u" has expired')],
  ])('%s', async (_what, token, options, expected) => {
    expect(await verify(token, options, store, { files: { 'a1.nk': KEYS.a1.seed.reveal() } })).toEqual(expected);
  });
});

describe('creds', () => {
  const creds = formatCreds(u.token, KEYS.u1).reveal();
  const swapped = (seed: string): string => creds.replace(/^SU[A-Z2-7]+$/m, seed);
  it.each<[string, string, Told]>([
    ['with the seed of the user', creds, trusted],
    [
      'with the seed of another user',
      swapped(KEYS.u2.seed.reveal()),
      broken('wrong-seed', 'the seed is that of u2, and the JWT is about u1'),
    ],
    [
      'with the seed of its account',
      swapped(KEYS.a1.seed.reveal()),
      broken('wrong-seed', 'the seed is that of a1, and the JWT is about u1'),
    ],
    [
      'with something else than a seed',
      swapped('SUAAAA'),
      broken('unusable-seed', 'what stands in the place of the seed is none'),
    ],
  ])('%s', async (_what, text, expected) => {
    expect(await verify(text)).toEqual(expected);
    expect(await verify(text, '--jwks set', undefined, { files: { set: keySet('a1') } })).toEqual(expected);
  });
});

describe('where the token comes from', () => {
  const at = async (line: string, files: Record<string, string>): Promise<unknown> =>
    ((await answer(command, { operators: [store], files }, line)) as { ok: boolean }).ok;

  it.each<[string, string, Record<string, string>]>([
    ['standard input', '-', { '-': u.token }],
    ['the text itself', u.token, {}],
    ['a file by its option', '--file token', { token: `${u.token}\n` }],
  ])('%s', async (_what, line, files) => {
    expect(await at(line, files)).toBe(true);
  });
});

it('the answer has all there is to know', async () => {
  const known = { kind: 'user', name: 'u', subject: 'u1', issuer: 'a1', against: 'operator "O"', at: NOW };
  const given: Given = { operators: [store], files: { good: u.token, bad: alter(u).token, junk: 'junk' } };
  const title = 'user JWT of "u", signed by "a1", against operator "O"';
  expect(await answer(command, given, 'good')).toEqual({
    kind: 'checked',
    ok: true,
    sections: [{ title, findings: [] }],
    data: known,
  });
  const failure = { rule: 'bad-signature', message: 'the JWT does not hold what its issuer signed' };
  expect(await answer(command, given, 'bad')).toEqual({
    kind: 'checked',
    ok: false,
    sections: [{ title, findings: [{ ...failure, level: 'error' }] }],
    data: { ...failure, ...known },
  });
  expect(await answer(command, given, 'junk')).toMatchObject({
    data: { rule: 'undecodable', against: 'operator "O"' },
    sections: [{ title: 'what was given against operator "O"' }],
  });
});

itRefuses(
  command,
  {
    operators: [store],
    files: { token: u.token, empty: '\n', set: keySet('a1'), junk: 'junk', huge: ' '.repeat(17_000_000) },
  },
  {
    nothing: ['', ['missing-option', 'no JWT to verify was given']],
    'an unset variable': ["''", ['missing-option', 'no JWT to verify was given']],
    'a file that is not there': ['nowhere.jwt', ['file-not-found', 'there is no file "nowhere.jwt"']],
    'standard input with nothing in it': ['-', ['bad-token', 'there is no JWT: what was given is empty']],
    'an empty file': ['empty', ['bad-token', 'there is no JWT: what was given is empty']],
    'a key set that is not there': ['token --jwks nowhere', ['file-not-found', 'there is no file "nowhere"']],
    'a key set that is none': ['token --jwks junk', ['bad-value', '"junk": it is no key set: it holds no valid JSON']],
    'a file that is too large for one': [
      'token --jwks huge',
      ['bad-value', '"huge" is larger than any key set: 16777216 bytes'],
    ],
    'a key set that nobody answers for': ['token --jwks https://h/x', ['remote-failed', 'https://h/x is not there']],
    'a host that is not allowed': [
      'token --jwks https://h/x --allow-host other',
      ['bad-value', 'host "h" is not allowed: the allowed ones are named with --allow-host'],
    ],
    'no encryption': [
      'token --jwks http://h/x',
      ['bad-value', '"h" would be asked without encryption, which takes --allow-http'],
    ],
    'rules of fetching for a file': [
      'token --jwks set --max-age 5',
      ['conflicting-options', '--max-age is for a key set at a URL'],
    ],
    'rules of fetching for the store': [
      'token --allow-http',
      ['conflicting-options', '--allow-http is for a key set at a URL'],
    ],
    'store and key set': [
      'token --operator O --jwks set',
      ['conflicting-options', '--operator and --jwks exclude each other'],
    ],
    'an operator that is not there': ['token --operator X', ['operator-not-found', 'no operator "X"']],
    'a kind that there is not': [
      'token --kind x',
      [
        'bad-value',
        '--kind: "x" is not one of operator, account, user, activation, authorization_request, authorization_response, generic',
      ],
    ],
    'an issuer that is no key': ['token --issuer x', ['bad-key', '--issuer: "x" is neither a key nor a file with one']],
    'no moment': ['token --at 0', ['bad-value', '--at: "0" is no moment']],
    'no date': ['token --at soon', ['bad-value', '--at: "soon" is not a date or a time span']],
    'a host that is a URL': [
      'token --jwks set --allow-host https://h/',
      ['bad-value', '--allow-host: "https://h/" is not a host'],
    ],
    'a size that is none': [
      'token --jwks set --max-size 0',
      ['bad-value', '--max-size: "0" is not a size from 1 to 256MiB'],
    ],
    'an age that is none': [
      'token --jwks set --max-age=-1',
      ['bad-value', '--max-age: "-1" is not an integer from 0 to 1000000000'],
    ],
  },
);
