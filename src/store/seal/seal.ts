import { NscError } from '../../errors.js';
import { sealMarkerFile } from '../layout.js';
import { findText, isFile } from '../read-file.js';

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
    hint: 'restore the file from a backup',
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
