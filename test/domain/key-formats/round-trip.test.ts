import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decorateSeed } from '../../../src/domain/creds/creds.js';
import { RANDOM_BYTES } from '../../../src/domain/key-formats/pbes2.js';
import { writePrivateKey } from '../../../src/domain/key-formats/write-key.js';
import { keyPairFromRaw } from '../../../src/domain/nkey/key-pair.js';
import type { Role } from '../../../src/domain/nkey/prefix.js';
import { NscError } from '../../../src/errors.js';
import { RUNS } from '../../lib/property.js';
import { FORMATS, PASSPHRASE, RFC_8410, read, seedOf, written } from './keys.js';

const raw = fc.uint8Array({ minLength: 32, maxLength: 32 });
const role = fc.constantFrom<Role[]>('operator', 'account', 'user');

describe('any seed in any role comes back', () => {
  it.each(FORMATS)('through %s', (format) => {
    fc.assert(
      fc.property(raw, role, (bytes, of) => {
        const pair = keyPairFromRaw(of, bytes);
        const found = read(writePrivateKey(pair, format).reveal());
        expect(seedOf(found, of)).toBe(pair.seed.reveal());
        expect(found.role).toBe(format === 'pem' ? undefined : of);
      }),
      { numRuns: RUNS },
    );
  });

  it('through DER, JSON, a JWK set and nkeys', () => {
    fc.assert(
      fc.property(raw, role, (bytes, of) => {
        const pair = keyPairFromRaw(of, bytes);
        const pem = writePrivateKey(pair, 'pem').reveal();
        const files = [
          Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64'),
          JSON.stringify({ a: [{ b: pem }] }),
          `{"keys":[${writePrivateKey(pair, 'jwk').reveal()}]}`,
          pair.seed.reveal(),
          `\n${pair.seed.reveal()}\r\n`,
          decorateSeed(pair.seed).reveal(),
        ];
        expect(files.map((file) => seedOf(read(file), of))).toEqual(files.map(() => pair.seed.reveal()));
      }),
      { numRuns: RUNS },
    );
  });

  it('through an encrypted PEM', () => {
    fc.assert(
      fc.property(raw, fc.uint8Array({ minLength: RANDOM_BYTES, maxLength: RANDOM_BYTES }), (bytes, random) => {
        const pair = keyPairFromRaw('user', bytes);
        const pem = writePrivateKey(pair, 'pem', { passphrase: PASSPHRASE, random }).reveal();
        expect(pem).toContain('BEGIN ENCRYPTED PRIVATE KEY');
        expect(seedOf(read(pem), 'user')).toBe(pair.seed.reveal());
      }),
      { numRuns: 5 },
    );
  });
});

describe('a damaged file is refused or holds the same key', () => {
  const bytes = Buffer.from(RFC_8410, 'hex');
  const seed = keyPairFromRaw('account', bytes).seed.reveal();
  const files = [
    ...FORMATS.map((format) => [format, Buffer.from(written(bytes, format))] as const),
    ['der', Buffer.from(written(bytes, 'pem').replace(/-----.*-----/g, ''), 'base64')] as const,
    ['nkey', Buffer.from(seed)] as const,
  ];
  /** The private half in every spelling that a file has of it. */
  const spellings = [seed, RFC_8410, bytes.toString('base64url').slice(0, 20), bytes.toString('base64').slice(0, 20)];

  const judge = (file: Uint8Array): void => {
    try {
      // the public half gives a changed private one away, but DER and nkeys of other roles have none
      expect(read(file).key.pair('account').seed.reveal()).toHaveLength(58);
    } catch (error) {
      if (!(error instanceof NscError)) throw error;
      expect(['bad-key', 'wrong-key-kind']).toContain(error.code);
      const told = JSON.stringify([error.message, error.hint, error.details]);
      for (const spelling of spellings) expect(told).not.toContain(spelling);
    }
  };

  it.each(files)('%s: cut off anywhere, it holds no key', (_format, file) => {
    for (let length = 0; length < file.length; length += 1) {
      const isBlank = file.subarray(length).toString().trim() === '';
      if (isBlank) continue;
      judge(file.subarray(0, length));
      expect(() => read(file.subarray(0, length))).toThrow(NscError);
    }
  });

  it.each(files)('%s: with something behind it, it holds no key', (_format, file) => {
    for (const more of [Buffer.from('x'), Buffer.from('\nmore\n'), file]) {
      expect(() => read(Buffer.concat([file, more]))).toThrow(NscError);
    }
  });

  it.each(files)('%s: with any octet changed', (_format, file) => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), (at, octet) => {
        const changed = Buffer.from(file);
        changed[at] = octet;
        judge(changed);
      }),
      { numRuns: RUNS },
    );
  });

  it('anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (file) => {
          judge(file);
          judge(Buffer.concat([Buffer.of(0x30), file]));
        },
      ),
      { numRuns: RUNS },
    );
  });
});
