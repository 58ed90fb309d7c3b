// Makes the code caches beside the chunks of dist/nsc, by running typical commands; part of `npm run build`.
// Each run adds to what the ones before left: a cache holds the functions that were used so far.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const chunks = join(import.meta.dirname, '..', 'dist', 'nsc');
const home = mkdtempSync(join(tmpdir(), 'nsc-code-cache-'));
const nsc = (script, command) =>
  execFileSync(process.execPath, [join(import.meta.dirname, script), '-H', home, ...command.split(' ')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });

/** What people run most; caches of more functions take longer to load. */
const COMMANDS = [
  'add user bob',
  'edit user bob --tag x',
  'describe user bob',
  'describe user bob --json',
  'list users',
  'validate',
  'generate creds --name bob',
  'list users --help',
];

for (const name of readdirSync(chunks)) if (name.endsWith('.cache')) rmSync(join(chunks, name));
try {
  nsc('../bin/nsc.js', 'init --name A');
  for (const command of COMMANDS) nsc('record-code.cjs', command);
} finally {
  rmSync(home, { recursive: true, force: true });
}
