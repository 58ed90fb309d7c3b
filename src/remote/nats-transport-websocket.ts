import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import { createWebSocketStream, WebSocket } from 'ws';
import type { NatsAddress } from './nats-link-address.js';
import type { OnStream } from './nats-transport-dial.js';
import { MOST_MESSAGE_BYTES } from './nats-transport-frames.js';

/** Servers put several messages into one frame. */
const MOST_FRAME_BYTES = 2 * MOST_MESSAGE_BYTES;

/** A web socket as a stream of bytes. Nothing is compressed, so that nothing can be blown up. */
export function dialWebSocket(
  { host, port, path, isSecure }: NatsAddress,
  options: SecureContextOptions,
  onStream: OnStream,
): Promise<Duplex> {
  const at = isIP(host) === 6 ? `[${host}]` : host;
  const socket = new WebSocket(`${isSecure ? 'wss' : 'ws'}://${at}:${port}${path}`, {
    ...options,
    rejectUnauthorized: true,
    perMessageDeflate: false,
    maxPayload: MOST_FRAME_BYTES,
  });
  onStream(socket);
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.once('open', () => {
      const stream = createWebSocketStream(socket, { allowHalfOpen: false });
      onStream(stream);
      resolve(stream);
    });
  });
}
