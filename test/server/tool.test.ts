import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SELF_SIGNED } from '../remote/self-signed.js';
import type { Ran } from '../support/session.js';
import { Client } from './client.js';
import { isServerBefore, skipsServer } from './find-server.js';
import { clock, Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

/** The tools against a real server: what users are let do, and how it is told (S-29, S-30). */

class TlsServer extends NatsServer {
  #first = false;

  static async startTls(config: string, { first = false }: { first?: boolean } = {}): Promise<TlsServer> {
    const server = new TlsServer(config);
    server.#first = first;
    writeFileSync(join(server.directory, 'cert.pem'), SELF_SIGNED.cert);
    writeFileSync(join(server.directory, 'key.pem'), SELF_SIGNED.key);
    await server.start();
    return server;
  }

  /** Clients have to show the only certificate there is. */
  protected override frame(): string {
    const first = this.#first ? '  handshake_first: true\n' : '';
    const files = "  cert_file: 'cert.pem'\n  key_file: 'key.pem'\n  ca_file: 'cert.pem'\n";
    return `${super.frame()}tls {\n${files}  verify: true\n${first}}\n`;
  }
}

/** Account A with a user who may do everything, and one who may not. */
async function shop(): Promise<{ hierarchy: Hierarchy; server: NatsServer; any: Client }> {
  const hierarchy = await Hierarchy.make(
    'add operator O --sys',
    'add account A',
    'add user any',
    'add user few --allow-pub ok.> --allow-sub ok.>,_INBOX.>',
  );
  const server = await NatsServer.start(await hierarchy.config());
  await hierarchy.nsc(`edit operator --service-url ${server.url}`);
  return { hierarchy, server, any: await Client.connect(server, await hierarchy.creds('any')) };
}

/** Starts a command that goes on, and waits until it listens. */
async function begin({ session }: Hierarchy, line: string): Promise<{ ended: Promise<Ran> }> {
  let ended: Promise<Ran> | undefined;
  await new Promise<void>((resolve, reject) => {
    session.onOutput = (text) => {
      if (text.startsWith('listening on')) resolve();
    };
    ended = session.run(line);
    ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
  return { ended: ended as Promise<Ran> };
}

/** Runs a line with words that may have blanks. */
const run = ({ session }: Hierarchy, ...words: string[]): Promise<Ran> => session.run(words);

describe.skipIf(skipsServer)('sub', () => {
  it('puts what it gets on standard output, and nothing else', async () => {
    const { hierarchy, any } = await shop();
    const { ended } = await begin(hierarchy, 'tool sub orders.> --user any --max-messages 2');
    any.connection.publish('orders.new', 'one\u001b[2J', { reply: 'inbox' });
    any.connection.publish('orders.old', Uint8Array.of(0xff));
    expect(await ended).toEqual({
      exit: 0,
      stdout: "[#1] received on [orders.new]: 'one\u001b[2J'\n[#2] received on [orders.old]: '\ufffd'\n",
      stderr: 'listening on [orders.>] for 2 messages\n',
    });
  });

  it('shows a terminal what it would obey', async () => {
    const { hierarchy, any } = await shop();
    hierarchy.session.terminal = { stdin: false, stdout: true, stderr: false, columns: 80 };
    const { ended } = await begin(hierarchy, 'sub a -u any --max-messages 1');
    any.connection.publish('a', 'one\u001b[2J');
    expect((await ended).stdout).toBe("[#1] received on [a]: 'one\\u{1b}[2J'\n");
  });

  it('answers in JSON, an object a line, and ends well when it is interrupted', async () => {
    const { hierarchy, any } = await shop();
    const { ended } = await begin(hierarchy, 'tool sub a --user any --json');
    any.connection.publish('a', 'one', { reply: 'inbox' });
    any.connection.publish('a', Uint8Array.of(0xff, 0));
    const both = new Promise<void>((resolve) => {
      hierarchy.session.onOutput = (text) => {
        if (text.includes('dataBase64')) resolve();
      };
    });
    await both;
    hierarchy.session.interruption.abort();
    const { exit, stdout } = await ended;
    expect(exit).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { subject: 'a', reply: 'inbox', data: 'one' },
      { subject: 'a', dataBase64: '/wA=' },
    ]);
  });

  it('shares messages with the other members of its queue group', async () => {
    const { hierarchy, any } = await shop();
    const { ended: first } = await begin(hierarchy, 'tool sub a -u any -q workers --max-messages 3');
    const { ended: second } = await begin(hierarchy, 'sub a -a A -u any --queue workers --max-messages 3');
    const done = Promise.all([first, second]);
    let isDone = false;
    void done.finally(() => {
      isDone = true;
    });
    for (let sent = 1; !isDone && sent < 1000; sent += 1) {
      any.connection.publish('a', String(sent));
      await any.connection.flush();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const numbers = (await done).flatMap(({ stdout }) => [...stdout.matchAll(/'(\d+)'/g)].map(([, number]) => number));
    expect(numbers).toHaveLength(6);
    expect(new Set(numbers).size).toBe(6);
  });

  it('fails when the user may not subscribe', async () => {
    const { hierarchy } = await shop();
    const { exit, stdout, stderr } = await run(hierarchy, 'tool', 'sub', 'secret', '--user', 'few');
    expect({ exit, stdout }).toEqual({ exit: 7, stdout: '' });
    expect(stderr).toMatch(/^nsc: error: .*subscribing to "?secret"? is not allowed\nnsc: hint: /);
  });

  it('connects again to a server that comes back', { timeout: 30_000 }, async () => {
    const { hierarchy, server } = await shop();
    const config = await hierarchy.config();
    const { ended } = await begin(hierarchy, 'tool sub a --user any --max-messages 1');
    const lost = new Promise<void>((resolve) => {
      hierarchy.session.onOutput = (text) => {
        if (text.includes('was lost')) resolve();
      };
    });
    await server.kill();
    await lost;
    // a server has another port each time: being interrupted while it tries is no failure
    await server.restart(config);
    hierarchy.session.interruption.abort();
    expect(await ended).toMatchObject({ exit: 0, stdout: '' });
  });
});

describe.skipIf(skipsServer)('pub', () => {
  it('publishes', async () => {
    const { hierarchy, any } = await shop();
    const heard: string[] = [];
    any.serve('>', (message) => void heard.push(`${message.subject} ${message.string()}`));
    await any.settle();
    expect(await run(hierarchy, 'tool', 'pub', 'ok.1', 'one coffee', '-u', 'few')).toEqual({
      exit: 0,
      stdout: '[ OK ] published [ok.1] : "one coffee"\n',
      stderr: '',
    });
    expect(await run(hierarchy, 'pub', 'ok.2', '-a', 'A', '--user', 'few')).toMatchObject({ exit: 0 });
    await run(hierarchy, 'tool', 'pub', 'ok.3', '-u', 'few', '--dry-run');
    await any.settle();
    expect(heard).toEqual(['ok.1 one coffee', 'ok.2 ']);
  });

  it('fails when the user may not publish', async () => {
    const { hierarchy } = await shop();
    const { exit, stdout, stderr } = await run(hierarchy, 'tool', 'pub', 'secret', 'x', '--user', 'few', '--json');
    expect({ exit, stdout }).toEqual({ exit: 7, stdout: '' });
    const { error } = JSON.parse(stderr);
    expect(error.code).toBe('remote-failed');
    expect(error.message).toMatch(/publishing to "?secret"? is not allowed/);
  });

  it('says what servers have against a user, and then what the server says', async () => {
    const { hierarchy, server } = await shop();
    await hierarchy.nsc('add user late --expiry 1h');
    hierarchy.session.now = clock() + 7200;
    const { stderr } = await run(hierarchy, 'tool', 'pub', 'a', '--user', 'late');
    expect(stderr).toContain('nsc: warning: user "late" has expired: servers refuse these creds\n');
    hierarchy.session.now = clock();
    await hierarchy.nsc('revocations add-user --name any');
    await server.restart(await hierarchy.config());
    const { exit, stderr: refused } = await run(hierarchy, 'tool', 'pub', 'a', '-u', 'any', '--nats', server.url);
    expect(refused).toMatch(/^nsc: warning: .*revoked.*\nnsc: error: .*Authorization Violation/i);
    expect(exit).toBe(7);
  });
});

describe.skipIf(skipsServer)('req and reply', () => {
  it('ask and answer', async () => {
    const { hierarchy } = await shop();
    const { ended } = await begin(hierarchy, 'tool reply ok.time noon --user any --max-messages 2 --json');
    const asked = await run(hierarchy, 'tool', 'req', 'ok.time', 'in Bonn', '--user', 'few', '--timeout', '5');
    expect(asked).toMatchObject({ exit: 0, stderr: "published request: [ok.time] : 'in Bonn'\n" });
    expect(asked.stdout).toMatch(/^received reply: \[_INBOX\..*\] : 'noon'\n$/);
    const { stdout } = await run(hierarchy, 'req', 'ok.time', '-a', 'A', '-u', 'few', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ data: 'noon' });
    expect(
      (await ended).stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { subject: 'ok.time', data: 'in Bonn' },
      { subject: 'ok.time', data: '' },
    ]);
  });

  it('answer with what came, in a queue group, and say what cannot be answered', async () => {
    const { hierarchy, any } = await shop();
    const { ended } = await begin(hierarchy, 'reply echo -a A -u any -q echoes --max-messages 2');
    any.connection.publish('echo', 'nobody waits');
    expect((await any.connection.request('echo', 'hello')).string()).toBe('hello');
    expect(await ended).toEqual({
      exit: 0,
      stdout: "[#2] received on [echo]: 'hello'\n",
      stderr: 'listening on [echo] for 2 messages\n[#1] ignoring request on [echo]: no reply subject\n',
    });
  });

  it('fail when nobody listens, nobody answers, or it is not allowed', async () => {
    const { hierarchy, any } = await shop();
    any.serve('ok.silent', () => {});
    await any.settle();
    const refusal = async (...words: string[]) => {
      const { exit, stdout, stderr } = await run(hierarchy, 'tool', 'req', ...words, '--user', 'few');
      expect({ exit, stdout }).toEqual({ exit: 7, stdout: '' });
      return /nsc: error: (.*)/.exec(stderr)?.[1];
    };
    expect(await refusal('ok.nobody')).toBe('nobody listens on "ok.nobody"');
    expect(await refusal('ok.silent', '--timeout', '1')).toBe('no answer on "ok.silent" within 1 s');
    expect(await refusal('secret')).toMatch(/publishing to "?secret"? is not allowed/);
  });

  it('refuse encryption (S-52)', async () => {
    const { hierarchy } = await shop();
    for (const line of ['tool req a --encrypt', 'tool sub a --encrypt', 'req a -E', 'sub a -E']) {
      expect(await hierarchy.session.run(line)).toMatchObject({ exit: 4, stdout: '' });
    }
  });
});

describe.skipIf(skipsServer)('rtt', () => {
  it('measures', async () => {
    const { hierarchy, server } = await shop();
    expect(await hierarchy.nsc('tool rtt --user any')).toMatch(
      new RegExp(`^round trip time to \\[${server.url}/?\\] = [\\d.]+(µs|ms)\\n$`),
    );
    const lines = (await hierarchy.nsc('rtt -a A -u any --count 3 --json')).trimEnd().split('\n');
    expect(lines.map((line) => Object.keys(JSON.parse(line)))).toEqual(
      Array(3).fill(['url', 'server', 'roundTripMicros']),
    );
  });

  it('fails when nobody is there', async () => {
    const { hierarchy, server } = await shop();
    await server.stop();
    expect(await hierarchy.session.run(`tool rtt -u any --nats ${server.url}`)).toMatchObject({ exit: 7, stdout: '' });
  });
});

/** How a connection with TLS begins; servers before 2.10 speak first. */
const BEGINNINGS: [when: string, flag: string, first: boolean][] = [
  ['after the server has spoken', '', false],
  ...(isServerBefore(2, 10) ? [] : [['first', ' --tls-first', true] satisfies [string, string, boolean]]),
];

describe.skipIf(skipsServer)('TLS', () => {
  it.each(BEGINNINGS)('%s, with a certificate of the client (S-30)', async (_when, flag, first) => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user any');
    const server = await TlsServer.startTls(await hierarchy.config(), { first });
    const at = (name: string) => join(server.directory, name);
    const files = `--ca-cert ${at('cert.pem')} --client-cert ${at('cert.pem')} --client-key ${at('key.pem')}`;
    const where = `--nats ${server.url.replace('nats:', 'tls:')}${flag}`;
    for (const tool of ['rtt', 'pub a b', 'rtt --tls-curves P256']) {
      await hierarchy.nsc(`tool ${tool} ${where} ${files}`);
    }
    const trusting = await hierarchy.session.run(`tool rtt ${where} --ca-cert ${at('cert.pem')}`);
    expect(trusting).toMatchObject({ exit: 7, stdout: '' });
    const strange = await hierarchy.session.run(`tool rtt ${where}`);
    expect(strange).toMatchObject({ exit: 7, stdout: '' });
    hierarchy.session.env.NATS_CA = at('cert.pem');
    hierarchy.session.env.NATS_CERT = at('cert.pem');
    hierarchy.session.env.NATS_KEY = at('key.pem');
    await hierarchy.nsc(`tool rtt ${where}`);
  });
});
