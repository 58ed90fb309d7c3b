import fc, { type Arbitrary } from 'fast-check';
import type { AnyClaims, ClaimKind } from '../../../src/domain/claims/types.js';
import { accountPair, operatorPair, serverPair, userPair } from './vectors.js';

/**
 * Claims as decoding gives them: no zero values where Go leaves them out, and every member that is always there.
 */

const MAX = 2n ** 63n - 1n;

const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
  fc.constantFrom('>', 'a.*', '<&>', '\u2028', '10', '__proto__'),
);
const anyText = fc.oneof(text, fc.constant(''));
const settle = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
const anyInteger = fc.oneof(fc.bigInt({ min: -MAX - 1n, max: MAX }), fc.integer().map(BigInt)).map(settle);
const integer = anyInteger.filter((value) => value !== 0);
const yes = fc.constant(true as const);
/** Whole numbers in between are written without exponent, so they come back as bigint. */
const float = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => Math.abs(value) < 2 ** 53 || Math.abs(value) >= 1e21);
const list = <T>(item: Arbitrary<T>, maxLength = 4): Arbitrary<T[]> => fc.array(item, { minLength: 1, maxLength });
const map = <T>(item: Arbitrary<T>): Arbitrary<Record<string, T>> =>
  fc.dictionary(
    text.filter((key) => key !== '__proto__'),
    item,
    { minKeys: 1, maxKeys: 4, noNullPrototype: true },
  );
const texts = list(anyText);

/** Any of these members. */
const some = <T extends object>(members: { [Name in keyof T]: Arbitrary<T[Name]> }, requiredKeys: (keyof T)[] = []) =>
  fc.record(members, { requiredKeys: requiredKeys as never, noNullPrototype: true });

const permission = some({ allow: texts, deny: texts });
const permissions = {
  pub: permission,
  sub: permission,
  resp: some({ max: anyInteger, ttl: anyInteger }, ['max', 'ttl']),
};
const natsLimits = { subs: integer, data: integer, payload: integer };
const userLimits = {
  ...permissions,
  src: texts,
  times: list(some({ start: text, end: text })),
  times_location: text,
  ...natsLimits,
  bearer_token: yes,
  proxy_required: yes,
  allowed_connection_types: texts,
};
const ALWAYS = ['pub', 'sub'] as const;
const tail = { tags: texts };
const share = fc.constantFrom('stream', 'service');
const jetstream = { mem_storage: integer, disk_storage: integer, streams: integer, max_bytes_required: yes };
const flags = { wildcards: yes, disallow_bearer: yes };
const limits = fc.oneof(
  some({ ...natsLimits, ...flags, conn: integer, leaf: integer, ...jetstream }),
  some({ ...natsLimits, ...flags, imports: integer, exports: integer, tiered_limits: map(some(jetstream)) }, [
    'tiered_limits',
  ]),
);
const scope = some(
  {
    kind: fc.constant('user_scope'),
    key: anyText,
    role: anyText,
    template: some({ ...userLimits, subs: anyInteger, data: anyInteger, payload: anyInteger }, [
      ...ALWAYS,
      'subs',
      'data',
      'payload',
    ]),
    description: anyText,
  },
  ['kind', 'key', 'role', 'template', 'description'],
);
const bySubject = (entries: object[]) => entries.map((entry, at) => ({ ...entry, subject: `s${100 + at}` }));
const importEntry = some({
  name: text,
  account: text,
  token: text,
  to: text,
  local_subject: text,
  type: share,
  share: yes,
});
const exportEntry = some({
  name: text,
  type: share,
  token_req: yes,
  revocations: map(anyInteger),
  response_type: text,
  response_threshold: integer,
  service_latency: some(
    { sampling: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant('headers')), results: anyText },
    ['sampling', 'results'],
  ),
  account_token_position: fc.nat().filter((position) => position > 0),
  advertise: yes,
});
const keyOf = (entry: unknown): string => (typeof entry === 'string' ? entry : (entry as { key: string }).key);
const byBytes = (a: unknown, b: unknown): number => Buffer.compare(Buffer.from(keyOf(a)), Buffer.from(keyOf(b)));

const bodies: { [Kind in ClaimKind]: Arbitrary<object> } = {
  operator: some({
    signing_keys: texts,
    account_server_url: fc.constantFrom('http://h/jwt?a=1&b=2'),
    strict_signing_key_usage: yes,
    ...tail,
  }),
  account: some(
    {
      imports: list(importEntry, 14).map(bySubject),
      exports: list(exportEntry, 14).map(bySubject),
      limits,
      signing_keys: fc
        .uniqueArray(fc.oneof(anyText, scope), { minLength: 1, maxLength: 5, selector: keyOf })
        .map((entries) => entries.sort(byBytes)),
      revocations: map(anyInteger),
      default_permissions: some(permissions, [...ALWAYS]),
      mappings: map(
        fc.oneof(
          fc.constant(null),
          fc.array(some({ subject: anyText, weight: fc.integer({ min: 1, max: 255 }), cluster: text }, ['subject'])),
        ),
      ),
      authorization: some({ auth_users: texts, allowed_accounts: texts, xkey: text }),
      trace: some({ dest: text, sampling: integer }),
      cluster_traffic: text,
      description: text,
      ...tail,
    },
    ['limits', 'default_permissions', 'authorization'],
  ),
  user: some({ ...userLimits, issuer_account: text, ...tail }, [...ALWAYS]),
  activation: some({ subject: text, kind: share, issuer_account: text, ...tail }),
  authorization_request: some(
    {
      server_id: some({ name: anyText, host: anyText, id: anyText, tags: texts }, ['name', 'host', 'id']),
      user_nkey: anyText,
      client_info: some({ host: text, id: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map(settle), tags: texts }),
      connect_opts: some({ jwt: text, protocol: anyInteger }, ['protocol']),
      client_tls: some({ certs: texts, verified_chains: list(fc.oneof(fc.constant(null), fc.array(anyText))) }),
      ...tail,
    },
    ['server_id', 'user_nkey', 'client_info', 'connect_opts'],
  ),
  authorization_response: some({ jwt: text, error: text, issuer_account: text, ...tail }),
  generic: fc.dictionary(
    text.filter((key) => !/^(__proto__|type|tags)$/.test(key)),
    fc.oneof(anyText, anyInteger, float, texts, fc.constant(null)),
    {
      noNullPrototype: true,
    },
  ),
};

/** Who signs a kind, and whom it is about. */
export const PARTIES = {
  operator: { signer: operatorPair, sub: operatorPair.publicKey },
  account: { signer: operatorPair, sub: accountPair.publicKey },
  user: { signer: accountPair, sub: userPair.publicKey },
  activation: { signer: accountPair, sub: accountPair.publicKey },
  authorization_request: { signer: serverPair, sub: 'x' },
  authorization_response: { signer: accountPair, sub: 'x' },
  generic: { signer: userPair, sub: 'x' },
};

const registered = some({ aud: text, exp: integer, name: text, nbf: integer });

/** Claims of that kind without what signing adds. */
export function anyClaims(kind: ClaimKind): Arbitrary<AnyClaims> {
  const named = kind === 'generic' ? {} : { type: kind };
  return fc
    .tuple(registered, bodies[kind])
    .map(
      ([claims, body]) => ({ ...claims, sub: PARTIES[kind].sub, nats: { ...body, ...named, version: 2 } }) as AnyClaims,
    );
}

/** The name of a member that no table knows; not one that JavaScript moves to the front. */
export const strangeName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 5 }).map((suffix) => `x-${suffix}`),
  fc.constantFrom('__proto__', 'constructor', '<>&', '\u2028', ''),
);

const strangeLeaf = fc.oneof(anyText, anyInteger, fc.bigInt(), fc.boolean(), fc.constant(null), float);

/** Any JSON, integers of any size included. */
export const strangeValue: Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    strangeLeaf.map((leaf) => (typeof leaf === 'bigint' ? settle(leaf) : leaf)),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc
    .uniqueArray(fc.tuple(strangeName, tie('value')), { maxLength: 3, selector: ([name]) => name })
    .map((members) => Object.fromEntries(members)),
})).value;
