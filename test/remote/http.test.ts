import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, globalAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { httpRemote } from '../../src/remote/http.js';
import { caughtAsync } from '../support/caught.js';
import { SELF_SIGNED } from './self-signed.js';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serveSecurely(listener: RequestListener): Promise<string> {
  const secure = createSecureServer(SELF_SIGNED, listener);
  onTestFinished(() => void secure.close());
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(secure.address() as AddressInfo).port}/`;
}

const limits = { maxBytes: 1000, timeoutMs: 1000 };

describe('GET (E-39, S-49, S-50)', () => {
  it('gets a text', async () => {
    const base = await serve((request, response) => response.end(`${request.method} ${request.url} ü`));
    expect(await httpRemote.get(`${base}/jwt/v1/operator?x=1`, limits)).toBe('GET /jwt/v1/operator?x=1 ü');
  });

  it('follows redirects, relative ones too', async () => {
    const base = await serve((request, response) => {
      if (request.url === '/there') response.end('found');
      else response.writeHead(302, { location: '/there' }).end();
    });
    expect(await httpRemote.get(`${base}/here`, limits)).toBe('found');
  });

  it('gives up on a circle of redirects', async () => {
    const base = await serve((_request, response) => response.writeHead(307, { location: '/again' }).end());
    expect(await caughtAsync(() => httpRemote.get(base, limits))).toMatchObject({
      code: 'remote-failed',
      message: `${base}/again: more than 5 redirects`,
    });
  });

  it('takes a switch to another protocol for no answer', async () => {
    const base = await serve(({ socket }) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n');
    });
    expect(await caughtAsync(() => httpRemote.get(`${base}/`, limits))).toMatchObject({
      code: 'remote-failed',
      message: `${base}/: answered with status 101, to speak something else`,
    });
  });

  it.each(['file:///etc/passwd', 'http://[', 'data:,found'])('follows no redirect to %s', async (location) => {
    const base = await serve((_request, response) => response.writeHead(302, { location }).end());
    expect(await caughtAsync(() => httpRemote.get(`${base}/`, limits))).toMatchObject({
      code: 'remote-failed',
      message: `${base}/: redirects to what is no http or https URL`,
    });
  });

  it('follows no redirect to where nothing is encrypted', async () => {
    const base = await serve((_request, response) => response.end('found'));
    const url = await serveSecurely((_request, response) => response.writeHead(302, { location: base }).end());
    globalAgent.options.ca = SELF_SIGNED.cert;
    onTestFinished(() => void delete globalAgent.options.ca);
    expect(await caughtAsync(() => httpRemote.get(url, limits))).toMatchObject({
      code: 'remote-failed',
      message: `${url}: redirects to ${base}/, which is not encrypted`,
    });
  });

  it('refuses any other status, and shows neither password nor query', async () => {
    const base = await serve((_request, response) => response.writeHead(404).end('nothing here'));
    const url = `${base.replace('//', '//me:secret@')}/x?token=secret`;
    expect(await caughtAsync(() => httpRemote.get(url, limits))).toMatchObject({
      code: 'remote-failed',
      message: `${base}/x: answered with status 404`,
    });
  });

  it('stops reading a large answer', async () => {
    const base = await serve((_request, response) => response.end('x'.repeat(1001)));
    expect((await caughtAsync(() => httpRemote.get(base, limits))).message).toBe(
      `${base}/: the answer is larger than 1000 bytes`,
    );
  });

  it.each(['headers', 'body'])('gives up when the %s do not come in time', async (part) => {
    const base = await serve((_request, response) => {
      if (part === 'body') response.write('some');
    });
    const error = await caughtAsync(() => httpRemote.get(base, { ...limits, timeoutMs: 100 }));
    expect(error).toMatchObject({ code: 'remote-failed', message: `${base}/: no answer within 0.1 s` });
  });

  it('says that nobody listens', async () => {
    const error = await caughtAsync(() => httpRemote.get('http://127.0.0.1:1/x', limits));
    expect(error.code).toBe('remote-failed');
    expect(error.message).toContain('ECONNREFUSED');
  });

  it.each(['ftp://host/x', 'file:///etc/passwd', 'nonsense'])('refuses %s', async (url) => {
    expect(await caughtAsync(() => httpRemote.get(url, limits))).toMatchObject({ code: 'bad-value' });
  });
});

describe('POST', () => {
  const options = { ...limits, contentType: 'application/jwt' };

  it('sends a text and its kind, and gives the answer', async () => {
    const base = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      const { 'content-type': type, 'content-length': length } = request.headers;
      request.on('end', () =>
        response.writeHead(202).end(`${request.method} ${request.url} ${type} ${length} ${body}`),
      );
    });
    expect(await httpRemote.post(`${base}/jwt/v1/activations`, 'ü', options)).toEqual({
      status: 202,
      text: 'POST /jwt/v1/activations application/jwt 2 ü',
    });
  });

  it('follows no redirect: what is sent is for this server', async () => {
    const asked: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(307, { location: '/there' }).end();
    });
    expect(await caughtAsync(() => httpRemote.post(`${base}/here`, 'x', options))).toMatchObject({
      code: 'remote-failed',
      message: `${base}/here: answered with status 307`,
    });
    expect(asked).toEqual(['/here']);
  });

  it('tells what the server says about a refusal, without obeying it, and shows neither password nor query', async () => {
    const base = await serve((_request, response) => response.writeHead(400).end(`no\u001b[31m${'x'.repeat(500)}`));
    const url = `${base.replace('//', '//me:secret@')}/x?token=secret`;
    const error = await caughtAsync(() => httpRemote.post(url, 'x', options));
    expect(error.code).toBe('remote-failed');
    expect(error.message).toBe(`${base}/x: answered with status 400: "no\\u{1b}[31m${'x'.repeat(193)}"`);
  });

  it('stops reading a large answer', async () => {
    const base = await serve((_request, response) => response.end('x'.repeat(1001)));
    expect((await caughtAsync(() => httpRemote.post(base, 'x', options))).message).toBe(
      `${base}/: the answer is larger than 1000 bytes`,
    );
  });

  it.each(['headers', 'body'])('gives up when the %s do not come in time', async (part) => {
    const base = await serve((_request, response) => {
      if (part === 'body') response.write('some');
    });
    const error = await caughtAsync(() => httpRemote.post(base, 'x', { ...options, timeoutMs: 100 }));
    expect(error).toMatchObject({ code: 'remote-failed', message: `${base}/: no answer within 0.1 s` });
  });

  it('is sent again when the server has closed the connection that was kept for it', async () => {
    const used = new Set<unknown>();
    const base = await serve(({ socket }, response) => {
      if (used.has(socket)) socket.resetAndDestroy();
      else response.end(`connection ${used.add(socket).size}`);
    });
    expect((await httpRemote.post(base, 'x', options)).text).toBe('connection 1');
    expect((await httpRemote.post(base, 'x', options)).text).toBe('connection 2');
  });

  it.each(['0', '1'])('does not trust a certificate that nobody vouches for: %s', async (environment) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', environment);
    onTestFinished(() => void vi.unstubAllEnvs());
    const url = await serveSecurely((_request, response) => response.end());
    const error = await caughtAsync(() => httpRemote.post(url, 'x', options));
    expect(error).toMatchObject({
      code: 'remote-failed',
      message: expect.stringMatching(/: has a certificate that is not trusted: "self.signed certificate"$/),
      hint: 'name the certificate authority by NODE_EXTRA_CA_CERTS=FILE',
    });
  });

  it('goes straight to the server, whatever the environment says about proxies', async () => {
    const base = await serve((_request, response) => response.end('here'));
    for (const name of ['http_proxy', 'HTTP_PROXY', 'ALL_PROXY']) vi.stubEnv(name, 'http://127.0.0.1:1');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await httpRemote.post(base, 'x', options)).text).toBe('here');
  });

  it('says that nobody listens', async () => {
    const error = await caughtAsync(() => httpRemote.post('http://127.0.0.1:1/x', 'x', options));
    expect(error.code).toBe('remote-failed');
    expect(error.message).toContain('ECONNREFUSED');
  });

  it.each(['ftp://host/x', 'nats://host', 'nonsense'])('refuses %s', async (url) => {
    expect(await caughtAsync(() => httpRemote.post(url, 'x', options))).toMatchObject({ code: 'bad-value' });
  });
});
