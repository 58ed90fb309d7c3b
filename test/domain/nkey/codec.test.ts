import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodePublicKey,
  decodeSeed,
  encodePublicKey,
  encodeSeed,
  isPublicKey,
  looksLikeSeed,
  roleOf,
} from '../../../src/domain/nkey/codec.js';
import type { Role } from '../../../src/domain/nkey/prefix.js';
import { RUNS } from '../../lib/property.js';
import { hex, keyVectors, LETTER, signatureVectors, toHex } from './vectors.js';

const ROLES = Object.keys(LETTER) as Role[];
const anyRole = fc.constantFrom(...ROLES);
const anyKey = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('the text of keys', () => {
  it.each(signatureVectors)('$kind ($public_key)', (vector) => {
    const decoded = decodeSeed(vector.seed);
    const role = decoded?.role ?? 'operator';
    expect(LETTER[role]).toBe(vector.public_key[0]);
    expect(toHex(decoded?.raw ?? new Uint8Array())).toBe(vector.raw_seed_hex);
    expect(decodePublicKey(vector.public_key)).toEqual({ role, bytes: hex(vector.raw_public_hex) });
    expect(encodeSeed(role, hex(vector.raw_seed_hex)).reveal()).toBe(vector.seed);
    expect(encodePublicKey(role, hex(vector.raw_public_hex))).toBe(vector.public_key);
  });

  it('reads back what it wrote, for every role', () => {
    fc.assert(
      fc.property(anyRole, anyKey, (role, bytes) => {
        const publicKey = encodePublicKey(role, bytes);
        const seed = encodeSeed(role, bytes).reveal();
        expect(publicKey).toMatch(new RegExp(`^${LETTER[role]}[A-D][A-Z2-7]{54}$`));
        expect(seed).toMatch(new RegExp(`^S${LETTER[role]}A[A-P][A-Z2-7]{54}$`));
        expect(decodePublicKey(publicKey)).toEqual({ role, bytes });
        expect(decodeSeed(seed)).toEqual({ role, raw: bytes });
        expect(decodePublicKey(seed)).toBeUndefined();
        expect(decodeSeed(publicKey)).toBeUndefined();
        expect(roleOf(publicKey)).toBe(role);
      }),
      { numRuns: RUNS },
    );
  });

  it('refuses a key with any one character changed', () => {
    const character = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567az 1=\n');
    fc.assert(
      fc.property(anyRole, anyKey, fc.boolean(), fc.nat(57), character, (role, bytes, asSeed, index, replacement) => {
        const text = asSeed ? encodeSeed(role, bytes).reveal() : encodePublicKey(role, bytes);
        const at = index % text.length;
        fc.pre(text[at] !== replacement);
        const changed = text.slice(0, at) + replacement + text.slice(at + 1);
        expect(decodeSeed(changed)).toBeUndefined();
        expect(decodePublicKey(changed)).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
  });

  it.each([0, 31, 33])('writes no key of %i bytes', (length) => {
    const bytes = new Uint8Array(length);
    expect(() => encodePublicKey('user', bytes)).toThrow(RangeError);
    expect(() => encodeSeed('user', bytes)).toThrow(RangeError);
  });
});

/** Where we refuse what Go's library takes, and why. Everything else is judged alike. */
const STRICTER_THAN_GO: Readonly<Record<string, string>> = {
  'trailing newline': 'a key has one text; whoever reads lines cuts the line end off',
  'CRLF inside': 'a key has one text',
  'one extra char': 'a key has one text',
  'three extra chars': 'a key has one text',
  'seven A': 'no 32-byte key, E-10',
  '31-byte key': 'no 32-byte key, E-10',
  '33-byte key': 'no 32-byte key, E-10',
  'low prefix bits': 'a key has one text; Go takes it by role but not in general',
  'seed with other last char': 'a seed has one text',
  'seed 31 bytes': 'no 32-byte seed',
  'seed 33 bytes': 'no 32-byte seed; Go cuts it off silently',
  'seed with low bits in byte 1': 'a seed has one text',
};

describe('the verdict on keys, beside Go’s', () => {
  it.each(keyVectors)('$name', ({ name, key, go }) => {
    const ours = {
      public_key: isPublicKey(key),
      account_key: isPublicKey(key, 'account'),
      seed: decodeSeed(key) !== undefined,
    };
    const none = { public_key: false, account_key: false, seed: false };
    expect(ours).toEqual(name in STRICTER_THAN_GO ? none : go);
  });

  it('differs exactly where the list says', () => {
    const differing = keyVectors.filter(
      ({ key, go }) =>
        isPublicKey(key) !== go.public_key ||
        isPublicKey(key, 'account') !== go.account_key ||
        (decodeSeed(key) !== undefined) !== go.seed,
    );
    expect(differing.map(({ name }) => name).sort()).toEqual(Object.keys(STRICTER_THAN_GO).sort());
  });
});

describe('roleOf', () => {
  it('names what is no key', () => {
    expect(() => roleOf('AB\x1b[0m')).toThrow(
      expect.objectContaining({ code: 'bad-key', message: '"AB\\u{1b}[0m" is not a public key' }),
    );
  });

  it('does not repeat a seed', () => {
    const seed = signatureVectors[0]?.seed ?? '';
    for (const text of [seed, ` ${seed}`, seed.toLowerCase(), `${seed.slice(0, -1)}!`]) {
      expect(looksLikeSeed(text)).toBe(true);
      expect(() => roleOf(text)).toThrow(
        expect.objectContaining({ code: 'bad-key', message: 'a seed is not a public key' }),
      );
    }
  });

  it.each(['', 'SUPPORT', 'UBXHUHG5FGYLPD6RHL2MKWMP572O6KUXCZXDZJXS4T57ZTMAKBN7CEDX'])(
    '%j is not like a seed',
    (text) => {
      expect(looksLikeSeed(text)).toBe(false);
    },
  );
});
