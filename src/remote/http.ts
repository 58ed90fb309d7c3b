import { get as getPlain, type IncomingMessage, request as requestPlain } from 'node:http';
import { get as getSecure, request as requestSecure } from 'node:https';
import type { Remote } from '../app/ports.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

const MOST_REDIRECTS = 5;

const USER_AGENT = 'nsc';

/** Characters of a refusal's body that are worth showing. */
const SHOWN_ANSWER = 200;

type Limits = Parameters<Remote['get']>[1];

/**
 * HTTP(S) with Node's own client: certificates are verified, size and total time are bounded (reference: nsc-core.md
 * E-39). GET follows redirects a few times and never from https to http; POST follows none, since what is sent is meant
 * for the server that was named.
 */
export const httpRemote: Remote = {
  async get(url, limits) {
    const deadline = AbortSignal.timeout(limits.timeoutMs);
    let target = parseUrl(url);
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      const answer = await request(target, limits, deadline);
      if (typeof answer === 'string') return answer;
      const next = findUrl(answer.redirect, target);
      if (next === undefined) throw failed(target, 'redirects to what is no http or https URL');
      if (target.protocol === 'https:' && next.protocol === 'http:') {
        throw failed(target, `redirects to ${shown(next)}, which is not encrypted`);
      }
      target = next;
    }
    throw failed(target, `more than ${MOST_REDIRECTS} redirects`);
  },

  async post(url, body, { contentType, ...limits }) {
    const target = parseUrl(url);
    const { status, text } = await send(target, body, { ...limits, contentType });
    if (status >= 200 && status < 300) return { status, text };
    const said = text.trim().slice(0, SHOWN_ANSWER);
    throw failed(target, `answered with status ${status}${said === '' ? '' : `: ${quote(said)}`}`);
  },
};

function send(
  url: URL,
  body: string,
  options: Limits & { readonly contentType: string },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown): void => reject(explain(url, error, options));
    const headers = {
      accept: '*/*',
      'content-length': Buffer.byteLength(body),
      'content-type': options.contentType,
      'user-agent': USER_AGENT,
    };
    const request = url.protocol === 'https:' ? requestSecure : requestPlain;
    const signal = AbortSignal.timeout(options.timeoutMs);
    const outgoing = request(url, { method: 'POST', headers, signal }, (response) => {
      const status = response.statusCode ?? 0;
      readText(response, options.maxBytes).then((text) => resolve({ status, text }), refuse);
    });
    outgoing.on('error', refuse).end(body);
  });
}

function request(url: URL, limits: Limits, signal: AbortSignal): Promise<string | { redirect: string }> {
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? getSecure : getPlain;
    const headers = { accept: 'application/jwt, text/plain, */*', 'user-agent': USER_AGENT };
    get(url, { signal, headers }, (response) => {
      const { statusCode = 0, headers: answer } = response;
      if ([301, 302, 303, 307, 308].includes(statusCode) && answer.location !== undefined) {
        response.resume();
        resolve({ redirect: answer.location });
      } else if (statusCode !== 200) {
        response.resume();
        reject(failed(url, `answered with status ${statusCode}`));
      } else {
        readText(response, limits.maxBytes).then(resolve, (error: unknown) => reject(explain(url, error, limits)));
      }
    }).on('error', (error) => reject(explain(url, error, limits)));
  });
}

async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      response.destroy();
      throw new RangeError(`the answer is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function explain(url: URL, error: unknown, { timeoutMs }: Limits): NscError {
  const { name, message, cause, code } = error as NodeJS.ErrnoException & { cause?: unknown };
  const late = [name, (cause as Error | undefined)?.name].some(
    (kind) => kind === 'TimeoutError' || kind === 'AbortError',
  );
  return failed(url, late ? `no answer within ${timeoutMs / 1000} s` : message || (code ?? name), error);
}

/** Undefined for anything but an http or https URL. */
function findUrl(text: string, base?: URL): URL | undefined {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

/** @throws NscError `bad-value` */
function parseUrl(text: string): URL {
  const url = findUrl(text);
  if (url) return url;
  throw new NscError('bad-value', 'only http and https URLs can be reached');
}

const failed = (url: URL, why: string, cause?: unknown): NscError =>
  new NscError('remote-failed', `${shown(url)}: ${why}`, { details: { url: shown(url) }, cause });

/** Without user, password and query, which may be secret. */
const shown = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`;
