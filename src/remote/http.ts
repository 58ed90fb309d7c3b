import { type IncomingHttpHeaders, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { Remote } from '../app/ports.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { findCertificateFault } from './certificate-fault.js';

const MOST_REDIRECTS = 5;

const USER_AGENT = 'nsc';

/** Characters of a refusal's body that are worth showing. */
const SHOWN_ANSWER = 200;

interface Limits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Sent beside, or in place of, the headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Why a URL that a redirect leads to must not be asked; undefined when it may. */
  refuse?(url: URL): string | undefined;
}

/**
 * HTTP(S) with Node's own client: certificates are verified, size and total time are bounded (reference: nsc-core.md
 * E-39). GET follows redirects a few times and never from https to http; POST follows none, since what is sent is meant
 * for the server that was named. What is sent may arrive twice, when a kept connection breaks.
 */
export const httpRemote: Remote = {
  async get(url, limits) {
    const { status, text, url: final } = await exchange('GET', parseHttpUrl(url), limits);
    if (status === 200) return text;
    throw failed(final, `answered with status ${status}`);
  },

  async post(url, body, { contentType, ...limits }) {
    const answer = await exchange('POST', parseHttpUrl(url), limits, { text: body, contentType });
    if (answer.status >= 200 && answer.status < 300) return { status: answer.status, text: answer.text };
    throw failed(answer.url, describeStatus(answer));
  },
};

/** What a server answered, whatever the status. */
export interface HttpAnswer {
  readonly status: number;
  /** Empty for HEAD, and for GET with any other status than 200. */
  readonly text: string;
  /** Where the answer came from in the end. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
}

/**
 * One request and its answer, within the bounds of {@link httpRemote}.
 *
 * @param limits.timeoutMs for all of it, redirects included
 * @throws NscError `remote-failed` when there is no answer
 */
export async function exchange(
  method: 'GET' | 'HEAD' | 'POST',
  url: URL,
  limits: Limits,
  body?: Body,
): Promise<HttpAnswer> {
  const deadline = AbortSignal.timeout(limits.timeoutMs);
  let target = url;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    const { status, text, location, headers } = await send(method, target, { limits, deadline, body });
    if (method !== 'GET' || location === undefined) return { status, text, url: target, headers };
    const next = findUrl(location, target);
    if (next === undefined) throw failed(target, 'redirects to what is no http or https URL');
    if (target.protocol === 'https:' && next.protocol === 'http:') {
      throw failed(target, `redirects to ${shownHttpUrl(next)}, which is not encrypted`);
    }
    const refused = limits.refuse?.(next);
    if (refused !== undefined) throw failed(target, `redirects to ${shownHttpUrl(next)}, and ${refused}`);
    target = next;
  }
  throw failed(target, `more than ${MOST_REDIRECTS} redirects`);
}

/** `answered with status 400: "…"` */
export function describeStatus({ status, text }: Pick<HttpAnswer, 'status' | 'text'>): string {
  const said = text.trim().slice(0, SHOWN_ANSWER);
  return `answered with status ${status}${said === '' ? '' : `: ${quote(said)}`}`;
}

interface Body {
  readonly text: string;
  readonly contentType: string;
}

interface Sending {
  readonly limits: Limits;
  readonly deadline: AbortSignal;
  readonly body: Body | undefined;
}

const REDIRECTS = [301, 302, 303, 307, 308];

function send(
  method: string,
  url: URL,
  sending: Sending,
): Promise<{ status: number; text: string; location: string | undefined; headers: IncomingHttpHeaders }> {
  const { limits, deadline: signal, body } = sending;
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown): void => reject(explain(url, error, limits));
    const headers = {
      accept: body ? '*/*' : 'application/jwt, text/plain, */*',
      'user-agent': USER_AGENT,
      ...(body && { 'content-length': Buffer.byteLength(body.text), 'content-type': body.contentType }),
      ...limits.headers,
    };
    const request = url.protocol === 'https:' ? requestSecure : requestPlain;
    const options = { method, headers, signal, rejectUnauthorized: true }; // whatever the environment of Node says
    const outgoing = request(url, options, (response) => {
      const { statusCode: status = 0, headers: answer } = response;
      const location = REDIRECTS.includes(status) ? answer.location : undefined;
      if (method === 'POST' || (method === 'GET' && status === 200)) {
        readText(response, limits.maxBytes).then(
          (text) => resolve({ status, text, location, headers: answer }),
          refuse,
        );
      } else {
        // nobody reads what else it says, however much it is
        response.on('error', () => {}).destroy();
        resolve({ status, text: '', location, headers: answer });
      }
    });
    outgoing
      .on('upgrade', ({ statusCode }, socket) => {
        // left to itself, node hangs up then and tells nobody
        socket.destroy();
        refuse(new Error(`answered with status ${statusCode}, to speak something else`));
      })
      .on('error', (error: NodeJS.ErrnoException) => {
        // the server has closed a connection that was kept: asking twice does no harm
        if (outgoing.reusedSocket && error.code === 'ECONNRESET') resolve(send(method, url, sending));
        else refuse(error);
      })
      .end(body?.text);
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
  const { name, message, cause, code = '' } = error as NodeJS.ErrnoException & { cause?: unknown };
  const isLate = [name, (cause as Error | undefined)?.name].some(
    (kind) => kind === 'TimeoutError' || kind === 'AbortError',
  );
  if (isLate) return failed(url, `no answer within ${timeoutMs / 1000} s`, error);
  const fault = findCertificateFault(code, 'name the certificate authority by NODE_EXTRA_CA_CERTS=FILE');
  if (fault) return failed(url, `${fault.reason}: ${quote(message)}`, error, fault.hint);
  return failed(url, message || code || name, error);
}

/** Undefined for anything but an http or https URL. */
function findUrl(text: string, base?: URL): URL | undefined {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

/**
 * A URL of http or https.
 *
 * @throws NscError `bad-value`
 */
export function parseHttpUrl(text: string): URL {
  const url = findUrl(text);
  if (url) return url;
  throw new NscError('bad-value', 'only http and https URLs can be reached');
}

export const failed = (url: URL, why: string, cause?: unknown, hint?: string): NscError =>
  new NscError('remote-failed', `${shownHttpUrl(url)}: ${why}`, {
    ...(hint !== undefined && { hint }),
    details: { url: shownHttpUrl(url) },
    cause,
  });

/** Without user, password and query, which may be secret. */
export const shownHttpUrl = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`;
