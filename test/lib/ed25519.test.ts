import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  importSeed,
  randomSeed,
  sha256,
  sha512Over256,
  verifySignature,
  verifySignatureAsync,
  x25519PublicKey,
} from '../../src/lib/ed25519.js';
import { RUNS } from './property.js';

interface Vector {
  kind: string;
  raw_seed_hex: string;
  raw_public_hex: string;
  payload_hex: string;
  signature_hex: string;
}

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const toHex = (data: Uint8Array) => Buffer.from(data).toString('hex');
const vectors: Vector[] = JSON.parse(readFileSync('test/vectors/signatures.json', 'utf8'));

/** The order of the base point. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

function littleEndian(data: Uint8Array): bigint {
  return BigInt(`0x${toHex(Uint8Array.from(data).reverse())}`);
}

function toLittleEndian(value: bigint): Uint8Array {
  return hex(value.toString(16).padStart(64, '0')).reverse();
}

describe('Ed25519', () => {
  it.each(vectors)('signs and verifies $kind', async (vector) => {
    const data = hex(vector.payload_hex);
    const key = importSeed(hex(vector.raw_seed_hex));
    expect(toHex(key.publicKey)).toBe(vector.raw_public_hex);
    expect(toHex(key.sign(data))).toBe(vector.signature_hex);
    expect(verifySignature(hex(vector.raw_public_hex), data, hex(vector.signature_hex))).toBe(true);
    expect(await verifySignatureAsync(hex(vector.raw_public_hex), data, hex(vector.signature_hex))).toBe(true);
  });

  it('signs a text as its UTF-8', () => {
    const key = importSeed(new Uint8Array(32).fill(7));
    expect(key.sign('grüße')).toEqual(key.sign(Buffer.from('grüße')));
    expect(verifySignature(key.publicKey, 'grüße', key.sign('grüße'))).toBe(true);
  });

  it('refuses a signature, a message or a key with one bit changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.nat(),
        fc.constantFrom('key', 'data', 'signature'),
        async (raw, data, bit, part) => {
          const key = importSeed(raw);
          const forged = { key: key.publicKey.slice(), data: data.slice(), signature: key.sign(data).slice() };
          const target = forged[part as keyof typeof forged];
          const at = bit % (target.length * 8);
          target[at >> 3] = (target[at >> 3] ?? 0) ^ (1 << (at & 7));
          expect(verifySignature(forged.key, forged.data, forged.signature)).toBe(false);
          expect(await verifySignatureAsync(forged.key, forged.data, forged.signature)).toBe(false);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('refuses the second spelling of a signature (S + L)', () => {
    const key = importSeed(new Uint8Array(32).fill(9));
    const signature = Uint8Array.from(key.sign('x'));
    const malleated = signature.slice();
    malleated.set(toLittleEndian(littleEndian(signature.subarray(32)) + L), 32);
    expect(verifySignature(key.publicKey, 'x', signature)).toBe(true);
    expect(verifySignature(key.publicKey, 'x', malleated)).toBe(false);
  });

  it('refuses keys of small order, canonical or not, with either sign', async () => {
    const p = 2n ** 255n - 19n;
    const order8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
    // With such a key, R = identity and S = 0 fit many messages.
    const signature = new Uint8Array(64);
    signature[0] = 1;
    for (const y of [0n, 1n, p - 1n, p, p + 1n, order8, p - order8]) {
      for (const sign of [0, 0x80]) {
        const key = toLittleEndian(y);
        key[31] = (key[31] ?? 0) | sign;
        for (let message = 0; message < 16; message += 1) {
          expect(verifySignature(key, String(message), signature)).toBe(false);
        }
        expect(await verifySignatureAsync(key, '0', signature)).toBe(false);
      }
    }
  });

  it.each([0, 31, 33, 64])('refuses a key of %i bytes', async (length) => {
    expect(() => importSeed(new Uint8Array(length))).toThrow(RangeError);
    expect(() => x25519PublicKey(new Uint8Array(length))).toThrow(RangeError);
    expect(verifySignature(new Uint8Array(length), 'x', new Uint8Array(64))).toBe(false);
    expect(await verifySignatureAsync(new Uint8Array(length), 'x', new Uint8Array(64))).toBe(false);
  });

  it.each([0, 3, 63, 65])('refuses a signature of %i bytes', async (length) => {
    const key = importSeed(new Uint8Array(32).fill(1));
    expect(verifySignature(key.publicKey, 'x', new Uint8Array(length))).toBe(false);
    expect(await verifySignatureAsync(key.publicKey, 'x', new Uint8Array(length))).toBe(false);
  });

  it('forgets old keys, not what they verify', () => {
    const keys = Array.from({ length: 1100 }, (_, n) => importSeed(Buffer.alloc(32, `${n}`)));
    for (const key of [...keys, ...keys.slice(0, 3)]) {
      expect(verifySignature(key.publicKey, 'x', key.sign('x'))).toBe(true);
    }
  });
});

describe('X25519', () => {
  it('derives the public key of RFC 7748 §6.1', () => {
    const secret = hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb');
    const publicKey = 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f';
    expect(toHex(x25519PublicKey(secret))).toBe(publicKey);
  });
});

describe('hashes and randomness', () => {
  it('knows SHA-512/256 and SHA-256 (FIPS 180-4 examples)', () => {
    expect(toHex(sha512Over256('abc'))).toBe('53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23');
    expect(toHex(sha256('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('draws 32 bytes, never the same', () => {
    const seeds = new Set(Array.from({ length: 100 }, () => toHex(randomSeed())));
    expect(seeds.size).toBe(100);
    expect([...seeds].every((seed) => seed.length === 64)).toBe(true);
  });
});
