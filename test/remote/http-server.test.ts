import { Agent, request as sendRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Access, HttpRequest, HttpResponse, Listening } from '../../src/app/http-server.js';
import { httpServersWith, type Patience } from '../../src/remote/http-server.js';
import { caughtAsync } from '../support/caught.js';

const QUICK: Patience = { head: 300, request: 600, answer: 600, idle: 5_000, check: 50 };

interface Running extends Listening {
  readonly log: Access[];
  readonly requests: HttpRequest[];
  stop(): void;
}

type Answer = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

async function listen(answer: Answer = () => ({ status: 200, body: 'fine' }), patience = QUICK): Promise<Running> {
  const log: Access[] = [];
  const requests: HttpRequest[] = [];
  const control = new AbortController();
  const listening = await httpServersWith(patience).listen(
    {
      host: '127.0.0.1',
      port: 0,
      maxBodyBytes: 1000,
      signal: control.signal,
      graceMs: 1_000,
      onAnswered: (access) => void log.push(access),
    },
    async (request) => {
      requests.push(request);
      return answer(request);
    },
  );
  onTestFinished(() => {
    control.abort();
    return listening.ended;
  });
  return { ...listening, log, requests, stop: () => control.abort() };
}

/** Sends bytes as they are, and gives all that comes until the server hangs up. */
function talk({ url }: Listening, text: string): { socket: Socket; heard: Promise<string> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let all = '';
  const heard = new Promise<string>((resolve) => {
    socket.setEncoding('latin1').on('data', (piece: string) => {
      all += piece;
    });
    socket.on('error', () => {}).on('close', () => resolve(all));
  });
  socket.write(text);
  return { socket, heard };
}

const eventually = async (check: () => void): Promise<void> => {
  for (let tries = 0; ; tries += 1) {
    try {
      check();
      return;
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
};

describe('a request', () => {
  it('arrives with its parts, decoded once', async () => {
    const server = await listen();
    await fetch(`${server.url}/a%20b/%252e?x=1&x=%32`, { method: 'POST', body: 'ü', headers: { 'X-One': 'y' } });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/a b/%2e', body: 'ü', headers: { 'x-one': 'y' } });
    expect([...(request?.query ?? [])]).toEqual([
      ['x', '1'],
      ['x', '2'],
    ]);
  });

  it.each(['/%', '/%ff', '*', 'http://elsewhere/'])('for %s is refused', async (target) => {
    const server = await listen();
    const { heard } = talk(server, `GET ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`);
    expect(await heard).toMatch(/^HTTP\/1\.1 400 /);
    expect(server.requests).toEqual([]);
  });

  it('with a body that is too large is refused, said or not', async () => {
    const server = await listen();
    const headers = 'POST / HTTP/1.1\r\nHost: h\r\n';
    expect(await talk(server, `${headers}Content-Length: 1001\r\n\r\n`).heard).toMatch(/^HTTP\/1\.1 413 /);
    const chunk = `${(2000).toString(16)}\r\n${'x'.repeat(2000)}\r\n`;
    expect(await talk(server, `${headers}Transfer-Encoding: chunked\r\n\r\n${chunk}`).heard).toMatch(
      /^HTTP\/1\.1 413 /,
    );
    expect(server.requests).toEqual([]);
  });

  it('with a head that is too large is refused', async () => {
    const server = await listen();
    const { heard } = talk(server, `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(await heard).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('an answer', () => {
  it('has status, headers, length and body', async () => {
    const server = await listen(() => ({ status: 404, headers: { 'cache-control': 'no-cache' }, body: 'nö' }));
    const response = await fetch(server.url);
    expect([response.status, await response.text()]).toEqual([404, 'nö']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-cache',
      'content-length': '3',
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('to HEAD has the length of the body it leaves out', async () => {
    const server = await listen();
    const response = await fetch(server.url, { method: 'HEAD' });
    expect([response.headers.get('content-length'), await response.text()]).toEqual(['4', '']);
  });

  it('of 304 has neither body nor length', async () => {
    const server = await listen(() => ({ status: 304, headers: { etag: '"x"' }, body: 'left out' }));
    const response = await fetch(server.url);
    expect([response.status, response.headers.get('etag'), response.headers.get('content-length')]).toEqual([
      304,
      '"x"',
      null,
    ]);
  });

  it('may come in pieces, while others are served', async () => {
    async function* pieces() {
      for (let at = 0; at < 2000; at += 1) yield 'x'.repeat(1000);
    }
    const give: Answer = ({ path }) => ({ status: 200, body: path === '/pieces' ? pieces() : 'fine' });
    const server = await listen(give, { ...QUICK, answer: 60_000 });
    const [long, short] = await Promise.all([fetch(`${server.url}/pieces`), fetch(server.url)]);
    expect([(await long.text()).length, await short.text()]).toEqual([2_000_000, 'fine']);
    await eventually(() => expect(server.log.map(({ bytes }) => bytes).sort()).toEqual([2_000_000, 4]));
  });

  it('that breaks off is seen to do so', async () => {
    async function* pieces() {
      yield 'half';
      throw new Error('the store is gone');
    }
    const server = await listen(() => ({ status: 200, body: pieces() }));
    await expect(fetch(server.url).then((response) => response.text())).rejects.toThrow();
    await eventually(() => expect(server.log).toMatchObject([{ bytes: 4, reason: 'the store is gone' }]));
  });

  it.each<[string, Answer]>([
    ['that fails', () => Promise.reject(new Error('secret reason'))],
    ['that cannot be sent', () => ({ status: 200, headers: { etag: 'a\r\nb: c' } })],
  ])('%s is no answer of ours, and the next one is', async (_what, fail) => {
    const server = await listen((request) => (request.path === '/bad' ? fail(request) : { status: 200, body: 'fine' }));
    const bad = await fetch(`${server.url}/bad`).then(
      async (response) => [response.status, await response.text()],
      () => ['hung up'],
    );
    expect([[500, 'internal error\n'], ['hung up']]).toContainEqual(bad);
    expect(await (await fetch(server.url)).text()).toBe('fine');
    expect(server.log[0]?.reason).toBeTruthy();
  });
});

describe('slow peers are given up, and others served', () => {
  it.each([
    ['says nothing', ''],
    ['begins a head', 'GET / HTTP/1.1\r\nHost: h\r\n'],
    ['begins a body', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf'],
  ])('one that %s', async (_what, text) => {
    const server = await listen();
    const peers = Array.from({ length: 50 }, () => talk(server, text));
    expect(await (await fetch(server.url)).text()).toBe('fine');
    for (const { heard } of peers) expect(await heard).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  it('one that drips', async () => {
    const server = await listen();
    const { socket, heard } = talk(server, 'GET / HTTP/1.1\r\n');
    const drip = setInterval(() => socket.write('X: y\r\n'), 50);
    expect(await heard).toMatch(/^(HTTP\/1\.1 408 |$)/);
    clearInterval(drip);
  });

  it('one that does not take its answer', async () => {
    const server = await listen(() => ({ status: 200, body: 'x'.repeat(50_000_000) }));
    const { socket } = talk(server, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    socket.pause();
    await eventually(() => expect(server.log).toMatchObject([{ reason: 'the connection broke off' }]));
  });
});

describe('connections', () => {
  it('are kept for further requests', async () => {
    const server = await listen();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const get = (): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        sendRequest(server.url, { agent }, (response) => {
          const port = response.socket.localPort;
          response.resume().on('end', () => resolve(port));
        })
          .on('error', reject)
          .end();
      });
    expect(await get()).toBe(await get());
  });

  it('end when more is asked at once than anybody needs', async () => {
    const server = await listen();
    const { heard } = talk(server, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'.repeat(1000));
    await heard;
    expect(server.requests.length).toBeLessThanOrEqual(16);
    expect(await (await fetch(server.url)).text()).toBe('fine');
  });

  it('are refused where something else listens', async () => {
    const first = await listen();
    const port = Number(new URL(first.url).port);
    const options = { host: '127.0.0.1', maxBodyBytes: 1, graceMs: 1, signal: new AbortController().signal };
    const again = httpServersWith(QUICK).listen({ ...options, port, onAnswered: () => {} }, async () => ({
      status: 200,
    }));
    expect(await caughtAsync(() => again)).toMatchObject({
      code: 'remote-failed',
      message: `cannot listen on 127.0.0.1:${port}: something else listens there`,
    });
  });
});

describe('when it is told to stop', () => {
  it('requests under way are answered, nobody else is, and idle connections end', async () => {
    let release: (response: HttpResponse) => void = () => {};
    const server = await listen(
      () =>
        new Promise<HttpResponse>((resolve) => {
          release = resolve;
        }),
    );
    const idle = talk(server, '');
    const busy = fetch(server.url);
    await eventually(() => expect(server.requests).toHaveLength(1));
    server.stop();
    await expect(fetch(server.url)).rejects.toThrow();
    release({ status: 200, body: 'to the end' });
    const response = await busy;
    expect([await response.text(), response.headers.get('connection')]).toEqual(['to the end', 'close']);
    await server.ended;
    await idle.heard;
  });

  it('those that take too long are given up', async () => {
    const server = await listen(() => new Promise<HttpResponse>(() => {}), { ...QUICK, answer: 60_000 });
    const busy = fetch(server.url).catch(() => 'hung up');
    await eventually(() => expect(server.requests).toHaveLength(1));
    server.stop();
    await server.ended;
    expect(await busy).toBe('hung up');
  });

  it('before it began, it does not even listen', async () => {
    const signal = AbortSignal.abort();
    const options = { host: '127.0.0.1', port: 0, maxBodyBytes: 1, graceMs: 1, signal, onAnswered: () => {} };
    const { url, ended } = await httpServersWith(QUICK).listen(options, async () => ({ status: 200 }));
    await ended;
    expect(url).toBe('http://127.0.0.1:0');
  });
});

it('every request is told once, with what became of it, and nothing of its query', async () => {
  const server = await listen(({ path }) => ({
    status: path === '/' ? 200 : 404,
    body: 'text',
    reason: `for ${path}`,
  }));
  await fetch(`${server.url}/?secret=x`);
  await talk(server, 'GET /%e4?q HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n').heard;
  await eventually(() => expect(server.log).toHaveLength(2));
  expect(server.log[0]).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    remote: '127.0.0.1',
    method: 'GET',
    path: '/',
    status: 200,
    bytes: 4,
    milliseconds: expect.any(Number),
    reason: 'for /',
  });
  expect(server.log[1]).toMatchObject({ status: 400, path: '/%e4' });
});

it('requests in line behind one that is never answered are told, too, when the peer hangs up', async () => {
  const server = await listen(() => new Promise<HttpResponse>(() => {}), { ...QUICK, answer: 60_000 });
  const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
  const { socket } = talk(server, ['/1', '/2', '/3'].map(get).join(''));
  await eventually(() => expect(server.requests).toHaveLength(3));
  socket.destroy();
  await eventually(() => expect(server.log.map(({ path }) => path).sort()).toEqual(['/1', '/2', '/3']));
  expect(new Set(server.log.map(({ reason }) => reason))).toEqual(new Set(['the connection broke off']));
});
