import { describe, expect, it } from 'vitest';
import { keyListOption, keyOption, newKeyListOption } from '../../../src/app/options/key.js';
import { KEYS, pub } from '../../domain/trust/hierarchy.js';
import { caught } from '../../support/caught.js';
import { FakeWorld } from '../../support/fake-world.js';

const seed = KEYS.a1.seed.reveal();
const { ports } = new FakeWorld({ files: { 'a2.nk': '$a2.seed', 'x,y.nk': '$a3', generate: '$a4' } });

describe('keyOption', () => {
  const option = keyOption('key', { help: '' });
  it.each([
    ['a public key', pub('a1'), pub('a1')],
    ['a seed', seed, pub('a1')],
    ['a file', 'a2.nk', pub('a2')],
    ['neither', 'nowhere', undefined],
  ])('reads %s', async (_what, given, publicKey) => {
    expect((await option.resolve?.(option.read([given]), ports, {}))?.publicKey).toBe(publicKey);
  });

  it('does not repeat a mistyped seed', () => {
    const { code, message } = caught(() => option.read([`${seed.slice(0, -2)}22`]));
    expect([code, message]).toEqual(['bad-key', 'a seed was given that is not valid']);
  });
});

describe('lists of keys', () => {
  const keys = keyListOption('keys', { help: '' });
  const newKeys = newKeyListOption('keys', { help: '' });
  const resolve = async (texts: string[]) =>
    (await newKeys.resolve?.(newKeys.read(texts), ports, {}))?.map((key) => (key === 'generate' ? key : key.publicKey));

  it('are comma lists, in which files may have commas in quotes', async () => {
    expect(await resolve([`${pub('a1')},a2.nk`, '"x,y.nk"'])).toEqual([pub('a1'), pub('a2'), pub('a3')]);
  });

  it('names every key: an empty text is an unset variable', async () => {
    await expect(async () => resolve([''])).rejects.toMatchObject({ code: 'bad-value', message: 'a key is empty' });
  });

  it('may ask for new keys, whatever files there are', async () => {
    expect(await resolve(['generate,Generate,GENERATE'])).toEqual(['generate', 'generate', 'generate']);
  });

  it('otherwise take the word for a file', async () => {
    expect((await keys.resolve?.(keys.read(['generate']), ports, {}))?.[0]?.publicKey).toBe(pub('a4'));
  });
});
