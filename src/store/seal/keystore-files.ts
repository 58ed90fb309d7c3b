import { basename, join } from 'node:path';
import { decodeSeed } from '../../domain/nkey/codec.js';
import { keyPairFromSeed } from '../../domain/nkey/key-pair.js';
import { Secret } from '../../lib/secret.js';
import { allCredsDir, isSealedFile, keyOfSeedFile, keysDir, nameOfCredsFile, sealedFile } from '../layout.js';
import { findText, isFile, listNames } from '../read-file.js';
import { listFiles } from './open-files.js';

/** The files of a keystore that seeds and creds are in, encrypted or not, by what they hold. */
export interface KeystoreFiles {
  readonly seeds: readonly string[];
  readonly creds: readonly string[];
}

/** Every file of a keystore that is named as seeds and creds are. Throws `store-io`. */
export function listKeystoreFiles(keystoreDir: string): KeystoreFiles {
  const below = (top: string): string[] => listNames(top).flatMap((name) => listFiles(join(top, name)));
  return {
    seeds: below(keysDir(keystoreDir)).filter((path) => keyOfSeedFile(basename(path)) !== undefined),
    creds: below(allCredsDir(keystoreDir)).filter((path) => nameOfCredsFile(basename(path)) !== undefined),
  };
}

/** Those that are encrypted, or those that are not. */
export const only = (files: KeystoreFiles, sealed: boolean): KeystoreFiles => ({
  seeds: files.seeds.filter((path) => isSealedFile(path) === sealed),
  creds: files.creds.filter((path) => isSealedFile(path) === sealed),
});

/** Longest file name that file systems take, in bytes. */
const MAX_NAME_BYTES = 255;

/** What a plain file holds that can be encrypted, or why it stays as it is; undefined for what is no secret. */
export function findSecret(path: string): Secret | { readonly reason: string } | undefined {
  const text = findText(path);
  if (text === undefined) return undefined;
  const name = basename(path);
  if (Buffer.byteLength(sealedFile(name)) > MAX_NAME_BYTES) return { reason: 'the name of its file is too long' };
  const key = keyOfSeedFile(name);
  if (key === undefined) return new Secret(text);
  const seed = text.replace(/[\r\n]/g, '');
  if (seed === key) return undefined;
  if (!decodeSeed(seed)) return { reason: 'it holds no seed' };
  const isOther = isFile(sealedFile(path)) && keyPairFromSeed(seed).publicKey !== key;
  return isOther ? { reason: 'it holds another seed than the encrypted file beside it' } : new Secret(text);
}
