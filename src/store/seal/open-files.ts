import { join } from 'node:path';
import { NscError } from '../../errors.js';
import { allCredsDir, isSealedFile, keysDir } from '../layout.js';
import { findBytes, findStamp, listNames } from '../read-file.js';
import type { Opener } from './age.js';
import { inParallel } from './in-parallel.js';
import type { OpenedFiles, SealedFile } from './opened-files.js';

/** So many files of a kind are opened one by one; who needs more is given all of that kind. */
const ONE_BY_ONE = 3;

/**
 * Opens the file that was missing. A command that goes on and on missing files of one kind (seeds of users, creds of an
 * operator) gets all of them: it would be run again for each. Throws `store-io`.
 */
export async function openMissing(missing: SealedFile, opened: OpenedFiles, open: Opener): Promise<void> {
  const { path, keystoreDir } = missing;
  const kind = kindOf(path, keystoreDir);
  const misses = (opened.misses.get(kind) ?? 0) + 1;
  opened.misses.set(kind, misses);
  await openFiles(misses > ONE_BY_ONE ? [path, ...listSealed(kind)] : [path], opened, open);
}

/**
 * Opens files; what is gone by now is passed over. One that cannot be opened is like one that cannot be read: who asks for
 * it is told. Throws `store-io`.
 */
export async function openFiles(paths: readonly string[], opened: OpenedFiles, open: Opener): Promise<void> {
  await inParallel([...new Set(paths)], async (path) => {
    const stamp = findStamp(path);
    if (stamp === undefined || opened.has(path, stamp)) return;
    const content = findBytes(path);
    if (content) opened.learn(path, stamp, await open(content, path).catch(asRefusal));
  });
}

function asRefusal(error: unknown): NscError {
  if (error instanceof NscError) return error;
  throw error;
}

/** `keys/K` of the kinds of keys, `creds/OPERATOR`: the directory above the one that the file's is in. */
function kindOf(path: string, keystoreDir: string): string {
  const top = path.startsWith(keysDir(keystoreDir)) ? keysDir(keystoreDir) : allCredsDir(keystoreDir);
  return join(top, path.slice(top.length + 1).split(/[/\\]/, 1)[0] ?? '');
}

/** Encrypted files two levels below, as `keys/K` and `creds/OPERATOR` have them. */
export const listSealed = (directory: string): string[] => listFiles(directory).filter(isSealedFile);

/** All files two levels below. */
export const listFiles = (directory: string): string[] =>
  listNames(directory).flatMap((shard) =>
    listNames(join(directory, shard)).map((name) => join(directory, shard, name)),
  );
