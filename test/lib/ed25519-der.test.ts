import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { importSeed, x25519PublicKey } from '../../src/lib/ed25519.js';

/** A runtime that insists on a right `x` in a private JWK. */
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  const createPrivateKey: typeof crypto.createPrivateKey = (input) => {
    if (typeof input === 'object' && 'format' in input && input.format === 'jwk') throw new TypeError('Invalid JWK');
    return crypto.createPrivateKey(input);
  };
  return { ...crypto, createPrivateKey };
});

const hex = (text: string) => Buffer.from(text, 'hex');

it('imports keys as DER where JWK does not do', () => {
  for (const vector of JSON.parse(readFileSync('test/vectors/signatures.json', 'utf8'))) {
    const key = importSeed(hex(vector.raw_seed_hex));
    expect(key.publicKey).toEqual(hex(vector.raw_public_hex));
    expect(key.sign(hex(vector.payload_hex))).toEqual(hex(vector.signature_hex));
  }
  const secret = hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb');
  const publicKey = hex('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
  expect(x25519PublicKey(secret)).toEqual(publicKey);
});
