import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian's package is unpacked when there is no age on PATH; nothing else changes. */
const UNPACKED = join(import.meta.dirname, '../../node_modules/.cache/age');

const age: string | undefined = find() ?? (unpackPackage() ? find() : undefined);

/** True where the tests are to be skipped: not in CI, where they fail for want of the program. */
export const skipsAge = age === undefined && process.env.CI !== 'true';

/** Runs `age` or `age-keygen`, and gives what it wrote; throws where it fails or cannot be had. */
export function runAge(program: 'age' | 'age-keygen', args: readonly string[], input = ''): string {
  if (age === undefined) throw new Error('there is no age on PATH, and its package could not be had');
  const { status, stdout, stderr } = spawnSync(join(age, program), args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}

/** The path of `age`. */
export const ageProgram = (): string => join(age ?? '', 'age');

/** The directory that both programs are in. */
function find(): string | undefined {
  const directories = [...(process.env.PATH ?? '').split(delimiter), join(UNPACKED, 'usr/bin')];
  return directories.find((directory) => ['age', 'age-keygen'].every((name) => isExecutable(join(directory, name))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Test files run at the same time; the first one unpacks, the others wait for it. */
function unpackPackage(): boolean {
  if (process.getuid?.() !== 0) return false;
  mkdirSync(UNPACKED, { recursive: true });
  const script = `cd "$1" && flock . sh -c '
    [ -x usr/bin/age ] && exit
    apt-get download age || { apt-get update && apt-get download age; } || exit
    dpkg-deb -x age_*.deb . && rm age_*.deb'`;
  return spawnSync('sh', ['-c', script, 'sh', UNPACKED], { stdio: 'ignore', timeout: 300_000 }).status === 0;
}
