import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OutsideFile } from '../../../src/app/command.js';
import { command } from '../../../src/commands/export/key.js';
import { readKeyFile } from '../../../src/domain/key-formats/read-key-file.js';
import { writePrivateKey, writePublicKey } from '../../../src/domain/key-formats/write-key.js';
import { Secret } from '../../../src/lib/secret.js';
import { KEYS, operator, pub } from '../../domain/trust/hierarchy.js';
import { itRefuses } from '../../support/cases.js';
import type { Given } from '../../support/plan.js';
import { planRaw } from '../../support/plan.js';
import { Session } from '../../support/session.js';

const given: Given = {
  stored: ['a1', 'x1'],
  operators: [{ operator: operator() }],
  files: { pass: 'correct horse\n', 'a.nk': '$a2.seed' },
};

const made = async (line: string, world = given) => (await planRaw(command, world, line)).plan;

/** What the one file is to hold. */
function secretOf([file, ...others]: readonly OutsideFile[]): Secret {
  if (others.length > 0 || !(file?.content instanceof Secret)) throw new Error('there is no one secret file');
  return file.content;
}

describe('the public half', () => {
  it.each(['pem', 'jwk', 'openssh'] as const)('goes to standard output as %s', async (format) => {
    const { files, changes, result } = await made(`$a1 --format ${format}`);
    expect({ files, changes }).toEqual({ files: undefined, changes: [] });
    expect(result).toEqual({ kind: 'emitted', what: 'public key', content: writePublicKey(pub('a1'), format) });
  });

  it('needs neither seed nor store', async () => {
    const { result } = await made('$b1', {});
    expect(result).toMatchObject({ content: writePublicKey(pub('b1'), 'pem') });
  });

  it('goes to a file', async () => {
    const { files } = await made('$a1 -o a.pub');
    expect(files).toMatchObject([{ path: 'a.pub', content: writePublicKey(pub('a1'), 'pem'), replace: false }]);
  });
});

describe('the private half', () => {
  it.each(['pem', 'jwk', 'openssh'] as const)('goes to a file as %s', async (format) => {
    const { files = [] } = await made(`$a1 --private --output-file key --format ${format} --force`);
    const [{ content, ...file } = { content: '' }] = files;
    expect(file).toMatchObject({ path: 'key', replace: true });
    expect(content).toBeInstanceOf(Secret);
    expect((content as Secret).equals(writePrivateKey(KEYS.a1, format))).toBe(true);
  });

  it('of a seed that was named is written, stored or not', async () => {
    const { files = [] } = await made('a.nk --private -o key');
    expect(secretOf(files).equals(writePrivateKey(KEYS.a2, 'pem'))).toBe(true);
  });

  it.each([
    ['--passphrase-file pass', given],
    ['--encrypt', { ...given, env: { NSC_KEY_PASSPHRASE: 'correct horse' } }],
    ['--encrypt', { ...given, passphrase: 'correct horse' }],
  ])('is encrypted with %s', async (options, world) => {
    const { files = [], result } = await made(`$a1 --private -o key ${options}`, world);
    const file = readKeyFile(Buffer.from(secretOf(files).reveal()));
    if (file.kind !== 'encrypted') throw new Error('it is not encrypted');
    expect(file.open(new Secret('correct horse')).key.pair('account').publicKey).toBe(pub('a1'));
    expect(result).toMatchObject({
      steps: [{ message: `wrote public and private key ${pub('a1')} to key, encrypted` }],
    });
  });
});

describe('refused', () => {
  const NO_FILE = ['missing-option', 'a private key is written to a file only, and none was named'] as const;
  const PEM_ONLY = ['conflicting-options', 'only a private key in the format pem can be encrypted'] as const;
  itRefuses(command, given, {
    'no key': ['', ['missing-option', 'no key was named']],
    'a text that is no key': ['nobody', ['key-not-found', '"nobody" is neither a key, a key file nor an alias']],
    'a private key on standard output': ['$a1 --private', NO_FILE],
    'a private key on standard output, spelled out': ['$a1 --private -o --', NO_FILE],
    'an encrypted one, too': ['$a1 --private --passphrase-file pass', NO_FILE],
    'a key whose seed is not stored': [
      '$b1 --private -o key',
      ['key-not-found', 'the seed of b1 is not in the keystore'],
    ],
    'a curve key': ['$x1', ['wrong-key-kind', 'x1 is a curve key, which these formats are not for']],
    'a format that there is not': [
      '$a1 --format der',
      ['bad-value', '--format: "der" is not one of pem, jwk, openssh'],
    ],
    'to encrypt a public key': ['$a1 --encrypt', PEM_ONLY],
    'to encrypt a JWK': ['$a1 --private -o key --format jwk --passphrase-file pass', PEM_ONLY],
    'to encrypt without passphrase': [
      '$a1 --private -o key --encrypt',
      ['missing-option', 'a passphrase is needed, and nobody can be asked for it'],
    ],
    'a file without name': ['$a1 --private --output-file=', ['bad-value', 'the file to write to has no name']],
  });
});

describe('a whole session', () => {
  const prepare = async () => {
    const session = new Session();
    await session.ok('add operator O');
    await session.ok('add account A');
    const key = JSON.parse(await session.ok('describe account A --field sub')) as string;
    return { session, key };
  };
  const modeOf = (path: string): number => lstatSync(path).mode & 0o777;

  it('takes a key out and brings it to another keystore', async () => {
    const { session, key } = await prepare();
    const told = await session.ok(`export key ${key} --private --output-file out/key.pem`);
    const file = join(session.cwd, 'out/key.pem');
    expect(modeOf(file)).toBe(0o600);
    expect(modeOf(join(session.cwd, 'out'))).toBe(0o700);
    expect(told).toContain(`wrote public and private key ${key} to out/key.pem`);

    const other = ['import', 'key', 'out/key.pem', '--kind', 'account', '--keystore-dir', 'other'];
    expect(await session.ok([...other, '--dry-run'])).toContain('dry run: nothing is written');
    expect(await session.ok(other)).toContain(`stored account key ${key} of "out/key.pem" (PKCS#8 PEM)`);
    expect(await session.ok(other)).toContain(`account key ${key} was stored already`);
    expect(session.transcript).not.toMatch(/S[OAU][A-Z2-7]{56}/);
    expect(session.transcript).not.toContain(readFileSync(file, 'utf8').split('\n')[1]);
  });

  it('asks for a new passphrase twice, and for an old one once', async () => {
    const { session, key } = await prepare();
    session.terminal = { ...session.terminal, stdin: true, stderr: true };
    session.answers.push('', 'horse', 'house', 'horse');
    await session.ok(`export key ${key} --private --encrypt -o key.pem`);
    session.answers.push('horse');
    await session.ok('import key key.pem --kind account --keystore-dir other');
    expect(session.asked).toEqual([
      'Passphrase for the key',
      '! an empty passphrase protects nothing',
      'Passphrase for the key',
      'Passphrase for the key, once more',
      '! that is another one',
      'Passphrase for the key, once more',
      'Passphrase of "key.pem"',
    ]);
    expect(session.transcript).not.toContain('horse');
  });

  it('replaces no file unless it is forced to, and no file of the keystore ever', async () => {
    const { session, key } = await prepare();
    writeFileSync(join(session.cwd, 'there'), 'mine');
    mkdirSync(join(session.cwd, 'deep'));
    symlinkSync(join(session.cwd, 'there'), join(session.cwd, 'deep/link'));
    for (const file of ['there', 'deep/link']) {
      const { exit, stderr } = await session.run(`export key ${key} --private -o ${file}`);
      expect([exit, stderr]).toEqual([4, expect.stringContaining('already exists')]);
    }
    await session.ok(`export key ${key} --private -o deep/link --force`);
    expect(readFileSync(join(session.cwd, 'there'), 'utf8')).toBe('mine');
    const stored = join(session.home, '.local/share/nats/nsc/keys/keys', key.slice(0, 1), key.slice(1, 3), `${key}.nk`);
    const { exit, stderr } = await session.run(`export key ${key} --private --force -o ${stored}`);
    expect([exit, stderr]).toEqual([2, expect.stringContaining('is inside the keystore')]);
  });
});
