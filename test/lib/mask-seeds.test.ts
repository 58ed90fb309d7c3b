import { describe, expect, it } from 'vitest';
import { hideTypedSeed, maskSeeds } from '../../src/lib/mask-seeds.js';
import { KEYS } from '../domain/trust/hierarchy.js';

const seed = KEYS.a1.seed.reveal();

it('a seed in a text is cut short', () => {
  expect(maskSeeds(`no account "${seed}" here`)).toBe('no account "SA…(seed)" here');
  expect(maskSeeds(KEYS.a1.publicKey)).toBe(KEYS.a1.publicKey);
});

describe('what is typed', () => {
  it.each(Object.values(KEYS))('is hidden from the eighth letter of a seed on', ({ seed: typed }) => {
    const text = typed.reveal();
    expect(hideTypedSeed(text.slice(0, 7))).toBe(text.slice(0, 7));
    for (let length = 8; length <= text.length; length += 1) {
      expect(hideTypedSeed(text.slice(0, length))).toBe('*'.repeat(length));
    }
    expect(hideTypedSeed(` ${text} `)).toBe(` ${'*'.repeat(text.length)} `);
    const link = `nsc://synadia?secret=${text.slice(0, 20)}`;
    expect(hideTypedSeed(link)).toBe(`nsc://synadia?secret=${'*'.repeat(20)}`);
    expect(hideTypedSeed(`${link}&user=u`)).toBe(`nsc://synadia?secret=${'*'.repeat(20)}&user=u`);
  });

  it.each(['', 'SALES', 'Samples2345', `keys/${seed}.nk`, KEYS.a1.publicKey, 'SAAAAAAA-1'])('%s is shown', (text) => {
    expect(hideTypedSeed(text)).toBe(text);
  });
});
