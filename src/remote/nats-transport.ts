import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import type { ConnectionOptions, Server, Transport } from '@nats-io/transport-node';
import type { WebSocket } from 'ws';
import type { NatsAddress } from './nats-link-address.js';
import { dialTcp, dialTls, HungUpError } from './nats-transport-dial.js';
import { FrameWatch, type InfoLine, ProtocolBreach } from './nats-transport-frames.js';

/** How one connection is to be made, and what came of it; given to nats-core among its options. */
export interface Attempt {
  readonly address: NatsAddress;
  readonly tls: SecureContextOptions;
  readonly handshakeFirst: boolean;
  /** How far it has come, for the reader of an error. */
  stage: 'dialling' | 'tls' | 'greeting' | 'login';
  isEncrypted: boolean;
  /** What the server complained about, in its words and before nats-core hears of it. */
  onError(text: string): void;
}

/** What the transport needs to be told is not in the options nats-core knows; it hands all of them on. */
export type AttemptOptions = ConnectionOptions & { readonly attempt: Attempt };

/** Bytes that may wait to be sent while the server is listened to. */
const MOST_UNSENT_BYTES = 1_048_576;

/** The server said that it offers no TLS, where there has to be TLS. */
export class NoTlsError extends Error {}

/**
 * The way of nats-core to a server: TCP, TLS or a web socket alike.
 *
 * nats-core's own transports buffer without bound, send in the clear what a `tls://` URL names, take what somebody put
 * into a stream before TLS began, and leave a connection hanging that speaks no NATS. This one lets only whole and
 * bounded frames pass, and ends at the first that is not.
 */
export class NatsTransport implements Transport {
  readonly lang = 'nats.js';
  readonly version = '3.3.1';
  closeError?: Error;
  isClosed = false;
  #stream: Duplex | WebSocket | undefined;
  #attempt: Attempt | undefined;
  #watch: FrameWatch | undefined;
  /** Chunks that nats-core has not taken yet. */
  #chunks: Uint8Array[] = [];
  #wake: () => void = () => {};
  /** Settles what waits for the INFO. */
  #greet: { resolve(info: InfoLine): void; reject(error: Error): void } | undefined;
  #announceEnd: (error: Error | undefined) => void = () => {};
  readonly #ended = new Promise<Error | undefined>((resolve) => {
    this.#announceEnd = resolve;
  });

  /** Fulfilled when the server has introduced itself, and TLS is there where it has to be. */
  async connect(_server: Server, options: ConnectionOptions): Promise<void> {
    const attempt = (options as AttemptOptions).attempt;
    const { address, tls } = attempt;
    this.#attempt = attempt;
    try {
      if (address.isWebSocket) {
        const { dialWebSocket } = await import('./nats-transport-websocket.js');
        const stream = await dialWebSocket(address, tls, this.#hold);
        attempt.isEncrypted = address.isSecure;
        await this.#greeted(stream);
      } else if (attempt.handshakeFirst) {
        attempt.stage = 'tls';
        const socket = await dialTls(address, tls, this.#hold);
        attempt.isEncrypted = true;
        await this.#greeted(socket);
      } else {
        const socket = await dialTcp(address, this.#hold);
        const info = await this.#greeted(socket);
        if (address.isSecure || info.tls_required) await this.#encrypt(socket, info);
      }
      attempt.stage = 'login';
    } catch (error) {
      this.#end(error as Error);
      throw error;
    }
  }

  /** Keeps the newest stream, so that whoever gives up can end it. */
  readonly #hold = (stream: Duplex | WebSocket): void => {
    this.#stream = stream;
    if (this.isClosed) terminate(stream);
  };

  #greeted(stream: Duplex): Promise<InfoLine> {
    if (this.#attempt) this.#attempt.stage = 'greeting';
    this.#watch = new FrameWatch({
      info: (info) => this.#greet?.resolve(info),
      error: (text) => {
        this.#attempt?.onError(text);
        this.#greet?.reject(new Error(text));
      },
    });
    const greeted = new Promise<InfoLine>((resolve, reject) => {
      this.#greet = { resolve, reject };
    });
    this.#listen(stream);
    return greeted.finally(() => {
      this.#greet = undefined;
    });
  }

  async #encrypt(socket: Socket, info: InfoLine): Promise<void> {
    const attempt = this.#attempt as Attempt;
    if (!info.tls_required && !info.tls_available) throw new NoTlsError('the server offers no TLS');
    if (!this.#watch?.isAtRest || this.#watch.frames > 1) throw new ProtocolBreach('something more before TLS began');
    attempt.stage = 'tls';
    socket.removeAllListeners('data').removeAllListeners('close');
    this.#listen(await dialTls(attempt.address, attempt.tls, this.#hold, socket));
    attempt.isEncrypted = true;
  }

  #listen(stream: Duplex): void {
    let failure: Error | undefined;
    stream.on('data', (chunk: Buffer) => {
      try {
        for (const piece of this.#watch?.watch(chunk) ?? []) this.#chunks.push(piece);
        this.#wake();
      } catch (error) {
        this.#end(error as Error);
      }
    });
    stream.on('error', (error) => {
      failure = error;
    });
    stream.on('close', () => this.#end(failure ?? new HungUpError()));
  }

  #end(error: Error | undefined): void {
    if (this.isClosed) return;
    this.isClosed = true;
    if (error) this.closeError = error;
    this.#greet?.reject(error ?? new HungUpError());
    this.#chunks = [];
    if (this.#stream) terminate(this.#stream);
    this.#wake();
    this.#announceEnd(error);
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    while (!this.isClosed) {
      const chunks = this.#chunks;
      this.#chunks = [];
      for (const chunk of chunks) yield chunk;
      if (this.#chunks.length > 0 || this.isClosed) continue;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  send(frame: Uint8Array): void {
    const stream = this.#stream;
    if (this.isClosed || !stream || !('write' in stream)) return;
    stream.write(frame);
    if (stream.writableLength <= MOST_UNSENT_BYTES || stream.isPaused()) return;
    // whoever asks and does not take the answers is not listened to either
    stream.pause();
    stream.once('drain', () => stream.resume());
  }

  isEncrypted(): boolean {
    return this.#attempt?.isEncrypted === true;
  }

  async close(error?: Error): Promise<void> {
    this.#end(error);
  }

  disconnect(): void {
    this.#end(new Error('the server does not answer any more'));
  }

  discard(): void {
    this.#end(undefined);
  }

  closed(): Promise<Error | undefined> {
    return this.#ended;
  }
}

function terminate(stream: Duplex | WebSocket): void {
  stream.on('error', () => {}); // nobody minds any more
  if ('terminate' in stream) stream.terminate();
  else stream.destroy();
}
