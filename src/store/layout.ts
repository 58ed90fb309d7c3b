import { sep } from 'node:path';
import type { RegisteredClaims } from '../domain/claims/types.js';
import { isPublicKey } from '../domain/nkey/codec.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { goTrim } from '../lib/go-lower.js';

/**
 * Where everything is (nsc-core.md §3.1-3.2). This is the only place where names become paths, and {@link segment} is
 * the only function that lets a name in: names come from command lines, from directories and from the `name` claims of
 * tokens, and none of them is trusted (E-01, E-03).
 */

/** The three directories a commit may write to; the keystore and the configuration may lie anywhere. Absolute. */
export interface Roots {
  readonly storeRoot: string;
  readonly keystoreDir: string;
  readonly configDir: string;
}

export const OPERATOR_INFO = '.nsc';
export const JOURNAL = '.journal';
export const LOCK = '.nsc.lock';
export const SETTINGS = 'nsc.json';
export const GIT_IGNORE = '.gitignore';
export const HISTORY = '.history';
export const KEYRING = '.keyring.json';
/** Of a locked keystore (docs/store-format.md): whom it is encrypted to, and the identity that a passphrase opens. */
const SEAL = '.keystore.json';
const SEAL_IDENTITY = '.keystore.age';
const SEALED = '.age';
const DRAFT = '.nsc-draft-';
const TOKEN = '.jwt';
const SEED = '.nk';
const CREDS = '.creds';

/** The roots are normal already, and normalising again costs more than reading a file. */
const join = (...parts: string[]): string => parts.join(sep);

/** Longest file name that file systems take, in bytes. */
const MAX_NAME_BYTES = 255;

/** Whether a name can be one part of a path: not empty, no separator, not `.` or `..`, no NUL, not too long. */
export function isSegment(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || goTrim(name) === '' || /[/\\\0]/.test(name)) return false;
  return name.length * 3 + CREDS.length <= MAX_NAME_BYTES || Buffer.byteLength(name) + CREDS.length <= MAX_NAME_BYTES;
}

/** The name itself. Throws `bad-name` for what could lead elsewhere. */
export function segment(name: string): string {
  if (isSegment(name)) return name;
  throw new NscError('bad-name', `${quote(name.slice(0, 80))} cannot be the name of a file`, {
    hint: 'use a name without separators',
    details: { name: name.slice(0, 300) },
  });
}

export const operatorDir = (storeRoot: string, operator: string): string => join(storeRoot, segment(operator));
export const operatorInfoFile = (directory: string): string => join(directory, OPERATOR_INFO);
export const keyringFile = (directory: string): string => join(directory, KEYRING);
/** `name` is the one in `.nsc`; it is the directory's unless somebody renamed that. */
export const operatorTokenFile = (directory: string, name: string): string => join(directory, tokenFile(name));
export const accountsDir = (directory: string): string => join(directory, 'accounts');
export const accountDir = (directory: string, account: string): string => join(directory, 'accounts', segment(account));
export const accountTokenFile = (directory: string, account: string): string =>
  join(accountDir(directory, account), tokenFile(account));
export const usersDir = (directory: string, account: string): string => join(accountDir(directory, account), 'users');
export const userTokenFile = (directory: string, account: string, user: string): string =>
  join(usersDir(directory, account), tokenFile(user));

/** Where a replaced version of the operator, or of an account, is kept by {@link versionName}. nsc does not look there. */
export const versionFile = (directory: string, account: string | undefined, version: string): string =>
  account === undefined
    ? join(directory, HISTORY, `${version}${TOKEN}`)
    : join(directory, HISTORY, 'accounts', segment(account), `${version}${TOKEN}`);

/** When a token was issued and the beginning of its id: versions of a token are sorted by age. */
export function versionName({ iat = 0, jti = '' }: RegisteredClaims): string {
  return `${String(iat).replace(/\D/g, '')}-${jti.replace(/\W/g, '').slice(0, 12)}`;
}

/** The names of tokens lose surrounding blanks, as nsc writes them (§3.1). */
const tokenFile = (name: string): string => `${goTrim(segment(name))}${TOKEN}`;

/** The entity a file of a token directory belongs to; undefined for other files. */
export function nameOfTokenFile(file: string): string | undefined {
  return file.length > TOKEN.length && file.endsWith(TOKEN) ? file.slice(0, -TOKEN.length) : undefined;
}

export const keysDir = (keystoreDir: string): string => join(keystoreDir, 'keys');
export const allCredsDir = (keystoreDir: string): string => join(keystoreDir, 'creds');
export const gitIgnoreFile = (keystoreDir: string): string => join(keystoreDir, GIT_IGNORE);

/** Where the seed of a key is. Throws `bad-key`. */
export function seedFile(keystoreDir: string, publicKey: string): string {
  if (!isPublicKey(publicKey)) throw new NscError('bad-key', 'a seed can only be filed under a valid public key');
  return join(keystoreDir, 'keys', publicKey.slice(0, 1), publicKey.slice(1, 3), `${publicKey}${SEED}`);
}

/** Where a seed or creds file is while it is encrypted. */
export const sealedFile = (path: string): string => path + SEALED;
export const isSealedFile = (path: string): boolean => path.endsWith(SEALED);
/** Where it is when it is not. */
export const unsealedFile = (path: string): string => (isSealedFile(path) ? path.slice(0, -SEALED.length) : path);
export const sealMarkerFile = (keystoreDir: string): string => join(keystoreDir, SEAL);
export const sealIdentityFile = (keystoreDir: string): string => join(keystoreDir, SEAL_IDENTITY);

/** The public key a keystore file is named by, encrypted or not; undefined for other files. */
export function keyOfSeedFile(name: string): string | undefined {
  const file = unsealedFile(name);
  const key = file.endsWith(SEED) ? file.slice(0, -SEED.length) : '';
  return isPublicKey(key) ? key : undefined;
}

/** `operator` is the name in `.nsc`. */
export const credsDir = (keystoreDir: string, operator: string, account: string): string =>
  join(keystoreDir, 'creds', segment(operator), segment(account));
export const credsFile = (keystoreDir: string, operator: string, account: string, user: string): string =>
  join(credsDir(keystoreDir, operator, account), `${segment(user)}${CREDS}`);

/** The user a creds file belongs to, encrypted or not; undefined for other files. */
export function nameOfCredsFile(name: string): string | undefined {
  const file = unsealedFile(name);
  return file.length > CREDS.length && file.endsWith(CREDS) ? file.slice(0, -CREDS.length) : undefined;
}

export const settingsFile = (configDir: string): string => join(configDir, SETTINGS);
export const lockFile = (storeRoot: string): string => join(storeRoot, LOCK);
export const journalDir = (storeRoot: string): string => join(storeRoot, JOURNAL);

/** The name of a file on its way to its place; one that stays was left by a process that was killed. */
export const draftName = (id: string): string => DRAFT + id;
export const isDraft = (name: string): boolean => name.startsWith(DRAFT);

/** Whether a file is a seed that is not encrypted: one that is there is the right one, and never overwritten. */
export const isSeedFile = (path: string): boolean => path.endsWith(SEED);

/**
 * Whether a path is one that a commit can have: a file or directory of the layout below one of the roots. Guards the
 * recovery of a journal, which is read from disk.
 */
export function isOwnPath(roots: Roots, path: string): boolean {
  return (
    belowIs(roots.storeRoot, path, isStorePath) ||
    belowIs(roots.keystoreDir, path, isKeystorePath) ||
    belowIs(roots.configDir, path, (parts) => parts.length === 1 && parts[0] === SETTINGS)
  );
}

function belowIs(root: string, path: string, test: (parts: string[]) => boolean): boolean {
  const prefix = root.endsWith(sep) ? root : root + sep;
  if (!path.startsWith(prefix)) return false;
  const parts = path.slice(prefix.length).split(sep);
  return (
    parts.every((part) => part.length <= MAX_NAME_BYTES && part !== '' && part !== '.' && part !== '..') && test(parts)
  );
}

function isStorePath(parts: string[]): boolean {
  const [operator = '', accounts, , users] = parts;
  const last = parts[parts.length - 1] ?? '';
  if (operator.startsWith(JOURNAL) || operator.startsWith(LOCK)) return false;
  if (parts.length === 2)
    return last === OPERATOR_INFO || last === KEYRING || last === 'accounts' || last.endsWith(TOKEN);
  if (accounts === HISTORY) {
    return last.endsWith(TOKEN) && (parts.length === 3 || (parts.length === 5 && parts[2] === 'accounts'));
  }
  if (accounts !== 'accounts' || !last.endsWith(TOKEN)) return false;
  return parts.length === 4 || (parts.length === 5 && users === 'users');
}

function isKeystorePath(parts: string[]): boolean {
  const [top, kind, shard, file = ''] = parts;
  if (parts.length === 1) {
    return top === 'keys' || top === 'creds' || top === GIT_IGNORE || top === SEAL || top === SEAL_IDENTITY;
  }
  if (parts.length !== 4) return false;
  if (top === 'creds') return unsealedFile(file).endsWith(CREDS);
  const key = keyOfSeedFile(file);
  return top === 'keys' && key !== undefined && kind === key.slice(0, 1) && shard === key.slice(1, 3);
}

/** The directory below which empty directories go when a file of the layout is removed. */
export function pruneLimit(roots: Roots, path: string): string {
  for (const limit of [keysDir(roots.keystoreDir), allCredsDir(roots.keystoreDir)]) {
    if (path.startsWith(limit + sep)) return limit;
  }
  const [operator = ''] = path.slice(roots.storeRoot.length + 1).split(sep);
  return accountsDir(join(roots.storeRoot, operator));
}
