import { join } from 'node:path';
import { isPublicKey } from '../domain/nkey/codec.js';
import { type KeyPair, keyPairFromSeed } from '../domain/nkey/key-pair.js';
import { NscError } from '../errors.js';
import { Secret } from '../lib/secret.js';
import {
  allCredsDir,
  credsDir,
  credsFile,
  isSegment,
  keyOfSeedFile,
  keysDir,
  nameOfCredsFile,
  sealedFile,
  seedFile,
} from './layout.js';
import { findText, isFile, listNames } from './read-file.js';
import { OpenedFiles } from './seal/opened-files.js';

/**
 * The seeds and creds below one keystore directory, shared by all operators (nsc-core.md §3.2). Each file may be encrypted
 * (ADR 18); where there are both, the plain one counts. Reading an encrypted one throws `SealedFile` until it was opened.
 */
export interface Keystore {
  readonly directory: string;
  /** Whether there is a file for the key. */
  hasSeed(publicKey: string): boolean;
  /** Whether that file is encrypted. */
  isSealed(publicKey: string): boolean;
  /** Throws `key-mismatch`, `store-corrupt`, `store-io`, `keystore-sealed`. */
  findKeyPair(publicKey: string): KeyPair | undefined;
  /** Public keys by file name, sorted. */
  storedKeys(): string[];
  /** `operator` is the name in `.nsc`. Throws `store-io`, `keystore-sealed`. */
  findCreds(operator: string, account: string, user: string): Secret | undefined;
  /** Names of users by file name, sorted. */
  credsNames(operator: string, account: string): string[];
  /** Names of accounts by directory, sorted. */
  credsAccounts(operator: string): string[];
}

/** Reads a keystore; nothing has to exist yet. @param opened what was opened of it so far */
export function openKeystore(directory: string, opened = new OpenedFiles()): Keystore {
  const findSecret = (path: string): Secret | undefined => {
    const text = findText(path);
    return text === undefined ? opened.find(sealedFile(path), directory) : new Secret(text);
  };
  return {
    directory,
    hasSeed(publicKey) {
      if (!isPublicKey(publicKey)) return false;
      const path = seedFile(directory, publicKey);
      return isFile(path) || isFile(sealedFile(path));
    },
    isSealed(publicKey) {
      if (!isPublicKey(publicKey)) return false;
      const path = seedFile(directory, publicKey);
      return !isFile(path) && isFile(sealedFile(path));
    },
    findKeyPair(publicKey) {
      if (!isPublicKey(publicKey)) return undefined;
      const path = seedFile(directory, publicKey);
      return parsePair(findSecret(path), path, publicKey);
    },
    storedKeys: () => listKeys(keysDir(directory)),
    findCreds(operator, account, user) {
      if (![operator, account, user].every(isSegment)) return undefined;
      return findSecret(credsFile(directory, operator, account, user));
    },
    credsNames(operator, account) {
      if (![operator, account].every(isSegment)) return [];
      const files = listNames(credsDir(directory, operator, account));
      return [...new Set(files.flatMap((file) => nameOfCredsFile(file) ?? []))].sort();
    },
    credsAccounts: (operator) => (isSegment(operator) ? listNames(join(allCredsDir(directory), operator)).sort() : []),
  };
}

/**
 * The pair in a key file, which must be the one the file is named after (E-09). A file that holds the public key
 * itself has no seed to offer.
 */
function parsePair(content: Secret | undefined, path: string, publicKey: string): KeyPair | undefined {
  const text = content?.reveal().replace(/[\r\n]/g, '');
  if (text === undefined || text === publicKey) return undefined;
  let pair: KeyPair;
  try {
    pair = keyPairFromSeed(text);
  } catch (cause) {
    throw new NscError('store-corrupt', `${path} holds no seed`, {
      hint: 'restore the file from a backup, or remove it',
      details: { path, publicKey },
      cause,
    });
  }
  if (pair.publicKey === publicKey) return pair;
  throw new NscError('key-mismatch', `${path} holds the seed of ${pair.publicKey}`, {
    hint: 'move the file to where its key belongs, or remove it',
    details: { path, expected: publicKey, found: pair.publicKey },
  });
}

function listKeys(directory: string): string[] {
  const keys = new Set<string>();
  for (const kind of listNames(directory)) {
    for (const shard of listNames(join(directory, kind))) {
      for (const file of listNames(join(directory, kind, shard))) {
        const key = keyOfSeedFile(file);
        if (key?.startsWith(kind + shard)) keys.add(key);
      }
    }
  }
  return [...keys].sort();
}
