import { createCurve, fromCurveSeed } from '@nats-io/nkeys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open, seal } from '../../../src/domain/nkey/curve.js';
import { keyPairFromRaw, keyPairFromSeed } from '../../../src/domain/nkey/key-pair.js';
import { boxVectors, hex, toHex } from './vectors.js';

const nonce = new Uint8Array(24).fill(1);
const alice = keyPairFromRaw('curve', new Uint8Array(32).fill(1));
const bob = keyPairFromRaw('curve', new Uint8Array(32).fill(2));
const user = keyPairFromRaw('user', new Uint8Array(32).fill(3));

describe('xkv1', () => {
  it.each(boxVectors)('$sender_public to $recipient_public', (vector) => {
    const sender = keyPairFromSeed(vector.sender_seed);
    const recipient = keyPairFromSeed(vector.recipient_seed);
    expect([sender.publicKey, recipient.publicKey]).toEqual([vector.sender_public, vector.recipient_public]);
    const sealed = seal(sender, recipient.publicKey, hex(vector.plaintext_hex), hex(vector.nonce_hex));
    expect(toHex(sealed)).toBe(vector.sealed_hex);
    expect(toHex(open(recipient, sender.publicKey, hex(vector.sealed_hex)))).toBe(vector.plaintext_hex);
  });

  it('opens what it sealed, and so does @nats-io/nkeys', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ minLength: 24, maxLength: 24 }),
        (data, random) => {
          const sealed = seal(alice, bob.publicKey, data, random);
          expect(sealed).toHaveLength(data.length + 44);
          expect(open(bob, alice.publicKey, sealed)).toEqual(data);
          expect(fromCurveSeed(Buffer.from(bob.seed.reveal())).open(sealed, alice.publicKey)).toEqual(data);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('opens what @nats-io/nkeys sealed', () => {
    const peer = createCurve();
    const sealed = peer.seal(new TextEncoder().encode('grüße'), bob.publicKey);
    expect(Buffer.from(open(bob, peer.getPublicKey(), sealed)).toString()).toBe('grüße');
    expect(keyPairFromSeed(Buffer.from(peer.getSeed()).toString()).publicKey).toBe(peer.getPublicKey());
  });

  it('seals a text as UTF-8', () => {
    expect(seal(alice, bob.publicKey, 'ü', nonce)).toEqual(seal(alice, bob.publicKey, Buffer.from('ü'), nonce));
  });

  it('refuses a box with any bit changed, cut off, or between other keys', () => {
    const sealed = seal(alice, bob.publicKey, 'secret', nonce);
    const damaged = Array.from(sealed, (byte, at) => sealed.with(at, byte ^ (1 << (at % 8))));
    const cut = [0, 4, 28, 29, 43, sealed.length - 1].map((length) => sealed.slice(0, length));
    for (const box of [...damaged, ...cut]) {
      expect(() => open(bob, alice.publicKey, box)).toThrow(
        expect.objectContaining({
          code: 'check-failed',
          message: `the message cannot be decrypted: it is damaged, or not from ${alice.publicKey} to ${bob.publicKey}`,
        }),
      );
    }
    expect(() => open(bob, bob.publicKey, sealed)).toThrow(expect.objectContaining({ code: 'check-failed' }));
  });

  it('refuses keys that cannot encrypt', () => {
    const wrong = expect.objectContaining({ code: 'wrong-key-kind' });
    expect(() => seal(user, bob.publicKey, 'x', nonce)).toThrow(wrong);
    expect(() => seal(alice, user.publicKey, 'x', nonce)).toThrow(wrong);
    expect(() => open(user, alice.publicKey, new Uint8Array(60))).toThrow(wrong);
    expect(() => open(bob, 'nonsense', new Uint8Array(60))).toThrow(wrong);
  });

  it.each([0, 12, 23, 25])('refuses a nonce of %i bytes', (length) => {
    expect(() => seal(alice, bob.publicKey, 'x', new Uint8Array(length))).toThrow(RangeError);
  });
});
