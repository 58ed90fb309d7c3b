import type { NatsTls } from '../app/nats.js';
import { NscError } from '../errors.js';
import { escapeForTerminal, quote } from '../lib/display.js';

/** Where one server is, and how it is spoken to. */
export interface NatsAddress {
  /** As it may be shown: without user, password and query. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly isWebSocket: boolean;
  /** Nothing is sent before TLS is there. */
  readonly isSecure: boolean;
  /** What follows the host, of web sockets alone. */
  readonly path: string;
  /** User and password, or a token, of the URL itself. */
  readonly login: UrlLogin;
}

/** As CONNECT has them. */
export type UrlLogin = { readonly user: string; readonly pass: string } | { readonly auth_token: string } | undefined;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'nats:': 4222, 'tls:': 4222, 'ws:': 80, 'wss:': 443 };

/**
 * What a URL with the scheme nats, tls, ws or wss says. As for Go's client, a user without a password is a token, and
 * TLS has to be where the scheme says so or an option of TLS was given.
 *
 * @throws NscError `bad-value`
 */
export function parseNatsUrl(text: string, tls: NatsTls | undefined): NatsAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const defaultPort = DEFAULT_PORTS[url?.protocol ?? ''];
  if (!url || defaultPort === undefined || url.hostname === '') {
    throw new NscError('bad-value', `${quote(withoutLogin(text))} is no URL of a NATS server`, {
      hint: 'for example nats://host:4222, tls://host, ws://host or wss://host',
    });
  }
  const path = url.pathname === '/' ? '' : url.pathname;
  return {
    url: escapeForTerminal(`${url.protocol}//${url.host}${path}`),
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? defaultPort : Number(url.port),
    isWebSocket: /^wss?:$/.test(url.protocol),
    isSecure: /^(tls|wss):$/.test(url.protocol) || wantsTls(tls),
    path: path + url.search,
    login: loginOf(url, text),
  };
}

function loginOf({ username, password }: URL, text: string): UrlLogin {
  if (username === '' && password === '') return undefined;
  const hasPassword = /^[^/]*\/\/[^/@]*:[^/]*@/.test(text); // an empty one, too, which URL forgets
  const user = decode(username);
  return hasPassword ? { user, pass: decode(password) } : { auth_token: user };
}

/** Like Go, an option of TLS alone makes TLS a must. */
const wantsTls = ({ handshakeFirst, caFile, certFile, keyFile, curves }: NatsTls = {}): boolean =>
  handshakeFirst === true || [caFile, certFile, keyFile, curves].some((given) => given !== undefined);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % is meant literally
  }
}

/** A text that is no URL may hold a password all the same. */
const withoutLogin = (text: string): string => text.replace(/^([a-z]+:\/\/)?.*@/is, '$1').replace(/\?.*$/s, '');
