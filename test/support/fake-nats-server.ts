import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a client published: a PUB, or an HPUB whose headers are left in front of the payload. */
export interface Published {
  readonly subject: string;
  readonly reply: string | undefined;
  readonly payload: string;
}

/** How a scripted server behaves; without any of it, like an idle server that lets everybody in. */
export interface Script {
  /** Members that its INFO has besides the usual ones, or instead of them. */
  readonly info?: Readonly<Record<string, unknown>>;
  /** What happens at a connection, in place of sending INFO: nothing, garbage, a drip … */
  onConnect?(peer: Peer): void;
  /** Bytes that answer CONNECT, e.g. `-ERR 'Authorization Violation'\r\n`. */
  onLogin?(connect: Record<string, unknown>, peer: Peer): string | undefined;
  /** Bytes that answer a PING. Default: `PONG\r\n`; '' for a server that never answers. */
  onPing?(peer: Peer): string;
  /** Bytes that answer a PUB or HPUB; {@link Peer.message} makes those of a delivery. */
  onPublish?(message: Published, peer: Peer): string | Uint8Array | undefined;
}

/**
 * A NATS server that does as a test says, hostile things above all. It listens on a random port of 127.0.0.1, and is
 * gone with all its connections when the test ends.
 *
 * ```ts
 * const server = await FakeNatsServer.start({
 *   onPublish: (message, peer) => peer.message(message.reply ?? '', '{"data":{"code":200}}'),
 * });
 * const link = await nats.connect({ servers: [server.url], … });
 * ```
 */
export class FakeNatsServer {
  /** Connections there have been, in order. */
  readonly peers: Peer[] = [];
  readonly #server: Server;
  #port = 0;

  private constructor(script: Script) {
    this.#server = createServer((socket) => {
      const peer = new Peer(socket, script, this.peers.length);
      this.peers.push(peer);
      if (script.onConnect) script.onConnect(peer);
      else peer.write(this.info(script.info));
    });
  }

  static async start(script: Script = {}): Promise<FakeNatsServer> {
    const server = new FakeNatsServer(script);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    server.#port = (server.#server.address() as AddressInfo).port;
    onTestFinished(() => server.stop());
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** The line a server begins with. */
  info(members: Readonly<Record<string, unknown>> = {}): string {
    return `INFO ${JSON.stringify({ ...INFO, port: this.port, ...members })}\r\n`;
  }

  /** Everything that was published, by all clients. */
  get published(): readonly Published[] {
    return this.peers.flatMap((peer) => peer.published);
  }

  /** Stops listening and hangs up on everybody. */
  async stop(): Promise<void> {
    for (const peer of this.peers) peer.hangUp();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const INFO = {
  server_id: 'NFAKE',
  server_name: 'fake',
  version: '2.10.0',
  proto: 1,
  host: '127.0.0.1',
  headers: true,
  max_payload: 1_048_576,
  nonce: 'bm9uY2U',
};

/** One client, as the server sees it. */
export class Peer {
  /** Which connection of the server this is, from 0. */
  readonly index: number;
  /** What its CONNECT said. */
  login: Record<string, unknown> = {};
  readonly published: Published[] = [];
  /** Bytes that {@link flood} has sent so far. */
  flooded = 0;
  readonly #socket: Socket;
  readonly #script: Script;
  /** Subjects by sid. */
  readonly #subscriptions = new Map<string, string>();
  #unread = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, script: Script, index: number) {
    this.#socket = socket;
    this.#script = script;
    this.index = index;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => {}); // clients may hang up whenever they like
    socket.on('close', () => clearInterval(this.#timer));
  }

  get isConnected(): boolean {
    return !this.#socket.destroyed;
  }

  /** Subjects it is subscribed to. */
  get subjects(): readonly string[] {
    return [...this.#subscriptions.values()];
  }

  /** Takes nothing any more from what the client sends. */
  stopReading(): void {
    this.#socket.pause();
  }

  write(bytes: string | Uint8Array): void {
    if (this.isConnected) this.#socket.write(bytes);
  }

  /** Sends bytes, each as a character of Latin 1, one after the other. */
  drip(text: string, everyMs: number): void {
    let sent = 0;
    this.#timer = setInterval(() => {
      if (sent < text.length) this.write(Buffer.from(text.charAt(sent++), 'latin1'));
    }, everyMs);
  }

  /**
   * Sends so many bytes as fast as the client takes them.
   *
   * @returns how many were taken until it hung up, or all were sent
   */
  async flood(bytes: number, piece: string = 'x'.repeat(65_536)): Promise<number> {
    while (this.flooded < bytes && this.isConnected) {
      const isRoom = this.#socket.write(piece);
      this.flooded += piece.length;
      if (!isRoom) {
        await new Promise<void>((resolve) => {
          const go = (): void => {
            this.#socket.off('drain', go).off('close', go);
            resolve();
          };
          this.#socket.on('drain', go).on('close', go);
        });
      }
    }
    return this.flooded;
  }

  /** The bytes that deliver a message to the subscription of this client that takes the subject; '' where none does. */
  message(subject: string, payload: string, reply?: string): string {
    const sid = this.#sidOf(subject);
    if (sid === undefined) return '';
    const words = ['MSG', subject, sid, ...(reply === undefined ? [] : [reply]), Buffer.byteLength(payload)];
    return `${words.join(' ')}\r\n${payload}\r\n`;
  }

  /** The bytes that say that nobody listens to a request. */
  unheard(reply: string): string {
    const headers = 'NATS/1.0 503\r\n\r\n';
    return `HMSG ${reply} ${this.#sidOf(reply)} ${headers.length} ${headers.length}\r\n${headers}\r\n`;
  }

  hangUp(): void {
    this.#socket.destroy();
  }

  #sidOf(subject: string): string | undefined {
    return [...this.#subscriptions].find(([, pattern]) => matches(pattern, subject))?.[0];
  }

  #read(text: string): void {
    this.#unread += text;
    for (;;) {
      const end = this.#unread.indexOf('\r\n');
      if (end < 0) return;
      const line = this.#unread.slice(0, end);
      const [verb = '', ...words] = line.split(' ');
      const size = /^H?PUB$/.test(verb) ? Number(words.at(-1)) + 2 : 0;
      if (this.#unread.length < end + 2 + size) return;
      const payload = this.#unread.slice(end + 2, end + 2 + size).slice(0, -2);
      this.#unread = this.#unread.slice(end + 2 + size);
      this.#obey(verb, words, payload);
    }
  }

  #obey(verb: string, words: readonly string[], payload: string): void {
    const [first = '', second = ''] = words;
    if (verb === 'CONNECT') {
      this.login = JSON.parse(words.join(' '));
      this.write(this.#script.onLogin?.(this.login, this) ?? '');
    }
    if (verb === 'PING') this.write(this.#script.onPing?.(this) ?? 'PONG\r\n');
    if (verb === 'SUB') this.#subscriptions.set(words.at(-1) ?? '', first);
    if (verb === 'UNSUB') this.#subscriptions.delete(first);
    if (verb !== 'PUB' && verb !== 'HPUB') return;
    const hasReply = words.length === (verb === 'PUB' ? 3 : 4);
    const text = Buffer.from(payload, 'latin1').toString('utf8');
    const message = { subject: first, reply: hasReply ? second : undefined, payload: text };
    this.published.push(message);
    this.write(this.#script.onPublish?.(message, this) ?? '');
  }
}

function matches(pattern: string, subject: string): boolean {
  const words = subject.split('.');
  const wanted = pattern.split('.');
  if (wanted.at(-1) === '>') {
    return (
      words.length >= wanted.length &&
      matches(wanted.slice(0, -1).join('.'), words.slice(0, wanted.length - 1).join('.'))
    );
  }
  return words.length === wanted.length && wanted.every((word, index) => word === '*' || word === words[index]);
}
