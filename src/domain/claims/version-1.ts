import type { JsonValue } from '../../lib/int64-json.js';
import { SHARES_MEMBERS } from './account.js';
import { SHARE_TYPE } from './import.js';
import { ACCOUNT_LIMITS_MEMBERS, NATS_LIMITS_MEMBERS } from './limits.js';
import { REGISTERED_MEMBERS } from './registered.js';
import type { Shape } from './schema.js';
import { record } from './schema-record.js';
import { int64, list, mapOf, text } from './schema-values.js';
import type { ClaimsByKind, Int64, ShareType } from './types.js';
import { USER_LIMITS_MEMBERS } from './user.js';

/** Payloads of version 1, and how they turn into claims (jwt-nkeys.md §2.6). */

export type MigratedKind = 'operator' | 'account' | 'user' | 'activation';

/** Kept of a body, by kind. All other members end with version 1: nothing has written it since 2020. */
const KEPT = {
  operator: {
    signing_keys: list(text),
    account_server_url: text,
    operator_service_urls: list(text),
    system_account: text,
  },
  account: {
    ...SHARES_MEMBERS,
    limits: record({ ...NATS_LIMITS_MEMBERS, ...ACCOUNT_LIMITS_MEMBERS }),
    signing_keys: list(text),
    revocations: mapOf(int64),
  },
  user: USER_LIMITS_MEMBERS,
  activation: { subject: text, type: SHARE_TYPE },
};

const OLD_LIMITS = { max: int64, payload: int64, src: text, times: USER_LIMITS_MEMBERS.times };

const OUTER_MEMBERS = { ...REGISTERED_MEMBERS, tags: list(text), type: text, issuer_account: text };

const SCHEMAS: Record<MigratedKind, Shape<never>> = {
  operator: record({ ...OUTER_MEMBERS, nats: record(KEPT.operator) }),
  account: record({ ...OUTER_MEMBERS, nats: record(KEPT.account) }),
  user: record({ ...OUTER_MEMBERS, nats: record({ ...KEPT.user, max: int64 }) }),
  activation: record({ ...OUTER_MEMBERS, nats: record({ ...KEPT.activation, ...OLD_LIMITS }) }),
};

interface OldClaims {
  tags?: string[];
  type?: string;
  issuer_account?: string;
  nats?: Record<string, unknown>;
}

/**
 * A version 1 payload as claims. They say `version` 1, and become version 2 when they are encoded.
 *
 * @throws Mismatch
 */
export function migrate<Kind extends MigratedKind>(kind: Kind, payload: JsonValue): ClaimsByKind[Kind] {
  const old = SCHEMAS[kind].read(payload) as OldClaims;
  const body = pick(old.nats ?? {}, KEPT[kind]);
  const { tags, type, issuer_account } = old;
  return {
    ...pick({ ...old }, REGISTERED_MEMBERS),
    nats: { ...CONVERT[kind](body, issuer_account), ...(tags && { tags }), ...(type && { type }), version: 1 },
  } as ClaimsByKind[Kind];
}

type Body = Record<string, unknown>;

const CONVERT: Record<MigratedKind, (body: Body, issuerAccount: string | undefined) => Body> = {
  operator: (body) => body,
  account: (body) => {
    const { limits, signing_keys: keys, ...rest } = body as { limits?: Body; signing_keys?: string[] };
    return {
      ...rest,
      limits: pick(limits ?? {}, { ...NATS_LIMITS_MEMBERS, ...ACCOUNT_LIMITS_MEMBERS }),
      ...(keys && { signing_keys: [...new Set(keys)] }),
    };
  },
  user: (body, issuerAccount) => {
    const { subs = -1, data = -1, payload = -1, ...rest } = body as { subs?: Int64; data?: Int64; payload?: Int64 };
    return { ...rest, subs, data, payload, ...(issuerAccount && { issuer_account: issuerAccount }) };
  },
  activation: ({ type, ...rest }: { type?: ShareType }, issuerAccount) => {
    return { ...rest, ...(type && { kind: type }), ...(issuerAccount && { issuer_account: issuerAccount }) };
  },
};

/** The members that the table names, in its order. */
function pick(object: Body, table: object): Body {
  return Object.fromEntries(
    Object.keys(table)
      .filter((name) => object[name] !== undefined)
      .map((name) => [name, object[name]]),
  );
}
