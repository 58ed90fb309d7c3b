import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type SecureContextOptions, type TLSSocket } from 'node:tls';
import type { WebSocket } from 'ws';
import type { NatsAddress } from './nats-link-address.js';

/** The server ended the connection without a word. */
export class HungUpError extends Error {
  constructor() {
    super('the server hung up');
  }
}

/** Called with a stream at once, so that it can be destroyed while it is still connecting. */
export type OnStream = (stream: Duplex | WebSocket) => void;

/** A TCP connection. Rejected with what Node says. */
export function dialTcp({ host, port }: NatsAddress, onStream: OnStream): Promise<Socket> {
  const socket = connectTcp({ host, port, noDelay: true });
  onStream(socket);
  return whenReady(socket, 'connect');
}

/** TLS, by itself or over a TCP connection. The certificate is verified, whatever the environment of Node says. */
export function dialTls(
  { host, port }: NatsAddress,
  options: SecureContextOptions,
  onStream: OnStream,
  over?: Socket,
): Promise<TLSSocket> {
  const target = over === undefined ? { host, port } : { host, socket: over };
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = connectTls({ ...options, ...target, ...name, rejectUnauthorized: true });
  socket.setNoDelay(true);
  onStream(socket);
  return whenReady(socket, 'secureConnect');
}

function whenReady<S extends Socket>(socket: S, event: 'connect' | 'secureConnect'): Promise<S> {
  return new Promise((resolve, reject) => {
    socket.on('error', reject); // stays: an error that nobody listens for ends the process
    socket.once('close', () => reject(new HungUpError()));
    socket.once(event, () => resolve(socket));
  });
}
