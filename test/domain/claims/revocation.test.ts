import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compactRevocations,
  EVERYONE,
  isRevoked,
  isRevokedBy,
  issueTime,
  REACH,
  type Revocations,
  revocationTime,
  revoke,
  revokeUser,
} from '../../../src/domain/claims/revocation.js';
import type { Int64 } from '../../../src/domain/claims/types.js';
import { RUNS } from '../../lib/property.js';
import { account, NOW, pub } from '../trust/hierarchy.js';

const FAR = 2n ** 62n;

describe('a token is revoked', () => {
  const cases: [what: string, revocations: Revocations | undefined, iat: number, expected: boolean][] = [
    ['never without revocations', undefined, 5, false],
    ['when it was issued before', { u: 6 }, 5, true],
    ['when it was issued in the same second', { u: 5 }, 5, true],
    ['not when it was issued later', { u: 4 }, 5, false],
    ['not for another one', { v: 9 }, 5, false],
    ['with everyone', { '*': 5 }, 5, true],
    ['by itself although everyone is not any more', { u: 5, '*': 1 }, 5, true],
    ['with everyone although not by itself any more', { u: 1, '*': 5 }, 5, true],
    ['at a time beyond 2^53', { u: FAR }, 5, true],
  ];
  it.each(cases)('%s', (_what, revocations, iat, expected) => {
    expect(isRevokedBy(revocations, { sub: 'u', iat })).toBe(expected);
  });

  it('when it has no date', () => {
    expect(isRevokedBy({ u: 0 }, { sub: 'u' })).toBe(true);
  });

  it('not by what every object has', () => {
    expect(['toString', '__proto__', ''].map((sub) => isRevokedBy({ u: 9 }, { sub, iat: 5 }))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('a new token is dated (E-49)', () => {
  const cases: [what: string, revocations: Revocations | undefined, expected: number][] = [
    ['now', undefined, NOW],
    ['now, when the revocation was before', { u: NOW - 1 }, NOW],
    ['a second after a revocation of this second', { u: NOW }, NOW + 1],
    ['a second after one a little ahead', { u: NOW + REACH }, NOW + REACH + 1],
    ['now, when it is revoked until later, and stays so', { u: NOW + REACH + 1 }, NOW],
    ['now, when it is revoked beyond all time', { u: FAR }, NOW],
    ['a second after everyone was revoked', { '*': NOW + 3, u: NOW }, NOW + 4],
    ['a second after it was revoked, later than everyone', { '*': NOW, u: NOW + 3 }, NOW + 4],
    ['now, when it is revoked a little ahead but everyone until later', { '*': FAR, u: NOW }, NOW],
    ['now, when others are revoked', { v: NOW }, NOW],
  ];
  it.each(cases)('%s', (_what, revocations, expected) => {
    expect(issueTime(revocations, 'u', NOW)).toBe(expected);
  });
});

describe('a revocation reaches up to (S-56)', () => {
  const cases: [
    what: string,
    key: string,
    revocations: Revocations | undefined,
    issuedAt: Int64 | undefined,
    at: Int64,
  ][] = [
    ['now', 'u', undefined, undefined, NOW],
    ['now, over an older token', 'u', undefined, NOW - 5, NOW],
    ['the token at hand, that a clock ahead has dated', 'u', undefined, NOW + 500, NOW + 500],
    ['what was issued again after one of this second', 'u', { u: NOW }, undefined, NOW + 1],
    ['what was issued again after one a little ahead', 'u', { u: NOW + REACH }, undefined, NOW + REACH + 1],
    ['what was issued again after everyone was revoked', 'u', { '*': NOW + 2, u: NOW }, undefined, NOW + 3],
    ['now, when it is revoked until later anyway', 'u', { u: NOW + REACH + 1 }, undefined, NOW],
    ['now, whatever befell others', 'u', { v: NOW + 5 }, undefined, NOW],
    ['for everyone, what was issued again to anyone', EVERYONE, { u: NOW + 2, v: NOW + 7 }, undefined, NOW + 8],
    ['for everyone, not those who are shut out for long', EVERYONE, { u: FAR, v: NOW }, undefined, NOW + 1],
  ];
  it.each(cases)('%s', (_what, key, revocations, issuedAt, expected) => {
    expect(revocationTime(revocations, key, { now: NOW, issuedAt })).toBe(expected);
  });
});

it('a later revocation stays', () => {
  expect(revoke({ u: 9, v: 1 }, 'u', 5)).toEqual({ u: 9, v: 1 });
  expect(revoke({ u: FAR }, 'u', 5)).toEqual({ u: FAR });
  expect(revoke(undefined, 'u', 5)).toEqual({ u: 5 });
});

it('a revoked user is listed in the account and nothing else changes', () => {
  const { claims } = account('A', 'a1', { nats: { revocations: { [pub('u2')]: 3 }, description: 'x' } });
  const revoked = revokeUser(claims, pub('u1'), { now: NOW, issuedAt: NOW + 9 });
  const revocations = { [pub('u2')]: 3, [pub('u1')]: NOW + 9 };
  expect(revoked).toEqual({ ...claims, nats: { ...claims.nats, revocations } });
  expect(isRevoked(revoked, { sub: pub('u1'), iat: NOW + 9 })).toBe(true);
});

/**
 * Users are revoked and issued anew, several times a second. A revocation takes in all that was issued before, and what
 * is issued afterwards is accepted: as long as fewer things happen in a second than REACH.
 */
it('whatever happens within a second, the order of events decides (E-49, S-56)', () => {
  const who = fc.constantFrom('u', 'v', EVERYONE);
  const event = fc.record({ does: fc.constantFrom('revoke', 'issue'), who, after: fc.constantFrom(0, 0, 0, 1, 70) });
  fc.assert(
    fc.property(fc.array(event, { maxLength: REACH }), (events) => {
      let now = NOW;
      let revocations: Revocations = {};
      const issued: { sub: string; iat: number; revoked: boolean }[] = [];
      for (const { does, who: key, after } of events) {
        now += after;
        if (does === 'issue' && key !== EVERYONE) {
          issued.push({ sub: key, iat: issueTime(revocations, key, now), revoked: false });
        }
        if (does === 'revoke') {
          revocations = revoke(revocations, key, revocationTime(revocations, key, { now }));
          for (const token of issued) token.revoked ||= key === EVERYONE || token.sub === key;
        }
        expect(issued.map((token) => isRevokedBy(revocations, token))).toEqual(issued.map((token) => token.revoked));
      }
    }),
    { numRuns: RUNS },
  );
});

describe('compaction', () => {
  it('drops what is revoked with everyone', () => {
    expect(compactRevocations({ '*': 5, u: 5, v: 4, w: 6 })).toEqual({ kept: { '*': 5, w: 6 }, dropped: ['u', 'v'] });
  });

  it('drops nothing where not everyone is revoked', () => {
    expect(compactRevocations({ u: 5, v: 4 })).toEqual({ kept: { u: 5, v: 4 }, dropped: [] });
  });

  it('changes the verdict on no token', () => {
    const key = fc.constantFrom('u', 'v', 'w', EVERYONE);
    const time = fc.oneof(fc.integer({ min: -3, max: 9 }), fc.constant(FAR));
    const map = fc.dictionary(key, time, { noNullPrototype: true });
    const token = fc.record({ sub: fc.constantFrom('u', 'v', 'w', 'x', ''), iat: fc.integer({ min: -4, max: 10 }) });
    fc.assert(
      fc.property(map, fc.array(token), (revocations, tokens) => {
        const { kept, dropped } = compactRevocations(revocations);
        const judge = (by: Revocations) => tokens.map((found) => isRevokedBy(by, found));
        expect(judge(kept)).toEqual(judge(revocations));
        expect([...Object.keys(kept), ...dropped].sort()).toEqual(Object.keys(revocations).sort());
        expect(compactRevocations(kept).dropped).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});
