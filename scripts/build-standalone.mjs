// Makes dist/standalone/nsc, which runs without Node and is nk too when it is called so, from the bundle in dist.
// Bun is fetched for it, being half the size of all that `npm install` brings (docs/adr/0017). Arguments go to Bun:
// --target=bun-linux-arm64 makes one for another platform.
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';

const BUN = 'bun@1.4.5';
const root = join(import.meta.dirname, '..');
const directory = join(root, 'dist', 'standalone');

const options = [
  '--compile',
  '--bytecode', // starts in less than half the time
  '--reject-unresolved', // what is not in the bundle would be looked for on the disk
  '--no-compile-autoload-dotenv', // the working directory has no say in what a program with keys does
  '--no-compile-autoload-bunfig',
  `--outfile=${join(directory, 'nsc')}`,
  ...process.argv.slice(2),
];

rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
execFileSync('npx', ['--yes', BUN, 'build', join(root, 'scripts', 'standalone.cjs'), ...options], {
  stdio: ['ignore', 'inherit', 'inherit'],
  shell: process.platform === 'win32',
});
for (const name of readdirSync(directory)) linkSync(join(directory, name), join(directory, `nk${extname(name)}`));
