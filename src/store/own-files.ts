import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import {
  allCredsDir,
  gitIgnoreFile,
  HISTORY,
  JOURNAL,
  KEYRING,
  keysDir,
  LOCK,
  nameOfTokenFile,
  OPERATOR_INFO,
  type Roots,
  sealIdentityFile,
  sealMarkerFile,
  settingsFile,
} from './layout.js';
import { findOperatorInfo, isOperatorDir } from './operator-info.js';

/** Where seeds, creds and settings are. Stores are known by their `.nsc`, wherever they are. */
export type OwnPlaces = Pick<Roots, 'keystoreDir' | 'configDir'>;

/**
 * Makes what refuses a place for a copy or an answer where it would be taken for a seed, creds, a token or settings: it
 * would replace a key for good, or become an account of its own. Directories are followed to where links lead.
 *
 * @returns takes an absolute path; throws `bad-value`
 */
export function ownFilesGuard({ keystoreDir, configDir }: OwnPlaces): (path: string) => void {
  const keystore = [keysDir(keystoreDir), allCredsDir(keystoreDir)].map(realPath);
  const single = [gitIgnoreFile, sealMarkerFile, sealIdentityFile].map((place) => place(keystoreDir));
  const files = [...single, settingsFile(configDir)].map(realPathOfEntry);
  const real = new Map<string, string>();
  return (path) => {
    const directory = dirname(path);
    const at = real.get(directory) ?? realPath(directory);
    real.set(directory, at);
    const entry = join(at, basename(path));
    if (keystore.some((root) => entry === root || entry.startsWith(root + sep))) {
      throw new NscError('bad-value', `${quote(path)} is inside the keystore`, { hint: 'name a directory elsewhere' });
    }
    if (files.includes(entry) || isStoreFile(at, basename(path))) {
      throw new NscError('bad-value', `${quote(path)} is a file of the store itself`, { hint: 'name another file' });
    }
  };
}

/** The same for a file that is written through a link. */
export function refuseOwnFile(path: string, places: OwnPlaces): void {
  const refuse = ownFilesGuard(places);
  refuse(path);
  refuse(realPath(path));
}

/** What a store reads (nsc-core.md §3.1), and what keeps it whole. */
function isStoreFile(directory: string, file: string): boolean {
  if (file === OPERATOR_INFO || file === KEYRING || file.startsWith(LOCK) || basename(directory) === JOURNAL)
    return true;
  if (isInHistory(directory)) return true;
  const name = nameOfTokenFile(file);
  if (name === undefined) return false;
  const [parent, above] = [dirname(directory), dirname(dirname(directory))];
  if (basename(directory) === 'users') return basename(above) === 'accounts' && isOperatorDir(dirname(above));
  if (basename(parent) === 'accounts' && name === basename(directory)) return isOperatorDir(above);
  return isOperatorDir(directory) && name === findOperatorInfo(directory)?.name;
}

/** Where the versions of tokens are that others have replaced. */
function isInHistory(directory: string): boolean {
  const parts = directory.split(sep);
  return parts.some((part, index) => part === HISTORY && isOperatorDir(parts.slice(0, index).join(sep)));
}

const realPathOfEntry = (path: string): string => join(realPath(dirname(path)), basename(path));

/** The path without links, as far as there is something. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
  }
}
