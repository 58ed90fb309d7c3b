import { describe, expect, it } from 'vitest';
import {
  decodeKind,
  decodeVerified,
  encodeToken,
  formatCreds,
  keyPairFromRaw,
  keyPairFromSeed,
  NscError,
  newAccount,
  newOperator,
  newUser,
  parseDecorated,
  verifyAccount,
  verifyUser,
} from '../src/index.js';

const pair = (role: 'operator' | 'account' | 'user', fill: number) =>
  keyPairFromRaw(role, new Uint8Array(32).fill(fill));

describe('the library', () => {
  const operator = pair('operator', 1);
  const account = pair('account', 2);
  const user = pair('user', 3);
  const now = 1_700_000_000;

  it('issues a chain of tokens and checks it', () => {
    const entry = <Claims extends object>(name: string, { token, claims }: { token: string; claims: Claims }) => ({
      name,
      token,
      claims,
    });
    const o = entry('O', encodeToken(newOperator(operator.publicKey, 'O'), operator, now));
    const a = entry('A', encodeToken(newAccount(account.publicKey, 'A'), operator, now));
    const u = { ...entry('u', encodeToken(newUser(user.publicKey, 'u'), account, now)), account: 'A' };
    expect(decodeVerified(u.token)).toMatchObject({ kind: 'user', claims: { iss: account.publicKey, iat: now } });
    expect([verifyAccount(a, o), verifyUser(u, a, o)]).toEqual([undefined, undefined]);
    const stranger = entry('A', encodeToken(newAccount(account.publicKey, 'A'), pair('operator', 9), now));
    expect(verifyAccount(stranger, o)).toMatchObject({ code: 'untrusted-issuer' });
  });

  it('reads back the creds it writes', () => {
    const { token } = encodeToken(newUser(user.publicKey, 'u'), account, now);
    const { token: read, seed } = parseDecorated(formatCreds(token, user.seed).reveal());
    expect(read).toBe(token);
    expect(keyPairFromSeed(seed?.reveal() ?? '').publicKey).toBe(user.publicKey);
  });

  it('refuses with a code', () => {
    const { token } = encodeToken(newUser(user.publicKey, 'u'), account, now);
    expect(() => decodeKind(token, 'account')).toThrow(
      new NscError('bad-token', 'the JWT is of the kind user, not account'),
    );
  });
});
