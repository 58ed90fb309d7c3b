import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Resolver } from '../../src/app/resolver.js';
import { keyPairFromRaw } from '../../src/index.js';
import { resolversOf } from '../../src/remote/resolvers.js';
import { caughtAsync } from '../support/caught.js';
import { FakeNats } from '../support/fake-nats-link.js';

const A = keyPairFromRaw('account', new Uint8Array(32).fill(1)).publicKey;

/** A server that is there, and does as the test says with everything else. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer((request, response) =>
    request.method === 'HEAD' ? response.writeHead(404).end() : listener(request, response),
  );
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const open = (url: string, timeoutMs = 10_000): Promise<Resolver> =>
  resolversOf({ nats: new FakeNats([]) }).open({
    url,
    clientName: 'nsc_test',
    timeoutMs,
    identity() {
      throw new Error('nobody asks who we are');
    },
  });

const bodyOf = async (request: IncomingMessage): Promise<string> => (await request.toArray()).join('');

const answering =
  (status: number, text = ''): RequestListener =>
  async (request, response) => {
    await bodyOf(request);
    response.writeHead(status).end(text);
  };

describe('an account server', () => {
  it.each(['/jwt/v1', '/jwt/v1/', '/jwt/v1//', ''])('is asked below its path "%s"', async (path) => {
    const asked: unknown[] = [];
    const base = await serve(async (request, response) => {
      asked.push([request.method, request.url, request.headers['content-type'], await bodyOf(request)]);
      response.end('found');
    });
    const resolver = await open(`${base}${path}`);
    expect(await resolver.update(A, 'token')).toEqual([{ server: 'account server', state: 'taken', message: 'found' }]);
    expect(await resolver.copies(A)).toEqual([{ server: 'account server', token: 'found' }]);
    const below = path.replace(/\/+$/, '');
    expect(asked).toEqual([
      ['POST', `${below}/accounts/${A}`, 'application/jwt', 'token'],
      ['GET', `${below}/accounts/${A}`, undefined, ''],
    ]);
  });

  it('is the one server there is, and shows neither password nor query', async () => {
    const asked: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      asked.push(request.url);
      response.end('x');
    });
    const resolver = await open(`${base.replace('//', '//me:secret@')}/jwt/v1?token=secret`);
    expect(resolver).toMatchObject({
      kind: 'http',
      url: `${base}/jwt/v1`,
      servers: [{ name: 'account server' }],
      absent: [],
    });
    expect(resolver.maxRequest).toBeUndefined();
    await resolver.copies(A);
    expect(asked).toEqual([`/jwt/v1/accounts/${A}?token=secret`]);
    expect(await resolver.list()).toBeUndefined();
    await resolver.close();
  });

  it.each<[number, string, string, string]>([
    [200, '', 'taken', ''],
    [201, 'soon\n', 'pending', 'soon'],
    [202, 'to be signed', 'pending', 'to be signed'],
    [204, '', 'refused', 'status 204'],
    [307, '', 'refused', 'status 307'],
    [400, 'bad issuer', 'refused', 'status 400: bad issuer'],
    [500, 'x'.repeat(10_000), 'refused', `status 500: ${'x'.repeat(500)}`],
    [502, '', 'silent', 'status 502'],
    [504, 'no answer', 'silent', 'status 504: no answer'],
  ])('that answers an update with %i "%.20s" has %s it', async (status, text, state, message) => {
    const resolver = await open(await serve(answering(status, text)));
    expect(await resolver.update(A, 'token')).toEqual([{ server: 'account server', state, message }]);
  });

  it('that hangs is silent after all the time that one request has (S-3)', async () => {
    const url = await serve(() => {});
    const resolver = await open(url, 100);
    expect(await resolver.update(A, 'token')).toEqual([
      { server: 'account server', state: 'silent', message: `${url}/accounts/${A}: no answer within 0.1 s` },
    ]);
  });

  it('that drips is given up, too', async () => {
    const drip = (_request: IncomingMessage, response: ServerResponse) => {
      const timer = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(timer));
    };
    const resolver = await open(await serve(drip), 100);
    expect((await caughtAsync(() => resolver.copies(A))).message).toMatch(/no answer within 0.1 s$/);
    expect(await resolver.update(A, 'token')).toMatchObject([{ state: 'silent' }]);
  });

  it('has no copy where it finds none (404), and may not answer anything else', async () => {
    const none = await open(await serve(answering(404, 'no matching account JWT')));
    expect(await none.copies(A)).toEqual([]);
    const url = await serve(answering(503));
    const error = await caughtAsync(async () => (await open(url)).copies(A));
    expect(error).toMatchObject({ code: 'remote-failed', message: `${url}/accounts/${A}: answered with status 503` });
  });

  it('follows redirects to where an account is, and does not run in circles', async () => {
    const base = await serve((request, response) => {
      if (request.url === '/there') response.end('found');
      else if (request.url?.startsWith('/circle')) response.writeHead(302, { location: request.url }).end();
      else response.writeHead(302, { location: '/there' }).end();
    });
    expect(await (await open(base)).copies(A)).toMatchObject([{ token: 'found' }]);
    const circle = await open(`${base}/circle`);
    expect(await caughtAsync(() => circle.copies(A))).toMatchObject({ code: 'remote-failed', message: /redirects/ });
  });

  it('is not read beyond what a JWT can have (S-50)', async () => {
    const endless = (_request: IncomingMessage, response: ServerResponse) => {
      const more = (): void => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
    const resolver = await open(await serve(endless));
    expect((await caughtAsync(() => resolver.copies(A))).message).toMatch(/the answer is larger than \d+ bytes$/);
    expect(await resolver.update(A, 'token')).toMatchObject([{ state: 'silent', message: /larger than/ }]);
  });

  it('has to be there', async () => {
    const error = await caughtAsync(() => open('http://me:secret@127.0.0.1:1/jwt/v1'));
    expect(error.code).toBe('remote-failed');
    expect(error.message).toMatch(/^http:\/\/127\.0\.0\.1:1\/jwt\/v1\/accounts\/: .*ECONNREFUSED/);
  });

  it('deletes nothing, and does not tell what it has', async () => {
    const resolver = await open(await serve(answering(200)));
    expect(await caughtAsync(() => resolver.remove('request'))).toMatchObject({ code: 'policy-refused' });
    const all = async () => {
      for await (const _ of resolver.pack());
    };
    expect(await caughtAsync(all)).toMatchObject({ code: 'policy-refused' });
    expect(await caughtAsync(() => resolver.update('../operator', 'x'))).toMatchObject({ code: 'bad-key' });
    expect(await caughtAsync(() => resolver.copies('A'))).toMatchObject({ code: 'bad-key' });
  });
});

describe('the operator', () => {
  const operators =
    (paths: Readonly<Record<string, number>>): RequestListener =>
    (request, response) => {
      response.writeHead(paths[request.url ?? ''] ?? 404).end(`at ${request.url}`);
    };

  it.each([
    ['of version 2 first', '/jwt/v1', { '/jwt/v2/operator': 200, '/jwt/v1/operator': 200 }, 'at /jwt/v2/operator'],
    ['of version 1 else', '/jwt/v1/', { '/jwt/v1/operator': 200 }, 'at /jwt/v1/operator'],
    ['at another path', '/x', { '/x/operator': 200 }, 'at /x/operator'],
  ])('is looked for %s', async (_where, path, paths, found) => {
    const resolver = await open((await serve(operators(paths))) + path);
    expect(await resolver.operator()).toBe(found);
  });

  it('may be nowhere', async () => {
    const base = await serve(operators({}));
    const resolver = await open(`${base}/jwt/v1`);
    expect(await caughtAsync(() => resolver.operator())).toMatchObject({
      code: 'remote-failed',
      message: `${base}/jwt/v1/operator: answered with status 404`,
    });
  });
});
