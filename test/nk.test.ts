import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NkIo, runNk } from '../src/cli/nk.js';
import { parseGoFlags } from '../src/cli/nk-flags.js';
import { nodeNkIo } from '../src/cli/node-io-nk.js';
import { keyPairFromRaw, keyPairFromSeed } from '../src/domain/nkey/key-pair.js';
import type { Role } from '../src/domain/nkey/prefix.js';
import { formatCount } from '../src/lib/amount.js';
import { encodeBase64Url } from '../src/lib/base64url.js';
import { LETTER } from './domain/nkey/vectors.js';
import { runBin } from './support/bin.js';

const user = keyPairFromRaw('user', new Uint8Array(32).fill(1));
const other = keyPairFromRaw('user', new Uint8Array(32).fill(2));
const curve = keyPairFromRaw('curve', new Uint8Array(32).fill(3));
const USAGE = expect.stringContaining('Usage:\n  nk -gen TYPE');

/** Runs nk in a world of its own: files are texts, keys come from a counter. */
async function nk(args: string[], files: Record<string, string | Uint8Array> = {}, io: Partial<NkIo> = {}) {
  let out = '';
  let err = '';
  let drawn = 0;
  const code = await runNk(args, {
    version: '1.2.3',
    readFile(path, limit) {
      const content = files[path];
      return content === undefined ? undefined : Uint8Array.from(Buffer.from(content)).subarray(0, limit);
    },
    writeOut(text) {
      out += text;
    },
    writeErr(text) {
      err += text;
    },
    randomSeed: () => new Uint8Array(32).fill(drawn++),
    cores: 1,
    searchInParallel: () => Promise.reject(new Error('not here')),
    ...io,
  });
  return { code, out, err };
}

/** What a refusal looks like: nothing on standard output, where the answer would be. */
const refusal = (message: string) => ({ code: 1, out: '', err: `nk: error: ${message}\n` });

describe('nk -gen', () => {
  it.each(Object.entries({ ...LETTER, x25519: 'X', USER: 'U', Account: 'A' }))(
    'makes a %s key',
    async (type, letter) => {
      const { code, out, err } = await nk(['-gen', type]);
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(new RegExp(`^S${letter}A[A-Z2-7]{55}\n$`));
    },
  );

  it('prints the public key with -pubout', async () => {
    const seedOf = (role: Role) => keyPairFromRaw(role, new Uint8Array(32));
    expect(await nk(['-gen', 'operator', '-pubout'])).toEqual({
      code: 0,
      out: `${seedOf('operator').seed.reveal()}\n${seedOf('operator').publicKey}\n`,
      err: '',
    });
    expect((await nk(['-pubout', '-gen', 'curve'])).out).toContain(seedOf('curve').publicKey);
  });

  it('takes the first 32 bytes of an entropy file', async () => {
    const files = { zero: new Uint8Array(40), short: 'short' };
    expect((await nk(['-gen', 'user', '-e', 'zero'], files)).out).toBe(
      'SUAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEQ\n',
    );
    expect(await nk(['-gen', 'user', '-e', 'short'], files)).toEqual(refusal('"short" has 5 bytes; a seed needs 32'));
    expect(await nk(['-gen', 'user', '-e', 'none'], files)).toEqual(refusal('cannot read the file "none"'));
    expect(await nk(['-e', 'zero', '-pubout'], files)).toEqual(
      refusal('-e gives the seed of a new key and needs -gen'),
    );
  });

  it('knows no other types', async () => {
    expect(await nk(['-gen', 'queen'])).toEqual(
      refusal('-gen knows no "queen"; it makes user, account, server, cluster, operator, curve, x25519'),
    );
    expect((await nk(['-gen', 'constructor'])).code).toBe(1);
  });
});

describe('nk -gen -pre', () => {
  const random = (() => {
    let state = 1;
    const next = () => {
      state = (state * 48271) % 2147483647;
      return state & 0xff;
    };
    return () => Uint8Array.from({ length: 32 }, next);
  })();

  it.each(['user', 'account', 'curve'] as const)('finds a %s key', async (role) => {
    const { code, out } = await nk(['-gen', role, '-pre', 'b7'], {}, { randomSeed: random });
    const [seed = '', publicKey = ''] = out.split('\n');
    expect(code).toBe(0);
    expect(publicKey).toMatch(new RegExp(`^${LETTER[role]}B7`));
    expect(keyPairFromSeed(seed).publicKey).toBe(publicKey);
  });

  it('gives up after -maxpre', async () => {
    expect(await nk(['-gen', 'user', '-pre', 'AAA', '-maxpre', '3'], {}, { randomSeed: random })).toEqual(
      refusal('none of 3 keys begins with AAA after its first letter'),
    );
    expect((await nk(['-gen', 'user', '-pre', 'A', '-maxpre', '-1'])).code).toBe(1);
  });

  it.each(['1', 'a-b', 'Ä', 'A'.repeat(55)])('refuses %s, which is no part of a key', async (prefix) => {
    expect((await nk(['-gen', 'user', '-pre', prefix])).err).toContain(`"${prefix}" cannot be part of a key`);
  });

  it.each(['E', 'zoo', '2', '7A'])('refuses %s at once, which no key can begin with', async (prefix) => {
    const io = { randomSeed: () => expect.fail('searched') };
    expect(await nk(['-gen', 'user', '-pre', prefix], {}, io)).toEqual(
      refusal(
        `no public key has "${prefix.toUpperCase()}" after its first letter: what follows that letter is A, B, C or D`,
      ),
    );
  });

  it('refuses -e, which would try the same key for ever', async () => {
    expect(await nk(['-gen', 'user', '-pre', 'A', '-e', 'zero'], { zero: new Uint8Array(32) })).toEqual(
      refusal('-e gives one key only, so -pre has nothing to search in'),
    );
  });

  it('announces a long search and uses all cores', async () => {
    const jobs: unknown[] = [];
    const searchInParallel: NkIo['searchInParallel'] = async (job) => {
      jobs.push(job);
      return new Uint8Array(32);
    };
    const { code, out, err } = await nk(['-gen', 'user', '-pre', 'cafe'], {}, { cores: 2, searchInParallel });
    expect(code).toBe(0);
    expect(out).toContain(keyPairFromRaw('user', new Uint8Array(32)).publicKey);
    expect(err).toBe(`nk: one key in ${formatCount(131072)} begins with CAFE; trying 10,000,000\n`);
    expect(jobs).toEqual([{ role: 'user', prefix: 'CAFE', attempts: 10_000_000 }]);
  });

  it('searches alone where there are no threads', async () => {
    const { code, err } = await nk(['-gen', 'user', '-pre', 'CAFE', '-maxpre', '2'], {}, { cores: 2 });
    expect(code).toBe(1);
    expect(err).toContain('none of 2 keys');
  });
});

describe('nk -inkey -pubout', () => {
  it.each([
    ['a bare seed', user.seed.reveal()],
    ['a line end', `${user.seed.reveal()}\n`],
    ['a Windows line end', `# key\r\n${user.seed.reveal()}\r\n`],
    ['comments', `# my key\nAAAAAAA\n${user.seed.reveal()}\n# end\n`],
    [
      'creds',
      `-----BEGIN NATS USER JWT-----\neyJ.eyJ.x\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${user.seed.reveal()}\n`,
    ],
  ])('reads %s', async (_, content) => {
    expect(await nk(['-inkey', 'f', '-pubout'], { f: content })).toEqual({
      code: 0,
      out: `${user.publicKey}\n`,
      err: '',
    });
  });

  it.each([
    ['nothing', '', '"f" holds neither a seed nor a public key'],
    ['another text', 'nothing like a key\n', '"f" holds neither a seed nor a public key'],
    ['blanks around the seed', ` ${user.seed.reveal()} `, '"f" holds neither a seed nor a public key'],
    ['a damaged seed', user.seed.reveal().replace(/.$/, '7'), '"f" holds neither a seed nor a public key'],
    ['a public key', user.publicKey, `"f" holds the public key ${user.publicKey}; a seed is needed`],
  ])('refuses %s', async (_, content, message) => {
    expect(await nk(['-inkey', 'f', '-pubout'], { f: content })).toEqual(refusal(message));
  });
});

describe('nk -sign and -verify', () => {
  const data = 'some data\nto sign\n';
  const signature = encodeBase64Url(user.sign(data));
  const files = {
    data,
    seed: user.seed.reveal(),
    other: other.seed.reveal(),
    curve: curve.seed.reveal(),
    'curve.pub': curve.publicKey,
    pub: `${user.publicKey}\n`,
    sig: `${signature}\n`,
    folded: `${signature.slice(0, 40)}\r\n${signature.slice(40)}`,
    short: 'AAAA',
    padded: `${signature}==`,
  };

  it('signs with base64url and no padding', async () => {
    expect(await nk(['-sign', 'data', '-inkey', 'seed'], files)).toEqual({ code: 0, out: `${signature}\n`, err: '' });
  });

  it.each([
    ['the seed', ['-inkey', 'seed', '-sigfile', 'sig']],
    ['the public key', ['-pubin', 'pub', '-sigfile', 'sig']],
    ['the seed, which counts more than the public key', ['-pubin', 'none', '-inkey', 'seed', '-sigfile', 'sig']],
    ['a folded signature', ['-pubin', 'pub', '-sigfile', 'folded']],
  ])('verifies with %s', async (_, args) => {
    expect(await nk(['-verify', 'data', ...args], files)).toEqual({ code: 0, out: 'Verified OK\n', err: '' });
  });

  it.each([
    [['-sign', 'data'], '-sign needs the seed to sign with: -inkey FILE'],
    [['-sign', 'none', '-inkey', 'seed'], 'cannot read the file "none"'],
    [['-sign', 'data', '-inkey', 'curve'], `the curve key ${curve.publicKey} can encrypt but not sign`],
    [['-verify', 'data', '-sigfile', 'sig'], '-verify needs a key: -pubin FILE or -inkey FILE'],
    [['-verify', 'data', '-inkey', 'seed'], '-verify needs the signature: -sigfile FILE'],
    [['-verify', 'data', '-inkey', 'seed', '-sigfile', 'none'], 'cannot read the file "none"'],
    [['-verify', 'pub', '-pubin', 'pub', '-sigfile', 'sig'], `the signature is not by ${user.publicKey} over "pub"`],
    [
      ['-verify', 'data', '-inkey', 'other', '-sigfile', 'sig'],
      `the signature is not by ${other.publicKey} over "data"`,
    ],
    [
      ['-verify', 'data', '-pubin', 'pub', '-sigfile', 'short'],
      `the signature is not by ${user.publicKey} over "data"`,
    ],
    [
      ['-verify', 'data', '-pubin', 'pub', '-sigfile', 'padded'],
      '"padded" does not hold a signature (base64url without padding)',
    ],
    [
      ['-verify', 'data', '-pubin', 'curve.pub', '-sigfile', 'sig'],
      `the curve key ${curve.publicKey} cannot verify signatures`,
    ],
    [
      ['-verify', 'data', '-pubin', 'seed', '-sigfile', 'sig'],
      '"seed" holds a seed; a public key is needed (with a seed use -inkey)',
    ],
  ])('refuses %j', async (args, message) => {
    expect(await nk(args, files)).toEqual(refusal(message));
  });
});

describe('nk otherwise', () => {
  it('tells its version, whatever else is asked', async () => {
    expect(await nk(['-v', '-gen', 'queen'])).toEqual({ code: 0, out: 'nk version 1.2.3\n', err: '' });
  });

  it.each([[[]], [['-pubout']], [['-inkey', 'f']], [['-gen=']], [['word', '-v']], [['--', '-v']], [['-v=false']]])(
    'shows its usage and fails for %j',
    async (args) => {
      expect(await nk(args)).toEqual({ code: 1, out: '', err: USAGE });
    },
  );

  it.each(['-h', '--help', '-help'])('answers %s, with exit code 1', async (word) => {
    expect(await nk([word])).toEqual({ code: 1, out: USAGE, err: '' });
  });

  it('does not pass on control characters', async () => {
    expect((await nk(['-x\x1b[2J'])).err).toMatch(/^nk: error: there is no option -x\\u\{1b\}\[2J\n/);
  });
});

describe('the option syntax of Go', () => {
  const kinds = { b: 'switch', t: 'text', n: 'integer' } as const;

  it.each([
    [['-b'], { b: true }],
    [['--b', '-t', 'x'], { b: true, t: 'x' }],
    [['-t=x=y', '--n=3'], { t: 'x=y', n: 3 }],
    [['-b=false', '-b=T', '-b=0'], { b: false }],
    [['-t', '-b'], { t: '-b' }],
    [['-t='], { t: '' }],
    [['-t=a\nb'], { t: 'a\nb' }],
    [['-b', 'true', '-t', 'x'], { b: true }],
    [['-', '-b'], {}],
    [['-b', '--', '-t', 'x'], { b: true }],
    [['-n', '0x1F', '-t', 'x', 'y'], { n: 31, t: 'x' }],
    [['-n', '010'], { n: 8 }],
    [['-n=-0b1_0'], { n: -2 }],
    [['-n', '+1_000'], { n: 1000 }],
  ])('%j', (words, values) => {
    expect(parseGoFlags(words, kinds)).toEqual({ values });
  });

  it.each([
    [['-t'], '-t needs a value'],
    [['-n', 'x'], '"x" is not a value for -n'],
    [['-n', '1__0'], '"1__0" is not a value for -n'],
    [['-n', '08'], '"08" is not a value for -n'],
    [['-n', '99999999999999999999'], '"99999999999999999999" is not a value for -n'],
    [['-b=yes'], '"yes" is not a value for -b'],
    [['-x'], 'there is no option -x'],
    [['-toString'], 'there is no option -toString'],
    [['---b'], '---b is not an option'],
    [['-=b'], '-=b is not an option'],
  ])('refuses %j', (words, error) => {
    expect(parseGoFlags(words, kinds)).toEqual({ error });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom(...'-=btnx0h') })), (words) => {
        parseGoFlags(words, kinds);
      }),
    );
  });
});

describe('the real nk', () => {
  it('reads files, and no more of a device than it needs', () => {
    const io = nodeNkIo();
    expect(io.readFile('/dev/zero', 32)).toEqual(Buffer.alloc(32));
    expect(io.readFile('package.json', 1)).toEqual(Buffer.from('{'));
    expect(io.readFile('package.json')?.length).toBeGreaterThan(100);
    expect(io.readFile('no-such-file')).toBeUndefined();
    expect(io.readFile('src')).toBeUndefined();
    expect(io.randomSeed()).toHaveLength(32);
  });

  it('searches on threads', () => {
    const { exit, stdout, stderr } = runBin(['-gen', 'user', '-pre', 'BEAD'], { program: 'nk' });
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/^SU[A-Z2-7]{56}\nUBEAD[A-Z2-7]{51}\n$/)]);
    expect(stderr).toContain('one key in 131,072');
  });
});
