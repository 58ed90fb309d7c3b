import { activationId } from '../domain/claims/activation-id.js';
import type { Issued } from '../domain/token/issue.js';
import type { OperatorEntry } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import type { Remote } from './ports.js';
import { type Emitted, ok } from './result.js';

const LIMITS = { maxBytes: 64 * 1024, timeoutMs: 10_000 };

/**
 * Where the account server of an operator takes activations (nsc-distribution.md §2.2).
 *
 * @throws NscError `policy-refused` when there is none that keeps activations
 */
export function activationsUrl({ name, claims }: OperatorEntry): URL {
  const { account_server_url: text = '' } = claims.nats;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) {
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/activations`;
    return url;
  }
  const why =
    text === ''
      ? 'has no account server URL'
      : `has ${quote(text)} as its account server URL, which keeps no activations`;
  throw new NscError('policy-refused', `operator ${quote(name)} ${why}, so there is nowhere to push to`, {
    hint: 'leave out --push and hand the activation over; only account servers with http or https URLs keep them',
  });
}

/** Where an activation can be fetched once it was pushed; without user and password. */
export function activationAddress(url: URL, { claims }: Issued<'activation'>): string {
  return `${url.protocol}//${url.host}${url.pathname}/${activationId(claims) ?? ''}`;
}

/** What a push adds to the answer. */
export type Pushed = Pick<Emitted, 'steps' | 'warnings' | 'failure'>;

/**
 * Sends an activation to an account server. When that fails, the answer says so and has the activation all the same,
 * which is good without a server.
 */
export async function pushActivation(remote: Remote, url: URL, issued: Issued<'activation'>): Promise<Pushed> {
  try {
    const { status, text } = await remote.post(url.href, issued.token, { ...LIMITS, contentType: 'application/jwt' });
    const said = text.trim();
    const warnings = [
      ...(status === 200
        ? []
        : [`the account server took the activation (status ${status}), and may not serve it yet`]),
      ...(said === '' ? [] : [`the account server says: ${quote(said)}`]),
    ];
    return { ...rehearsePush(url, issued), warnings };
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    const failure = new NscError(error.code, `the activation was made, but not pushed: ${error.message}`, {
      hint: 'hand it over as it is, or make another one with --push',
      details: error.details,
      cause: error,
    });
    return { failure };
  }
}

/** The report of a push that works. */
export const rehearsePush = (url: URL, issued: Issued<'activation'>): Pushed => ({
  steps: [ok(`pushed the activation, to be fetched from ${activationAddress(url, issued)}`)],
});
