import type { Msg } from '@nats-io/transport-node';
import type { NatsMessage } from '../app/nats.js';

/** A message as commands see it; its parts are decoded when they are asked for. */
export class LinkMessage implements NatsMessage {
  readonly #message: Msg;

  constructor(message: Msg) {
    this.#message = message;
  }

  get subject(): string {
    return this.#message.subject;
  }

  get reply(): string | undefined {
    return this.#message.reply || undefined;
  }

  get data(): Uint8Array {
    return this.#message.data;
  }

  text(): string {
    const { buffer, byteOffset, byteLength } = this.data;
    return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
  }
}

/** Whether it is the server's word that nobody listens to a request (status 503). */
export function saysUnheard(message: Msg): boolean {
  if (message.data.length > 0) return false;
  try {
    return message.headers?.code === 503;
  } catch {
    return false; // headers that cannot be read say nothing
  }
}
