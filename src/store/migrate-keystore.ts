import { chmodSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Migration, Move } from '../app/ports.js';
import { keyPairFromSeed } from '../domain/nkey/key-pair.js';
import { NscError } from '../errors.js';
import { prune } from './apply-steps.js';
import { removeFile, syncDirectory } from './atomic-file.js';
import { ioError } from './io-error.js';
import { credsFile, isSegment, seedFile } from './layout.js';
import { makeDirectories } from './make-directories.js';
import { listOldOperators } from './old-keystore.js';
import { findText, isFile, listNames } from './read-file.js';

/**
 * Files the seeds and creds of an old keystore where they belong now (nsc-core.md §9.22). Each file moves in one step,
 * so an interrupted migration goes on where it stopped, no copies of seeds stay behind, and a file that makes no
 * sense is set aside instead of stopping the rest (E-26).
 *
 * @param options.rehearse only tells what would go where
 * @throws NscError `store-io`
 */
export function migrateKeystore(keystoreDir: string, { rehearse = false } = {}): Migration {
  const relocate = rehearse ? () => {} : move;
  const moved: Move[] = [];
  const setAside: (Move & { reason: string })[] = [];
  const aside = (from: string, reason: string): void => {
    const to = unusedPath(join(`${keystoreDir}_old`, relative(keystoreDir, from)));
    relocate(from, to);
    setAside.push({ from, to, reason });
  };
  for (const operator of listOldOperators(keystoreDir)) {
    const directory = join(keystoreDir, operator);
    for (const from of filesBelow(directory)) {
      const place = findPlace(keystoreDir, operator, relative(directory, from), from);
      if ('reason' in place) aside(from, place.reason);
      else if (!isFile(place.to)) {
        relocate(from, place.to);
        moved.push({ from, to: place.to });
      } else if (contentOf(place.to) === contentOf(from)) {
        if (!rehearse) removeFile(from);
      } else aside(from, `${place.to} holds something else`);
      if (!rehearse) prune(dirname(from), keystoreDir);
    }
    if (!rehearse && listOldOperators(keystoreDir).includes(operator))
      aside(directory, 'it holds files that are no keys or creds');
  }
  return { moved, setAside };
}

/** Where a file of an old keystore belongs. */
function findPlace(
  keystoreDir: string,
  operator: string,
  path: string,
  from: string,
): { to: string } | { reason: string } {
  if (path.endsWith('.nk')) {
    try {
      return { to: seedFile(keystoreDir, keyPairFromSeed(contentOf(from)).publicKey) };
    } catch (error) {
      if (error instanceof NscError) return { reason: 'it holds no seed' };
      throw error;
    }
  }
  const [accounts, account = '', users, user = '', ...more] = path.slice(0, -'.creds'.length).split(sep);
  const fits = accounts === 'accounts' && users === 'users' && more.length === 0 && [account, user].every(isSegment);
  return fits
    ? { to: credsFile(keystoreDir, operator, account, user) }
    : { reason: 'it is not where the creds of a user are' };
}

const contentOf = (path: string): string => (findText(path) ?? '').replace(/[\r\n]+$/, '');

function filesBelow(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.nk') || path.endsWith('.creds'))
      .map((path) => join(directory, path))
      .filter(isFile)
      .sort();
  } catch (error) {
    throw ioError('list', directory, error);
  }
}

function unusedPath(path: string): string {
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? path : `${path}.${count}`;
    if (!listNames(dirname(candidate)).includes(candidate.slice(dirname(candidate).length + 1))) return candidate;
  }
}

function move(from: string, to: string): void {
  try {
    if (isFile(from)) chmodSync(from, 0o600);
    makeDirectories(dirname(to));
    renameSync(from, to);
  } catch (error) {
    throw ioError('move', from, error);
  }
  syncDirectory(dirname(to));
}
