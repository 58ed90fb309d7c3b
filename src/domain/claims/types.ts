/**
 * The claims of NATS JWTs, exactly as their JSON members are named (reference: jwt-nkeys.md §3).
 *
 * A claims object is the decoded JSON payload: members we know are typed here, members we do not know stay in the
 * object and are written back by the encoder. An absent member and its zero value mean the same unless said
 * otherwise. Claims are never changed in place: edits make new objects.
 */

/** A JSON integer of up to 64 bits: `bigint` only beyond ±2^53. */
export type Int64 = number | bigint;

export type ClaimKind =
  | 'operator'
  | 'account'
  | 'user'
  | 'activation'
  | 'authorization_request'
  | 'authorization_response'
  | 'generic';

export interface RegisteredClaims {
  aud?: string;
  /** Unix seconds; 0 or absent = never. */
  exp?: Int64;
  jti?: string;
  /** Unix seconds. */
  iat?: Int64;
  iss?: string;
  name?: string;
  /** Unix seconds; 0 or absent = at once. */
  nbf?: Int64;
  sub?: string;
}

interface BodyTail {
  tags?: string[];
  type?: string;
  version?: Int64;
}

export interface OperatorBody extends BodyTail {
  signing_keys?: string[];
  account_server_url?: string;
  operator_service_urls?: string[];
  system_account?: string;
  assert_server_version?: string;
  strict_signing_key_usage?: boolean;
}

export interface Permission {
  allow?: string[];
  deny?: string[];
}

export interface ResponsePermission {
  max?: Int64;
  /** Nanoseconds. */
  ttl?: Int64;
}

export interface Permissions {
  pub?: Permission;
  sub?: Permission;
  resp?: ResponsePermission;
}

export interface JetStreamLimits {
  mem_storage?: Int64;
  disk_storage?: Int64;
  streams?: Int64;
  consumer?: Int64;
  max_ack_pending?: Int64;
  mem_max_stream_bytes?: Int64;
  disk_max_stream_bytes?: Int64;
  max_bytes_required?: boolean;
}

/** -1 = unlimited; an absent number is 0. */
export interface AccountLimits extends JetStreamLimits {
  subs?: Int64;
  data?: Int64;
  payload?: Int64;
  imports?: Int64;
  exports?: Int64;
  wildcards?: boolean;
  disallow_bearer?: boolean;
  conn?: Int64;
  leaf?: Int64;
  tiered_limits?: Record<string, JetStreamLimits>;
}

export type ShareType = 'stream' | 'service';

export interface Import {
  name?: string;
  subject?: string;
  account?: string;
  token?: string;
  /** Deprecated in favour of `local_subject`. */
  to?: string;
  local_subject?: string;
  type?: ShareType;
  share?: boolean;
  allow_trace?: boolean;
}

export interface ServiceLatency {
  /** 1..100, or the text "headers" (any letter case when read; 0 means the same). */
  sampling?: Int64 | string;
  results?: string;
}

export interface Export {
  name?: string;
  subject?: string;
  type?: ShareType;
  token_req?: boolean;
  revocations?: Record<string, Int64>;
  response_type?: string;
  /** Nanoseconds. */
  response_threshold?: Int64;
  service_latency?: ServiceLatency;
  account_token_position?: Int64;
  advertise?: boolean;
  allow_trace?: boolean;
  description?: string;
  info_url?: string;
}

export interface TimeRange {
  start?: string;
  end?: string;
}

/** What a user may do; also the template of a scoped signing key. */
export interface UserPermissionLimits extends Permissions {
  src?: string[];
  times?: TimeRange[];
  times_location?: string;
  subs?: Int64;
  data?: Int64;
  payload?: Int64;
  bearer_token?: boolean;
  proxy_required?: boolean;
  allowed_connection_types?: string[];
}

/** A scoped signing key. Numbers absent from its template mean -1 (unlimited). */
export interface UserScope {
  kind: 'user_scope';
  key: string;
  role?: string;
  template?: UserPermissionLimits;
  description?: string;
}

export interface WeightedMapping {
  subject?: string;
  /** 0 or absent = 100 (percent). */
  weight?: number;
  cluster?: string;
}

export interface ExternalAuthorization {
  auth_users?: string[];
  allowed_accounts?: string[];
  xkey?: string;
}

export interface MsgTrace {
  dest?: string;
  sampling?: Int64;
}

export interface AccountBody extends BodyTail {
  imports?: (Import | null)[];
  exports?: (Export | null)[];
  limits?: AccountLimits;
  /** Plain keys as text, scoped keys as objects. */
  signing_keys?: (string | UserScope)[];
  /** User public key or `*` → Unix seconds. */
  revocations?: Record<string, Int64>;
  default_permissions?: Permissions;
  mappings?: Record<string, WeightedMapping[] | null>;
  authorization?: ExternalAuthorization;
  trace?: MsgTrace;
  cluster_traffic?: string;
  description?: string;
  info_url?: string;
}

export interface UserBody extends BodyTail, UserPermissionLimits {
  issuer_account?: string;
}

export interface ActivationBody extends BodyTail {
  subject?: string;
  kind?: ShareType;
  issuer_account?: string;
}

export interface OperatorClaims extends RegisteredClaims {
  nats: OperatorBody;
}
export interface AccountClaims extends RegisteredClaims {
  nats: AccountBody;
}
export interface UserClaims extends RegisteredClaims {
  nats: UserBody;
}
export interface ActivationClaims extends RegisteredClaims {
  nats: ActivationBody;
}
/** Generic and authorization claims: the body is any JSON object. */
export interface GenericClaims extends RegisteredClaims {
  nats?: Record<string, unknown>;
}

export interface ClaimsByKind {
  operator: OperatorClaims;
  account: AccountClaims;
  user: UserClaims;
  activation: ActivationClaims;
  authorization_request: GenericClaims;
  authorization_response: GenericClaims;
  generic: GenericClaims;
}

export type AnyClaims = ClaimsByKind[ClaimKind];

/** How much a broken rule weighs: E blocks, T blocks while times count, W only informs. */
export type IssueLevel = 'error' | 'time' | 'warning';

/**
 * One broken validation rule; `rule` is its number in jwt-nkeys.md §4 (C1, X15, …). A rule that applies another one to
 * a part of itself comes first: `X14.S3` is a subject that starts or ends with a dot (S3), in an export (X14).
 */
export interface Issue {
  rule: string;
  level: IssueLevel;
  message: string;
}
