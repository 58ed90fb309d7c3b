import { BODY_TAIL } from './body-tail.js';
import { always } from './schema.js';
import { record } from './schema-record.js';
import { int64, list, text, uint64 } from './schema-values.js';

/** The bodies that a server and an authorization callout service exchange (jwt-nkeys.md §3.8). */

type AnyBody = Record<string, unknown>;

const SERVER_ID = record<AnyBody>({
  name: always(text),
  host: always(text),
  id: always(text),
  version: text,
  cluster: text,
  tags: list(text),
  xkey: text,
});

const CLIENT_INFO = record<AnyBody>({
  host: text,
  id: uint64,
  user: text,
  name: text,
  tags: list(text),
  name_tag: text,
  kind: text,
  type: text,
  mqtt_id: text,
  nonce: text,
});

const CONNECT_OPTS = record<AnyBody>({
  jwt: text,
  nkey: text,
  sig: text,
  auth_token: text,
  user: text,
  pass: text,
  name: text,
  lang: text,
  version: text,
  protocol: always(int64),
});

const CLIENT_TLS = record<AnyBody>({
  version: text,
  cipher: text,
  certs: list(text),
  verified_chains: list(list(text)),
});

export const AUTHORIZATION_REQUEST_BODY = record<AnyBody>({
  server_id: always(SERVER_ID),
  user_nkey: always(text),
  client_info: always(CLIENT_INFO),
  connect_opts: always(CONNECT_OPTS),
  client_tls: CLIENT_TLS,
  request_nonce: text,
  ...BODY_TAIL,
});

export const AUTHORIZATION_RESPONSE_BODY = record<AnyBody>({
  jwt: text,
  error: text,
  issuer_account: text,
  ...BODY_TAIL,
});
