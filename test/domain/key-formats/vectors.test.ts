import { describe, expect, it } from 'vitest';
import { writePrivateKey, writePublicKey } from '../../../src/domain/key-formats/write-key.js';
import { keyPairFromRaw } from '../../../src/domain/nkey/key-pair.js';
import { RFC_8032, RFC_8037, RFC_8410, RFC_8410_PEM, RFC_8410_PUBLIC, read, seedFromHex, seedOf } from './keys.js';

/** What others have published. */

const pair = keyPairFromRaw('account', Buffer.from(RFC_8410, 'hex'));
const der = (pem: string): Buffer => Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64');

const V2 = `-----BEGIN PRIVATE KEY-----
MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
Z9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PRIVATE KEY-----
`;

describe('the examples of RFC 8410', () => {
  it.each([
    ['§10.3, a private key', RFC_8410_PEM, 'PKCS#8 PEM'],
    ['§10.3, one with attributes and its public key', V2, 'PKCS#8 PEM'],
    ['the first one as DER', der(RFC_8410_PEM), 'PKCS#8 DER'],
    [
      'with text before it and Windows line ends',
      `Bag Attributes\r\n${RFC_8410_PEM.replaceAll('\n', '\r\n')}`,
      'PKCS#8 PEM',
    ],
    [
      'in JSON, as service accounts have it',
      JSON.stringify({ type: 'service_account', private_key: RFC_8410_PEM }),
      'PKCS#8 PEM in JSON',
    ],
    [
      'with a public key and a certificate beside it',
      `${RFC_8410_PUBLIC}${RFC_8410_PEM}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      'PKCS#8 PEM',
    ],
  ])('%s', (_what, content, format) => {
    const found = read(content);
    expect(found.format).toBe(format);
    expect(found.role).toBeUndefined();
    expect(seedOf(found)).toBe(seedFromHex(RFC_8410));
  });

  it('are what is written', () => {
    expect(writePrivateKey(pair, 'pem').reveal()).toBe(RFC_8410_PEM);
    expect(writePublicKey(pair.publicKey, 'pem')).toBe(RFC_8410_PUBLIC);
  });
});

describe('the example of RFC 8037', () => {
  it.each([
    ['alone', RFC_8037, 'JWK'],
    ['in a set with public keys', { keys: [{ kty: 'OKP', crv: 'Ed25519', x: RFC_8037.x }, RFC_8037] }, 'JWK set'],
  ])('%s', (_what, jwk, format) => {
    const found = read(JSON.stringify(jwk));
    expect(found.format).toBe(format);
    expect(seedOf(found)).toBe(seedFromHex(RFC_8032));
  });

  it('is what is written, with the nkey as id', () => {
    const key = keyPairFromRaw('user', Buffer.from(RFC_8032, 'hex'));
    const { d, ...half } = RFC_8037;
    const whole = { ...half, kid: key.publicKey, use: 'sig', alg: 'EdDSA' };
    expect(JSON.parse(writePublicKey(key.publicKey, 'jwk'))).toEqual(whole);
    expect(JSON.parse(writePrivateKey(key, 'jwk').reveal())).toEqual({ ...whole, d });
  });
});
