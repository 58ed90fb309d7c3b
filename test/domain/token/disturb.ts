import type { AnyClaims, ClaimKind } from '../../../src/domain/claims/types.js';

type Json = Record<string, unknown>;

/** Zero values of members that Go leaves out when they are zero. */
const ZEROS: Readonly<Record<string, Json>> = {
  claims: { aud: '', exp: 0, name: '', nbf: 0 },
  operator: {
    signing_keys: [],
    account_server_url: '',
    operator_service_urls: [],
    strict_signing_key_usage: false,
    tags: [],
  },
  account: {
    imports: [],
    exports: [],
    signing_keys: [],
    revocations: {},
    mappings: {},
    cluster_traffic: '',
    info_url: '',
    tags: [],
  },
  user: {
    src: [],
    times: [],
    times_location: '',
    subs: 0,
    data: 0,
    payload: 0,
    bearer_token: false,
    issuer_account: '',
  },
  activation: { subject: '', issuer_account: '', tags: [] },
  authorization_request: { request_nonce: '', tags: [] },
  authorization_response: { jwt: '', error: '', issuer_account: '' },
  limits: { subs: 0, data: 0, wildcards: false, conn: 0, mem_storage: 0, max_bytes_required: false, tiered_limits: {} },
  pub: { allow: [], deny: [] },
  sub: { allow: [], deny: [] },
  authorization: { auth_users: [], allowed_accounts: [], xkey: '' },
  imports: { name: '', token: '', to: '', share: false },
  exports: {
    name: '',
    token_req: false,
    revocations: {},
    response_threshold: 0,
    account_token_position: 0,
    advertise: false,
  },
  template: { src: [], times_location: '', bearer_token: false, proxy_required: false },
};

/** Claims that mean the same: members in another order, absent ones present as zero. */
export function disturb<Claims extends AnyClaims>(claims: Claims, kind: ClaimKind, seed: number): Claims {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };

  function walk(value: unknown, name: string): unknown {
    if (Array.isArray(value)) return value.map((item) => walk(item, name));
    if (typeof value !== 'object' || value === null) return value;
    const zeros = Object.entries(ZEROS[name] ?? {}).filter(() => next(2) === 0);
    const members = Object.entries({ ...Object.fromEntries(zeros), ...value });
    for (let at = members.length - 1; at > 0; at -= 1) {
      const other = next(at + 1);
      [members[at], members[other]] = [members[other] as [string, unknown], members[at] as [string, unknown]];
    }
    return Object.fromEntries(members.map(([key, member]) => [key, walk(member, key === 'nats' ? kind : key)]));
  }

  return walk(claims, 'claims') as Claims;
}
