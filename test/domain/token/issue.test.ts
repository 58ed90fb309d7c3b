import { describe, expect, it } from 'vitest';
import { newAccount, newOperator, newUser } from '../../../src/domain/claims/new.js';
import type { Int64 } from '../../../src/domain/claims/types.js';
import { issue } from '../../../src/domain/token/issue.js';
import { KEYS, NOW, pub } from '../trust/hierarchy.js';

const claimsOf = (iat: Int64) => ({
  operator: { ...newOperator(pub('o1'), 'O'), iat },
  account: { ...newAccount(pub('a1'), 'A'), iat },
});

describe('the time of a token', () => {
  const cases: [what: string, previous: Int64 | undefined, expected: number][] = [
    ['now, when it is the first', undefined, NOW],
    ['now, when the one before is older', NOW - 1, NOW],
    ['a second later, when the one before is of this second (E-52)', NOW, NOW + 1],
    ['a second after one of a clock ahead', NOW + 60, NOW + 61],
    ['now, when the one before is beyond all time', 2n ** 62n, NOW],
  ];
  it.each(cases)('%s', (_what, previous, expected) => {
    const was = previous === undefined ? undefined : claimsOf(previous);
    const { operator, account } = claimsOf(0);
    const op = issue('operator', operator, KEYS.o1, { now: NOW, ...(was && { previous: was.operator }) });
    const acc = issue('account', account, KEYS.o1, { now: NOW, ...(was && { previous: was.account }) });
    expect([op.claims.iat, acc.claims.iat]).toEqual([expected, expected]);
  });

  it('is what the caller says for users, because revocation compares it (E-49)', () => {
    const claims = newUser(pub('u1'), 'u');
    expect(issue('user', claims, KEYS.a1, { now: NOW, previous: { ...claims, iat: NOW } }).claims.iat).toBe(NOW);
  });
});

it('signs, names the issuer and sets kind and id', () => {
  const { token, claims } = issue('account', newAccount(pub('a1'), 'A'), KEYS.o2, { now: NOW });
  expect(token.split('.')).toHaveLength(3);
  expect(claims).toMatchObject({ iss: pub('o2'), sub: pub('a1'), name: 'A', nats: { type: 'account', version: 2 } });
  expect(claims.jti).toMatch(/^[A-Z2-7]{52}$/);
});

it('gives two edits of one second different ids (E-52)', () => {
  const first = issue('account', newAccount(pub('a1'), 'A'), KEYS.o1, { now: NOW });
  const second = issue('account', first.claims, KEYS.o1, { now: NOW, previous: first.claims });
  expect(second.claims.jti).not.toBe(first.claims.jti);
});

it('refuses a key that may not sign such a token', () => {
  expect(() => issue('user', newUser(pub('u1'), 'u'), KEYS.o1, { now: NOW })).toThrow(
    expect.objectContaining({ code: 'wrong-key-kind' }),
  );
});
