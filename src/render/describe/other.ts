import type {
  AccountBody,
  ActivationBody,
  OperatorBody,
  RegisteredClaims,
  UserBody,
} from '../../domain/claims/types.js';
import { jsonLine } from '../json-text.js';
import type { Row } from './rows.js';

/** The members of an object that have rows of their own. */
type Known<Claims> = Readonly<Record<keyof Claims, true>>;

const TAIL = { tags: true, type: true, version: true } as const;

export const REGISTERED: Known<RegisteredClaims & { nats: unknown }> = {
  aud: true,
  exp: true,
  jti: true,
  iat: true,
  iss: true,
  name: true,
  nbf: true,
  sub: true,
  nats: true,
};

export const OPERATOR: Known<OperatorBody> = {
  signing_keys: true,
  account_server_url: true,
  operator_service_urls: true,
  system_account: true,
  assert_server_version: true,
  strict_signing_key_usage: true,
  ...TAIL,
};

export const ACCOUNT: Known<AccountBody> = {
  imports: true,
  exports: true,
  limits: true,
  signing_keys: true,
  revocations: true,
  default_permissions: true,
  mappings: true,
  authorization: true,
  trace: true,
  cluster_traffic: true,
  description: true,
  info_url: true,
  ...TAIL,
};

export const USER: Known<UserBody> = {
  pub: true,
  sub: true,
  resp: true,
  src: true,
  times: true,
  times_location: true,
  subs: true,
  data: true,
  payload: true,
  bearer_token: true,
  proxy_required: true,
  allowed_connection_types: true,
  issuer_account: true,
  ...TAIL,
};

export const ACTIVATION: Known<ActivationBody> = { subject: true, kind: true, issuer_account: true, ...TAIL };

/** What claims say beside the members that are known here: those of newer versions, by their path, as JSON. */
export function otherRows(path: string, object: object, known: Readonly<Record<string, true>>): Row[] {
  return Object.entries(object)
    .filter(([name, value]) => !Object.hasOwn(known, name) && value !== undefined)
    .map(([name, value]) => [`${path}${name}`, jsonLine(value)]);
}

/** The same for a whole token: its own members, then those of its body. */
export const otherClaims = (
  claims: RegisteredClaims & { readonly nats: object },
  known: Readonly<Record<string, true>>,
): Row[] => [...otherRows('', claims, REGISTERED), ...otherRows('nats.', claims.nats, known)];
