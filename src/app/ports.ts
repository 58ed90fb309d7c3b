import type { Change } from '../domain/change.js';
import type { KeyPair } from '../domain/nkey/key-pair.js';
import type { Role } from '../domain/nkey/prefix.js';
import type { Secret } from '../lib/secret.js';
import type { Documents } from './documents.js';
import type { HttpServers } from './http-server.js';
import type { Nats } from './nats.js';
import type { Resolvers } from './resolver.js';

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
  /**
   * The bytes of a file, or of standard input for `-`; undefined when there is no such file. No more than one byte beyond
   * `maxBytes` is read, so that what is too long shows. Throws `store-io`.
   */
  readBytes(path: string, maxBytes: number): Uint8Array | undefined;
  /** Absolute paths of the regular files in a directory, sorted. Throws `file-not-found`. */
  list(directory: string, recursive: boolean): string[];
  /** Replaces or creates a file, atomically. Throws `store-io`. */
  write(path: string, content: string, mode: number): void;
  exists(path: string): boolean;
}

export interface Remote {
  /** GET of a text: bounded in size and time, verified TLS. Throws `remote-failed`. */
  get(url: string, limits: { maxBytes: number; timeoutMs: number }): Promise<string>;
  /**
   * POST of a text, within the same bounds; no redirect is followed. Throws `remote-failed` for any status outside of
   * 200 to 299.
   */
  post(
    url: string,
    body: string,
    options: { contentType: string; maxBytes: number; timeoutMs: number },
  ): Promise<{ readonly status: number; readonly text: string }>;
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

/** Files of the keystore that were encrypted, or are to be. */
export interface SealReport {
  readonly seeds: number;
  readonly creds: number;
  /** Whether a passphrase opens the keystore, rather than identities of age that are kept elsewhere. */
  readonly passphrase: boolean;
  /** Whom seeds are encrypted to. */
  readonly recipients: readonly string[];
}

/** Encrypts what is in the keystore (ADR 18). Each of these is one commit, or only tells what it would do. */
export interface KeystoreSeal {
  /**
   * Encrypts what is not yet, and what is stored from now on. Without recipients a passphrase opens it. Throws
   * `already-exists` when it is locked for others, `missing-option` where no passphrase can be had, `bad-value`,
   * `store-io`, `store-locked`.
   */
  lock(options: {
    readonly recipients: readonly string[];
    readonly creds: boolean;
    readonly rehearse: boolean;
  }): Promise<
    SealReport & {
      /** False when there was a lock already. */
      readonly isNew: boolean;
      /** True when the passphrase is short. */
      readonly isWeak: boolean;
      /** What is no secret, or cannot be filed. */
      readonly leftAlone: readonly { readonly path: string; readonly reason: string }[];
    }
  >;
  /**
   * Leaves nothing encrypted; undefined when nothing was. Throws `keystore-sealed`, `wrong-passphrase`, `key-mismatch`,
   * `store-corrupt`, `store-io`, `store-locked`.
   */
  unlock(options: { readonly rehearse: boolean }): Promise<SealReport | undefined>;
  /**
   * Changes what opens it: the passphrase, or with `rekey` and recipients the identities, too. Throws as the others do,
   * `item-not-found` when nothing is locked, `policy-refused` where there is no passphrase to change.
   */
  change(options: {
    readonly recipients: readonly string[];
    readonly rekey: boolean;
    readonly rehearse: boolean;
  }): Promise<SealReport & { readonly isWeak: boolean }>;
}

/** The store of an operator that is made from nothing. */
export interface NewStore {
  /** Name of the operator and its directory. */
  readonly operator: string;
  readonly changes: readonly Change[];
}

export interface NewStores {
  /**
   * Makes stores with a keystore of their own in a directory that is not there yet, or empty: all of it or nothing.
   * `rehearse` only looks whether that can be. Throws `already-exists`, `store-io` and what a commit refuses.
   *
   * @returns where they are, absolute
   */
  make(
    directory: string,
    stores: readonly NewStore[],
    options: { rehearse: boolean },
  ): Promise<{ readonly storeRoot: string; readonly keystoreDir: string }>;
}

/** What a task says to people while it runs. */
export interface Talk {
  /** Writes to standard output at once, for commands that go on until they are stopped. */
  say(text: string): void;
  /**
   * One answer of many, on a line of standard output: the data where JSON is asked for, else the text, in which a
   * terminal is shown what it would obey or hide.
   */
  tell(text: string, data: Readonly<Record<string, unknown>>): void;
  /** A line of standard error about what goes on. */
  note(message: string): void;
  /** Says on standard error what is worth knowing. */
  warn(message: string): Promise<void>;
  /** Writes a line of JSON to standard error, as it is; what is invisible is escaped. */
  log(line: string): void;
  /** The line of progress on a terminal, in place of the one before; undefined takes it away. Nothing elsewhere. */
  progress(line: string | undefined): void;
  /** Whether anybody sees the progress. */
  readonly isLive: boolean;
  /**
   * Asks on a terminal whether to go on, unless `--yes` has answered. Elsewhere a yes is assumed, as nsc does: what is
   * taken away has to be said before. Throws `cancelled` on a no.
   */
  agree(question: string): Promise<void>;
  /** Asks for a passphrase on a terminal, twice if it is a new one; undefined where nobody can be asked. */
  askPassphrase(message: string, options?: { readonly isNew: boolean }): Promise<Secret | undefined>;
}

export interface Ports {
  readonly files: Files;
  readonly remote: Remote;
  readonly documents: Documents;
  readonly nats: Nats;
  readonly resolvers: Resolvers;
  readonly httpServers: HttpServers;
  readonly oldKeystore: OldKeystore;
  readonly newStores: NewStores;
  readonly keystoreSeal: KeystoreSeal;
  /** Where the program is, links followed. */
  readonly program: string;
  /** Of the program. */
  readonly version: string;
  /** The environment, for the few commands that read it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
