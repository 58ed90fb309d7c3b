import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/lib/secret.js';
import { newIdentity } from '../../src/store/seal/age.js';
import { findSecret } from '../../src/store/seal/keystore-files.js';
import { sealByPassphrase, sealByRecipients } from '../../src/store/seal/lock-keystore.js';
import { KEYS, type KeyName, pub } from '../domain/trust/hierarchy.js';
import { caught } from '../support/caught.js';

const directory = mkdtempSync(join(tmpdir(), 'seal-files-'));
afterAll(() => rmSync(directory, { recursive: true }));

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};
const seedOf = (name: KeyName): string => KEYS[name].seed.reveal();

/** What a file of the keystore holds: the text that is encrypted, or why it is not. */
function found(path: string): string {
  const secret = findSecret(path);
  if (secret === undefined) return 'nothing';
  return 'reason' in secret ? secret.reason : `encrypts ${secret.reveal()}`;
}

describe('what a file of a keystore holds', () => {
  const nk = `${pub('u1')}.nk`;
  it.each<[what: string, content: string | Uint8Array, expected: string]>([
    ['a seed', seedOf('u1'), `encrypts ${seedOf('u1')}`],
    ['a seed with a line end, which stays', `${seedOf('u1')}\r\n`, `encrypts ${seedOf('u1')}\r\n`],
    ['the public key', pub('u1'), 'nothing'],
    ['another public key', pub('u2'), 'it holds no seed'],
    ['something else', 'x', 'it holds no seed'],
    ['nothing at all', '', 'it holds no seed'],
    ['bytes', new Uint8Array([0xff, 0xfe]), 'it is not a text'],
  ])('%s', (_what, content, expected) => {
    expect(found(write(nk, content))).toBe(expected);
  });

  it('a file that went meanwhile', () => {
    expect(found(join(directory, 'gone.nk'))).toBe('nothing');
  });

  it('a link', () => {
    const path = join(directory, `${pub('u3')}.nk`);
    symlinkSync(write('elsewhere', seedOf('u3')), path);
    expect(found(path)).toBe('it is a link, and what it leads to would not be encrypted');
  });

  it('creds whose encrypted file would have too long a name', () => {
    expect(found(write(`${'x'.repeat(245)}.creds`, 'creds'))).toBe('encrypts creds');
    expect(found(write(`${'x'.repeat(249)}.creds`, 'creds'))).toBe('the name of its file is too long');
  });
});

describe('a seal', () => {
  it('for recipients says so, each of them once, whatever their order', async () => {
    const [a, b] = [(await newIdentity()).recipient, (await newIdentity()).recipient].sort() as [string, string];
    expect(sealByRecipients([b, a, b], true)).toEqual({
      seal: { recipients: [a, b], passphrase: false, creds: true },
    });
    expect(caught(() => sealByRecipients([a, 'age1nobody'], false)).code).toBe('bad-value');
  });

  it('for a passphrase comes with the identity that it opens', async () => {
    const { seal, identity } = await sealByPassphrase(new Secret('some words'), false, 1);
    expect(seal).toMatchObject({ recipients: [expect.stringMatching(/^age1/)], passphrase: true, creds: false });
    expect(identity).toContain('BEGIN AGE ENCRYPTED FILE');
    expect(identity).not.toContain('AGE-SECRET-KEY');
  });
});
