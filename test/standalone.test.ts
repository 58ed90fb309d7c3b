import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { version } from '../package.json';
import { STANDALONE, standalone, whyNotStandalone } from './support/programs.js';

/*
 * What is different about the executables of `npm run build:standalone`. The corpus is replayed through them in
 * `conformance/`; with NSC_STANDALONE=dist/standalone the tests that start programs start these.
 */

const skipped = whyNotStandalone();
const root = realpathSync(mkdtempSync(join(tmpdir(), 'nsc-standalone-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs an executable with nothing around it: no Node, no PATH. */
function run(file: string, args: readonly string[], cwd = root) {
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd, env: { HOME: root }, encoding: 'utf8' });
  if (error) throw error;
  return { exit: status, stdout, stderr };
}

const [nsc] = standalone('nsc');
const [nk] = standalone('nk');

describe.skipIf(skipped !== '')(`a standalone program${skipped && `: ${skipped}`}`, () => {
  it('is nk when it is called so, and else nsc', () => {
    const link = (name: string): string => {
      symlinkSync(nsc, join(root, name));
      return join(root, name);
    };
    expect(run(nsc, ['--version'])).toEqual({ exit: 0, stdout: `nsc version ${version}\n`, stderr: '' });
    expect(run(link('my-nsc'), ['--version']).stdout).toBe(`nsc version ${version}\n`);
    expect(run(nk, ['-v'])).toEqual({ exit: 0, stdout: `nk version ${version}\n`, stderr: '' });
    expect(run(link('nk'), ['-v']).stdout).toBe(`nk version ${version}\n`);
  });

  it('is not told what to do by files in the working directory', () => {
    const cwd = join(root, 'hostile');
    mkdirSync(cwd);
    for (const name of ['.env', '.env.local', '.env.production']) writeFileSync(join(cwd, name), `NSC_HOME=${cwd}\n`);
    writeFileSync(join(cwd, 'bunfig.toml'), 'preload = ["./preload.js"]\n');
    writeFileSync(join(cwd, 'preload.js'), 'process.exit(99);\n');
    const { exit, stdout } = run(nsc, ['env', '--json'], cwd);
    expect(exit).toBe(0);
    expect(stdout).not.toContain(cwd);
  });

  it('knows of no directory of the machine it was built on', () => {
    expect(readFileSync(nsc).includes(join(import.meta.dirname, '..'))).toBe(false);
  });

  it('searches on threads that are the program too', () => {
    const { exit, stdout } = run(nk, ['-gen', 'user', '-pre', 'BEAD']);
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/^SU[A-Z2-7]{56}\nUBEAD[A-Z2-7]{51}\n$/)]);
  });

  it('says how it is updated', () => {
    const { exit, stdout } = run(nsc, ['update', '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version,
      installation: 'standalone',
      directory: realpathSync(STANDALONE),
      commands: [],
    });
  });
});
