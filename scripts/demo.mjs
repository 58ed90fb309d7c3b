// The main job on a fresh machine: an operator, accounts and users with signing keys, ready for a server.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '..', 'bin', 'nsc.js');
const home = mkdtempSync(join(tmpdir(), 'nsc-demo-'));
const conf = join(home, 'server.conf');
const env = { ...process.env };
for (const name of ['NSC_HOME', 'NKEYS_PATH', 'NSC_CWD_ONLY']) delete env[name];

/** Runs one command of nsc and shows it, as a person would type it. */
function nsc(...args) {
  console.log(`\n$ nsc ${args.map((arg) => (/^[\w./:-]+$/.test(arg) ? arg : `'${arg}'`)).join(' ')}`);
  execFileSync(process.execPath, [bin, '-H', home, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: home,
    env,
  });
}
const read = (...args) => JSON.parse(execFileSync(process.execPath, [bin, '-H', home, ...args], { cwd: home, env }));

nsc('add', 'operator', 'Acme', '--generate-signing-key', '--sys');
const [operatorKey] = read('describe', 'operator', '--field', 'nats.signing_keys');
nsc('add', 'account', 'Orders', '-K', operatorKey);
nsc('edit', 'account', 'Orders', '--sk', 'generate', '-K', operatorKey);
const [accountKey] = read('describe', 'account', 'Orders', '--field', 'nats.signing_keys');
nsc('add', 'user', 'alice', '-K', accountKey, '--allow-pub', 'orders.>', '--allow-sub', '_INBOX.>');
nsc('describe', 'user', 'alice');
nsc('validate', '--all-accounts');
nsc('generate', 'config', '--mem-resolver', '--config-file', conf);

console.log(`
Everything is in ${home}. Next:
  nats-server -c ${conf}
  nats --creds ${join(home, 'creds', 'Acme', 'Orders', 'alice.creds')} pub orders.new hello`);
