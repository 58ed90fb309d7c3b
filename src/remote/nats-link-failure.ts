import type { NatsTarget } from '../app/nats.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { findCertificateFault } from './certificate-fault.js';
import type { Attempt } from './nats-transport.js';
import { NoTlsError } from './nats-transport.js';
import { HungUpError } from './nats-transport-dial.js';
import { ProtocolBreach } from './nats-transport-frames.js';

/** Why one server could not be connected to. */
export interface Failure {
  /** Without user, password and query. */
  readonly url: string;
  readonly reason: string;
  readonly hint?: string | undefined;
  /** Whether the server was there, and did not want us. */
  readonly isRefusal: boolean;
}

/** Longest text of a server that is shown. */
const SHOWN_TEXT = 200;

const REFUSED = /authorization violation|authentication (expired|revoked|timeout)/i;

/** What to say of an error of {@link Attempt}, and what might mend it. */
export function explainFailure(
  error: unknown,
  attempt: Attempt,
  said: string | undefined,
  target: NatsTarget,
): Failure {
  const { url } = attempt.address;
  if (said !== undefined && !(error instanceof ProtocolBreach)) {
    const isRefusal = REFUSED.test(said);
    return {
      url,
      reason: `refused: ${shownText(said)}`,
      hint: isRefusal ? hintOfRefusal(target) : undefined,
      isRefusal,
    };
  }
  return { url, isRefusal: false, ...explainError(error as NodeJS.ErrnoException, attempt, target) };
}

/** A text of a server, safe to show. */
export const shownText = (said: string): string => quote(said.slice(0, SHOWN_TEXT));

function hintOfRefusal({ identity }: NatsTarget): string {
  return identity === undefined
    ? 'the server wants credentials'
    : 'does the server know this operator and this account, is the user neither revoked nor expired, and do the clocks agree?';
}

type Explained = Pick<Failure, 'reason' | 'hint'>;

function explainError(error: NodeJS.ErrnoException, attempt: Attempt, target: NatsTarget): Explained {
  const { code = '', name } = error;
  if (name === 'TimeoutError') return explainSilence(attempt, target.timeoutMs);
  if (error instanceof NoTlsError) {
    return { reason: 'offers no TLS', hint: 'nothing was sent; a nats:// URL without options for TLS goes without it' };
  }
  if (error instanceof ProtocolBreach) {
    return { reason: `sent ${error.message}`, hint: 'is this a port for NATS clients?' };
  }
  const isHangUp = error instanceof HungUpError || code === 'ECONNRESET' || code === 'EPIPE';
  if (isHangUp && attempt.stage !== 'dialling') return explainHangUp(attempt);
  const plain = PLAIN_REASONS[code];
  return plain === undefined ? explainTls(code, messageOf(error), attempt) : { reason: plain };
}

/** What TLS and web sockets say when they cannot be agreed on. */
function explainTls(code: string, message: string, { handshakeFirst }: Attempt): Explained {
  const said = quote(message);
  const fault = findCertificateFault(code, 'name the certificate authority by --ca-cert or NATS_CA');
  if (fault) return { ...fault, reason: `${fault.reason}: ${said}` };
  if (/alert (bad certificate|certificate required|unknown ca|handshake failure)/i.test(message)) {
    return { reason: `TLS: ${said}`, hint: WANTS_CERTIFICATE };
  }
  if (/wrong version number|packet length too long/.test(message)) {
    return { reason: 'answers something that is not TLS', hint: handshakeFirst ? SPEAKS_FIRST : undefined };
  }
  if (/^Unexpected server response: \d+$/.test(message) || code.startsWith('HPE_')) {
    return { reason: `takes no web socket: ${said}`, hint: 'is this the port of its websocket block?' };
  }
  return { reason: said };
}

const WANTS_CERTIFICATE = 'does it want a client certificate (--client-cert, --client-key)?';
const WANTS_TLS_FIRST = 'it may want TLS before it speaks (--tls-first)';
const SPEAKS_FIRST = 'it may want to speak before TLS: leave out --tls-first';

/**
 * Node has the words of OpenSSL apart, or between numbers and the paths of files where it was built. BoringSSL has the
 * same words as `SUCH_NAMES`.
 */
function messageOf({ message, code, name, ...more }: NodeJS.ErrnoException & { reason?: unknown }): string {
  const { reason } = more;
  const openssl = typeof reason === 'string' ? reason : /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1];
  const words = openssl?.toLowerCase().replaceAll('_', ' ');
  return (words ?? (message || code || name)).slice(0, SHOWN_TEXT);
}

const PLAIN_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be resolved now',
  ETIMEDOUT: 'cannot be reached',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
};

function explainSilence({ stage }: Attempt, timeoutMs: number): Explained {
  const within = `within ${timeoutMs / 1000} s`;
  if (stage === 'dialling') return { reason: `cannot be reached ${within}` };
  if (stage === 'tls') return { reason: `TLS was not agreed on ${within}` };
  if (stage === 'login') return { reason: `did not answer ${within}` };
  return { reason: `said nothing ${within}`, hint: WANTS_TLS_FIRST };
}

function explainHangUp({ stage, handshakeFirst, isEncrypted, tls }: Attempt): Explained {
  const hint = isEncrypted && tls.cert === undefined ? WANTS_CERTIFICATE : undefined;
  if (stage === 'greeting') {
    return { reason: 'hung up before it said anything', hint: isEncrypted || handshakeFirst ? hint : WANTS_TLS_FIRST };
  }
  if (stage === 'login') return { reason: 'hung up without saying why', hint };
  return { reason: 'hung up while TLS was agreed on', hint: handshakeFirst ? SPEAKS_FIRST : undefined };
}

/** Why a connection ended that was there. */
export function describeEnd(error: Error | undefined, wire: { lastError(): string | undefined }): string {
  const said = wire.lastError();
  if (said !== undefined && !/^permissions violation/i.test(said)) return shownText(said);
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (error instanceof ProtocolBreach) return `the server sent ${error.message}`;
  if (error === undefined || error instanceof HungUpError) return 'the server hung up';
  return PLAIN_REASONS[code] ?? quote(messageOf(error));
}

/** Whether servers were there, and did not want us. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof NscError &&
  (error.details.servers as Failure[] | undefined)?.every(({ isRefusal }) => isRefusal) === true;

/** All that was tried, in one refusal. */
export function connectFailed(failures: readonly Failure[], cause?: unknown): NscError {
  const [first] = failures;
  const message =
    failures.length === 1
      ? `cannot connect to ${first?.url}: ${first?.reason}`
      : `cannot connect to any of ${failures.length} servers: ${failures.map(({ url, reason }) => `${url}: ${reason}`).join('; ')}`;
  const hints = [...new Set(failures.flatMap(({ hint }) => hint ?? []))];
  const details = { servers: failures.map(({ url, reason, isRefusal }) => ({ url, reason, isRefusal })) };
  return new NscError('remote-failed', message, {
    ...(hints.length > 0 ? { hint: hints.join('; ') } : {}),
    details,
    cause,
  });
}
