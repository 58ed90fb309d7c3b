import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MAX_KEY_FILE } from '../../src/domain/key-formats/read-key-file.js';
import { writePrivateKey } from '../../src/domain/key-formats/write-key.js';
import { keyPairFromRaw } from '../../src/domain/nkey/key-pair.js';
import { sha256 } from '../../src/lib/ed25519.js';
import { runBin } from '../support/bin.js';

/** A file by the name of - is standard input, which only a process of its own has. */

const pair = keyPairFromRaw('account', sha256('piped'));

function home(): { cwd: string; env: Record<string, string> } {
  const cwd = mkdtempSync(join(tmpdir(), 'nsc-stdin-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  return { cwd, env: { HOME: cwd, NO_COLOR: '1' } };
}

describe('standard input', () => {
  it('brings keys', () => {
    const { exit, stdout, stderr } = runBin(['import', 'key', '-', '--kind', 'account'], {
      ...home(),
      input: writePrivateKey(pair, 'pem').reveal(),
    });
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`stored account key ${pair.publicKey} of standard input (PKCS#8 PEM)`);
  });

  it('brings encrypted keys, with the passphrase elsewhere', () => {
    const place = home();
    writeFileSync(join(place.cwd, 'pass'), 'horse\n');
    const [other, secret] = ['other.pem', 'pass'];
    writeFileSync(join(place.cwd, 'seed.nk'), pair.seed.reveal());
    const exported = runBin(['export', 'key', 'seed.nk', '--private', '-o', other, '--passphrase-file', secret], place);
    expect(exported).toMatchObject({ exit: 0, stderr: '' });
    const imported = runBin(['import', 'key', other, '--kind', 'account', '--passphrase-file', '-'], {
      ...place,
      input: 'horse\n',
    });
    expect(imported).toMatchObject({ exit: 0, stderr: '' });
  });

  it('that is longer than any key is refused', () => {
    const { exit, stderr } = runBin(['import', 'key', '-', '--kind', 'account'], {
      ...home(),
      input: 'x'.repeat(MAX_KEY_FILE + 1),
    });
    expect([exit, stderr]).toEqual([
      6,
      expect.stringContaining('standard input: it has more than 64 KiB, which no key has'),
    ]);
  });

  it('brings creds to be explained', () => {
    const place = home();
    for (const line of ['add operator O', 'add account A', 'add user u']) {
      expect(runBin(line.split(' '), place)).toMatchObject({ exit: 0 });
    }
    const { stdout: creds } = runBin(['generate', 'creds'], place);
    expect(runBin(['explain', 'creds', '-'], { ...place, input: creds })).toMatchObject({ exit: 0, stderr: '' });
    expect(runBin(['explain', 'creds', '-'], place)).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining('refused: form: the JWT does not have three parts'),
    });
  });
});
