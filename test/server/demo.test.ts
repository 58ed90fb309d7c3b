import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { runBin } from '../support/bin.js';
import { splitWords } from '../support/txtar.js';
import { Client } from './client.js';
import { skipsServer } from './find-server.js';
import { NatsServer } from './nats-server.js';

const ROOT = join(import.meta.dirname, '../..');
const DEMO = join(ROOT, 'scripts/demo.mjs');

describe.skipIf(skipsServer)('the demo of the README', () => {
  it('leaves a store from which a server boots, and creds that it takes', async () => {
    expect(inject('buildFailure')).toBe('');
    const env = { ...process.env, TMPDIR: makeDirectory() };
    const { status, stdout, stderr } = spawnSync(process.execPath, [DEMO], { encoding: 'utf8', env });
    expect(status, stderr).toBe(0);
    const directory = /^Everything is in (\S+)\. Next:$/m.exec(stdout)?.[1] ?? '';
    expect(stdout).toContain(`nats-server -c ${join(directory, 'server.conf')}`);

    const config = readFileSync(join(directory, 'server.conf'), 'utf8');
    expect(NatsServer.check(config)).toMatchObject({ ok: true });
    const server = await NatsServer.start(config);
    const alice = await Client.connect(server, readFileSync(join(directory, 'creds/Acme/Orders/alice.creds'), 'utf8'));
    alice.connection.publish('orders.new', 'hello');
    alice.connection.publish('billing.new', 'hello');
    await alice.settle();
    expect(alice.violations).toEqual(['publish billing.new']);
    await Client.connect(server, readFileSync(join(directory, 'creds/Acme/SYS/sys.creds'), 'utf8'));
  });

  it('is, command by command, what the README says', async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const [, block = ''] = /by hand:\n\n```sh\n(.*?)```/s.exec(readme) ?? [];
    const lines = block.split('\n').map((line) => splitWords(line.replace(/\s#.*/, '')));
    const home = makeDirectory();
    for (const [program, ...args] of lines) {
      if (program === 'nsc') expect(runBin(args, { env: { HOME: home }, cwd: home })).toMatchObject({ exit: 0 });
    }
    expect(lines).toContainEqual(['nats-server', '-c', 'server.conf']);

    const server = await NatsServer.start(readFileSync(join(home, 'server.conf'), 'utf8'));
    const creds = join(home, '.local/share/nats/nsc/keys/creds/Acme/Orders/alice.creds');
    const alice = await Client.connect(server, readFileSync(creds, 'utf8'));
    alice.connection.publish('orders.new', 'hello');
    await alice.settle();
    expect(alice.violations).toEqual([]);
  });
});

/** Gone when the test ends. */
function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'nsc-demo-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
