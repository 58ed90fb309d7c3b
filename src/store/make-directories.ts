import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from './io-error.js';

/**
 * Makes a directory (0700) and those above it that are missing. Step by step, because Node's own way never ends where a
 * file system makes none (`/proc/x`).
 *
 * @param made is told of every directory that was made, the topmost first
 * @throws what the file system says
 */
export function makeDirectories(path: string, made: (directory: string) => void = () => {}): void {
  // to look first is far cheaper than to fail
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return;
    if (errnoOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    makeDirectories(dirname(path), made);
    try {
      mkdirSync(path, { mode: 0o700 });
    } catch (again) {
      if (errnoOf(again) === 'EEXIST') return;
      throw again;
    }
  }
  made(path);
}
