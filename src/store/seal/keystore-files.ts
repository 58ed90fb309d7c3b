import { lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import { decodeSeed } from '../../domain/nkey/codec.js';
import { keyPairFromSeed } from '../../domain/nkey/key-pair.js';
import { Secret } from '../../lib/secret.js';
import {
  allCredsDir,
  isDraft,
  isSealedFile,
  keyOfSeedFile,
  keysDir,
  nameOfCredsFile,
  sealedFile,
  seedFile,
  unsealedFile,
} from '../layout.js';
import { findBytes, isFile, listNames } from '../read-file.js';
import { listFiles } from './open-files.js';

/** The files of a keystore that seeds and creds are in, encrypted or not, by what they hold. */
export interface KeystoreFiles {
  readonly seeds: readonly string[];
  readonly creds: readonly string[];
  /** What may hold secrets as well, and no command reads: seeds where they do not belong, drafts that were left. */
  readonly strays: readonly string[];
}

/** Every file of a keystore that is named as seeds and creds are. Throws `store-io`. */
export function listKeystoreFiles(keystoreDir: string): KeystoreFiles {
  const below = (top: string): string[] => listNames(top).flatMap((name) => listFiles(join(top, name)));
  const ofKeys = below(keysDir(keystoreDir));
  const ofCreds = below(allCredsDir(keystoreDir));
  const seeds = ofKeys.filter((path) => keyOfSeedFile(basename(path)) !== undefined);
  const isFiled = (path: string): boolean =>
    unsealedFile(path) === seedFile(keystoreDir, keyOfSeedFile(basename(path)) ?? '');
  return {
    seeds: seeds.filter(isFiled),
    creds: ofCreds.filter((path) => nameOfCredsFile(basename(path)) !== undefined),
    strays: [
      ...seeds.filter((path) => !isFiled(path)),
      ...[...ofKeys, ...ofCreds].filter((path) => isDraft(basename(path))),
    ],
  };
}

/** Those that are encrypted, or those that are not. */
export const only = ({ seeds, creds }: KeystoreFiles, sealed: boolean): Omit<KeystoreFiles, 'strays'> => ({
  seeds: seeds.filter((path) => isSealedFile(path) === sealed),
  creds: creds.filter((path) => isSealedFile(path) === sealed),
});

/** Longest file name that file systems take, in bytes. */
const MAX_NAME_BYTES = 255;

/** What a plain file holds that can be encrypted, or why it stays as it is; undefined for what is no secret. */
export function findSecret(path: string): Secret | { readonly reason: string } | undefined {
  const bytes = findBytes(path);
  if (bytes === undefined) return undefined;
  const name = basename(path);
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return { reason: 'it is a link, and what it leads to would not be encrypted' };
  }
  const text = bytes.toString('utf8');
  if (!bytes.equals(Buffer.from(text))) return { reason: 'it is not a text' };
  if (Buffer.byteLength(sealedFile(name)) > MAX_NAME_BYTES) return { reason: 'the name of its file is too long' };
  const key = keyOfSeedFile(name);
  if (key === undefined) return new Secret(text);
  const seed = text.replace(/[\r\n]/g, '');
  if (seed === key) return undefined;
  if (!decodeSeed(seed)) return { reason: 'it holds no seed' };
  const isOther = isFile(sealedFile(path)) && keyPairFromSeed(seed).publicKey !== key;
  return isOther ? { reason: 'it holds another seed than the encrypted file beside it' } : new Secret(text);
}
