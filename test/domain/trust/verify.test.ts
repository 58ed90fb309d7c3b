import { describe, expect, it } from 'vitest';
import type { RefusalCode } from '../../../src/domain/trust/refusal.js';
import { type VerifyOptions, verifyAccount, verifyOperator, verifyUser } from '../../../src/domain/trust/verify.js';
import { account, NOW, operator, pub, scope, under, user } from './hierarchy.js';

const plain = operator({ nats: { signing_keys: [pub('o2')] } });
const strict = operator({ nats: { signing_keys: [pub('o2')], strict_signing_key_usage: true } });

const tampered = <Entry extends { token: string }>(entry: Entry): Entry => {
  const [header, payload, signature = ''] = entry.token.split('.');
  return { ...entry, token: `${header}.${payload}.${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}` };
};

type Case<Subject> = [
  what: string,
  subject: Subject,
  expected: [RefusalCode, string] | 'trusted',
  options?: VerifyOptions,
];

describe('an operator', () => {
  const cases: Case<ReturnType<typeof operator>>[] = [
    ['signed by its identity', plain, 'trusted'],
    ['signed by a signing key it lists', operator({ by: 'o2', nats: { signing_keys: [pub('o2')] } }), 'trusted'],
    ['strict and signed by its identity', strict, 'trusted'],
    [
      'signed by a key it does not list',
      operator({ by: 'ox', nats: { signing_keys: [pub('o2')] } }),
      ['untrusted-issuer', `operator "O" is signed by ${pub('ox')}, which operator "O" does not list`],
    ],
    ['with another signature', tampered(plain), ['bad-signature', 'operator "O" does not hold what its issuer signed']],
    ['with another signature, when signatures do not count', tampered(plain), 'trusted', { signatures: false }],
    [
      'about another key than asked for',
      plain,
      ['subject-mismatch', `operator "O" is about ${pub('o1')}, not about ${pub('ox')}`],
      { subject: pub('ox') },
    ],
    ['about the key asked for', plain, 'trusted', { subject: pub('o1') }],
    ['that has expired', operator({ exp: NOW - 1 }), ['expired', 'operator "O" has expired'], { now: NOW }],
    ['in its last second', operator({ exp: NOW }), 'trusted', { now: NOW }],
    ['that has expired, when times do not count', operator({ exp: NOW - 1 }), 'trusted'],
    ['of tomorrow', operator({ nbf: NOW + 1 }), ['not-yet-valid', 'operator "O" is not valid yet'], { now: NOW }],
    ['from now on', operator({ nbf: NOW }), 'trusted', { now: NOW }],
  ];

  it.each(cases)('%s', (_what, subject, expected, options) => {
    expect(summarise(verifyOperator(subject, options))).toEqual(expected);
  });
});

describe('an account', () => {
  const cases: [...Case<ReturnType<typeof account>>, parent?: ReturnType<typeof operator>][] = [
    ['signed by the operator', account('A', 'a1'), 'trusted'],
    ['signed by an operator signing key', account('A', 'a1', { by: 'o2' }), 'trusted'],
    [
      'signed by another operator',
      account('A', 'a1', { by: 'ox' }),
      ['untrusted-issuer', `account "A" is signed by ${pub('ox')}, which operator "O" does not list`],
    ],
    [
      'signed by the identity of a strict operator',
      account('A', 'a1'),
      ['identity-key-not-allowed', 'account "A" is signed by an identity key, but the operator requires signing keys'],
      {},
      strict,
    ],
    ['signed by a signing key of a strict operator', account('A', 'a1', { by: 'o2' }), 'trusted', {}, strict],
    [
      'signed by itself',
      account('A', 'a1', { by: 'a1' }),
      ['untrusted-issuer', `account "A" is signed by ${pub('a1')}, which operator "O" does not list`],
    ],
    ['signed by itself in a managed store', account('A', 'a1', { by: 'a1' }), 'trusted', { managed: true }],
    [
      'signed by itself in a managed store, strict',
      account('A', 'a1', { by: 'a1' }),
      'trusted',
      { managed: true },
      strict,
    ],
    [
      'signed by another account in a managed store',
      account('A', 'a1', { by: 'b1' }),
      ['untrusted-issuer', `account "A" is signed by ${pub('b1')}, which operator "O" does not list`],
      { managed: true },
    ],
    [
      'with another signature',
      tampered(account('A', 'a1')),
      ['bad-signature', 'account "A" does not hold what its issuer signed'],
    ],
    [
      'about another key than asked for',
      account('A', 'a1'),
      ['subject-mismatch', `account "A" is about ${pub('a1')}, not about ${pub('b1')}`],
      { subject: pub('b1') },
    ],
    ['that has expired', account('A', 'a1', { exp: 1 }), ['expired', 'account "A" has expired'], { now: NOW }],
    ['that never expires', account('A', 'a1', { exp: 0 }), 'trusted', { now: NOW }],
    [
      'of tomorrow',
      account('A', 'a1', { nbf: NOW + 1 }),
      ['not-yet-valid', 'account "A" is not valid yet'],
      { now: NOW },
    ],
  ];

  it.each(cases)('%s', (_what, subject, expected, options, parent = plain) => {
    expect(summarise(verifyAccount(subject, parent, options))).toEqual(expected);
  });
});

describe('a user', () => {
  const parent = account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a3', 'reader')] } });
  const guarded = account('A', 'a1', {
    nats: {
      signing_keys: [scope('a3', 'reader'), scope('a4', 'open', { bearer_token: true })],
      limits: { subs: -1, disallow_bearer: true },
    },
  });
  const revoking = (times: Record<string, number>) => account('A', 'a1', { nats: { revocations: times } });
  const bare = { pub: {}, sub: {} };
  const tenant = account('A', 'a1', {
    nats: { signing_keys: [scope('a3', 'tenant', { pub: { deny: ['x.{{tag(team)}}'] } })] },
  });

  const cases: [
    ...Case<ReturnType<typeof user>>,
    parent?: ReturnType<typeof account>,
    operator?: ReturnType<typeof operator>,
  ][] = [
    ['signed by its account', user('A/u', 'u1'), 'trusted'],
    ['signed by its account, which it names', user('A/u', 'u1', { nats: under('a1') }), 'trusted'],
    ['signed by a signing key', user('A/u', 'u1', { by: 'a2', nats: under('a1', { subs: 5 }) }), 'trusted'],
    ['signed by a scoped key', user('A/u', 'u1', { by: 'a3', nats: under('a1', { tags: ['t'] }) }), 'trusted'],
    [
      'signed by another account',
      user('A/u', 'u1', { by: 'b1' }),
      ['untrusted-issuer', `user "u" is signed by ${pub('b1')}, which account "A" does not list`],
    ],
    [
      'signed by the identity under a strict operator (E-36)',
      user('A/u', 'u1'),
      ['identity-key-not-allowed', 'user "u" is signed by an identity key, but the operator requires signing keys'],
      {},
      parent,
      strict,
    ],
    [
      'signed by a signing key under a strict operator',
      user('A/u', 'u1', { by: 'a2', nats: under('a1') }),
      'trusted',
      {},
      parent,
      strict,
    ],
    [
      'signed by a signing key without naming the account',
      user('A/u', 'u1', { by: 'a2', nats: bare }),
      ['issuer-account-missing', `user "u" is signed by signing key ${pub('a2')} but does not name its account`],
    ],
    [
      'signed by a signing key for another account',
      user('A/u', 'u1', { by: 'a2', nats: under('b1') }),
      ['issuer-account-mismatch', `user "u" names ${pub('b1')} as its account, not ${pub('a1')}`],
    ],
    [
      'signed by its account for another account',
      user('A/u', 'u1', { nats: under('b1') }),
      ['issuer-account-mismatch', `user "u" names ${pub('b1')} as its account, not ${pub('a1')}`],
    ],
    [
      'signed by a scoped key with permissions',
      user('A/u', 'u1', { by: 'a3', nats: under('a1', { pub: { allow: ['x'] } }) }),
      ['scope-violation', 'user "u" has permissions or limits of its own, which role "reader" does not allow'],
    ],
    [
      'signed by a scoped key with unlimited limits',
      user('A/u', 'u1', { by: 'a3', nats: under('a1', { subs: -1 }) }),
      ['scope-violation', 'user "u" has permissions or limits of its own, which role "reader" does not allow'],
    ],
    [
      'with a bearer token that the account forbids',
      user('A/u', 'u1', { nats: { ...bare, bearer_token: true } }),
      ['bearer-not-allowed', 'user "u" is a bearer token, which account "A" forbids'],
      {},
      guarded,
    ],
    [
      'under a role of bearer tokens that the account forbids',
      user('A/u', 'u1', { by: 'a4', nats: under('a1') }),
      ['bearer-not-allowed', 'user "u" is a bearer token, which account "A" forbids'],
      {},
      guarded,
    ],
    [
      'without a bearer token where the account forbids them',
      user('A/u', 'u1', { by: 'a3', nats: under('a1') }),
      'trusted',
      {},
      guarded,
    ],
    [
      'under a role that denies what the tags of the user do not say',
      user('A/u', 'u1', { by: 'a3', nats: under('a1') }),
      ['template-refused', 'user "u" is shut out by role "tenant": "x.{{tag(team)}}": there is no tag "team:…"'],
      {},
      tenant,
    ],
    [
      'under a role that fills in its tags',
      user('A/u', 'u1', { by: 'a3', nats: under('a1', { tags: ['team:red'] }) }),
      'trusted',
      {},
      tenant,
    ],
    [
      'with another signature',
      tampered(user('A/u', 'u1')),
      ['bad-signature', 'user "u" does not hold what its issuer signed'],
    ],
    [
      'about another key than asked for',
      user('A/u', 'u1'),
      ['subject-mismatch', `user "u" is about ${pub('u1')}, not about ${pub('u2')}`],
      { subject: pub('u2') },
    ],
    ['that has expired', user('A/u', 'u1', { exp: NOW - 1 }), ['expired', 'user "u" has expired'], { now: NOW }],
    ['of tomorrow', user('A/u', 'u1', { nbf: NOW + 9 }), ['not-yet-valid', 'user "u" is not valid yet'], { now: NOW }],
    [
      'revoked in the second it was issued',
      user('A/u', 'u1'),
      ['revoked', 'user "u" is revoked by account "A"'],
      { revocations: true },
      revoking({ [pub('u1')]: NOW }),
    ],
    [
      'issued after its revocation',
      user('A/u', 'u1'),
      'trusted',
      { revocations: true },
      revoking({ [pub('u1')]: NOW - 1 }),
    ],
    [
      'revoked with all users',
      user('A/u', 'u1'),
      ['revoked', 'user "u" is revoked by account "A"'],
      { revocations: true },
      revoking({ '*': NOW + 5, [pub('u1')]: 1 }),
    ],
    ['revoked, when revocations do not count', user('A/u', 'u1'), 'trusted', {}, revoking({ '*': NOW })],
  ];

  it.each(cases)('%s', (_what, subject, expected, options, above = parent, top = plain) => {
    expect(summarise(verifyUser(subject, above, top, options))).toEqual(expected);
  });

  it('names the broken link', () => {
    expect(verifyUser(user('A/u', 'u1', { by: 'b1' }), parent, plain)?.link).toEqual({
      child: { kind: 'user', name: 'u', key: pub('u1') },
      parent: { kind: 'account', name: 'A', key: pub('a1') },
    });
  });

  it('escapes names for a terminal', () => {
    const odd = { ...user('A/u', 'u1', { by: 'b1' }), name: 'u\u001b[2J' };
    expect(verifyUser(odd, parent, plain)?.message).toMatch(/^user "u\\u\{1b\}\[2J" is signed by /);
  });
});

const summarise = (refusal: ReturnType<typeof verifyOperator>) =>
  refusal ? [refusal.code, refusal.message] : 'trusted';
