import { inspect } from 'node:util';
import { createPair, fromPublic, fromSeed, Prefix } from '@nats-io/nkeys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePublicKey, encodePublicKey } from '../../../src/domain/nkey/codec.js';
import { keyPairFromRaw, keyPairFromSeed, verify, verifyAsync } from '../../../src/domain/nkey/key-pair.js';
import { PREFIX, type Role } from '../../../src/domain/nkey/prefix.js';
import { encodeBase64Url } from '../../../src/lib/base64url.js';
import { RUNS } from '../../lib/property.js';
import { hex, signatureVectors, toHex } from './vectors.js';

const signingRoles = (Object.keys(PREFIX) as Role[]).filter((role) => role !== 'curve');
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('key pairs', () => {
  it.each(signatureVectors)('$kind ($public_key)', async (vector) => {
    const data = hex(vector.payload_hex);
    const pair = keyPairFromSeed(vector.seed);
    expect(pair.publicKey).toBe(vector.public_key);
    expect(pair.seed.reveal()).toBe(vector.seed);
    expect(keyPairFromRaw(pair.role, hex(vector.raw_seed_hex)).publicKey).toBe(vector.public_key);
    expect(toHex(pair.sign(data))).toBe(vector.signature_hex);
    expect(encodeBase64Url(pair.sign(data))).toBe(vector.signature_b64url);
    expect(verify(vector.public_key, data, hex(vector.signature_hex))).toBe(true);
    expect(await verifyAsync(vector.public_key, data, hex(vector.signature_hex))).toBe(true);
    expect(fromPublic(vector.public_key).verify(data, Uint8Array.from(pair.sign(data)))).toBe(true);
  });

  it('signs before anybody asked for the public key', () => {
    const pair = keyPairFromRaw('user', new Uint8Array(32).fill(5));
    const signature = pair.sign('x');
    expect(verify(pair.publicKey, 'x', signature)).toBe(true);
  });

  it('keeps its own copy of the raw bytes', () => {
    const raw = new Uint8Array(32).fill(5);
    const pair = keyPairFromRaw('user', raw);
    raw.fill(0);
    expect(pair.publicKey).toBe(keyPairFromRaw('user', new Uint8Array(32).fill(5)).publicKey);
  });

  it('does not show its seed', () => {
    const pair = keyPairFromRaw('user', new Uint8Array(32).fill(5));
    pair.sign('x');
    const seed = pair.seed.reveal();
    for (const shown of [inspect(pair, { depth: 9, showHidden: true }), JSON.stringify(pair), String(pair)]) {
      expect(shown).not.toContain(seed);
      expect(shown).not.toContain(seed.slice(4, 20));
    }
  });

  it('agrees with @nats-io/nkeys on random keys, both ways', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...signingRoles),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.string({ unit: 'grapheme' }),
        (role, raw, message) => {
          const ours = keyPairFromRaw(role, raw);
          const theirs = fromSeed(utf8(ours.seed.reveal()));
          expect(ours.publicKey).toBe(theirs.getPublicKey());
          expect(toHex(ours.sign(message))).toBe(toHex(theirs.sign(utf8(message))));
          expect(verify(theirs.getPublicKey(), message, theirs.sign(utf8(message)))).toBe(true);
        },
      ),
      { numRuns: Math.min(RUNS, 1000) / 10 },
    );
  });

  it.each(signingRoles)('reads %s keys that @nats-io/nkeys made', (role) => {
    const theirs = createPair(PREFIX[role] as Prefix);
    const ours = keyPairFromSeed(Buffer.from(theirs.getSeed()).toString());
    expect(ours.role).toBe(role);
    expect(ours.publicKey).toBe(theirs.getPublicKey());
  });

  it('knows the prefixes @nats-io/nkeys knows', () => {
    expect(PREFIX).toEqual({
      operator: Prefix.Operator,
      account: Prefix.Account,
      user: Prefix.User,
      server: Prefix.Server,
      cluster: Prefix.Cluster,
      curve: Prefix.Curve,
    });
  });
});

describe('refusals', () => {
  const seed = signatureVectors[0]?.seed ?? '';

  it.each([
    ['another last character', `${seed.slice(0, -1)}${seed.endsWith('A') ? 'B' : 'A'}`],
    ['a line end', `${seed}\n`],
    ['lower case', seed.toLowerCase()],
    ['nothing', ''],
    ['a word', 'hello'],
  ])('%s, without repeating it', (_, text) => {
    const failure = (() => {
      try {
        return keyPairFromSeed(text);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toMatchObject({ code: 'bad-key', message: 'not a valid seed' });
    expect(inspect(failure)).not.toContain(seed.slice(4, 30));
  });

  it('a public key in place of a seed, by name', () => {
    const publicKey = signatureVectors[0]?.public_key ?? '';
    expect(() => keyPairFromSeed(publicKey)).toThrow(
      expect.objectContaining({
        code: 'bad-key',
        message: `the public key ${publicKey} was given where a seed is needed`,
      }),
    );
  });

  it('signing with a curve key', () => {
    const curve = keyPairFromRaw('curve', new Uint8Array(32).fill(3));
    expect(() => curve.sign('x')).toThrow(
      expect.objectContaining({
        code: 'wrong-key-kind',
        message: `the curve key ${curve.publicKey} can encrypt but not sign`,
      }),
    );
  });

  it('verifying with what is no signing key', async () => {
    const user = keyPairFromRaw('user', new Uint8Array(32).fill(3));
    const signature = user.sign('x');
    const bytes = decodePublicKey(user.publicKey)?.bytes ?? new Uint8Array();
    const asCurve = encodePublicKey('curve', bytes);
    for (const key of [asCurve, user.publicKey.toLowerCase(), `${user.publicKey}\n`, '']) {
      expect(verify(key, 'x', signature)).toBe(false);
      expect(await verifyAsync(key, 'x', signature)).toBe(false);
    }
  });

  it('a forged bit anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 1, maxLength: 99 }),
        fc.nat(),
        fc.boolean(),
        async (raw, data, bit, inData) => {
          const pair = keyPairFromRaw('account', raw);
          const signature = Uint8Array.from(pair.sign(data));
          const target = inData ? data : signature;
          const at = bit % (target.length * 8);
          target[at >> 3] = (target[at >> 3] ?? 0) ^ (1 << (at & 7));
          expect(verify(pair.publicKey, data, signature)).toBe(false);
          expect(await verifyAsync(pair.publicKey, data, signature)).toBe(false);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
