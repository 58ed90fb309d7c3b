import type { KeyPair } from '../domain/nkey/key-pair.js';

/** What commands need of a NATS client. `remote/nats-link` implements it; tests bring their own. */
export interface Nats {
  /**
   * Connects, and authenticates where the target says as whom.
   *
   * @throws NscError `remote-failed`; `bad-value` for a URL that is none, or a file of `tls` that cannot be read
   */
  connect(target: NatsTarget): Promise<NatsLink>;
}

export interface NatsTarget {
  /** URLs with the schemes nats, tls, ws and wss; the first that can be reached. Never in the clear for tls and wss. */
  readonly servers: readonly string[];
  /** What servers show as the name of this client. */
  readonly clientName: string;
  /** Asked at every connect, so that a client that connects again has an identity that holds. Absent = no credentials. */
  identity?(): NatsIdentity;
  readonly tls?: NatsTls;
  readonly timeoutMs: number;
  /** Whether a lost connection is made again (nsc-distribution.md §0.5). */
  readonly reconnects: boolean;
  /** What happens meanwhile: disconnected, connected again, a subject that is not allowed. */
  onEvent?(message: string): void;
}

/** A user JWT, and who signs what the server asks to have signed. */
export interface NatsIdentity {
  readonly token: string;
  readonly pair: KeyPair;
}

/** Of NATS connections alone (nsc-distribution.md §0.3, §0.4). */
export interface NatsTls {
  /** The handshake comes before the server says anything. */
  readonly handshakeFirst?: boolean;
  /** Files in PEM. */
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Names as OpenSSL has them, in order of preference. */
  readonly curves?: readonly string[] | undefined;
}

export interface NatsMessage {
  readonly subject: string;
  readonly reply?: string | undefined;
  readonly data: Uint8Array;
  /** The data as UTF-8. */
  text(): string;
}

/** Answers to one request. */
export interface Gathered {
  /** In order of arrival. */
  readonly messages: readonly NatsMessage[];
  /** The server said that nobody listens. */
  readonly isUnheard: boolean;
}

export interface GatherOptions {
  /** How long to wait for answers, from the request on. */
  readonly timeoutMs: number;
  /** True when no more answers are expected; asked after each. Default: after the first. */
  isDone?(messages: readonly NatsMessage[]): boolean;
}

/** A connection. Messages larger than the bound of the implementation end it. */
export interface NatsLink {
  /** Of the server that it leads to, without user and password. */
  readonly url: string;
  readonly serverName: string;
  readonly serverId: string;
  /** Most bytes that the server takes in one message. */
  readonly maxPayload: number;
  publish(subject: string, payload: string | Uint8Array, reply?: string): void;
  /**
   * Sends a request and collects answers, as many as there are; silence is no error. Many can be under way at once.
   *
   * @throws NscError `remote-failed` when the connection ends, the subject is not allowed, or the answers are more than
   *   the implementation bears
   */
  gather(subject: string, payload: string | Uint8Array, options: GatherOptions): Promise<Gathered>;
  subscribe(
    subject: string,
    options: { readonly queue?: string | undefined; onMessage(message: NatsMessage): void },
  ): {
    unsubscribe(): void;
  };
  /** Waits until the server has dealt with all that was sent. Throws `remote-failed` for what it refused. */
  flush(): Promise<void>;
  /** Milliseconds. */
  roundTrip(): Promise<number>;
  /** Fulfilled when the connection has ended: with the reason, unless {@link close} ended it. */
  readonly closed: Promise<Error | undefined>;
  close(): Promise<void>;
}
