import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK, importPKCS8, importSPKI, type JWK, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writePrivateKey, writePublicKey } from '../../../src/domain/key-formats/write-key.js';
import { type KeyPair, keyPairFromRaw } from '../../../src/domain/nkey/key-pair.js';
import { randomSeed } from '../../../src/lib/ed25519.js';
import { caught } from '../../support/caught.js';
import { PASSPHRASE, read } from './keys.js';

/** Other programs read what we write, and we read what they write. They have to be installed; CI has them. */

const has = (program: string, flag: string): boolean => spawnSync(program, [flag]).error === undefined;
const isCi = process.env.CI === 'true';
const skipsOpenssl = !isCi && !has('openssl', 'version');
const skipsSsh = !isCi && !has('ssh-keygen', '-?');

const PASS = `pass:${PASSPHRASE.reveal()}`;

class Directory {
  readonly path = mkdtempSync(join(tmpdir(), 'nsc-keys-'));

  constructor() {
    onTestFinished(() => rmSync(this.path, { recursive: true }));
  }

  run(program: string, ...words: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(program, words, { cwd: this.path, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${stderr}`);
    return stdout;
  }

  read(file: string): Buffer {
    return readFileSync(join(this.path, file));
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.path, file), content, { mode: 0o600 });
  }
}

const fresh = (): KeyPair => keyPairFromRaw('account', randomSeed());

/** What another program says the public half is, as PEM, is what we make of the private one. */
function expectSameKey(file: Uint8Array, publicPem: string): void {
  expect(writePublicKey(read(file).key.pair('account').publicKey, 'pem')).toBe(publicPem);
}

describe.skipIf(skipsOpenssl)('openssl', () => {
  it.each([
    ['PEM', []],
    ['DER', ['-outform', 'DER']],
    ['encrypted, AES-256', ['-v2', 'aes-256-cbc', '-passout', PASS]],
    [
      'encrypted, AES-128 with SHA-512, DER',
      ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA512', '-outform', 'DER', '-passout', PASS],
    ],
    ['encrypted, triple DES with SHA-1', ['-v2', 'des3', '-v2prf', 'hmacWithSHA1', '-passout', PASS]],
    ['encrypted, scrypt', ['-scrypt', '-passout', PASS]],
  ])('makes keys that we read: %s', (what, options) => {
    const directory = new Directory();
    directory.run('openssl', 'genpkey', '-algorithm', 'ed25519', '-out', 'made.pem');
    const clear = what.startsWith('encrypted') ? [] : ['-nocrypt'];
    directory.run('openssl', 'pkcs8', '-topk8', '-in', 'made.pem', '-out', 'key', ...clear, ...options);
    expectSameKey(directory.read('key'), directory.run('openssl', 'pkey', '-in', 'made.pem', '-pubout'));
  });

  it('encrypts in an old way that we refuse, with the command that mends it', () => {
    const directory = new Directory();
    directory.run('openssl', 'genpkey', '-algorithm', 'ed25519', '-out', 'made.pem');
    directory.run(
      'openssl',
      'pkcs8',
      '-topk8',
      '-in',
      'made.pem',
      '-out',
      'FILE',
      '-v1',
      'PBE-SHA1-3DES',
      '-passout',
      PASS,
    );
    const { code, message, hint = '' } = caught(() => read(directory.read('FILE')));
    expect([code, message]).toEqual(['bad-key', 'it is encrypted in a way that is not supported']);
    const command = hint.replace(/^.*: /, '').split(' ');
    directory.run('openssl', ...command.slice(1), '-passin', PASS, '-passout', PASS);
    expectSameKey(directory.read('NEWFILE'), directory.run('openssl', 'pkey', '-in', 'made.pem', '-pubout'));
  });

  it('reads what we write, encrypted or not', () => {
    const directory = new Directory();
    const pair = fresh();
    const half = writePublicKey(pair.publicKey, 'pem');
    directory.write('plain.pem', writePrivateKey(pair, 'pem').reveal());
    directory.write(
      'sealed.pem',
      writePrivateKey(pair, 'pem', { passphrase: PASSPHRASE, random: randomSeed() }).reveal(),
    );
    directory.write('public.pem', half);
    expect(directory.run('openssl', 'pkey', '-in', 'plain.pem', '-pubout')).toBe(half);
    expect(directory.run('openssl', 'pkey', '-in', 'sealed.pem', '-passin', PASS, '-pubout')).toBe(half);
    expect(directory.run('openssl', 'pkey', '-pubin', '-in', 'public.pem', '-pubout')).toBe(half);
    // byte for byte what it writes itself
    expect(directory.run('openssl', 'pkey', '-in', 'sealed.pem', '-passin', PASS)).toBe(
      directory.read('plain.pem').toString(),
    );
  });
});

describe.skipIf(skipsSsh)('ssh-keygen', () => {
  it('makes keys that we read', () => {
    const directory = new Directory();
    directory.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'me@host', '-f', 'id');
    const { publicKey } = read(directory.read('id')).key.pair('user');
    const [type, blob] = directory.read('id.pub').toString().split(' ');
    expect(writePublicKey(publicKey, 'openssh').split(' ').slice(0, 2)).toEqual([type, blob]);
  });

  it('puts passphrases on keys, and takes them away by the command in our hint', () => {
    const directory = new Directory();
    directory.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', 'secret', '-f', 'COPY');
    const { code, message, hint = '' } = caught(() => read(directory.read('COPY')));
    expect([code, message]).toEqual([
      'bad-key',
      'it is an OpenSSH key with a passphrase, which only ssh-keygen can take away',
    ]);
    expect(hint).toContain('ssh-keygen -p -N "" -f COPY');
    directory.run('ssh-keygen', '-p', '-N', '', '-f', 'COPY', '-P', 'secret');
    expect(read(directory.read('COPY')).format).toBe('OpenSSH key');
  });

  it.each([
    ['rsa', 'an RSA key'],
    ['ecdsa', 'an EC key'],
  ])('makes keys that we refuse: %s', (type, name) => {
    const directory = new Directory();
    directory.run('ssh-keygen', '-q', '-t', type, '-N', '', '-f', 'id');
    expect(caught(() => read(directory.read('id')))).toMatchObject({
      code: 'wrong-key-kind',
      message: `it holds ${name}, and keys of NATS are Ed25519 keys`,
    });
  });

  it('reads what we write', () => {
    const directory = new Directory();
    const pair = fresh();
    directory.write('id', writePrivateKey(pair, 'openssh').reveal());
    expect(directory.run('ssh-keygen', '-y', '-f', 'id')).toBe(writePublicKey(pair.publicKey, 'openssh'));
    directory.write('id.pub', writePublicKey(pair.publicKey, 'openssh'));
    expect(directory.run('ssh-keygen', '-l', '-f', 'id.pub')).toContain(pair.publicKey);
  });
});

describe('jose', () => {
  it('signs with the private keys that we write, and verifies with the public ones', async () => {
    const pair = fresh();
    const privateJwk = JSON.parse(writePrivateKey(pair, 'jwk').reveal()) as JWK;
    const signers = [
      await importJWK(privateJwk, 'EdDSA'),
      await importPKCS8(writePrivateKey(pair, 'pem').reveal(), 'EdDSA'),
    ];
    const verifiers = [
      await importJWK(JSON.parse(writePublicKey(pair.publicKey, 'jwk')) as JWK, 'EdDSA'),
      await importSPKI(writePublicKey(pair.publicKey, 'pem'), 'EdDSA'),
    ];
    for (const signer of signers) {
      const token = await new SignJWT({ hello: 'world' }).setProtectedHeader({ alg: 'EdDSA' }).sign(signer);
      for (const verifier of verifiers) expect((await jwtVerify(token, verifier)).payload).toEqual({ hello: 'world' });
    }
  });
});
