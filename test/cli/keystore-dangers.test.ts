import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/lib/secret.js';
import { commitSteps } from '../../src/store/commit.js';
import { acquireLock } from '../../src/store/lock.js';
import { openerByIdentities } from '../../src/store/seal/age.js';
import { KeystoreLocker, sealByRecipients } from '../../src/store/seal/lock-keystore.js';
import { KeystoreOpener } from '../../src/store/seal/unlock-keystore.js';
import { IDENTITY, OTHER_IDENTITY, OTHER_RECIPIENT, RECIPIENT } from '../support/identities.js';
import { filesBelow, keystoreOf, lockByPassphrase, lockKeystore, seedsInSight } from '../support/locked.js';
import { Session } from '../support/session.js';

const PASSPHRASE = 'correct horse battery staple';

/** Operator O with system account, account A and user u. */
async function storeWith(): Promise<Session> {
  const session = new Session();
  for (const line of ['add operator O --sys', 'add account A', 'add user -a A u']) await session.ok(line);
  return session;
}

const markerOf = (session: Session): string => join(keystoreOf(session), '.keystore.json');
const identityOf = (session: Session): string => join(keystoreOf(session), '.keystore.age');
const plainSeeds = (session: Session): string[] => filesBelow(keystoreOf(session), /\.nk$/);

async function failure(session: Session, line: string | string[]): Promise<{ exit: number; code: string }> {
  const { exit, stderr } = await session.run([...(typeof line === 'string' ? line.split(' ') : line), '--json']);
  const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: { code: string } };
  return { exit, ...error };
}

function contents(session: Session): Record<string, string> {
  return Object.fromEntries(filesBelow(keystoreOf(session), /./).map((path) => [path, readFileSync(path, 'latin1')]));
}

describe('a keystore whose marker is gone', () => {
  it('is not locked a second time: the identity that opens its seeds stays', { timeout: 60_000 }, async () => {
    const session = await storeWith();
    const before = contents(session);
    await lockByPassphrase(session, PASSPHRASE);
    const identity = readFileSync(identityOf(session), 'utf8');
    rmSync(markerOf(session));
    session.env.NSC_KEYSTORE_PASSPHRASE = 'another good passphrase';
    expect(await failure(session, 'keys lock')).toMatchObject({ exit: 5, code: 'store-corrupt' });
    expect(await failure(session, 'keys passwd')).toMatchObject({ exit: 5, code: 'store-corrupt' });
    expect(readFileSync(identityOf(session), 'utf8')).toBe(identity);
    session.env.NSC_KEYSTORE_PASSPHRASE = PASSPHRASE;
    await session.ok('keys unlock');
    expect(contents(session)).toEqual(before);
  });

  it('gets no seed in the clear', { timeout: 60_000 }, async () => {
    const session = await storeWith();
    await lockByPassphrase(session, PASSPHRASE);
    session.env.NSC_KEYSTORE_PASSPHRASE = PASSPHRASE;
    rmSync(markerOf(session));
    for (const line of ['add account B', 'generate nkey --user --store', 'edit user -a A u --tag x']) {
      expect([line, await failure(session, line)]).toEqual([
        line,
        expect.objectContaining({ exit: 5, code: 'store-corrupt' }),
      ]);
    }
    expect(plainSeeds(session)).toEqual([]);
  });

  it('the same where there is no passphrase', async () => {
    const session = await storeWith();
    await lockKeystore(session);
    rmSync(markerOf(session));
    expect(await failure(session, ['keys', 'lock', '--recipient', OTHER_RECIPIENT])).toMatchObject({
      exit: 5,
      code: 'store-corrupt',
    });
    expect(await failure(session, 'add account B')).toMatchObject({ exit: 5, code: 'store-corrupt' });
    expect(plainSeeds(session)).toEqual([]);
    // the rows of a list are made while they are shown
    expect(await failure(session, 'list keys --all --show-seeds')).toMatchObject({ exit: 6, code: 'keystore-sealed' });
    await session.ok('list accounts');
    await session.ok('keys unlock');
    await session.ok('add account B');
  });
});

describe('a marker that somebody has changed', () => {
  const change = (session: Session, to: object): void => {
    const seal = JSON.parse(readFileSync(markerOf(session), 'utf8')) as object;
    writeFileSync(markerOf(session), JSON.stringify({ ...seal, ...to }));
  };

  it('is found out when it denies the passphrase, and set right again', { timeout: 60_000 }, async () => {
    const session = await storeWith();
    await lockByPassphrase(session, PASSPHRASE);
    session.env.NSC_KEYSTORE_PASSPHRASE = PASSPHRASE;
    const { recipients } = JSON.parse(readFileSync(markerOf(session), 'utf8')) as { recipients: string[] };
    change(session, { recipients: [OTHER_RECIPIENT, ...recipients], passphrase: false });
    expect(await failure(session, 'add account B')).toMatchObject({ exit: 5, code: 'store-corrupt' });
    session.env.NSC_KEYSTORE_NEW_PASSPHRASE = PASSPHRASE;
    await session.ok('keys passwd --rekey');
    await session.ok('add account B');
    expect(readFileSync(markerOf(session), 'utf8')).not.toContain(OTHER_RECIPIENT);
  });

  it('is found out when it leaves out the identity that opens the seeds', async () => {
    const session = await storeWith();
    await lockKeystore(session);
    change(session, { recipients: [OTHER_RECIPIENT] });
    expect(await failure(session, 'add account B')).toMatchObject({ exit: 5, code: 'store-corrupt' });
    await session.ok(['keys', 'passwd', '--recipient', RECIPIENT]);
    await session.ok('add account B');
  });

  it('does not keep anybody from decrypting the keystore', { timeout: 60_000 }, async () => {
    const session = await storeWith();
    const before = contents(session);
    await lockByPassphrase(session, PASSPHRASE);
    session.env.NSC_KEYSTORE_PASSPHRASE = PASSPHRASE;
    change(session, { recipients: [OTHER_RECIPIENT] });
    await session.ok('keys unlock');
    expect(contents(session)).toEqual(before);
  });
});

describe('while a command waits for the lock of the store, another one', () => {
  const self = { pid: process.pid, host: 'test', isAlive: () => true };

  /** Does something to the keystore while a line waits for its turn. */
  async function meanwhile(session: Session, line: string | string[], act: () => Promise<void>) {
    const storeRoot = join(session.home, '.local/share/nats/nsc/stores');
    const release = await acquireLock(storeRoot, { command: 'test', self, timeoutMs: 1000 });
    const waits = new Promise<void>((resolve) => {
      session.onOutput = (text) => {
        if (text.includes('waiting for')) resolve();
      };
    });
    const failing = failure(session, line);
    await waits;
    await act();
    release();
    return failing;
  }

  const rootsOf = (session: Session) => ({
    storeRoot: join(session.home, '.local/share/nats/nsc/stores'),
    keystoreDir: keystoreOf(session),
    configDir: join(session.home, '.config/nats/nsc'),
  });
  const unlock = async (session: Session): Promise<void> => {
    const opener = new KeystoreOpener(keystoreOf(session), openerByIdentities(new Secret(IDENTITY), 'test'));
    commitSteps(rootsOf(session), (await opener.planUnlock()).steps);
  };
  const lock = async (session: Session): Promise<void> => {
    const { steps } = await new KeystoreLocker(keystoreOf(session)).plan(sealByRecipients([RECIPIENT], false));
    commitSteps(rootsOf(session), steps);
  };

  it('decrypts it: nothing is encrypted for the identity that went', async () => {
    const session = await storeWith();
    const before = contents(session);
    await lockKeystore(session);
    const failed = await meanwhile(session, 'keys lock', () => unlock(session));
    expect(failed).toMatchObject({ exit: 5, code: 'store-io' });
    expect(contents(session)).toEqual(before);
  });

  it('locks it: the passphrase that was given is not said to open it', { timeout: 60_000 }, async () => {
    const session = await storeWith();
    session.env.NSC_KEYSTORE_PASSPHRASE = PASSPHRASE;
    expect(await meanwhile(session, 'keys lock', () => lock(session))).toMatchObject({ exit: 5, code: 'store-io' });
    expect(existsSync(identityOf(session))).toBe(false);
  });

  it('decrypts it: passwd does not put a lock on it', async () => {
    const session = await storeWith();
    const before = contents(session);
    await lockKeystore(session);
    const failed = await meanwhile(session, ['keys', 'passwd', '--recipient', OTHER_RECIPIENT], () => unlock(session));
    expect(failed).toMatchObject({ exit: 5, code: 'store-io' });
    expect(contents(session)).toEqual(before);
  });

  it('of another store changes the keystore: no seed is encrypted until it is done', async () => {
    const session = await storeWith();
    await lockKeystore(session);
    const release = await acquireLock(keystoreOf(session), { command: 'other', self, timeoutMs: 1000 });
    const line = ['add', 'user', '-a', 'A', 'v', '--lock-timeout', '50ms'];
    expect(await failure(session, line)).toMatchObject({ exit: 5, code: 'store-locked' });
    expect(await failure(session, ['keys', 'unlock', '--lock-timeout', '50ms'])).toMatchObject({
      code: 'store-locked',
    });
    await session.ok(['describe', 'user', '-a', 'A', 'u']);
    release();
    const adding = session.run(['add', 'user', '-a', 'A', 'v']);
    await session.ok(['keys', 'passwd', '--recipient', OTHER_RECIPIENT]);
    await adding;
    writeFileSync(session.env.NSC_KEYSTORE_IDENTITY ?? '', OTHER_IDENTITY);
    await session.ok('keys unlock');
  });
});

it('a file descriptor that does not wait is waited for', { timeout: 60_000 }, async () => {
  const session = await storeWith();
  await lockByPassphrase(session, PASSPHRASE);
  const pipe = join(session.root, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const descriptor = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = spawn('/bin/sh', ['-c', `exec >"$0"; sleep 1; echo '${PASSPHRASE}'`, pipe]);
  await new Promise((resolve) => setTimeout(resolve, 300)); // until somebody writes, it has ended
  session.env.NSC_KEYSTORE_PASSPHRASE_FD = String(descriptor);
  await session.ok('edit account A --tag x');
  closeSync(descriptor);
  writer.kill();
});

describe('what is in the keystore beside seeds', () => {
  it('is told where it stays in the clear', async () => {
    const session = await storeWith();
    const [first = '', second = ''] = plainSeeds(session);
    const misfiled = join(keystoreOf(session), 'keys/U/ZZ', basename(first));
    mkdirSync(dirname(misfiled), { recursive: true });
    writeFileSync(misfiled, readFileSync(first));
    const draft = join(dirname(first), '.nsc-draft-1-0');
    writeFileSync(draft, readFileSync(first));
    const elsewhere = join(session.root, 'usb.nk');
    renameSync(second, elsewhere);
    symlinkSync(elsewhere, second);
    const before = contents(session);
    session.env.NSC_KEYSTORE_IDENTITY = join(session.root, 'identity.txt');
    writeFileSync(session.env.NSC_KEYSTORE_IDENTITY, IDENTITY);
    const said = await session.ok(['keys', 'lock', '--recipient', RECIPIENT]);
    expect(said).toContain('encrypted 5 seeds:');
    for (const path of [misfiled, draft])
      expect(said).toContain(`${basename(path)}\` stays as it is: no command reads it`);
    expect(said).toContain(`${basename(second)}\` stays as it is: it is a link`);
    expect(seedsInSight(join(keystoreOf(session), 'keys'))).toEqual([draft, misfiled].sort());
    await session.ok('keys unlock');
    expect(contents(session)).toEqual(before);
  });

  it('is decrypted as it was, and left alone when it is no text', async () => {
    const session = await storeWith();
    const [one = '', two = ''] = filesBelow(keystoreOf(session), /\.creds$/);
    writeFileSync(one, `\uFEFF${readFileSync(one, 'utf8').replaceAll('\n', '\r\n')}`);
    appendFileSync(two, Buffer.from([0xff, 0xfe]));
    const before = contents(session);
    session.env.NSC_KEYSTORE_IDENTITY = join(session.root, 'identity.txt');
    writeFileSync(session.env.NSC_KEYSTORE_IDENTITY, IDENTITY);
    const said = await session.ok(['keys', 'lock', '--creds', '--recipient', RECIPIENT]);
    expect(said).toContain('encrypted 6 seeds and 1 creds file:');
    expect(said).toContain(`${basename(two)}\` stays as it is: it is not a text`);
    await session.ok('keys unlock');
    expect(contents(session)).toEqual(before);
  });

  it('keeps the identity that opens it: nothing encrypted is left behind', async () => {
    const session = await storeWith();
    await lockKeystore(session);
    const [path = ''] = filesBelow(keystoreOf(session), /\.nk\.age$/);
    const misfiled = join(keystoreOf(session), 'keys/U/ZZ', basename(path));
    mkdirSync(dirname(misfiled), { recursive: true });
    renameSync(path, misfiled);
    expect(await failure(session, 'keys unlock')).toMatchObject({ exit: 5, code: 'store-corrupt' });
    expect(await failure(session, ['keys', 'passwd', '--recipient', OTHER_RECIPIENT])).toMatchObject({ exit: 5 });
  });
});
