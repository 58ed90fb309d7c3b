import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Access, HttpRequest, HttpResponse, HttpServers, ListenOptions } from '../app/http-server.js';
import { NscError } from '../errors.js';

/** How long a peer may take. All in milliseconds. */
export interface Patience {
  /** For the head of a request, from the first byte or the connection on. */
  readonly head: number;
  /** For all of a request, head and body. */
  readonly request: number;
  /** From the end of a request until its answer was taken. */
  readonly answer: number;
  /** Between requests. Longer than nats-server keeps idle connections (30 s), so that it never writes to a closed one. */
  readonly idle: number;
  /** How often head and request are looked at. */
  readonly check: number;
}

const PATIENCE: Patience = { head: 5_000, request: 15_000, answer: 60_000, idle: 35_000, check: 1_000 };

const MOST_CONNECTIONS = 4096;
const MOST_HEADER_BYTES = 8 * 1024;

/** Requests of one connection that are under way at once. Hardly anybody sends one before the answer to another. */
const MOST_AT_ONCE = 16;

/**
 * HTTP/1.1 on `node:http`, plain and without TLS: a proxy in front of it brings that. Everything is bounded: heads,
 * bodies, connections, and the time a peer may take to send a request and to take the answer, so that slow ones keep
 * nobody waiting.
 */
export const httpServersWith = (patience: Patience): HttpServers => ({
  async listen(options, answer) {
    const server = createServer(
      {
        maxHeaderSize: MOST_HEADER_BYTES,
        headersTimeout: patience.head,
        requestTimeout: patience.request,
        keepAliveTimeout: patience.idle,
        connectionsCheckingInterval: patience.check,
      },
      (request, response) => void serve(request, response),
    );
    server.maxConnections = MOST_CONNECTIONS;
    const open: Connections = new Map();
    server.on('connection', (socket: Socket) => {
      const requests = new Set<() => void>();
      open.set(socket, requests);
      socket.once('close', () => {
        open.delete(socket);
        for (const end of requests) end(); // of those in line behind another one Node tells nothing
      });
    });
    const stopping = (): boolean => options.signal.aborted;

    async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const began = performance.now();
      const { socket } = request;
      const requests = open.get(socket);
      if (requests?.size === MOST_AT_ONCE) socket.destroy();
      if (!requests || socket.destroyed) return;
      const sent: Sent = { remote: socket.remoteAddress ?? '', bytes: 0, isWhole: false };
      const late = setTimeout(() => socket.destroy(), patience.request + patience.answer);
      const end = (): void => {
        if (!requests.delete(end)) return;
        clearTimeout(late);
        if (stopping() && requests.size === 0) socket.destroySoon();
        options.onAnswered(accessOf(request, response, sent, performance.now() - began));
      };
      requests.add(end);
      response.on('finish', () => {
        sent.isWhole = !socket.destroyed;
      });
      response.on('close', end);
      const reply = await replyTo(request, options.maxBodyBytes, answer);
      sent.reason = reply.reason;
      if (stopping()) response.shouldKeepAlive = false;
      try {
        await send(request, response, reply, sent);
      } catch (error) {
        sent.reason = describe(error);
        response.destroy();
      }
    }

    if (stopping()) return { url: `http://${placeOf(options)}`, ended: Promise.resolve() };
    await start(server, options);
    return { url: urlOf(server.address() as AddressInfo), ended: stopped(server, open, options) };
  },
});

/** Who is connected, and what ends each request of theirs that is under way. */
type Connections = Map<Socket, Set<() => void>>;

/** What a process uses. */
export const httpServers: HttpServers = httpServersWith(PATIENCE);

function start(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(cannotListen(host, port, error));
    server.once('error', refuse).listen({ host, port }, () => {
      server.off('error', refuse);
      // a connection that cannot be accepted (no more files) is that peer's loss alone
      server.on('error', () => {});
      resolve();
    });
  });
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
};

function cannotListen(host: string, port: number, error: NodeJS.ErrnoException): NscError {
  const where = placeOf({ host, port });
  return new NscError('remote-failed', `cannot listen on ${where}: ${REASONS[error.code ?? ''] ?? error.message}`, {
    hint: 'name another address with --listen HOST:PORT; port 0 takes any that is free',
    details: { host, port, reason: error.code },
    cause: error,
  });
}

/** Fulfilled when the signal has aborted and everybody was served, or was given up. */
function stopped(server: Server, open: Connections, { signal, graceMs }: ListenOptions): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      const impatience = setTimeout(() => server.closeAllConnections(), graceMs);
      server.close(() => {
        clearTimeout(impatience);
        resolve();
      });
      // also those that have never asked for anything, which node counts as busy
      for (const [socket, requests] of open) if (requests.size === 0) socket.destroy();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

const urlOf = ({ address, port }: AddressInfo): string => `http://${placeOf({ host: address, port })}`;

const placeOf = ({ host, port }: Pick<ListenOptions, 'host' | 'port'>): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const plain = (status: number, text: string, reason?: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `${text}\n`,
  ...(reason !== undefined && { reason }),
});

async function replyTo(
  request: IncomingMessage,
  maxBodyBytes: number,
  answer: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  try {
    const target = parseTarget(request.url ?? '');
    if (target === undefined) return plain(400, 'bad request');
    const body = await readBody(request, maxBodyBytes);
    if (body === undefined) {
      const refusal = plain(413, `more than ${maxBodyBytes} bytes`);
      return { ...refusal, headers: { ...refusal.headers, connection: 'close' } };
    }
    return await answer({ method: request.method ?? '', ...target, headers: headersOf(request), body });
  } catch (error) {
    return plain(500, 'internal error', describe(error));
  }
}

/** Undefined for what is no path, or cannot be decoded. */
function parseTarget(url: string): { path: string; query: URLSearchParams } | undefined {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  if (!path.startsWith('/')) return undefined;
  try {
    return { path: decodeURIComponent(path), query: new URLSearchParams(end < 0 ? '' : url.slice(end)) };
  } catch {
    return undefined;
  }
}

/** Undefined when there is more than that; the rest is not read then. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const headersOf = ({ headers }: IncomingMessage): HttpRequest['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );

/** What is known for the log once an answer is gone. */
interface Sent {
  /** Who asks; a socket that was closed does not tell any more. */
  readonly remote: string;
  bytes: number;
  isWhole: boolean;
  reason?: string | undefined;
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: HttpResponse,
  sent: Sent,
): Promise<void> {
  const { status, headers = {}, body = '' } = reply;
  const isBare = request.method === 'HEAD' || status === 304 || status === 204;
  response.writeHead(status, {
    'x-content-type-options': 'nosniff',
    ...headers,
    ...(typeof body === 'string' && status !== 304 && status !== 204 && { 'content-length': Buffer.byteLength(body) }),
  });
  if (isBare) response.end();
  else if (typeof body === 'string') {
    sent.bytes = Buffer.byteLength(body);
    response.end(body);
  } else await sendPieces(response, body, sent);
}

/** Others are served between the pieces. A peer that sees the connection break knows that it has not got all. */
async function sendPieces(response: ServerResponse, pieces: AsyncIterable<string>, sent: Sent): Promise<void> {
  for await (const piece of pieces) {
    if (response.destroyed) return;
    sent.bytes += Buffer.byteLength(piece);
    if (response.write(piece)) await new Promise((resolve) => setImmediate(resolve));
    else await flushed(response);
  }
  response.end();
}

const flushed = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });

function accessOf(request: IncomingMessage, response: ServerResponse, sent: Sent, milliseconds: number): Access {
  const reason = sent.reason ?? (sent.isWhole ? undefined : 'the connection broke off');
  return {
    time: new Date().toISOString(),
    remote: sent.remote,
    method: request.method ?? '',
    path: (request.url ?? '').replace(/\?.*$/s, '').replace(/[^!-~]/g, encodeURIComponent),
    status: response.statusCode,
    bytes: sent.bytes,
    milliseconds: Math.round(milliseconds * 10) / 10,
    ...(reason !== undefined && { reason }),
  };
}
