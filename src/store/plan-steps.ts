import { basename, dirname } from 'node:path';
import type { Change } from '../domain/change.js';
import { encodeKeyring } from '../domain/keyring/codec.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { hasAccount, hasOperator } from './context.js';
import type { FileStep } from './file-step.js';
import {
  accountsDir,
  accountTokenFile,
  allCredsDir,
  credsFile,
  gitIgnoreFile,
  isSeedFile,
  keyringFile,
  keysDir,
  nameOfTokenFile,
  operatorDir,
  operatorInfoFile,
  operatorTokenFile,
  type Roots,
  sealedFile,
  seedFile,
  usersDir,
  userTokenFile,
  versionFile,
  versionName,
} from './layout.js';
import { type NewName, refuseClashes, refuseSameFiles } from './name-clash.js';
import { encodeOperatorInfo, findOperatorInfo } from './operator-info.js';
import { findText, hasText, isDirectory, isFile, listNames } from './read-file.js';
import type { Seal } from './seal/seal.js';

/** What keeps seeds and creds out of a repository; 68 bytes, as nsc's is (nsc-core.md §3.2). */
export const GIT_IGNORE_TEXT = '# no seeds, please: \n**/*.nk\n\n# creds hold seeds as well\n**/*.creds\n';

/**
 * Up to so many files are compared with what is there, so that what has not changed is not written again. Of more, nearly
 * all are others (a key signs everything anew), and to read them costs as much as to write them.
 */
const COMPARE_UP_TO = 256;

export interface StepTarget extends Roots {
  /** Directory name; `''` when no change belongs to an operator. */
  readonly operator: string;
  readonly writesGitIgnore: boolean;
  /** Of a keystore that is locked. */
  readonly seal?: Seal | undefined;
  /** What goes into it: text → the same, encrypted. */
  readonly sealed?: ReadonlyMap<string, string> | undefined;
}

/** What changes come to as files, in the order they are done: seeds, history, tokens, creds, deletions. */
export function planSteps(target: StepTarget, changes: readonly Change[]): FileStep[] {
  const plan = new StepPlan(target);
  for (const change of changes) plan.add(change);
  return plan.steps();
}

/** Collects the last word on every file. Nothing is written, and every refusal comes from here. */
class StepPlan {
  readonly #target: StepTarget;
  readonly #seeds = new Map<string, string>();
  readonly #versions = new Map<string, string>();
  readonly #tokens = new Map<string, string>();
  readonly #creds = new Map<string, string>();
  readonly #removals = new Set<string>();
  readonly #directories = new Set<string>();
  readonly #newNames: NewName[] = [];
  /** Names of accounts that the store has. */
  readonly #knownAccounts = new Set<string>();
  #storeName: string | undefined;

  constructor(target: StepTarget) {
    this.#target = target;
  }

  add(change: Change): void {
    const { keystoreDir } = this.#target;
    switch (change.type) {
      case 'put-operator':
        this.#putOperator(change);
        break;
      case 'put-account':
        this.#putAccount(change);
        break;
      case 'put-user':
        this.#putUser(change);
        break;
      case 'put-seed':
        this.#putSeed(seedFile(keystoreDir, change.publicKey), change.seed.reveal());
        break;
      case 'put-creds':
        this.#putCreds(this.#credsFile(change.account, change.user), change.creds.reveal());
        break;
      case 'put-keyring':
        this.#requireOperator();
        this.#put(this.#tokens, keyringFile(this.#directory), encodeKeyring(change.keyring));
        break;
      case 'delete-account':
        this.#deleteAccount(change.name);
        break;
      case 'delete-user':
        this.#remove(this.#tokens, userTokenFile(this.#directory, change.account, change.name));
        break;
      case 'delete-seed':
        this.#removeSecret(this.#seeds, seedFile(keystoreDir, change.publicKey));
        break;
      case 'delete-creds':
        this.#removeSecret(this.#creds, this.#credsFile(change.account, change.user));
        break;
      case 'keep-version': {
        const { name, token, claims } = change.replaced;
        const account = change.kind === 'account' ? name : undefined;
        this.#put(this.#versions, versionFile(this.#directory, account, versionName(claims)), token);
        break;
      }
      case 'select':
        break;
    }
  }

  steps(): FileStep[] {
    this.#refuseClashes();
    const all = [...this.#seeds, ...this.#versions, ...this.#tokens, ...this.#creds];
    const compares = all.length <= COMPARE_UP_TO;
    const writes = all.filter(([path, content]) =>
      isSeedFile(path) ? !isFile(path) : !compares || !hasText(path, content),
    );
    const removals = [...this.#removals].filter(isFile);
    return [
      ...this.#keystoreSteps(),
      ...[...this.#directories].filter((path) => !isDirectory(path)).map((make) => ({ make })),
      ...writes.map(([write, content]) => ({ write, content })),
      ...removals.map((remove) => ({ remove })),
    ];
  }

  /** A name is new unless it only moves: a user may leave another account under the same one. */
  #refuseClashes(): void {
    const removed = new Set([...this.#removals].map((path) => basename(path)));
    refuseClashes(
      this.#newNames.filter(({ kind, name }) => kind !== 'user' || !removed.has(`${name}.jwt`)),
      ({ kind, name }) => kind === 'account' && this.#removals.has(accountTokenFile(this.#directory, name)),
    );
    refuseSameFiles([...this.#tokens.keys(), ...this.#creds.keys()], [...this.#removals]);
  }

  /** With the first seed of a keystore come its ignore file and both its directories. */
  #keystoreSteps(): FileStep[] {
    const { keystoreDir, writesGitIgnore } = this.#target;
    if (this.#seeds.size === 0) return [];
    const ignore = gitIgnoreFile(keystoreDir);
    const isNew = !isDirectory(keysDir(keystoreDir));
    return [
      ...(isNew ? [{ make: keysDir(keystoreDir) }, { make: allCredsDir(keystoreDir) }] : []),
      ...(writesGitIgnore && !isFile(ignore) ? [{ write: ignore, content: GIT_IGNORE_TEXT }] : []),
    ];
  }

  get #directory(): string {
    return operatorDir(this.#target.storeRoot, this.#target.operator);
  }

  /** The name in `.nsc`, which names the operator's token and creds. */
  get #operatorName(): string {
    this.#storeName ??= findOperatorInfo(this.#directory)?.name ?? this.#target.operator;
    return this.#storeName;
  }

  #credsFile(account: string, user: string): string {
    return credsFile(this.#target.keystoreDir, this.#operatorName, account, user);
  }

  #putOperator({ name, token, managed }: Extract<Change, { type: 'put-operator' }>): void {
    const directory = this.#directory;
    if (name !== this.#target.operator) throw new NscError('bug', `operator ${quote(name)} is not the one of the plan`);
    const exists = hasOperator(this.#target.storeRoot, name);
    if (!exists) {
      if (listNames(directory).length > 0) {
        throw new NscError('already-exists', `${directory} is in use and is not an operator`, {
          hint: 'choose another name',
          details: { path: directory },
        });
      }
      this.#newNames.push({ kind: 'operator', name, directory: this.#target.storeRoot, roots: this.#target });
      this.#put(this.#tokens, operatorInfoFile(directory), encodeOperatorInfo({ name, managed: managed ?? false }));
      this.#directories.add(accountsDir(directory));
    } else if (managed !== undefined) {
      throw new NscError('already-exists', `operator ${quote(name)} already exists in ${this.#target.storeRoot}`, {
        hint: 'choose another name',
        details: { operator: name, storeRoot: this.#target.storeRoot },
      });
    }
    this.#put(this.#tokens, operatorTokenFile(directory, this.#operatorName), token);
  }

  #putAccount({ name, token }: Extract<Change, { type: 'put-account' }>): void {
    const directory = this.#directory;
    this.#requireOperator();
    const path = accountTokenFile(directory, name);
    if (!this.#tokens.has(path) && !isFile(path)) {
      this.#newNames.push({ kind: 'account', name, directory: accountsDir(directory) });
    }
    this.#put(this.#tokens, path, token);
  }

  #putUser({ account, name, token }: Extract<Change, { type: 'put-user' }>): void {
    const directory = this.#directory;
    const accountPath = accountTokenFile(directory, account);
    if (!this.#tokens.has(accountPath) && (!this.#hasAccount(account) || this.#removals.has(accountPath))) {
      throw new NscError('account-not-found', `account ${quote(account)} is not there to hold user ${quote(name)}`, {
        hint: 'see the accounts with: nsc list accounts',
        details: { account, operator: this.#target.operator },
      });
    }
    const path = userTokenFile(directory, account, name);
    if (!this.#tokens.has(path) && !isFile(path)) {
      this.#newNames.push({ kind: 'user', name, directory: usersDir(directory, account) });
    }
    this.#put(this.#tokens, path, token);
  }

  /** One account holds many users. */
  #hasAccount(name: string): boolean {
    if (this.#knownAccounts.has(name)) return true;
    const isThere = hasAccount(this.#directory, name);
    if (isThere) this.#knownAccounts.add(name);
    return isThere;
  }

  #requireOperator(): void {
    if (this.#tokens.has(operatorInfoFile(this.#directory))) return;
    if (hasOperator(this.#target.storeRoot, this.#target.operator)) return;
    throw new NscError(
      'operator-not-found',
      `operator ${quote(this.#target.operator)} does not exist in ${this.#target.storeRoot}`,
      {
        hint: 'see the operators with: nsc list operators',
      },
    );
  }

  /** A seed that is there already is fine; another text under its name is not overwritten (nsc-core.md §3.2). */
  #putSeed(path: string, seed: string): void {
    const counts = !this.#removals.has(path) && isFile(path);
    if (counts && findText(path)?.replace(/[\r\n]/g, '') !== seed) {
      throw new NscError('already-exists', `${path} exists and holds something else`, {
        hint: 'look at the file, and move it away if it is not needed',
        details: { path },
      });
    }
    if (counts || !this.#target.seal) this.#put(this.#seeds, path, seed);
    else if (this.#removals.has(sealedFile(path)) || !isFile(sealedFile(path))) {
      this.#put(this.#seeds, sealedFile(path), this.#encrypted(seed));
    }
  }

  /** Only one of the two is left, or an old one would go on to count. */
  #putCreds(path: string, content: string): void {
    const { seal } = this.#target;
    const [at, other] = seal?.creds ? [sealedFile(path), path] : [path, sealedFile(path)];
    if (seal) this.#remove(this.#creds, other);
    this.#put(this.#creds, at, seal?.creds ? this.#encrypted(content) : content);
  }

  /** A locked keystore gets nothing that is not encrypted. */
  #encrypted(text: string): string {
    const found = this.#target.sealed?.get(text);
    if (found === undefined) throw new NscError('bug', 'a locked keystore was to get what is not encrypted');
    return found;
  }

  #removeSecret(files: Map<string, string>, path: string): void {
    this.#remove(files, path);
    this.#remove(files, sealedFile(path));
  }

  /** An account takes its users with it; their seeds and creds stay. */
  #deleteAccount(name: string): void {
    const directory = this.#directory;
    const users = usersDir(directory, name);
    for (const path of [...this.#tokens.keys()]) if (dirname(path) === users) this.#remove(this.#tokens, path);
    for (const file of listNames(users)) {
      const user = nameOfTokenFile(file);
      if (user !== undefined) this.#remove(this.#tokens, userTokenFile(directory, name, basename(user)));
    }
    this.#remove(this.#tokens, accountTokenFile(directory, name));
  }

  #put(files: Map<string, string>, path: string, content: string): void {
    this.#removals.delete(path);
    files.set(path, content);
  }

  #remove(files: Map<string, string>, path: string): void {
    files.delete(path);
    this.#removals.add(path);
  }
}
