import { NscError } from '../../errors.js';
import type { Secret } from '../../lib/secret.js';
import type { FileStep } from '../file-step.js';
import { isSealedFile, sealIdentityFile, sealMarkerFile, unsealedFile } from '../layout.js';
import { findStamp, findText, isFile } from '../read-file.js';
import { type Opener, sealerFor } from './age.js';
import { inParallel } from './in-parallel.js';
import { listKeystoreFiles, only } from './keystore-files.js';
import { type NewSeal, sealSteps } from './lock-keystore.js';
import { openFiles } from './open-files.js';
import { OpenedFiles } from './opened-files.js';

/** What becomes of the encrypted files of a keystore. */
export interface Reopening {
  readonly steps: readonly FileStep[];
  readonly seeds: number;
  readonly creds: number;
}

/** Opens every encrypted file of a keystore. Done a second time, under the lock, it opens only what has changed. */
export class KeystoreOpener {
  readonly #keystoreDir: string;
  readonly #open: Opener;
  readonly #opened = new OpenedFiles();
  readonly #sealed = new Map<string, string>();

  constructor(keystoreDir: string, open: Opener) {
    this.#keystoreDir = keystoreDir;
    this.#open = open;
  }

  /**
   * The steps that leave nothing encrypted.
   *
   * @throws NscError `key-mismatch` when a seed is there that is not the encrypted one; `wrong-passphrase`,
   *   `store-corrupt`, `store-io`
   */
  async planUnlock(): Promise<Reopening> {
    const { seeds, creds } = await this.#openAll();
    const writes = [
      ...seeds.flatMap((path) => this.#writeSeed(path)),
      ...creds.filter((path) => !isFile(unsealedFile(path))).map((path) => this.#writePlain(path)),
    ];
    const marks = [sealIdentityFile(this.#keystoreDir), sealMarkerFile(this.#keystoreDir)].filter(isFile);
    const removals = [...seeds, ...creds, ...marks].map((remove) => ({ remove }));
    return { steps: [...writes, ...removals], seeds: seeds.length, creds: creds.length };
  }

  /**
   * The steps that encrypt everything anew, for others.
   *
   * @throws NscError `bad-value`, `wrong-passphrase`, `store-corrupt`, `store-io`
   */
  async planRekey(target: NewSeal): Promise<Reopening> {
    const { seeds, creds } = await this.#openAll();
    const encrypt = sealerFor(target.seal.recipients);
    const steps: FileStep[] = sealSteps(this.#keystoreDir, target);
    await inParallel([...seeds, ...creds], async (path) => {
      const place = `${path} ${findStamp(path)}`;
      const content = this.#sealed.get(place) ?? (await encrypt(this.#textOf(path)));
      this.#sealed.set(place, content);
      steps.push({ write: path, content });
    });
    const identity = sealIdentityFile(this.#keystoreDir);
    if (target.identity === undefined && isFile(identity)) steps.push({ remove: identity });
    return { steps, seeds: seeds.length, creds: creds.length };
  }

  async #openAll(): Promise<ReturnType<typeof only>> {
    const all = listKeystoreFiles(this.#keystoreDir);
    refuseStrays(all.strays.filter(isSealedFile));
    const files = only(all, true);
    await openFiles([...files.seeds, ...files.creds], this.#opened, this.#open);
    return files;
  }

  #textOf(path: string): Secret {
    const text = this.#opened.find(path, this.#keystoreDir);
    if (text) return text;
    throw new NscError('store-io', `${path} vanished while it was read`, { details: { path } });
  }

  #writePlain(path: string): FileStep {
    return { write: unsealedFile(path), content: this.#textOf(path).reveal() };
  }

  /** Where nsc has written the seed again, it is there. */
  #writeSeed(path: string): FileStep[] {
    const plain = unsealedFile(path);
    const found = findText(plain);
    if (found === undefined) return [this.#writePlain(path)];
    const trimmed = (text: string): string => text.replace(/[\r\n]/g, '');
    if (trimmed(found) === trimmed(this.#textOf(path).reveal())) return [];
    throw new NscError('key-mismatch', `${plain} holds something else than ${path}`, {
      hint: 'find out which of the two is right, and move the other one away',
      details: { path: plain },
    });
  }
}

/** What opens them is about to go. */
function refuseStrays([path]: readonly string[]): void {
  if (path === undefined) return;
  throw new NscError('store-corrupt', `${path} is not where its key belongs`, {
    hint: 'move it to the directory that the first letters of the key name, or out of the keystore',
    details: { path },
  });
}
