import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { AccountClaims } from '../../src/domain/claims/types.js';
import type { KeyPair } from '../../src/domain/nkey/key-pair.js';
import { decodeKind } from '../../src/domain/token/decode.js';
import { issue } from '../../src/domain/token/issue.js';
import { KEYS, operator } from '../domain/trust/hierarchy.js';
import { START } from './session.js';

/** What is answered; a function does something else with the connection. */
export type Reply =
  | { readonly status?: number; readonly body?: string; readonly headers?: Record<string, string> }
  | ((response: ServerResponse) => void);

export interface AccountServerOptions {
  /** Of the operator, who signs accounts with it. Default: `o1` of the hierarchy. */
  readonly signer?: KeyPair;
  /** Unix seconds of its clock. */
  readonly now?: () => number;
  /** What the operator is called. Default: `O`. */
  readonly name?: string;
  /** Where the operator says that it is; default: where it is. */
  readonly publicUrl?: string;
}

/**
 * A little account server on 127.0.0.1 for an operator that is managed there: accounts that are posted are signed anew
 * and can be fetched. A test may replace what is answered. It ends with the test.
 */
export class AccountServer {
  /** What was asked for: `POST /jwt/v1/accounts/A…`. */
  readonly requests: string[] = [];
  /** Public key → JWT. */
  readonly accounts = new Map<string, string>();
  readonly signer: KeyPair;
  readonly #now: () => number;
  readonly #options: Pick<AccountServerOptions, 'name' | 'publicUrl'>;
  #server: Server | undefined;
  #port = 0;

  /** What is answered when an account is posted. */
  post: (token: string, account: string) => Reply = (token) => {
    this.keep(token);
    return {};
  };
  /** What is answered when an account is fetched. */
  get: (account: string) => Reply = (account) => {
    const body = this.accounts.get(account);
    return body === undefined ? { status: 404 } : { body };
  };

  private constructor({ signer = KEYS.o1, now = () => START, ...options }: AccountServerOptions) {
    this.#options = options;
    this.signer = signer;
    this.#now = now;
  }

  static async start(options: AccountServerOptions = {}): Promise<AccountServer> {
    const server = new AccountServer(options);
    await server.up();
    onTestFinished(() => server.down());
    return server;
  }

  /** What the operator names. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/jwt/v1`;
  }

  /** The JWT of the operator, which names this server. */
  get operator(): string {
    const { name = 'O', publicUrl = this.url } = this.#options;
    return operator({ name, nats: { account_server_url: publicUrl } }).token;
  }

  /** Signs claims of an account as the operator does. */
  sign(claims: AccountClaims, changes: Partial<AccountClaims> = {}): string {
    return issue('account', { ...claims, ...changes }, this.signer, { now: this.#now(), previous: claims }).token;
  }

  /** Keeps an account that was posted, signed by the operator, who may change it. */
  keep(token: string, change: (claims: AccountClaims) => AccountClaims = (claims) => claims): void {
    const { claims } = decodeKind(token, 'account');
    this.accounts.set(claims.sub ?? '', this.sign(change(claims)));
  }

  /** Listens, on the same port as before. */
  async up(): Promise<void> {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    await new Promise<void>((resolve) => this.#server?.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Nobody listens any more. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    this.requests.push(`${method} ${url}`);
    const body = await readBody(request);
    const reply = this.#answer(method, url, body);
    if (typeof reply === 'function') return reply(response);
    response.writeHead(reply.status ?? 200, reply.headers).end(reply.body ?? '');
  }

  #answer(method: string, url: string, body: string): Reply {
    const account = /^\/jwt\/v1\/accounts\/(A[A-Z2-7]{55})$/.exec(url)?.[1];
    if (method === 'GET' && /^\/jwt\/v[12]\/operator$/.test(url)) return { body: this.operator };
    if (account === undefined) return { status: 404 };
    return method === 'POST' ? this.post(body, account) : this.get(account);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
