import { createPublicKey, verify } from 'node:crypto';
import { CompactSign, calculateJwkThumbprint, compactVerify, createLocalJWKSet, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { encodeKeySet, type Jwk, jwkOf } from '../../../src/domain/jwks/jwk.js';
import { decodeSeed, encodePublicKey } from '../../../src/domain/nkey/codec.js';
import { type KeyPair, keyPairFromRaw } from '../../../src/domain/nkey/key-pair.js';
import { decodeToken } from '../../../src/domain/token/decode.js';
import { KEYS, pub, user } from '../trust/hierarchy.js';

/** RFC 8037, appendix A. */
const RFC = {
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  thumbprint: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  signed: 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
  signature: 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
};

const jwk = (pair: KeyPair): Jwk => jwkOf(pair.publicKey, pair.role) as Jwk;

describe('the vectors of RFC 8037', () => {
  const pair = keyPairFromRaw('account', Buffer.from(RFC.d, 'base64url'));

  it('a key is the same key as a JWK', async () => {
    expect(jwk(pair)).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      x: RFC.x,
      kid: pair.publicKey,
      use: 'sig',
      alg: 'EdDSA',
    });
    expect(await calculateJwkThumbprint({ ...jwk(pair) })).toBe(RFC.thumbprint);
  });

  it('it signs as there', () => {
    expect(Buffer.from(pair.sign(RFC.signed)).toString('base64url')).toBe(RFC.signature);
  });
});

describe('jose reads a set', () => {
  const text = encodeKeySet([jwk(KEYS.o1), jwk(KEYS.a1), jwk(KEYS.a2)]);
  const set = createLocalJWKSet(JSON.parse(text));

  it.each(['o1', 'a1', 'a2'] as const)('and finds %s by its id, to verify what its seed signed', async (name) => {
    const { raw } = decodeSeed(KEYS[name].seed.reveal()) ?? { raw: new Uint8Array() };
    const key = await importJWK({ ...jwk(KEYS[name]), d: Buffer.from(raw).toString('base64url') }, 'EdDSA');
    const jws = await new CompactSign(Buffer.from('payload'))
      .setProtectedHeader({ alg: 'EdDSA', kid: pub(name) })
      .sign(key);
    const { payload, protectedHeader } = await compactVerify(jws, set);
    expect([Buffer.from(payload).toString(), protectedHeader.kid]).toEqual(['payload', pub(name)]);
  });

  it('and refuses a key that is not in it', async () => {
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: RFC.x, d: RFC.d }, 'EdDSA');
    const jws = await new CompactSign(Buffer.from('x')).setProtectedHeader({ alg: 'EdDSA', kid: pub('b1') }).sign(key);
    await expect(compactVerify(jws, set)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });

  it('and its keys verify a NATS JWT, whose algorithm has a name of its own', async () => {
    const { signedText, signature, claims } = decodeToken(user('A/u', 'u1').token);
    const found = JSON.parse(text).keys.find(({ kid }: Jwk) => kid === claims.iss);
    const key = createPublicKey({ key: found, format: 'jwk' });
    expect(verify(null, Buffer.from(signedText), key, signature)).toBe(true);
    const imported = (await importJWK(found, 'EdDSA')) as Parameters<typeof crypto.subtle.verify>[1];
    expect(await crypto.subtle.verify('Ed25519', imported, Buffer.from(signature), Buffer.from(signedText))).toBe(true);
  });
});

describe('what is no key to publish', () => {
  const smallOrder = encodePublicKey('account', new Uint8Array(32).fill(0, 1).fill(1, 0, 1));
  it.each([
    ['no key', 'A'],
    ['a key of another role', pub('o1')],
    ['a seed', KEYS.a1.seed.reveal()],
    ['a curve key', pub('x1')],
    ['a key under which anybody can sign', smallOrder],
  ])('%s', (_what, text) => {
    expect(jwkOf(text, 'account')).toBeUndefined();
  });
});

it('equal keys give equal bytes, a key a line, and none twice', () => {
  const keys = [jwk(KEYS.o1), jwk(KEYS.a1), jwk(KEYS.o1)];
  const line = (name: 'o1' | 'a1') => JSON.stringify(jwk(KEYS[name]));
  expect(encodeKeySet(keys)).toBe(`{"keys":[\n${line('o1')},\n${line('a1')}\n]}\n`);
  expect(encodeKeySet([])).toBe('{"keys":[]}\n');
});
