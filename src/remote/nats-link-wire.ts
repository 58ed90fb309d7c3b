import { type Auth, NatsConnectionImpl, setTransportFactory } from '@nats-io/transport-node';
import type { NatsTarget } from '../app/nats.js';
import type { Files } from '../app/ports.js';
import { NscError } from '../errors.js';
import { encodeBase64Url } from '../lib/base64url.js';
import { type NatsAddress, parseNatsUrl } from './nats-link-address.js';
import { connectFailed, explainFailure, type Failure } from './nats-link-failure.js';
import { readTls } from './nats-link-tls.js';
import { type Attempt, type AttemptOptions, NatsTransport } from './nats-transport.js';

/** One connection of nats-core to one server; it is never made again by itself. */
export interface Wire {
  readonly connection: NatsConnectionImpl;
  /** Without user, password and query. */
  readonly url: string;
  /** The last complaint of the server, in its words. */
  lastError(): string | undefined;
}

/**
 * Connects to the first server of a target that can be reached, in their order.
 *
 * @param onError told every complaint of the server, before anything that came after it is dealt with
 * @throws NscError `remote-failed` with the reason of every server; `bad-value`; whatever making the identity throws
 */
export async function openWire(
  target: NatsTarget,
  files: Pick<Files, 'read'>,
  onError: (text: string) => void,
): Promise<Wire> {
  if (target.servers.length === 0) throw new NscError('bad-value', 'no NATS server was named');
  const addresses = target.servers.map((text) => parseNatsUrl(text, target.tls));
  const tls = readTls(files, target.tls);
  const failures: Failure[] = [];
  let cause: unknown;
  for (const address of addresses) {
    let said: string | undefined;
    const attempt: Attempt = {
      address,
      tls,
      handshakeFirst: target.tls?.handshakeFirst === true,
      stage: 'dialling',
      isEncrypted: false,
      onError: (text) => {
        said = text;
        onError(text);
      },
    };
    try {
      return { connection: await connect(target, attempt), url: address.url, lastError: () => said };
    } catch (error) {
      if (error instanceof IdentityError) throw error.cause;
      failures.push(explainFailure(error, attempt, said, target));
      cause = error;
    }
  }
  throw connectFailed(failures, cause);
}

/** There is nobody to connect as; it is no failure of a server. */
class IdentityError extends Error {}

function connect(target: NatsTarget, attempt: Attempt): Promise<NatsConnectionImpl> {
  setTransportFactory({ factory: () => new NatsTransport() });
  const options: AttemptOptions = {
    name: target.clientName,
    timeout: target.timeoutMs,
    authenticator: (nonce) => authenticate(target, attempt.address, nonce) as Auth,
    reconnect: false,
    ignoreClusterUpdates: true, // only servers that were named are spoken to
    noAsyncTraces: true, // a stack for every request costs more than the request
    attempt,
  };
  return NatsConnectionImpl.connect(options) as Promise<NatsConnectionImpl>;
}

/** What CONNECT says about who we are; made anew at every connect. As with Go's client, what the URL says comes along. */
function authenticate(target: NatsTarget, { login, isSecure }: NatsAddress, nonce = ''): object {
  return { ...login, ...proveIdentity(target, nonce), ...(isSecure && { tls_required: true }) };
}

function proveIdentity({ identity }: NatsTarget, nonce: string): object {
  if (!identity) return {};
  try {
    const { token, pair } = identity();
    return { jwt: token, sig: encodeBase64Url(pair.sign(nonce)) };
  } catch (cause) {
    throw new IdentityError('no identity', { cause });
  }
}
