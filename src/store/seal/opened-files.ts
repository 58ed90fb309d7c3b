import { NscError } from '../../errors.js';
import type { Secret } from '../../lib/secret.js';
import { findStamp, isFile } from '../read-file.js';

/**
 * Thrown where an encrypted file is to be read that nobody has opened yet. It is no refusal, so that nobody takes it for
 * a seed that cannot be read: the runner opens the file and does again what needed it (`cli/unseal`).
 */
export class SealedFile extends Error {
  constructor(
    /** Absolute. */
    readonly path: string,
    /** Where the keystore is that it is in. */
    readonly keystoreDir: string,
  ) {
    super(`${path} is encrypted and was not opened`);
    this.name = 'SealedFile';
  }
}

/** What encrypted files held that were opened so far: the memory of one run, and never on the disk. */
export class OpenedFiles {
  readonly #texts = new Map<string, Secret | NscError>();
  readonly #paths = new Set<string>();
  /** How often a file was missing, by kind. */
  readonly misses = new Map<string, number>();
  /** Set where a command goes on without seeds: reading one is a refusal then. */
  isGivenUp = false;

  /**
   * What a file held; undefined when there is no file. Another version of it has to be opened again.
   *
   * @throws SealedFile when it was not opened; NscError `keystore-sealed` when nothing will open it, what opening it came
   *   to when it cannot be opened, `store-io`
   */
  find(path: string, keystoreDir: string): Secret | undefined {
    const stamp = findStamp(path);
    if (stamp === undefined) return undefined;
    const found = this.#texts.get(`${path} ${stamp}`);
    if (found instanceof NscError) throw found;
    if (found) return found;
    if (!this.isGivenUp) throw new SealedFile(path, keystoreDir);
    throw new NscError('keystore-sealed', `${path} is encrypted`, { details: { path } });
  }

  /** Whether opening this version of a file was tried. */
  has(path: string, stamp: string | undefined): boolean {
    return this.#texts.has(`${path} ${stamp}`);
  }

  /** Whether one of the files is there still, so that nobody has decrypted the keystore meanwhile. */
  get hasLeft(): boolean {
    for (const path of this.#paths) if (isFile(path)) return true;
    return false;
  }

  /** Takes what a file holds, or why it cannot be opened. @param stamp of the file before it was read */
  learn(path: string, stamp: string, found: Secret | NscError): void {
    this.#texts.set(`${path} ${stamp}`, found);
    this.#paths.add(path);
  }
}
