import type { KeyPair } from '../domain/nkey/key-pair.js';
import type { Tree } from '../domain/tree/tree.js';

/** Where things are and what is selected: the part of the world a command sees beside one operator's tree. */
export interface Workspace {
  readonly configDir: string;
  readonly storeRoot: string;
  readonly keystoreDir: string;
  /** True when store root and operator come from the working directory. */
  readonly fromWorkingDirectory: boolean;
  /** Directory names; `''` where nothing is selected. */
  readonly selected: { readonly operator: string; readonly account: string };
  /** The variables that `nsc env` shows; undefined where not set. */
  readonly environment: readonly { readonly name: string; readonly value: string | undefined }[];
  /** Directory names of the operators under the store root, sorted. */
  operatorNames(): string[];
  /** Whether the directory exists and is not empty, operator or not. */
  isOccupied(operator: string): boolean;
  /** Throws `operator-not-found`. */
  tree(operator: string): Tree;
  /** A key of the keystore, whatever it belongs to. Throws `key-mismatch` when its file holds another key. */
  findKeyPair(publicKey: string): KeyPair | undefined;
  /** Whether the seed is there and encrypted, so that finding its pair needs what opens it. */
  isSealed(publicKey: string): boolean;
  /** Public keys (by file name) of every seed in the keystore, sorted. */
  storedKeys(): string[];
  /** The directory that would hold this operator's files. Throws `bad-name`. */
  operatorDir(operator: string): string;
  /** Where they are, or will be: encrypted files have another name. */
  credsPath(operator: string, account: string, user: string): string;
  seedPath(publicKey: string): string;
}
