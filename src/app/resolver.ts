import type { NatsIdentity, NatsTls } from './nats.js';

/*
 * What keeps the accounts of an operator: the servers of a NATS system, each with a resolver, or one account server
 * with HTTP (nsc-distribution.md §1, §5.2, §6.1). `remote` implements it; tests bring their own.
 */

export interface Resolvers {
  /**
   * Connects and finds out who is there.
   *
   * @throws NscError `bad-value` for a URL of another scheme; `remote-failed` when nobody can be reached
   */
  open(target: ResolverTarget): Promise<Resolver>;
}

export interface ResolverTarget {
  /** What the operator or `--account-jwt-server-url` says: one URL, or several of NATS with commas between them. */
  readonly url: string;
  readonly clientName: string;
  /** A user of the system account; asked only where NATS is spoken, and at every connect. */
  identity(): NatsIdentity;
  readonly tls?: NatsTls;
  /** Patience with each request, from 1000 to 60 000. */
  readonly timeoutMs: number;
}

/** How much a server keeps: every account, those in use, or what its configuration says; unknown until it matters. */
export type Keeps = 'all' | 'some' | 'none';

export interface ResolverServer {
  /** Unique among the servers of a resolver: the name it was given, with its id where several have that name. */
  readonly name: string;
  /** The public key of the server; absent for account servers. */
  readonly id?: string;
  readonly version?: string;
}

/** A server that should be there, and is not. */
export interface AbsentServer {
  /** Its name or its URL (without user and password); where the cluster only counts it: `1 more server`. */
  readonly name: string;
  readonly reason: string;
}

/** What one server said to a request. */
export interface ServerAnswer {
  readonly server: string;
  /** `taken` now or for a cache that has no use for it (`ignored`); `pending`: to be signed first; or nothing at all. */
  readonly state: 'taken' | 'ignored' | 'pending' | 'refused' | 'silent';
  /** In the words of the server, or why there are none. Untrusted text. */
  readonly message: string;
}

/** Which accounts a server holds; undefined when it did not say. */
export interface Holding {
  readonly server: string;
  readonly keeps: Keeps;
  /** Public keys; checked to be such. */
  readonly accounts: ReadonlySet<string>;
}

/** A copy of an account that some server holds. */
export interface Copy {
  /** Absent where servers do not say who they are, and nothing else tells. */
  readonly server?: string | undefined;
  /** As it came, not looked into. */
  readonly token: string;
}

/** Somebody who is connected to a server now. All of it is untrusted text. */
export interface ConnectedClient {
  /** Those that let it in: the user's own, and who issued its JWT. */
  readonly keys: readonly string[];
  /** The name in its JWT; absent where the server does not show it. */
  readonly user?: string | undefined;
  /** What the client calls itself. */
  readonly name?: string | undefined;
}

/** What one server says; `problem` is why it is not known. */
export type OfServer<Members> =
  | ({ readonly server: string; readonly problem?: undefined } & Members)
  | { readonly server: string; readonly problem: string };

/** Every promise is rejected with `remote-failed` when the connection ends; single servers that fail are answers. */
export interface Resolver {
  readonly kind: 'nats' | 'http';
  /** Where it was reached, without user, password and query. */
  readonly url: string;
  /** Those that said they are there. Each is expected to answer every request. */
  readonly servers: readonly ResolverServer[];
  readonly absent: readonly AbsentServer[];
  /** What each server holds. Account servers cannot tell: undefined. */
  list(): Promise<readonly Holding[] | undefined>;
  /** All copies of one account. None where nobody has it. */
  copies(account: string): Promise<readonly Copy[]>;
  /** Sends an account JWT; one answer for each server. */
  update(account: string, token: string): Promise<readonly ServerAnswer[]>;
  /**
   * Sends a request to delete accounts, which an operator key has signed; one answer for each server. Throws
   * `policy-refused` for account servers, which have no such request.
   */
  remove(request: string): Promise<readonly ServerAnswer[]>;
  /** Most bytes of one request; undefined where there is no bound. */
  readonly maxRequest: number | undefined;
  /**
   * Every account that one server of NATS with all of them holds, as it comes. Throws `policy-refused` for account
   * servers, which do not tell what they have; `remote-failed` when it breaks off.
   */
  pack(): AsyncIterable<{ readonly account: string; readonly token: string }>;
  /**
   * Who is connected now, to each server, as a user of an account, and was let in by one of these keys. This very
   * connection is left out. Account servers have no clients: undefined.
   */
  clients(
    account: string,
    keys: ReadonlySet<string>,
  ): Promise<readonly OfServer<{ readonly clients: readonly ConnectedClient[] }>[] | undefined>;
  /** The operator JWTs in the configuration of each server, as they come. Account servers do not tell: undefined. */
  trusted(): Promise<readonly OfServer<{ readonly operators: readonly string[] }>[] | undefined>;
  /** The JWT of the operator, where there is an account server. Throws `policy-refused` elsewhere. */
  operator(): Promise<string>;
  close(): Promise<void>;
}
