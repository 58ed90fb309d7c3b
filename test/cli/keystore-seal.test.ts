import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeNats } from '../commands/tool/fake-nats.js';
import { runBin } from '../support/bin.js';
import { FakeCluster } from '../support/fake-resolver.js';
import { runAge, skipsAge } from '../support/find-age.js';
import { IDENTITY, OTHER_IDENTITY, OTHER_RECIPIENT, RECIPIENT } from '../support/identities.js';
import { filesBelow, keystoreOf, lockByPassphrase, lockKeystore, seedsInSight } from '../support/locked.js';
import { Session, type SessionOptions } from '../support/session.js';

const PASSPHRASE = 'correct horse battery staple';

/** Operator O with system account, account A and user u. */
async function storeWith(options: SessionOptions = {}): Promise<Session> {
  const session = new Session(options);
  for (const line of ['add operator O --sys', 'add account A', 'add user -a A u']) await session.ok(line);
  return session;
}

async function lockedStore(options: SessionOptions = {}, ...flags: string[]): Promise<Session> {
  const session = await storeWith(options);
  await lockKeystore(session, ...flags);
  return session;
}

const sealedSeeds = (session: Session): string[] => filesBelow(keystoreOf(session), /\.nk\.age$/);
const failure = async (
  session: Session,
  line: string | string[],
): Promise<{ exit: number; code: string; hint?: string }> => {
  const { exit, stderr } = await session.run([...(typeof line === 'string' ? line.split(' ') : line), '--json']);
  const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: { code: string; hint?: string } };
  return { exit, ...error };
};

describe('nsc keys lock', () => {
  it('encrypts every seed, leaves no plain one anywhere, and creds as they are', async () => {
    const session = await storeWith();
    const creds = filesBelow(keystoreOf(session), /\.creds$/);
    const texts = creds.map((path) => readFileSync(path, 'utf8'));
    session.env.NSC_KEYSTORE_PASSPHRASE = PASSPHRASE;
    const said = await session.ok('keys lock');
    expect(said).toContain('encrypted 6 seeds: the passphrase opens them');
    expect(said).toContain('the original nsc, written in Go, cannot use this keystore');
    expect(filesBelow(keystoreOf(session), /\.nk$/)).toEqual([]);
    expect(sealedSeeds(session)).toHaveLength(6);
    expect(seedsInSight(session.home)).toEqual(creds);
    expect(creds.map((path) => readFileSync(path, 'utf8'))).toEqual(texts);
    for (const path of filesBelow(keystoreOf(session), /\.age$/)) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(keystoreOf(session), '.keystore.json'), 'utf8'))).toEqual({
      version: 1,
      recipients: [expect.stringMatching(/^age1/)],
      passphrase: true,
      creds: false,
    });
  });

  it('encrypts creds with --creds, also later, and new ones from then on', async () => {
    const session = await lockedStore();
    await session.ok('keys lock --creds');
    await session.ok('add user -a A v');
    expect(seedsInSight(session.home)).toEqual([]);
    expect(filesBelow(keystoreOf(session), /\.creds\.age$/).map((path) => basename(path))).toContain('v.creds.age');
    await session.ok('edit user -a A v --tag x');
    expect(await session.ok('generate creds -a A -n v')).toContain('BEGIN USER NKEY SEED');
    expect(seedsInSight(session.home)).toEqual([]);
    await session.ok('delete user -a A v --rm-creds --rm-nkey');
    expect(filesBelow(keystoreOf(session), /v\.creds/)).toEqual([]);
  });

  it('encrypts again what another program has stored since, and does nothing twice', async () => {
    const session = await lockedStore();
    const before = sealedSeeds(session).map((path) => readFileSync(path, 'utf8'));
    expect(await session.ok('keys lock')).toContain('nothing in it is left to encrypt');
    expect(sealedSeeds(session).map((path) => readFileSync(path, 'utf8'))).toEqual(before);
    const pairs = await session.ok('generate nkey --user');
    const [seed = '', key = ''] = pairs.trim().split(/\s+/);
    const directory = join(keystoreOf(session), 'keys/U', key.slice(1, 3));
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `${key}.nk`), seed);
    expect(await session.ok('keys lock')).toContain('encrypted 1 seed:');
    expect(readdirSync(directory)).toContain(`${key}.nk.age`);
    expect(seedsInSight(join(keystoreOf(session), 'keys'))).toEqual([]);
    expect(await session.ok(['export', 'keys', '--not-referenced', '--dir', 'out'])).toContain(key);
    expect(readFileSync(join(session.cwd, 'out', `${key}.nk`), 'utf8')).toBe(seed);
  });

  it('leaves alone what is no seed, and says so', async () => {
    const session = await storeWith();
    const [path = ''] = filesBelow(keystoreOf(session), /keys\/U.*\.nk$/);
    writeFileSync(path, 'nonsense');
    session.env.NSC_KEYSTORE_PASSPHRASE = PASSPHRASE;
    expect(await session.ok('keys lock')).toContain(`${basename(path)}\` stays as it is: it holds no seed`);
    expect(readFileSync(path, 'utf8')).toBe('nonsense');
  });

  it('changes nothing when it only rehearses, and asks for nothing', async () => {
    const session = await storeWith();
    expect(await session.ok('keys lock --dry-run')).toContain('would encrypt 6 seeds');
    expect(sealedSeeds(session)).toEqual([]);
  });

  it('warns of a short passphrase, and refuses none at all', async () => {
    const session = await storeWith();
    expect(await failure(session, 'keys lock')).toMatchObject({ exit: 2, code: 'missing-option' });
    session.env.NSC_KEYSTORE_PASSPHRASE = 'short';
    expect(await session.ok('keys lock')).toContain('the passphrase is short');
  });

  it.each([
    ['nonsense', 'bad-value'],
    ['age1nonsense', 'bad-value'],
    ['age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e', 'bad-value'],
  ])('refuses the recipient %s', async (recipient, code) => {
    const session = await storeWith();
    expect(await failure(session, ['keys', 'lock', '--recipient', recipient])).toMatchObject({ exit: 2, code });
    expect(sealedSeeds(session)).toEqual([]);
  });

  it('takes recipients from files, and refuses other ones for a keystore that is locked', async () => {
    const session = await storeWith();
    writeFileSync(join(session.cwd, 'team.txt'), `# us\n${RECIPIENT}\n\n${OTHER_RECIPIENT}\n`);
    await session.ok('keys lock --recipient team.txt');
    for (const identity of [IDENTITY, OTHER_IDENTITY]) {
      session.env.NSC_KEYSTORE_IDENTITY = join(session.root, 'id');
      writeFileSync(session.env.NSC_KEYSTORE_IDENTITY, identity);
      await session.ok('edit account A --tag x');
    }
    const stranger = 'age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg';
    expect(await failure(session, ['keys', 'lock', '--recipient', stranger])).toMatchObject({
      exit: 4,
      code: 'already-exists',
    });
  });
});

describe('a locked keystore is opened', () => {
  it.each([
    ['by the environment', () => ({ NSC_KEYSTORE_PASSPHRASE: PASSPHRASE })],
    [
      'by a file',
      ({ root }: Session) => {
        writeFileSync(join(root, 'pass'), `${PASSPHRASE}\nsecond line\n`);
        return { NSC_KEYSTORE_PASSPHRASE_FILE: join(root, 'pass') };
      },
    ],
    [
      'by a file descriptor',
      ({ root }: Session) => {
        writeFileSync(join(root, 'pass'), `${PASSPHRASE}\n`);
        return { NSC_KEYSTORE_PASSPHRASE_FD: String(openSync(join(root, 'pass'), 'r')) };
      },
    ],
    ['by a command of the shell', () => ({ NSC_KEYSTORE_COMMAND: `echo '${PASSPHRASE}' | cat; true` })],
  ] as const)('%s', { timeout: 60_000 }, async (_, variables) => {
    const session = await storeWith();
    await lockByPassphrase(session, PASSPHRASE);
    const given: Record<string, string> = variables(session);
    Object.assign(session.env, given);
    await session.ok('add user -a A v');
    expect(sealedSeeds(session)).toHaveLength(7);
    if (given.NSC_KEYSTORE_PASSPHRASE_FD) closeSync(Number(given.NSC_KEYSTORE_PASSPHRASE_FD));
    expect(session.transcript).not.toContain(PASSPHRASE);
  });

  it('by an identity file, which may have a passphrase itself', { timeout: 60_000 }, async () => {
    const session = await storeWith();
    await lockByPassphrase(session, PASSPHRASE);
    session.env.NSC_KEYSTORE_PASSPHRASE = PASSPHRASE;
    const copy = join(session.root, 'copy.age');
    renameSync(join(keystoreOf(session), '.keystore.age'), copy);
    expect(await failure(session, 'add user -a A v')).toMatchObject({ exit: 6, code: 'keystore-sealed' });
    session.env.NSC_KEYSTORE_IDENTITY = copy;
    await session.ok('add user -a A v');
  });

  it('by a person, who is asked once for a command, and again after a mistake', { timeout: 60_000 }, async () => {
    const session = await storeWith({ terminal: { stdin: true, stderr: true } });
    session.answers.push('one', 'two', PASSPHRASE, 'another', PASSPHRASE);
    session.answers.splice(0, 2);
    await session.ok('keys lock');
    expect(session.asked).toEqual([
      'New passphrase of the keystore',
      'The same again',
      '! it is not the same as the first one',
      'The same again',
    ]);
    session.asked.length = 0;
    session.answers.push('wrong', PASSPHRASE);
    await session.ok('add account B');
    expect(session.asked).toEqual([
      'Passphrase of the keystore',
      '! that does not open it',
      'Passphrase of the keystore',
    ]);
    expect(readdirSync(join(session.home, '.local/share/nats/nsc/stores'))).not.toContain('.nsc.lock');
  });

  it('by nothing: the refusal names what would', async () => {
    const session = await storeWith();
    await lockByPassphrase(session, PASSPHRASE);
    const refused = await failure(session, 'add user -a A v');
    expect(refused).toMatchObject({ exit: 6, code: 'keystore-sealed' });
    expect(refused.hint).toContain('NSC_KEYSTORE_PASSPHRASE_FD');
    rmSync(join(keystoreOf(session), '.keystore.age'));
    expect((await failure(session, 'add user -a A v')).hint).toContain('NSC_KEYSTORE_IDENTITY');
  });

  it.each([
    ['NSC_KEYSTORE_PASSPHRASE', 'wrong', 6, 'wrong-passphrase'],
    ['NSC_KEYSTORE_PASSPHRASE_FD', 'three', 2, 'bad-value'],
    ['NSC_KEYSTORE_PASSPHRASE_FD', '987', 2, 'bad-value'],
    ['NSC_KEYSTORE_PASSPHRASE_FILE', '/nowhere', 3, 'file-not-found'],
    ['NSC_KEYSTORE_COMMAND', 'exit 3', 2, 'bad-value'],
    ['NSC_KEYSTORE_COMMAND', 'true', 2, 'bad-value'],
    ['NSC_KEYSTORE_COMMAND', 'yes', 2, 'bad-value'],
    ['NSC_KEYSTORE_IDENTITY', '/nowhere', 3, 'file-not-found'],
  ])('never by %s=%s', { timeout: 60_000 }, async (name, value, exit, code) => {
    const session = await storeWith();
    await lockByPassphrase(session, PASSPHRASE);
    session.env[name] = value;
    expect(await failure(session, 'add user -a A v')).toMatchObject({ exit, code });
    expect(sealedSeeds(session)).toHaveLength(6);
  });

  it('not by the identity of somebody else, nor by a file that is none', async () => {
    const session = await lockedStore();
    const path = session.env.NSC_KEYSTORE_IDENTITY ?? '';
    writeFileSync(path, OTHER_IDENTITY);
    expect(await failure(session, 'add user -a A v')).toMatchObject({ exit: 6, code: 'wrong-passphrase' });
    writeFileSync(path, 'ssh-ed25519 AAAA');
    expect(await failure(session, 'add user -a A v')).toMatchObject({ exit: 6, code: 'bad-key' });
  });

  it('not when a file was altered, and a seed that another name was put on is refused', async () => {
    const session = await lockedStore();
    const [account = '', other = ''] = sealedSeeds(session).filter((path) => path.includes('/keys/A/'));
    const content = readFileSync(account, 'utf8');
    writeFileSync(account, content.replace(/(.{20})\n-----END/, `${'A'.repeat(20)}\n-----END`));
    writeFileSync(other, content);
    const told = await session.ok('validate -A');
    expect(told).toContain(`${account} is not a file of age, or was damaged`);
    expect(told).toMatch(new RegExp(`${other.slice(0, -'.age'.length)} holds the seed of`));
    expect(await failure(session, 'add user -a A v')).toMatchObject({
      code: expect.stringMatching(/store-corrupt|key-mismatch/),
    });
  });
});

describe('what needs no seed asks for nothing', () => {
  it.each([
    'list keys --all',
    'describe account A',
    'list users -a A',
    'expirations',
    'validate --all-accounts',
    'keys lock',
    'generate nkey --user --store',
    'list accounts',
    'env',
  ])('%s', async (line) => {
    const session = await lockedStore();
    delete session.env.NSC_KEYSTORE_IDENTITY;
    session.terminal = { ...session.terminal, stdin: true, stderr: true };
    const { exit, stderr } = await session.run(line);
    expect([exit, stderr.includes('error')]).toEqual([0, false]);
    expect(session.asked).toEqual([]);
  });

  it('validate says that seeds were not looked at, and looks where it can', async () => {
    const session = await lockedStore();
    const path = session.env.NSC_KEYSTORE_IDENTITY;
    expect(await session.ok('validate -A')).not.toContain('encrypted');
    delete session.env.NSC_KEYSTORE_IDENTITY;
    expect(await session.ok('validate -A')).toContain('4 seeds of keys that sign are encrypted, and not looked at');
    session.env.NSC_KEYSTORE_IDENTITY = path;
    const [account = '', other = ''] = sealedSeeds(session).filter((file) => file.includes('/keys/A/'));
    writeFileSync(other, readFileSync(account));
    expect(await session.ok('validate -A')).toContain('holds the seed of');
  });

  it('list keys shows encrypted seeds as stored, and where', async () => {
    const session = await lockedStore();
    const rows = JSON.parse(await session.ok('list keys --all --json')) as { key_path: string; invalid: boolean }[];
    expect(rows.map(({ key_path }) => key_path).filter((path) => !path.endsWith('.nk.age'))).toEqual([]);
    const seeds = JSON.parse(await session.ok('list keys --all --show-seeds --json')) as { seed?: string }[];
    expect(seeds.every(({ seed }) => /^S/.test(seed ?? ''))).toBe(true);
  });
});

describe('commands of every kind work with a locked keystore', () => {
  it.each([
    ['add account B'],
    ['edit operator --sk generate'],
    ['reissue operator'],
    ['generate creds -a A -n u'],
    ['generate config --mem-resolver'],
    ['generate profile nsc://O/A/u?operatorSeed'],
    ['generate context -a A -u u --context c'],
    ['rename account A B --OK'],
    ['delete user -a A u --rm-nkey --rm-creds'],
    ['delete account A --rm-nkey --rm-creds'],
    ['export keys --all --dir out'],
    ['export keys --all --remove --dir out'],
    ['add account B --dry-run'],
    ['edit user -a A u --tag x --json'],
    ['expirations --json'],
    ['push --account-jwt-server-url nats://localhost'],
    ['push --all --system-account SYS --account-jwt-server-url nats://localhost'],
    ['pull --all --account-jwt-server-url nats://localhost', 'push --all --account-jwt-server-url nats://localhost'],
    ['diff --all --account-jwt-server-url nats://localhost'],
    ['validate -A --json'],
    ['tool rtt -a A -u u'],
    ['serve'],
    ['keys list'],
    ['resign --all'],
    ['generate activation -a A -t SYS', 'add export -a A -s x.> --private'],
  ])('%s', async (line, before?: string) => {
    const resolvers = new FakeCluster([{ name: 'S1' }]);
    const session = await lockedStore({ resolvers, nats: fakeNats({}) }, '--creds');
    await session.ok('edit operator --service-url nats://localhost:4222');
    if (/^(tool|serve)/.test(line)) session.interruption.abort(); // they would go on
    if (before) await session.ok(before);
    const { exit, stderr } = await session.run(line);
    expect([line, exit === 1 && line.startsWith('diff') ? 0 : exit, stderr]).toEqual([line, 0, expect.any(String)]);
    expect(seedsInSight(join(session.home, '.local'))).toEqual([]);
  });

  it('thousands of seeds are opened at a go, not one run after the other', { timeout: 120_000 }, async () => {
    const session = await storeWith();
    for (let at = 0; at < 40; at += 1) await session.ok(`add user -a A u${at}`);
    await lockKeystore(session);
    const began = performance.now();
    await session.ok('export keys --users --dir out');
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(readdirSync(join(session.cwd, 'out'))).toHaveLength(42);
  });
});

describe('nsc keys unlock', () => {
  it('leaves the keystore as if it had never been locked', async () => {
    const session = await storeWith();
    const files = (): Record<string, string> =>
      Object.fromEntries(filesBelow(keystoreOf(session), /./).map((path) => [path, readFileSync(path, 'utf8')]));
    const before = files();
    await lockKeystore(session, '--creds');
    expect(files()).not.toEqual(before);
    expect(await session.ok('keys unlock --dry-run')).toContain('would decrypt 6 seeds and 2 creds files');
    expect(await session.ok('keys unlock')).toContain('decrypted 6 seeds and 2 creds files');
    expect(files()).toEqual(before);
    expect(await session.ok('keys unlock')).toContain('the keystore is not locked');
  });

  it('takes the seed that nsc has written again, and refuses one that differs', async () => {
    const session = await lockedStore();
    const [one = '', two = ''] = sealedSeeds(session);
    await session.ok('export keys --all --dir out');
    const plain = (path: string): string => path.slice(0, -'.age'.length);
    writeFileSync(plain(one), readFileSync(join(session.cwd, 'out', basename(plain(one)))));
    writeFileSync(plain(two), readFileSync(join(session.cwd, 'out', basename(plain(one)))));
    expect(await failure(session, 'keys unlock')).toMatchObject({ exit: 6, code: 'key-mismatch' });
    expect(await session.ok('keys lock')).toContain('holds another seed than the encrypted file beside it');
    rmSync(plain(two));
    await session.ok('keys unlock');
    expect(sealedSeeds(session)).toEqual([]);
  });
});

describe('nsc keys passwd', () => {
  it('puts another passphrase on the identity alone', { timeout: 60_000 }, async () => {
    const session = await storeWith();
    await lockByPassphrase(session, PASSPHRASE);
    session.env.NSC_KEYSTORE_PASSPHRASE = PASSPHRASE;
    const before = sealedSeeds(session).map((path) => readFileSync(path, 'utf8'));
    session.env.NSC_KEYSTORE_NEW_PASSPHRASE = 'another good passphrase';
    expect(await session.ok('keys passwd')).toContain('changed the passphrase');
    expect(sealedSeeds(session).map((path) => readFileSync(path, 'utf8'))).toEqual(before);
    expect(await failure(session, 'add account B')).toMatchObject({ exit: 6, code: 'wrong-passphrase' });
    session.env.NSC_KEYSTORE_PASSPHRASE = 'another good passphrase';
    await session.ok('add account B');
  });

  it('encrypts everything anew for recipients, and for a passphrase again', { timeout: 60_000 }, async () => {
    const session = await lockedStore({}, '--creds');
    expect(await failure(session, 'keys passwd')).toMatchObject({ exit: 4, code: 'policy-refused' });
    expect(await session.ok(['keys', 'passwd', '--recipient', OTHER_RECIPIENT])).toContain(
      'encrypted 6 seeds and 2 creds files anew',
    );
    expect(await failure(session, 'add account B')).toMatchObject({ exit: 6, code: 'wrong-passphrase' });
    writeFileSync(session.env.NSC_KEYSTORE_IDENTITY ?? '', OTHER_IDENTITY);
    session.env.NSC_KEYSTORE_NEW_PASSPHRASE = PASSPHRASE;
    await session.ok('keys passwd --rekey');
    delete session.env.NSC_KEYSTORE_IDENTITY;
    session.env.NSC_KEYSTORE_PASSPHRASE = PASSPHRASE;
    await session.ok('add account B');
    expect(seedsInSight(session.home)).toEqual([]);
  });

  it('refuses a keystore that is not locked', async () => {
    const session = await storeWith();
    expect(await failure(session, 'keys passwd')).toMatchObject({ exit: 3, code: 'item-not-found' });
  });
});

describe('what somebody may have done to a locked keystore', () => {
  it('another recipient in its list is found out when it is opened', { timeout: 60_000 }, async () => {
    const session = await storeWith();
    await lockByPassphrase(session, PASSPHRASE);
    session.env.NSC_KEYSTORE_PASSPHRASE = PASSPHRASE;
    const marker = join(keystoreOf(session), '.keystore.json');
    const seal = JSON.parse(readFileSync(marker, 'utf8')) as { recipients: string[] };
    writeFileSync(marker, JSON.stringify({ ...seal, recipients: [...seal.recipients, OTHER_RECIPIENT] }));
    expect(await failure(session, 'add account B')).toMatchObject({ exit: 5, code: 'store-corrupt' });
    writeFileSync(marker, '{}');
    expect(await failure(session, 'generate nkey --user --store')).toMatchObject({ exit: 5, code: 'store-corrupt' });
  });

  it('no answer goes over its files', async () => {
    const session = await lockedStore();
    for (const file of ['.keystore.json', '.keystore.age', 'creds/O/A/u.creds.age', 'keys/x']) {
      const path = join(keystoreOf(session), file);
      expect(await failure(session, ['generate', 'creds', '-a', 'A', '-n', 'u', '-o', path])).toMatchObject({
        exit: 2,
        code: 'bad-value',
      });
    }
  });
});

describe.skipIf(skipsAge)('a real age', () => {
  it('opens what was written, with the identity of a recipient and with the one of the keystore', async () => {
    const session = await lockedStore();
    const identity = session.env.NSC_KEYSTORE_IDENTITY ?? '';
    await session.ok('export keys --all --dir out');
    for (const path of sealedSeeds(session)) {
      const seed = readFileSync(join(session.cwd, 'out', basename(path, '.age')), 'utf8');
      expect(runAge('age', ['-d', '-i', identity, path])).toBe(seed);
    }
  });

  it('writes what is read here, armored or not', async () => {
    const session = await lockedStore();
    const identity = session.env.NSC_KEYSTORE_IDENTITY ?? '';
    expect(runAge('age-keygen', ['-y', identity]).trim()).toBe(RECIPIENT);
    for (const [at, path] of sealedSeeds(session).entries()) {
      const seed = runAge('age', ['-d', '-i', identity, path]);
      rmSync(path);
      runAge('age', ['-r', RECIPIENT, ...(at % 2 ? ['-a'] : []), '-o', path], seed);
      chmodSync(path, 0o600);
    }
    await session.ok('add account B');
    await session.ok('add user -a A v');
    expect(await session.ok('validate -A')).not.toContain('seed');
  });
});

it('the bundle locks, opens and unlocks a keystore', { timeout: 60_000 }, async () => {
  const session = await storeWith();
  const env = { HOME: session.home, NSC_KEYSTORE_PASSPHRASE: PASSPHRASE };
  for (const line of ['keys lock --creds', 'add user -a A v', 'keys unlock', 'validate -A']) {
    expect(runBin(line.split(' '), { env, cwd: session.cwd })).toMatchObject({ exit: 0, stderr: '' });
  }
});
