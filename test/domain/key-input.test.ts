import { describe, expect, it } from 'vitest';
import { parseKeyInput } from '../../src/domain/key-input.js';
import { KEYS, pub } from './trust/hierarchy.js';

const seed = KEYS.a1.seed.reveal();
const files: Record<string, string> = {
  'a1.nk': seed,
  'line.nk': `${seed}\r\n\n`,
  'public.nk': `${pub('a1')}\n`,
  'padded.nk': ` ${seed}`,
  'creds.nk': `-----BEGIN USER NKEY SEED-----\n${seed}\n`,
  'two.nk': `${seed}\n${seed}\n`,
  'empty.nk': '',
  [`keys/A/${pub('a1')}.nk`]: seed,
  [`keys\\A\\${pub('a2')}.nk`]: seed,
  [`${pub('a2')}.txt`]: seed,
  [`~/${'x'.repeat(3)}`]: seed,
};
const read = (path: string): string | undefined => files[path];

describe('parseKeyInput', () => {
  const cases: [given: string, expected: { text: string; publicKey?: string; fromFile?: string; seeded?: boolean }][] =
    [
      [seed, { text: pub('a1'), publicKey: pub('a1'), seeded: true }],
      [` ${seed}\n`, { text: pub('a1'), publicKey: pub('a1'), seeded: true }],
      [pub('a1'), { text: pub('a1'), publicKey: pub('a1') }],
      ['a1.nk', { text: 'a1.nk', fromFile: 'a1.nk', publicKey: pub('a1'), seeded: true }],
      ['line.nk', { text: 'line.nk', fromFile: 'line.nk', publicKey: pub('a1'), seeded: true }],
      ['public.nk', { text: 'public.nk', fromFile: 'public.nk', publicKey: pub('a1') }],
      ['~/xxx', { text: '~/xxx', fromFile: '~/xxx', publicKey: pub('a1'), seeded: true }],
      ['padded.nk', { text: 'padded.nk', fromFile: 'padded.nk' }],
      ['creds.nk', { text: 'creds.nk', fromFile: 'creds.nk' }],
      ['two.nk', { text: 'two.nk', fromFile: 'two.nk' }],
      ['empty.nk', { text: 'empty.nk', fromFile: 'empty.nk' }],
      [
        `keys/A/${pub('a1')}.nk`,
        { text: `keys/A/${pub('a1')}.nk`, fromFile: `keys/A/${pub('a1')}.nk`, publicKey: pub('a1'), seeded: true },
      ],
      [
        `${pub('a2')}.txt`,
        { text: `${pub('a2')}.txt`, fromFile: `${pub('a2')}.txt`, publicKey: pub('a1'), seeded: true },
      ],
      ['reader', { text: 'reader' }],
      ['AAAAAAAA', { text: 'AAAAAAAA' }],
      ['', { text: '' }],
    ];
  it.each(cases)('%s', (given, { seeded = false, ...expected }) => {
    const { pair, ...rest } = parseKeyInput(given, read);
    expect(rest).toEqual(expected);
    expect(pair?.publicKey).toBe(seeded ? pub('a1') : undefined);
  });

  it('refuses a key file that is named by another key (E-09)', () => {
    expect(() => parseKeyInput(`keys\\A\\${pub('a2')}.nk`, read)).toThrow(
      expect.objectContaining({
        code: 'key-mismatch',
        message: `file "keys\\\\A\\\\${pub('a2')}.nk" holds the key ${pub('a1')}, not the one it is named by`,
      }),
    );
  });

  it('does not keep a seed where it could be printed', () => {
    expect(JSON.stringify(parseKeyInput(seed, read))).not.toContain(seed);
  });

  it.each([seed.slice(0, -1), `${seed}A`, seed.toLowerCase(), `${seed.slice(0, -1)}${seed.endsWith('A') ? 'B' : 'A'}`])(
    'refuses a seed with a typing error without repeating it',
    (given) => {
      expect(() => parseKeyInput(given, read)).toThrow(
        expect.objectContaining({ code: 'bad-key', message: 'a seed was given that is not valid', details: {} }),
      );
    },
  );
});
