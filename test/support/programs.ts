import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const DIST = join(ROOT, 'dist');

export type ProgramName = 'nsc' | 'nk';

/** The words that start a program of the bundle. */
export const bundled = (name: ProgramName): [string, ...string[]] => [
  process.execPath,
  join(ROOT, 'bin', `${name}.js`),
];

/** Where the standalone executables are (`npm run build:standalone`). */
export const STANDALONE = resolve(process.env.NSC_STANDALONE ?? join(DIST, 'standalone'));

/** The words that start a standalone program. */
export const standalone = (name: ProgramName): [string, ...string[]] => [join(STANDALONE, name)];

/** What tests that start programs start: those of the bundle, unless `NSC_STANDALONE` names others. */
export const programOf = process.env.NSC_STANDALONE === undefined ? bundled : standalone;

/** Why there is nothing standalone to test: it is not built, or not of this bundle. Empty when there is. */
export function whyNotStandalone(): string {
  if (process.env.NSC_STANDALONE !== undefined) return '';
  if (!existsSync(join(STANDALONE, 'nsc'))) return 'not built';
  const chunks = readdirSync(join(DIST, 'nsc')).filter((name) => name.endsWith('.cjs'));
  const files = ['nsc.cjs', 'nk.cjs', ...chunks.map((name) => join('nsc', name))];
  const made = statSync(join(STANDALONE, 'nsc')).mtimeMs;
  return files.some((file) => statSync(join(DIST, file)).mtimeMs > made) ? 'older than the bundle' : '';
}
