import { describe, expect, it } from 'vitest';
import { putSeed, requireKey, takeKey } from '../../src/app/take-key.js';
import { parseKeyInput } from '../../src/domain/key-input.js';
import { KEYS, pub } from '../domain/trust/hierarchy.js';
import { caught } from '../support/caught.js';
import { FakeWorld, type Given } from '../support/fake-world.js';

const context = (given: Given = {}) => ({ newKey: () => KEYS.a2, workspace: new FakeWorld(given).workspace });
const read = (text: string, files: Record<string, string> = {}) => parseKeyInput(text, (path) => files[path]);
const seed = KEYS.a1.seed.reveal();

describe('takeKey', () => {
  it('makes a key and stores it when none is given (E-12)', () => {
    expect(takeKey('account', undefined, context())).toEqual({
      publicKey: pub('a2'),
      pair: KEYS.a2,
      generated: true,
      changes: [putSeed(KEYS.a2)],
      steps: [{ level: 'ok', message: `generated and stored account key "${pub('a2')}"` }],
    });
  });

  it.each([
    ['a seed', seed, {}],
    ['a file with a seed', 'a1.nk', { 'a1.nk': `${seed}\n` }],
  ])('stores %s (E-13)', (_what, text, files) => {
    const { changes, ...taken } = takeKey('account', read(text, files), context({ stored: [] }));
    expect(taken).toMatchObject({ publicKey: pub('a1'), generated: false, steps: [] });
    expect(changes).toMatchObject([{ type: 'put-seed', publicKey: pub('a1') }]);
  });

  it('finds the seed of a public key in the keystore, and does not store it again', () => {
    const taken = takeKey('account', read(pub('a1')), context());
    expect(taken).toMatchObject({ publicKey: pub('a1'), generated: false, changes: [], steps: [] });
    expect(taken.pair?.publicKey).toBe(pub('a1'));
  });

  it('does with a public key alone', () => {
    const taken = takeKey('account', read(pub('a1')), context({ stored: [] }));
    expect(taken).toEqual({ publicKey: pub('a1'), generated: false, changes: [], steps: [] });
  });

  it('refuses a key file of the keystore that holds another key (E-09)', () => {
    const world = context({ stored: ['a1'], swapped: { a1: 'a2' } });
    expect(caught(() => takeKey('account', read(pub('a1')), world))).toMatchObject({ code: 'key-mismatch' });
  });
});

describe('requireKey', () => {
  const cases: [what: string, text: string, code: string, message: string, hint: string | undefined][] = [
    [
      'a text',
      'Orders',
      'bad-key',
      '"Orders" is neither a key nor a key file',
      'give a key of kind account: public key, seed, or a file with either',
    ],
    [
      'a file without key',
      'junk.nk',
      'bad-key',
      '"junk.nk" holds no key',
      'give a key of kind account: public key, seed, or a file with either',
    ],
    ['another kind', pub('u1'), 'wrong-key-kind', `${pub('u1')} is a key of kind user, not account`, undefined],
  ];
  it.each(cases)('refuses %s', (_what, text, code, message, hint) => {
    const error = caught(() => requireKey('account', read(text, { 'junk.nk': 'x' })));
    expect([error.code, error.message, error.hint]).toEqual([code, message, hint]);
  });

  it('gives the public key of a seed', () => {
    expect(requireKey('account', read(seed))).toBe(pub('a1'));
  });
});
