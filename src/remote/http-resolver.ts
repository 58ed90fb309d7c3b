import type { Copy, Resolver, ResolverTarget, ServerAnswer } from '../app/resolver.js';
import { isPublicKey } from '../domain/nkey/codec.js';
import { MAX_TOKEN_LENGTH } from '../domain/token/token.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { describeStatus, exchange, type HttpAnswer, parseHttpUrl, shownHttpUrl } from './http.js';

/** The only one there is; it has no name of its own. */
const SERVER = 'account server';

/** Bytes that may stand around a JWT. */
const BANNERS = 4096;

/**
 * An account server with HTTP as what keeps the accounts of an operator (reference: nsc-distribution.md §1.3, §1.10,
 * §6.1). Every exchange is bounded in size and in time (S-3, S-50).
 *
 * @throws NscError `remote-failed` when nobody answers at all, `bad-value`
 */
export async function openHttpResolver({ url, timeoutMs }: ResolverTarget): Promise<Resolver> {
  const base = parseHttpUrl(url);
  const limits = { maxBytes: MAX_TOKEN_LENGTH + BANNERS, timeoutMs };
  // where servers ask whether it is there; any status says so
  await exchange('HEAD', under(base, 'accounts/'), limits);
  return new HttpResolver(base, limits);
}

class HttpResolver implements Resolver {
  readonly kind = 'http';
  readonly servers = [{ name: SERVER }];
  readonly absent = [];
  readonly maxRequest = undefined;
  readonly url: string;
  readonly #base: URL;
  readonly #limits: { readonly maxBytes: number; readonly timeoutMs: number };

  constructor(base: URL, limits: { readonly maxBytes: number; readonly timeoutMs: number }) {
    this.url = shownHttpUrl(base);
    this.#base = base;
    this.#limits = limits;
  }

  async list(): Promise<undefined> {
    return undefined;
  }

  async copies(account: string): Promise<readonly Copy[]> {
    const url = this.#accountUrl(account);
    const answer = await exchange('GET', url, this.#limits);
    if (answer.status === 404) return [];
    return [{ server: SERVER, token: requireOk(url, answer) }];
  }

  async update(account: string, token: string): Promise<readonly ServerAnswer[]> {
    try {
      const body = { text: token, contentType: 'application/jwt' };
      return [{ server: SERVER, ...readUpdate(await exchange('POST', this.#accountUrl(account), this.#limits, body)) }];
    } catch (error) {
      if (!(error instanceof NscError) || error.code !== 'remote-failed') throw error;
      return [{ server: SERVER, state: 'silent', message: error.message }];
    }
  }

  async remove(): Promise<never> {
    throw new NscError('policy-refused', 'account servers with HTTP have no request to delete accounts', {
      hint: 'delete the account where the server keeps it',
    });
  }

  // biome-ignore lint/correctness/useYield: there is nothing to hand out
  async *pack(): AsyncGenerator<never> {
    throw new NscError('policy-refused', 'account servers with HTTP do not tell which accounts they have');
  }

  async clients(): Promise<undefined> {
    return undefined;
  }

  async trusted(): Promise<undefined> {
    return undefined;
  }

  async operator(): Promise<string> {
    const url = under(this.#base, 'operator');
    const newer = new URL(url);
    newer.pathname = url.pathname.replace(/\/jwt\/v1\/operator$/, '/jwt/v2/operator');
    if (newer.pathname !== url.pathname) {
      const answer = await exchange('GET', newer, this.#limits);
      if (answer.status === 200) return answer.text;
    }
    return requireOk(url, await exchange('GET', url, this.#limits));
  }

  async close(): Promise<void> {}

  #accountUrl(account: string): URL {
    if (isPublicKey(account, 'account')) return under(this.#base, `accounts/${account}`);
    throw new NscError('bad-key', `${quote(account)} is no public key of an account`);
  }
}

/** A path below another, which may end with slashes. */
function under(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/${path}`;
  return url;
}

function requireOk(url: URL, answer: HttpAnswer): string {
  if (answer.status === 200) return answer.text;
  throw new NscError('remote-failed', `${shownHttpUrl(url)}: ${describeStatus(answer)}`, {
    details: { url: shownHttpUrl(url), status: answer.status },
  });
}

/** Longest text of a server that is kept. */
const MOST_TEXT = 500;

function readUpdate({ status, text }: HttpAnswer): Pick<ServerAnswer, 'state' | 'message'> {
  const said = text.trim().slice(0, MOST_TEXT);
  if (status === 200) return { state: 'taken', message: said };
  if (status === 201 || status === 202) return { state: 'pending', message: said };
  // a proxy cannot tell what became of it
  if (status === 502 || status === 504) return { state: 'silent', message: `status ${status}${said && `: ${said}`}` };
  return { state: 'refused', message: `status ${status}${said && `: ${said}`}` };
}
