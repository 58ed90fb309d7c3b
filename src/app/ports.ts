import type { KeyPair } from '../domain/nkey/key-pair.js';
import type { Role } from '../domain/nkey/prefix.js';

/** What commands may ask of the world. `cli/node-io` implements them; tests bring their own. */

export interface Clock {
  /** Unix time in whole seconds. */
  now(): number;
}

export interface KeySource {
  newKey(role: Role): KeyPair;
}

export interface Files {
  /** The content as UTF-8; undefined when there is no such file. Throws `store-io` otherwise. `~` is expanded. */
  read(path: string): string | undefined;
  /** Absolute paths of the regular files in a directory, sorted. Throws `file-not-found`. */
  list(directory: string, recursive: boolean): string[];
  /** Replaces or creates a file, atomically. Throws `store-io`. */
  write(path: string, content: string, mode: number): void;
  exists(path: string): boolean;
}

export interface Remote {
  /** GET of a text: bounded in size and time, verified TLS. Throws `remote-failed`. */
  get(url: string, limits: { maxBytes: number; timeoutMs: number }): Promise<string>;
}

/** One file of an old keystore and where it is now. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

export interface Migration {
  readonly moved: readonly Move[];
  /** What could not be filed by key, user or content. It is beside the keystore now, and stops nothing any more. */
  readonly setAside: readonly (Move & { readonly reason: string })[];
}

export interface OldKeystore {
  /**
   * Files what is in a keystore of the old layout where it belongs; `rehearse` only tells what would go where. Throws
   * `store-io` and `store-locked`.
   */
  migrate(options: { rehearse: boolean }): Promise<Migration>;
}

export interface Ports {
  readonly files: Files;
  readonly remote: Remote;
  readonly oldKeystore: OldKeystore;
  /** The environment, for the few commands that read it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
