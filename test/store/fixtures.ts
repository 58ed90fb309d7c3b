import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Change } from '../../src/domain/change.js';
import { newAccount, newOperator, newUser } from '../../src/domain/claims/new.js';
import { formatCreds } from '../../src/domain/creds/creds.js';
import { emptyKeyring, type KeyState, newRecord, withRecords } from '../../src/domain/keyring/keyring.js';
import { type KeyPair, keyPairFromRaw } from '../../src/domain/nkey/key-pair.js';
import type { Role } from '../../src/domain/nkey/prefix.js';
import { issue } from '../../src/domain/token/issue.js';
import type { Tree } from '../../src/domain/tree/tree.js';
import { type CommitOptions, commitChanges } from '../../src/store/commit.js';
import type { DirectoryFlags } from '../../src/store/directories.js';
import type { ProcessInfo } from '../../src/store/holder.js';
import { acquireLock } from '../../src/store/lock.js';
import { openWorkspace, type StoreWorkspace } from '../../src/store/workspace.js';

export const NOW = 1_700_000_000;

/** This process, as the command line tool describes it to the store. */
export const self: ProcessInfo = {
  pid: process.pid,
  host: hostname(),
  isAlive(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
};

/** A key that is always the same for a number. */
export function keyOf(role: Role, number: number): KeyPair {
  const raw = new Uint8Array(32).fill(number & 0xff);
  raw[0] = (number >> 8) & 0xff;
  raw[1] = role.charCodeAt(0);
  return keyPairFromRaw(role, raw);
}

export const OPERATOR_KEY = keyOf('operator', 1);

/** In memory where that exists: waiting for a disk proves nothing here. */
const TEMPORARY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A home directory of its own, removed by {@link TestHome.remove}. */
export class TestHome {
  readonly home = mkdtempSync(join(TEMPORARY, 'nsc-store-'));
  readonly cwd = this.home;

  open(flags: DirectoryFlags = {}, env: Record<string, string> = {}, cwd: string = this.cwd): StoreWorkspace {
    return openWorkspace({ flags, env, home: this.home, cwd, now: NOW, self });
  }

  /** Opens, locks, commits, unlocks. */
  async commit(
    operator: string,
    changes: readonly Change[],
    open: () => StoreWorkspace = () => this.open(),
    options?: CommitOptions,
  ): Promise<void> {
    const release = await acquireLock(open().storeRoot, { command: 'test', self, timeoutMs: 10_000 });
    try {
      commitChanges(open(), { operator }, changes, options);
    } finally {
      release();
    }
  }

  path(...parts: string[]): string {
    return join(this.home, ...parts);
  }

  store(...parts: string[]): string {
    return join(this.home, '.local/share/nats/nsc/stores', ...parts);
  }

  keystore(...parts: string[]): string {
    return join(this.home, '.local/share/nats/nsc/keys', ...parts);
  }

  settings(): unknown {
    return JSON.parse(readFileSync(this.path('.config/nats/nsc/nsc.json'), 'utf8'));
  }

  /** Path → mode and content of every file, mode of every directory. */
  snapshot(below: string = this.home): Record<string, string> {
    const found: Record<string, string> = {};
    for (const path of readdirSync(below, { recursive: true, encoding: 'utf8' }).sort()) {
      const full = join(below, path);
      const stat = statSync(full);
      const mode = (stat.mode & 0o777).toString(8);
      found[relative(below, full)] = stat.isDirectory() ? `${mode}/` : `${mode} ${readFileSync(full, 'utf8')}`;
    }
    return found;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

export function putOperator(name = 'O', tag?: string): Change {
  const claims = newOperator(OPERATOR_KEY.publicKey, name);
  const nats = tag === undefined ? claims.nats : { ...claims.nats, tags: [tag] };
  return { type: 'put-operator', name, ...issue('operator', { ...claims, nats }, OPERATOR_KEY, { now: NOW }) };
}

export const createOperator = (name = 'O'): Change => ({ ...putOperator(name), managed: false }) as Change;

export function putAccount(name: string, number: number, tag?: string): Change {
  const claims = newAccount(keyOf('account', number).publicKey, name);
  const nats = tag === undefined ? claims.nats : { ...claims.nats, tags: [tag] };
  return { type: 'put-account', name, ...issue('account', { ...claims, nats }, OPERATOR_KEY, { now: NOW }) };
}

/** The version that {@link putAccount} makes, for the history. */
export function keepVersion(name: string, number: number, tag?: string): Change {
  const put = putAccount(name, number, tag);
  if (put.type !== 'put-account') throw new Error(put.type);
  const { token, claims } = put;
  return { type: 'keep-version', kind: 'account', replaced: { name, token, claims } };
}

export function putUser(account: string, accountNumber: number, name: string, number: number, tag?: string): Change {
  const claims = newUser(keyOf('user', number).publicKey, name);
  const nats = tag === undefined ? claims.nats : { ...claims.nats, tags: [tag] };
  const issued = issue('user', { ...claims, nats }, keyOf('account', accountNumber), { now: NOW });
  return { type: 'put-user', account, name, ...issued };
}

export function putCreds(account: string, user: string, userChange: Change, number: number): Change {
  const token = userChange.type === 'put-user' ? userChange.token : '';
  return { type: 'put-creds', account, user, creds: formatCreds(token, keyOf('user', number).seed) };
}

export function putSeed(role: Role, number: number): Change {
  const pair = keyOf(role, number);
  return { type: 'put-seed', publicKey: pair.publicKey, seed: pair.seed };
}

/** A keyring that knows one key, in a state. */
export function putKeyring(number: number, state: KeyState): Change {
  const record = newRecord(keyOf('operator', number).publicKey, { kind: 'operator-signing' }, state, NOW);
  return { type: 'put-keyring', keyring: withRecords(emptyKeyring, [record]) };
}

/** What a whole user is made of. */
export function wholeUser(account: string, accountNumber: number, name: string, number: number): Change[] {
  const user = putUser(account, accountNumber, name, number);
  return [putSeed('user', number), user, putCreds(account, name, user, number)];
}

/** Everything a tree answers, for comparing trees. */
export function describeTree(tree: Tree, creds: readonly (readonly [account: string, user: string])[] = []): unknown {
  return {
    operator: tree.operator,
    managed: tree.managed,
    keyring: [...tree.keyring.records],
    accounts: tree.accountNames().map((name) => tree.findAccount(name)),
    accountsByKey: tree
      .accountNames()
      .map((name) => tree.findAccountByKey(tree.findAccount(name)?.claims.sub ?? '')?.token),
    users: tree.accountNames().flatMap((account) =>
      tree.userNames(account).map((name) => {
        const user = tree.findUser(account, name);
        return { user, byKey: tree.findUserByKey(account, user?.claims.sub ?? '')?.token };
      }),
    ),
    keys: tree.storedKeys().map((key) => [key, tree.hasSeed(key), tree.findKeyPair(key)?.seed.reveal()]),
    creds: creds.map(([account, user]) => [account, user, tree.findCreds(account, user)?.reveal()]),
    credsNames: [...new Set(creds.map(([account]) => account))].map((account) => tree.credsNames(account)),
  };
}
