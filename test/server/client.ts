import {
  type Authenticator,
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  type Msg,
  type NatsConnection,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import { onTestFinished } from 'vitest';
import type { NatsServer } from './nats-server.js';

/** How long something that has to happen may take. */
const PATIENCE_MS = 10_000;

/** A client that is connected until the test ends. */
export class Client {
  readonly connection: NatsConnection;
  /** What the server complained about, as `publish orders.x`. */
  readonly violations: string[] = [];
  /** Other errors the server sent, in its words. */
  readonly errors: string[] = [];

  private constructor(connection: NatsConnection) {
    this.connection = connection;
    void this.#watch();
  }

  /**
   * Connects with creds, or however the authenticator says; the promise is rejected with what the server answers.
   * A lost connection stays lost.
   */
  static async connect(server: NatsServer, identity: string | Authenticator): Promise<Client> {
    const options: ConnectionOptions = {
      servers: server.url,
      authenticator: typeof identity === 'string' ? credsAuthenticator(new TextEncoder().encode(identity)) : identity,
      reconnect: false,
      timeout: PATIENCE_MS,
    };
    const client = new Client(await connect(options));
    onTestFinished(() => client.connection.close());
    return client;
  }

  /** The words with which the server closed the connection. */
  async closing(): Promise<string> {
    const error = await within(this.connection.closed(), 'the connection is still open');
    return error?.message ?? 'closed without a word';
  }

  /** Waits until the server has dealt with all that was sent, and what it sent has arrived, complaints included. */
  async settle(): Promise<void> {
    await this.connection.flush();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** Whether what is published, there or on another subject, arrives at a subscription of this client. */
  async delivers(subject: string, publisher: Client = this, published: string = subject): Promise<boolean> {
    let arrived = false;
    const subscription = this.connection.subscribe(subject, {
      callback: (error) => {
        arrived ||= error === null;
      },
    });
    await this.connection.flush();
    publisher.connection.publish(published);
    await publisher.connection.flush();
    // The server has answered the publisher, so the message stands before its next answer to the subscriber.
    await this.settle();
    subscription.unsubscribe();
    return arrived;
  }

  /** Answers every request with what the handler says. */
  serve(subject: string, handler: (message: Msg) => void): void {
    this.connection.subscribe(subject, { callback: (error, message) => void (error ?? handler(message)) });
  }

  /** What a request is answered with; undefined when nobody answers. */
  async ask(subject: string): Promise<string | undefined> {
    try {
      return (await this.connection.request(subject, '', { timeout: 1000 })).string();
    } catch (error) {
      if (error instanceof NoRespondersError || error instanceof TimeoutError) return undefined;
      if (error instanceof RequestError && error.isNoResponders()) return undefined;
      throw error;
    }
  }

  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type !== 'error') continue;
      const { error } = status;
      if (error instanceof PermissionViolationError) this.violations.push(`${error.operation} ${error.subject}`);
      else this.errors.push(error.message);
    }
  }
}

/** What the server answers to somebody it does not let in; fails when it does. */
export async function refusalOf(server: NatsServer, identity: string | Authenticator): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const refusal = await tryToConnect(server, identity);
    // A server that hangs up while the client is still writing goes unheard.
    if (!/EPIPE|ECONNRESET/.test(refusal) || attempt === 10) return refusal;
  }
}

async function tryToConnect(server: NatsServer, identity: string | Authenticator): Promise<string> {
  let client: Client;
  try {
    client = await Client.connect(server, identity);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`the server let the client in: ${JSON.stringify(client.connection.info)}`);
}

async function within<T>(promise: Promise<T>, complaint: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(complaint)), PATIENCE_MS);
  });
  return Promise.race([promise, patience]).finally(() => clearTimeout(timer));
}
