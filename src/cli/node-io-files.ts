import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../app/ports.js';
import { NscError } from '../errors.js';
import { writeFileAtomic } from '../store/atomic-file.js';
import { absolutePath } from '../store/directories.js';
import { ioError, isAbsent } from '../store/io-error.js';
import { findText, isDirectory, isFile } from '../store/read-file.js';
import { findHead, readStandardInput } from '../store/read-head.js';
import type { World } from './world.js';

/** Files as commands name them: `~` is the home directory, and what is relative starts at the working directory. */
export function nodeFiles(world: Pick<World, 'cwd' | 'home'>): Files {
  const at = (path: string): string => absolutePath(path, world.home, world.cwd);
  return {
    read(path) {
      const absolute = path.includes('\0') ? '' : at(path);
      if (absolute === '' || isDirectory(absolute)) return undefined;
      return findText(absolute, { comesInParts: !isFile(absolute) });
    },
    readBytes(path, maxBytes) {
      if (path === '-') return readStandardInput(maxBytes);
      const absolute = path.includes('\0') ? '' : at(path);
      return absolute === '' || isDirectory(absolute) ? undefined : findHead(absolute, maxBytes);
    },
    list(directory, recursive) {
      const absolute = at(directory);
      try {
        return filesOf(absolute, recursive).sort();
      } catch (error) {
        if (!isAbsent(error)) throw ioError('list', absolute, error);
        throw new NscError('file-not-found', `there is no directory ${absolute}`);
      }
    },
    write: (path, content, mode) => writeFileAtomic(at(path), content, mode),
    exists: (path) => isFile(at(path)),
  };
}

/** Links to directories lead nowhere: they may go round in circles. `readdir` on its own follows them on some runtimes. */
function filesOf(directory: string, recursive: boolean): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return recursive ? filesOf(path, recursive) : [];
    return isFile(path) ? [path] : [];
  });
}
