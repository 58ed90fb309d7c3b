import type { Secret } from '../../lib/secret.js';
import type { FileStep } from '../file-step.js';
import { isSealedFile, sealedFile, sealIdentityFile, sealMarkerFile } from '../layout.js';
import { findStamp, hasText } from '../read-file.js';
import { newIdentity, sealerFor, sealWithPassphrase } from './age.js';
import { inParallel } from './in-parallel.js';
import { findSecret, listKeystoreFiles, only } from './keystore-files.js';
import { encodeSeal, type Seal } from './seal.js';

/** A seal that is to be put on a keystore. */
export interface NewSeal {
  readonly seal: Seal;
  /** What goes into `.keystore.age`, where a passphrase opens it. */
  readonly identity?: string;
}

/** What becomes of the plain files of a keystore. */
export interface Locking {
  readonly steps: readonly FileStep[];
  readonly seeds: number;
  readonly creds: number;
  readonly leftAlone: readonly { readonly path: string; readonly reason: string }[];
}

/** A seal that a passphrase opens: a new identity, encrypted with it. @param workFactor see {@link sealWithPassphrase} */
export async function sealByPassphrase(passphrase: Secret, creds: boolean, workFactor?: number): Promise<NewSeal> {
  const { file, recipient } = await newIdentity();
  const identity = await sealWithPassphrase(file, passphrase, workFactor);
  return { seal: { recipients: [recipient], passphrase: true, creds }, identity };
}

/** A seal that each of the recipients' identities opens. Throws `bad-value`. */
export function sealByRecipients(recipients: readonly string[], creds: boolean): NewSeal {
  sealerFor(recipients);
  return { seal: { recipients: [...new Set(recipients)].sort(), passphrase: false, creds } };
}

/** Encrypts the plain files of a keystore. Done a second time, under the lock, it encrypts only what has changed. */
export class KeystoreLocker {
  readonly #keystoreDir: string;
  readonly #sealed = new Map<string, string>();

  constructor(keystoreDir: string) {
    this.#keystoreDir = keystoreDir;
  }

  /**
   * The steps that lock the keystore, or lock again what is plain in it. Nothing in them is secret.
   *
   * @param rehearse only counts
   * @throws NscError `bad-value`, `store-io`
   */
  async plan({ seal, identity }: NewSeal, { rehearse = false } = {}): Promise<Locking> {
    const all = listKeystoreFiles(this.#keystoreDir);
    const files = only(all, false);
    const encrypt = sealerFor(seal.recipients);
    const inTheClear = all.strays.filter((path) => !isSealedFile(path));
    const leftAlone = inTheClear.map((path) => ({ path, reason: 'no command reads it; move it away, or remove it' }));
    const steps: FileStep[] = sealSteps(this.#keystoreDir, { seal, ...(identity !== undefined && { identity }) });
    const removals: FileStep[] = [];
    const lock = async (path: string): Promise<void> => {
      const stamp = findStamp(path);
      const secret = findSecret(path);
      if (secret === undefined) return;
      if ('reason' in secret) {
        leftAlone.push({ path, ...secret });
        return;
      }
      const place = `${seal.recipients.join()} ${path} ${stamp}`;
      const content = this.#sealed.get(place) ?? (rehearse ? '' : await encrypt(secret));
      this.#sealed.set(place, content);
      steps.push({ write: sealedFile(path), content });
      removals.push({ remove: path });
    };
    await inParallel(files.seeds, lock);
    const seeds = removals.length;
    await inParallel(seal.creds ? files.creds : [], lock);
    return { steps: [...steps, ...removals], seeds, creds: removals.length - seeds, leftAlone };
  }
}

/** Puts a seal on a keystore, unless it is there. */
export function sealSteps(keystoreDir: string, { seal, identity }: NewSeal): FileStep[] {
  const marker = sealMarkerFile(keystoreDir);
  const content = encodeSeal(seal);
  return [
    ...(identity === undefined ? [] : [{ write: sealIdentityFile(keystoreDir), content: identity }]),
    ...(hasText(marker, content) ? [] : [{ write: marker, content }]),
  ];
}
