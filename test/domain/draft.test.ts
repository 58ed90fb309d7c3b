import { describe, expect, it } from 'vitest';
import { isRevoked } from '../../src/domain/claims/revocation.js';
import type { UserClaims } from '../../src/domain/claims/types.js';
import { parseDecorated } from '../../src/domain/creds/creds.js';
import { draftUser } from '../../src/domain/draft.js';
import { account, KEYS, NOW, pub, user } from './trust/hierarchy.js';

const u = user('A/u', 'u1');
const draft = (revocations: Record<string, number>, signer: 'a1' | 'a2' = 'a1') => {
  const parent = account('A', 'a1', { nats: { revocations } });
  const [put, creds] = draftUser({ account: parent, name: 'u' }, u.claims, {
    signer: KEYS[signer],
    now: NOW,
    pair: KEYS.u1,
  });
  const { claims, token } = put as { claims: UserClaims; token: string };
  return { parent, claims, token, creds };
};

describe('a user that is signed', () => {
  it('is dated now', () => {
    expect(draft({ [pub('u1')]: NOW - 1, [pub('u2')]: NOW }).claims.iat).toBe(NOW);
  });

  it('is dated after a revocation of the same second, so that it is accepted (E-49)', () => {
    const { parent, claims } = draft({ [pub('u1')]: NOW, '*': NOW + 1 });
    expect(claims.iat).toBe(NOW + 2);
    expect(isRevoked(parent.claims, claims)).toBe(false);
    expect(isRevoked(parent.claims, u.claims)).toBe(true);
  });

  it('is dated now, and revoked, where it is revoked until later', () => {
    const { parent, claims } = draft({ [pub('u1')]: NOW + 3600 });
    expect(claims.iat).toBe(NOW);
    expect(isRevoked(parent.claims, claims)).toBe(true);
  });

  it('names its account if a signing key signs, and comes with its creds (E-67)', () => {
    const { claims, token, creds } = draft({}, 'a2');
    expect(claims).toMatchObject({ iss: pub('a2'), nats: { issuer_account: pub('a1') } });
    expect(draft({}).claims.nats).not.toHaveProperty('issuer_account');
    if (creds?.type !== 'put-creds') throw new Error('no creds were written');
    expect(creds).toMatchObject({ account: 'A', user: 'u' });
    expect(parseDecorated(creds.creds.reveal()).token).toBe(token);
  });
});
