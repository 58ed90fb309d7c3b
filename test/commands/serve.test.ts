import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HttpResponse, HttpServers, ListenOptions } from '../../src/app/http-server.js';
import { command } from '../../src/commands/serve.js';
import { account, operator } from '../domain/trust/hierarchy.js';
import { RunningBin } from '../support/bin.js';
import { itRefuses } from '../support/cases.js';
import { FakeWorld, type Given } from '../support/fake-world.js';
import { type Ran, Session } from '../support/session.js';

const given: Given = { operators: [{ operator: operator(), accounts: [account('A', 'a1'), account('B', 'b1')] }] };

describe('the command line', () => {
  /** What a line listens with, and says. */
  async function run(line: string, more: Given = {}) {
    let asked: ListenOptions | undefined;
    const httpServers: HttpServers = {
      async listen(options) {
        asked = options;
        const access = { time: 'T', remote: '::1', method: 'GET', path: '/x', status: 404, bytes: 9, milliseconds: 1 };
        options.onAnswered({ ...access, reason: 'a "reason"' });
        return { url: `http://${options.host}:${options.port}`, ended: Promise.resolve() };
      },
    };
    const world = new FakeWorld({ ...given, httpServers, ...more });
    const { context, input } = await world.prepare(command, line);
    const result = await command.run(context, input as Parameters<typeof command.run>[1]);
    return { result, where: asked && [asked.host, asked.port], asked, told: world.told };
  }

  it.each([
    ['', ['127.0.0.1', 9090], []],
    ['--listen localhost:0', ['localhost', 0], []],
    ['--listen [::1]:8080', ['::1', 8080], []],
    ['--listen 127.1.2.3:80', ['127.1.2.3', 80], []],
    ['--listen 0.0.0.0:9090', ['0.0.0.0', 9090], ['0.0.0.0:9090']],
    ['--listen [::]:9090', ['::', 9090], ['[::]:9090']],
    ['--listen 127.0.0.1.example.org:9090', ['127.0.0.1.example.org', 9090], ['127.0.0.1.example.org:9090']],
  ])('%s warns where more than this machine can reach it (S-49)', async (line, where, warned) => {
    const { where: at, told } = await run(line);
    expect(at).toEqual(where);
    expect(told.filter((text) => text.startsWith('warn '))).toEqual(
      warned.map(
        (address) =>
          `warn everybody who can reach ${address} can read the accounts: there is no login and no encryption`,
      ),
    );
  });

  it('says where it listens, and writes a line of JSON for every request', async () => {
    expect((await run('')).told).toEqual([
      'log {"time":"T","remote":"::1","method":"GET","path":"/x","status":404,"bytes":9,"milliseconds":1,"reason":"a \\"reason\\""}',
      'say listening on http://127.0.0.1:9090 with 2 accounts of operator "O"\n',
      'say stopped after 1 request\n',
    ]);
    expect((await run('--json')).told.slice(1)).toEqual([
      'say {"listening":"http://127.0.0.1:9090"}\n',
      'say {"requests":1}\n',
    ]);
  });

  it('is bounded, and stops when it is interrupted', async () => {
    const { asked } = await run('--accept-posts');
    expect(asked).toMatchObject({ maxBodyBytes: 1024 * 1024, graceMs: 10_000, signal: expect.any(AbortSignal) });
  });

  it('listens to nobody on a dry run', async () => {
    const { asked, result } = await run('--listen 127.0.0.1:1', { dryRun: true });
    expect(asked).toBeUndefined();
    expect(result).toMatchObject({
      steps: [{ message: 'would serve 2 accounts of operator "O" on http://127.0.0.1:1' }],
    });
  });

  itRefuses(command, given, {
    'an address that leaves out the host': ['--listen :9090', ['bad-value', '--listen: ":9090" is not HOST:PORT']],
    'a port that is none': ['--listen a:70000', ['bad-value', '--listen: "a:70000" is not HOST:PORT']],
    'a URL': ['--listen http://a:80', ['bad-value', '--listen: "http://a:80" is not HOST:PORT']],
    'a store without operator': ['', ['operator-not-found', 'there is no operator'], {}],
  });
});

/** A store on the disk that is served in this process. */
class Served {
  readonly session: Session;
  url = '';
  #ran: Promise<Ran> | undefined;

  private constructor(session: Session) {
    this.session = session;
  }

  static async start(options = '', session = new Session()): Promise<Served> {
    const served = new Served(session);
    if (readdirSync(session.home).length === 0) {
      for (const line of ['add operator O --sys', 'add account A', 'add account B']) await session.ok(line);
    }
    let told = '';
    session.onOutput = (text) => {
      told += text;
    };
    served.#ran = session.run(`serve --listen 127.0.0.1:0 ${options}`);
    onTestFinished(async () => void (await served.stop()));
    for (;;) {
      const [, url] = /listening on (\S+) with/.exec(told) ?? [];
      if (url !== undefined) return Object.assign(served, { url });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async stop(): Promise<Ran | undefined> {
    this.session.interruption.abort();
    return this.#ran;
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<HttpResponse & { tag: string | null }> {
    const response = await fetch(`${this.url}/jwt/v1/${path}`, { headers });
    return { status: response.status, body: await response.text(), tag: response.headers.get('etag') };
  }

  async post(name: string, token: string): Promise<[number, string]> {
    const response = await fetch(`${this.url}/jwt/v1/accounts/${await this.key(name)}`, {
      method: 'POST',
      body: token,
    });
    return [response.status, await response.text()];
  }

  async key(name: string): Promise<string> {
    return JSON.parse(await this.session.ok(`describe account ${name} --field sub`)) as string;
  }

  token(name: string): string {
    return readFileSync(join(this.session.home, `.local/share/nats/nsc/stores/O/accounts/${name}/${name}.jwt`), 'utf8');
  }
}

describe('a store that is served', () => {
  it('answers with what is in it at that moment', async () => {
    const served = await Served.start();
    const { session } = served;
    const key = await served.key('A');
    const first = await served.get(`accounts/${key}`);
    expect(first).toMatchObject({ status: 200, body: served.token('A') });
    expect(await served.get(`accounts/${key}`, { 'if-none-match': first.tag ?? '' })).toMatchObject({ status: 304 });

    session.advance(5);
    await session.ok('edit account A --conns 5');
    expect(await served.get(`accounts/${key}`, { 'if-none-match': first.tag ?? '' })).toMatchObject({
      status: 200,
      body: served.token('A'),
    });

    await session.ok('add account New');
    expect(await served.get(`accounts/${await served.key('New')}`)).toMatchObject({ body: served.token('New') });
    const before = await served.key('New');
    await session.ok('delete account New --force');
    await session.ok('add account New');
    expect(await served.get(`accounts/${await served.key('New')}`)).toMatchObject({ body: served.token('New') });
    expect(await served.get(`accounts/${before}`)).toMatchObject({ status: 404 });
    await session.ok('rename account A Renamed --OK');
    expect(await served.get(`accounts/${key}`)).toMatchObject({ body: served.token('Renamed') });
    await session.ok('delete account B --force');
    expect((await served.get('pack')).body).not.toContain('|undefined');
    expect(String((await served.get('pack')).body).split('\n')).toHaveLength(3);
    await session.ok('delete account Renamed --force');
    expect(await served.get(`accounts/${key}`)).toMatchObject({ status: 404, body: 'no such account' });
    expect((await served.stop())?.stderr).toContain('"reason":"the store has no such account"');
  });

  it('goes on with the operator it began with', async () => {
    const served = await Served.start();
    const { body } = await served.get('operator?text=true');
    await served.session.ok('add operator Other');
    expect(await served.get('operator?text=true')).toMatchObject({ body });
    await served.session.ok('select operator O');
  });

  it('takes nothing unless that is asked for', async () => {
    const served = await Served.start();
    expect(await served.post('A', served.token('A'))).toEqual([405, 'method not allowed']);
  });

  it('takes what the operator signed, and keeps the rest out (S-55)', async () => {
    const served = await Served.start('--accept-posts');
    const { session } = served;
    const old = served.token('A');
    session.advance(5);
    await session.ok('edit account A --conns 5');
    const edited = served.token('A');
    expect(await served.post('A', edited)).toEqual([200, 'here already']);
    expect(await served.post('A', old)).toEqual([409, 'account "A" is here with a JWT that was issued later']);
    expect(await served.post('B', edited)).toEqual([400, expect.stringContaining('not about the account of the path')]);
    expect(await served.post('A', 'x'.repeat(1024 * 1024 + 1))).toEqual([413, expect.any(String)]);
    expect(served.token('A')).toBe(edited);

    const copy = new Session();
    const other = await Served.start('--accept-posts', copy);
    expect(await other.post('A', served.token('A'))).toEqual([200, 'stored']);
    expect(other.token('A')).toBe(edited);
    expect(await copy.ok('validate --all-accounts')).not.toContain('ERR');
  });
});

it('what cannot be listened on is refused', async () => {
  const served = await Served.start();
  const address = new URL(served.url).host;
  expect(await new Session().run(`serve --listen ${address}`)).toMatchObject({ exit: 3 });
  const { session } = served;
  expect(await session.run(`serve --listen ${address}`)).toMatchObject({
    exit: 7,
    stderr: expect.stringContaining(`cannot listen on ${address}: something else listens there`),
  });
});

describe('in the program', () => {
  async function serve(log?: number): Promise<{ bin: RunningBin; session: Session; url: string }> {
    const session = new Session({ now: Math.floor(Date.now() / 1000) });
    for (const line of ['add operator O', 'add account A']) await session.ok(line);
    const args = ['serve', '--listen', '127.0.0.1:0', '--accept-posts'];
    const bin = new RunningBin(args, session.env, session.cwd, log);
    const [, url = ''] = await bin.said(/listening on (http:\S+) with 1 account of operator "O"\n/);
    return { bin, session, url };
  }
  const files = ({ root }: Session): string[] => readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();

  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends it once the request under way is answered', async (signal) => {
    const { bin, url } = await serve();
    let send: (() => void) | undefined;
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('half '));
        send = () => {
          controller.enqueue(new TextEncoder().encode('done'));
          controller.close();
        };
      },
    });
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    const answer = fetch(`${url}/jwt/v1/accounts/x`, init);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const ended = bin.end(signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    send?.();
    expect((await answer).status).toBe(400);
    const { exit, stdout, stderr } = await ended;
    expect([exit, stdout.split('\n')[1]]).toEqual([0, 'stopped after 1 request']);
    expect(JSON.parse(stderr)).toMatchObject({ method: 'POST', status: 400 });
  });

  it.skipIf(!existsSync('/dev/full'))('goes on when its log cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const { bin, url } = await serve(full);
    for (let n = 0; n < 3; n += 1) expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await bin.end('SIGINT')).toMatchObject({ exit: 0, stdout: expect.stringContaining('after 3 requests') });
  });

  it('others change the store while it is read, and it is never seen half changed', async () => {
    const { session, url } = await serve();
    for (let n = 0; n < 20; n += 1) await session.ok(`add account N${n}`);
    const list = JSON.parse(await session.ok('list accounts --json')) as Record<string, string>[];
    const keys = list.map((row) => Object.values(row).find((cell) => /^A[A-Z2-7]{55}$/.test(String(cell))) ?? '');
    let busy = true;
    const seen = new Set<string>();
    const readers = Array.from({ length: 10 }, async (_none, at) => {
      for (let count = at; busy; count += 1) {
        const response = await fetch(`${url}/jwt/v1/accounts/${keys[count % keys.length]}`);
        expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(/^eyJ/)]);
        seen.add(response.headers.get('etag') ?? '');
      }
    });
    // each changes the operator and all of its accounts
    const change = async (): Promise<void> => {
      for (let round = 0; round < 4; round += 1) {
        const { exit } = await new RunningBin(['reissue', 'operator'], session.env, session.cwd).ended;
        expect(exit).toBe(0);
      }
    };
    await Promise.all([
      change().finally(() => {
        busy = false;
      }),
      ...readers,
    ]);
    expect(seen.size).toBeGreaterThan(keys.length);
  });

  it('killed, it leaves nothing behind', async () => {
    const { bin, session, url } = await serve();
    const before = files(session);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await bin.end('SIGKILL')).signal).toBe('SIGKILL');
    expect(files(session)).toEqual(before);
    await session.ok('edit account A --conns 5');
  });
});
