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
  seedFile,
} from './layout.js';
import { findText, isFile, listNames } from './read-file.js';

/** The seeds and creds below one keystore directory, shared by all operators (nsc-core.md §3.2). */
export interface Keystore {
  readonly directory: string;
  /** Whether there is a file for the key. */
  hasSeed(publicKey: string): boolean;
  /** Throws `key-mismatch`, `store-corrupt`, `store-io`. */
  findKeyPair(publicKey: string): KeyPair | undefined;
  /** Public keys by file name, sorted. */
  storedKeys(): string[];
  /** `operator` is the name in `.nsc`. */
  findCreds(operator: string, account: string, user: string): Secret | undefined;
  /** Names of users by file name, sorted. */
  credsNames(operator: string, account: string): string[];
  /** Names of accounts by directory, sorted. */
  credsAccounts(operator: string): string[];
}

/** Reads a keystore; nothing has to exist yet. */
export function openKeystore(directory: string): Keystore {
  return {
    directory,
    hasSeed: (publicKey) => isPublicKey(publicKey) && isFile(seedFile(directory, publicKey)),
    findKeyPair: (publicKey) =>
      isPublicKey(publicKey) ? findKeyPair(seedFile(directory, publicKey), publicKey) : undefined,
    storedKeys: () => listKeys(keysDir(directory)),
    findCreds(operator, account, user) {
      if (![operator, account, user].every(isSegment)) return undefined;
      const text = findText(credsFile(directory, operator, account, user));
      return text === undefined ? undefined : new Secret(text);
    },
    credsNames(operator, account) {
      if (![operator, account].every(isSegment)) return [];
      const files = listNames(credsDir(directory, operator, account));
      return files.flatMap((file) => nameOfCredsFile(file) ?? []).sort();
    },
    credsAccounts: (operator) => (isSegment(operator) ? listNames(join(allCredsDir(directory), operator)).sort() : []),
  };
}

/**
 * The pair in a key file, which must be the one the file is named after (E-09). A file that holds the public key
 * itself has no seed to offer.
 */
function findKeyPair(path: string, publicKey: string): KeyPair | undefined {
  const text = findText(path)?.replace(/[\r\n]/g, '');
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
  const keys: string[] = [];
  for (const kind of listNames(directory)) {
    for (const shard of listNames(join(directory, kind))) {
      for (const file of listNames(join(directory, kind, shard))) {
        const key = keyOfSeedFile(file);
        if (key?.startsWith(kind + shard)) keys.push(key);
      }
    }
  }
  return keys.sort();
}
