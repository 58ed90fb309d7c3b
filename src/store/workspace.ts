import { sep } from 'node:path';
import type { Workspace } from '../app/workspace.js';
import type { KeyPair } from '../domain/nkey/key-pair.js';
import type { Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { type Context, findContext, hasOperator, listOperators, settleAccount, settleOperator } from './context.js';
import { absolutePath, type Directories, findDirectories, type Surroundings } from './directories.js';
import { openTree } from './disk-tree.js';
import type { ProcessInfo } from './holder.js';
import { type Keystore, openKeystore } from './keystore.js';
import { credsFile, operatorDir, type Roots, sealedFile, seedFile } from './layout.js';
import { refuseOldKeystore } from './old-keystore.js';
import { findOperatorInfo } from './operator-info.js';
import { isFile, listNames } from './read-file.js';
import { recover } from './recover.js';
import type { OpenedFiles } from './seal/opened-files.js';
import { findSeal, type Seal } from './seal/seal.js';
import { readSettings, type SettingsState } from './settings.js';

export interface WorkspaceInput extends Surroundings {
  /** Unix seconds; stands in a new `nsc.json`. */
  readonly now: number;
  /** Tells whether the owner of an interrupted commit has ended. */
  readonly self: ProcessInfo;
  /** For `keys migrate`: let a keystore of the old layout pass. */
  readonly allowOldKeystore?: boolean;
  /** What was opened of locked keystores so far. */
  readonly opened?: OpenedFiles | undefined;
}

/** The workspace with what the store itself needs to know about it. */
export interface StoreWorkspace extends Workspace, Roots {
  readonly settings: SettingsState;
  readonly defaultStoreRoot: string;
  /** False with `NSC_NO_GIT_IGNORE`. */
  readonly writesGitIgnore: boolean;
  /** Unix seconds. */
  readonly now: number;
  /** Set when the keystore is locked; read when it is asked for. Throws `store-corrupt`, `store-io`. */
  readonly seal: Seal | undefined;
  /** Has the seal read again: under the lock of the keystore it stays what it is. */
  rereadSeal(): void;
  /** A path as given by a person, made absolute. Throws `bad-value`. */
  absolute(path: string): string;
}

/** What `nsc env` lists (nsc-core.md §2.7). Those of TLS are listed as nsc lists them; nothing here reads them. */
const VARIABLES = [
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'NSC_CWD_ONLY',
  'NSC_NO_GIT_IGNORE',
  'NKEYS_PATH',
  'NSC_HOME',
  'NATS_CA',
  'NATS_KEY',
  'NATS_CERT',
] as const;

/**
 * Finds directories, settings and context (nsc-core.md §2), and finishes or discards a commit that was interrupted
 * there. Nothing else is written, not even on a first run. Operator and account are settled when they are asked for.
 *
 * @throws NscError `bad-value`, `store-corrupt`, `store-io`, `store-locked`, `keystore-old-layout`
 */
export function openWorkspace(input: WorkspaceInput): StoreWorkspace {
  const directories = findDirectories(input);
  const { configDir, keystoreDir } = directories;
  for (;;) {
    const settings = readStoredSettings(input, directories);
    const { storeRoot, context } = findStoreRoot(input, directories, settings);
    const allInOne = keystoreDir === storeRoot;
    if (!input.allowOldKeystore && !allInOne) refuseOldKeystore(keystoreDir);
    // what was just finished may have been a change of the settings
    if (recover({ storeRoot, keystoreDir, configDir }, input.self)) continue;
    return new DiskWorkspace(input, directories, settings, storeRoot, context);
  }
}

function readStoredSettings({ env, home, cwd }: WorkspaceInput, { configDir }: Directories): SettingsState {
  const settings = readSettings(configDir, env.NSC_CWD_ONLY === undefined);
  const { stored } = settings;
  return stored.storeRoot === ''
    ? settings
    : { ...settings, stored: { ...stored, storeRoot: absolutePath(stored.storeRoot, home, cwd) } };
}

/** `-H` and `--data-dir` win over the working directory, that over the settings, those over the default place. */
function findStoreRoot(input: WorkspaceInput, directories: Directories, settings: SettingsState) {
  const flagged = directories.flaggedStoreRoot;
  const isElsewhere = flagged !== undefined && !isAtOrBelow(input.cwd, flagged);
  const context = isElsewhere ? undefined : findContext(input.cwd);
  if (flagged !== undefined)
    return { storeRoot: flagged, context: context?.storeRoot === flagged ? context : undefined };
  const stored = settings.stored.storeRoot;
  const storeRoot = context?.storeRoot ?? (stored === '' ? directories.defaultStoreRoot() : stored);
  return { storeRoot, context };
}

const isAtOrBelow = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);

class DiskWorkspace implements StoreWorkspace {
  readonly configDir: string;
  readonly keystoreDir: string;
  readonly fromWorkingDirectory: boolean;
  readonly writesGitIgnore: boolean;
  readonly now: number;
  readonly selected: Workspace['selected'];
  readonly #keystore: Keystore;
  readonly #input: WorkspaceInput;
  readonly #directories: Directories;
  /** Directory → name in `.nsc`, which is asked for once per creds file of a report. */
  readonly #namesOfOperators = new Map<string, string>();
  #seal: Seal | false | undefined;

  constructor(
    input: WorkspaceInput,
    directories: Directories,
    readonly settings: SettingsState,
    readonly storeRoot: string,
    context: Context | undefined,
  ) {
    this.#input = input;
    this.#directories = directories;
    this.configDir = directories.configDir;
    this.keystoreDir = directories.keystoreDir;
    this.#keystore = openKeystore(directories.keystoreDir, input.opened);
    this.fromWorkingDirectory = context !== undefined;
    this.writesGitIgnore = input.env.NSC_NO_GIT_IGNORE === undefined;
    this.now = input.now;
    this.selected = new LazySelection(storeRoot, context, settings.stored);
  }

  get defaultStoreRoot(): string {
    return this.#directories.defaultStoreRoot();
  }

  get seal(): Seal | undefined {
    this.#seal ??= findSeal(this.keystoreDir) ?? false;
    return this.#seal || undefined;
  }

  rereadSeal(): void {
    this.#seal = undefined;
  }

  get environment(): Workspace['environment'] {
    return VARIABLES.map((name) => ({ name, value: this.#input.env[name] }));
  }

  absolute(path: string): string {
    return absolutePath(path, this.#input.home, this.#input.cwd);
  }

  operatorNames(): string[] {
    return listOperators(this.storeRoot);
  }

  isOccupied(operator: string): boolean {
    return listNames(this.operatorDir(operator)).length > 0;
  }

  tree(operator: string): Tree {
    if (!hasOperator(this.storeRoot, operator)) {
      throw new NscError('operator-not-found', `operator ${quote(operator)} does not exist in ${this.storeRoot}`, {
        hint: 'see them with: nsc list operators',
        details: { operator, storeRoot: this.storeRoot },
      });
    }
    return openTree(this.operatorDir(operator), this.#keystore);
  }

  findKeyPair(publicKey: string): KeyPair | undefined {
    return this.#keystore.findKeyPair(publicKey);
  }

  hasSeed(publicKey: string): boolean {
    return this.#keystore.hasSeed(publicKey);
  }

  isSealed(publicKey: string): boolean {
    return this.#keystore.isSealed(publicKey);
  }

  storedKeys(): string[] {
    return this.#keystore.storedKeys();
  }

  operatorDir(operator: string): string {
    return operatorDir(this.storeRoot, operator);
  }

  credsPath(operator: string, account: string, user: string): string {
    let name = this.#namesOfOperators.get(operator);
    if (name === undefined) {
      name = findOperatorInfo(this.operatorDir(operator))?.name ?? operator;
      this.#namesOfOperators.set(operator, name);
    }
    return this.#whereKept(credsFile(this.keystoreDir, name, account, user), this.seal?.creds ?? false);
  }

  seedPath(publicKey: string): string {
    return this.#whereKept(seedFile(this.keystoreDir, publicKey), this.seal !== undefined);
  }

  #whereKept(path: string, isLocked: boolean): string {
    return isLocked && !isFile(path) ? sealedFile(path) : path;
  }
}

/** Operator and account in use, looked up once and only when needed. */
class LazySelection {
  #operator: string | undefined;
  #account: string | undefined;
  readonly #storeRoot: string;
  readonly #context: Context | undefined;
  readonly #stored: SettingsState['stored'];

  constructor(storeRoot: string, context: Context | undefined, stored: SettingsState['stored']) {
    this.#storeRoot = storeRoot;
    this.#context = context;
    this.#stored = stored;
  }

  get operator(): string {
    this.#operator ??= settleOperator(this.#storeRoot, this.#context, this.#stored);
    return this.#operator;
  }

  get account(): string {
    this.#account ??= settleAccount(this.#storeRoot, this.operator, this.#context, this.#stored);
    return this.#account;
  }
}
