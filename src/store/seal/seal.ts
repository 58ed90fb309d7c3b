import { NscError } from '../../errors.js';
import { sealIdentityFile, sealMarkerFile } from '../layout.js';
import { findText, isFile } from '../read-file.js';
import type { OpenedFiles } from './opened-files.js';

/** What a locked keystore says about itself, in `.keystore.json`; nothing in it is secret. */
export interface Seal {
  /** Whom seeds are encrypted to: what `age -r` takes. */
  readonly recipients: readonly string[];
  /** Whether the identity that opens them is in the keystore, behind a passphrase. */
  readonly passphrase: boolean;
  /** Whether creds are encrypted, too. */
  readonly creds: boolean;
}

/** The seal of a keystore; undefined while it is not locked. Throws `store-corrupt`, `store-io`. */
export function findSeal(keystoreDir: string): Seal | undefined {
  const path = sealMarkerFile(keystoreDir);
  const text = isFile(path) ? findText(path) : undefined; // failing to open costs more than asking
  if (text === undefined) return undefined;
  const seal = parse(text);
  if (seal) return seal;
  throw new NscError('store-corrupt', `${path} does not say whom the seeds are encrypted to`, {
    hint: `restore the file from a backup; without one, remove it and run: nsc keys unlock`,
    details: { path },
  });
}

/**
 * Refuses to store secrets in a keystore that has encrypted files, and does not say whom for: new ones would lie beside
 * them in the clear.
 *
 * @param opened what was opened in this run
 * @throws NscError `store-corrupt`, `store-io`
 */
export function refuseUnmarked(keystoreDir: string, opened: OpenedFiles): void {
  if (isFile(sealIdentityFile(keystoreDir)) || opened.hasLeft) throw markerMissing(keystoreDir);
}

/** Somebody took the marker away; to lock the keystore again would be the end of what is encrypted in it. */
export function markerMissing(keystoreDir: string): NscError {
  const path = sealMarkerFile(keystoreDir);
  return new NscError('store-corrupt', `${path} is missing, although the keystore has encrypted seeds`, {
    hint: 'restore the file from a backup, or decrypt the seeds with: nsc keys unlock',
    details: { path },
  });
}

export const encodeSeal = ({ recipients, passphrase, creds }: Seal): string =>
  JSON.stringify({ version: 1, recipients, passphrase, creds });

function parse(text: string): Seal | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { version, recipients, passphrase, creds } = (value ?? {}) as Record<string, unknown>;
  const isList = (list: unknown): list is string[] =>
    Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === 'string');
  if (version !== 1 || !isList(recipients) || typeof passphrase !== 'boolean' || typeof creds !== 'boolean') {
    return undefined;
  }
  return { recipients, passphrase, creds };
}
