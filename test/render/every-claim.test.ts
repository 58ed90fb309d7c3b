import { describe, expect, it } from 'vitest';
import type { Described } from '../../src/app/result.js';
import type {
  AccountClaims,
  ActivationClaims,
  AnyClaims,
  ClaimKind,
  GenericClaims,
  JetStreamLimits,
  OperatorClaims,
  UserClaims,
  UserPermissionLimits,
} from '../../src/domain/claims/types.js';
import { encodeBase64Url } from '../../src/lib/base64url.js';
import { formatGoDuration } from '../../src/lib/duration.js';
import { formatDate } from '../../src/lib/moment.js';
import { textOf } from './styles.js';

/** Every member is there: a claim that is added to the types has to be added here, and then to the tables. */
type Whole<Value> = Value extends readonly (infer Item)[]
  ? Whole<Item>[]
  : Value extends object
    ? { [Name in keyof Value]-?: Whole<NonNullable<Value[Name]>> }
    : Value;

let numbers = 1000;
/** A number that occurs nowhere else. */
const unique = (): number => {
  numbers += 111;
  return numbers;
};
const time = (): number => 1_500_000_000 + unique() * 60;
const key = (start: string): string => start.padEnd(56, start);

const registered = (name: string) => ({
  name,
  sub: key('UASUBJECT'),
  iss: key('AISSUER'),
  aud: 'the audience',
  jti: 'JTI'.padEnd(52, 'X'),
  iat: time(),
  nbf: time(),
  exp: time() + 1_000_000_000,
});
const tail = (type: string) => ({ tags: ['tag-one', 'tag-two'], type, version: 1 });

const permissions = (at: string) => ({
  pub: { allow: [`${at}.pub.allow`], deny: [`${at}.pub.deny`] },
  sub: { allow: [`${at}.sub.allow`], deny: [`${at}.sub.deny`] },
  resp: { max: unique(), ttl: unique() * 1_000_000 },
});
const userLimits = (at: string): Whole<UserPermissionLimits> => ({
  ...permissions(at),
  src: ['10.1.0.0/16', '10.2.0.0/16'],
  times: [
    { start: '01:02:03', end: '04:05:06' },
    { start: '07:08:09', end: '10:11:12' },
  ],
  times_location: 'Pacific/Chatham',
  subs: unique(),
  data: unique(),
  payload: unique(),
  bearer_token: true,
  proxy_required: true,
  allowed_connection_types: ['LEAFNODE', 'MQTT_WS'],
});
const jetStream = (): Whole<JetStreamLimits> => ({
  mem_storage: unique(),
  disk_storage: unique(),
  streams: unique(),
  consumer: unique(),
  max_ack_pending: unique(),
  mem_max_stream_bytes: unique(),
  disk_max_stream_bytes: unique(),
  max_bytes_required: true,
});

const operator: Whole<OperatorClaims> = {
  ...registered('an operator'),
  nats: {
    signing_keys: [key('OSIGNONE'), key('OSIGNTWO')],
    account_server_url: 'nats://accounts:4222',
    operator_service_urls: ['nats://service-one:4222', 'tls://service-two:4222'],
    system_account: key('ASYSTEM'),
    assert_server_version: '2.11.12',
    strict_signing_key_usage: true,
    ...tail('operator'),
  },
};

const user: Whole<UserClaims> = {
  ...registered('a user'),
  nats: { ...userLimits('user'), issuer_account: key('AOWNER'), ...tail('user') },
};

const activation: Whole<ActivationClaims> = {
  ...registered('an activation'),
  nats: { subject: 'shared.*', kind: 'service', issuer_account: key('AOWNER'), ...tail('activation') },
};

const token = `e30.${encodeBase64Url(JSON.stringify({ iss: key('ATOKENISSUER'), exp: 2_400_000_000 }))}.x`;
const account: Whole<AccountClaims> = {
  ...registered('an account'),
  nats: {
    imports: [
      {
        name: 'an import',
        subject: 'imported.stream',
        account: key('AEXPORTER'),
        token,
        to: '',
        local_subject: 'local.stream',
        type: 'stream',
        share: true,
        allow_trace: true,
      },
      {
        name: 'an old import',
        subject: 'old.local',
        account: key('AOTHER'),
        token: 'https://example.com/activation',
        to: 'old.remote',
        local_subject: '',
        type: 'service',
        share: true,
        allow_trace: false,
      },
    ],
    exports: [
      {
        name: 'an export',
        subject: 'exported.service',
        type: 'service',
        token_req: true,
        revocations: { [key('AREVOKED')]: time(), '*': time() },
        response_type: 'Chunked',
        response_threshold: unique() * 1_000_000,
        service_latency: { sampling: 37, results: 'latency.results' },
        account_token_position: 23,
        advertise: true,
        allow_trace: true,
        description: 'what the export is for',
        info_url: 'https://example.com/export',
      },
    ],
    limits: {
      ...jetStream(),
      subs: unique(),
      data: unique(),
      payload: unique(),
      imports: unique(),
      exports: unique(),
      wildcards: true,
      disallow_bearer: true,
      conn: unique(),
      leaf: unique(),
      tiered_limits: { R1: jetStream(), R3: jetStream() },
    },
    signing_keys: [
      key('APLAIN'),
      {
        kind: 'user_scope',
        key: key('ASCOPED'),
        role: 'the-role',
        template: userLimits('role'),
        description: 'what the role is for',
      },
    ],
    revocations: { [key('UREVOKED')]: time(), '*': time() },
    default_permissions: permissions('default'),
    mappings: { 'from.here': [{ subject: 'to.there', weight: 41, cluster: 'a-cluster' }] },
    authorization: { auth_users: [key('UAUTH')], allowed_accounts: [key('AALLOWED')], xkey: key('XKEY') },
    trace: { dest: 'trace.here', sampling: 43 },
    cluster_traffic: 'owner',
    description: 'what the account is for',
    info_url: 'https://example.com/account',
    ...tail('account'),
  },
};

/** Of a server or an authorization service: the body is anything. */
const exchanged = (type: string): GenericClaims => ({
  ...registered(`a ${type}`),
  nats: {
    server_id: { name: 'a server', host: '10.9.8.7', id: key('NSERVER'), tags: ['server-tag'] },
    user_nkey: key('UNKEY'),
    client_info: { id: unique(), kind: 'Client' },
    jwt: 'a.b.c',
    error: 'why not',
    issuer_account: key('AOWNER'),
    ...tail(type),
  },
});

const KINDS: Readonly<Record<ClaimKind, AnyClaims>> = {
  operator: operator as OperatorClaims,
  account: account as AccountClaims,
  user: user as UserClaims,
  activation: activation as ActivationClaims,
  authorization_request: exchanged('authorization_request'),
  authorization_response: exchanged('authorization_response'),
  generic: exchanged('something'),
};

const described = (type: ClaimKind, claims: AnyClaims): Described => ({
  kind: 'described',
  type,
  token: 'e30.e30.x',
  claims,
  view: 'table',
  names: new Map(),
});

/** Members that are shown in other words: as the title, as which columns there are, or as a yes. */
const IN_OTHER_WORDS = /^nats\.(type|imports\[\d\]\.(type|token)|exports\[\d\]\.type|kind|signing_keys\[1\]\.kind)$/;

describe.each(Object.entries(KINDS))('a description of %s (E-64)', (type, claims) => {
  it('shows the value of every claim', async () => {
    const text = await textOf(described(type as ClaimKind, claims));
    const missing = [...leavesOf(claims)].filter(([path, value]) => {
      if (typeof value === 'boolean' || value === '' || IN_OTHER_WORDS.test(path)) return false;
      return !spellings(value).some((spelling) => text.includes(spelling));
    });
    expect(missing).toEqual([]);
  });

  it('shows claims of newer versions', async () => {
    const newer = { ...claims, later: ['x'], nats: { ...claims.nats, newest: { a: 'b' } } };
    const text = (await textOf(described(type as ClaimKind, newer as AnyClaims))).replace(/ +/g, ' ');
    expect(text).toContain('| later | ["x"] |');
    expect(text).toMatch(/\| (nats\.newest \| \{"a":"b"\}|newest\.a \| b) \|/);
  });
});

it('a description shows every switch', async () => {
  const rows = async (type: ClaimKind) => (await textOf(described(type, KINDS[type]))).replace(/ +/g, ' ');
  expect(await rows('operator')).toContain('| Require Signing Keys | true |');
  const ofUser = await rows('user');
  for (const row of ['| Bearer Token | Yes |', '| Proxy Required | Yes |']) expect(ofUser).toContain(row);
  const ofAccount = await rows('account');
  for (const row of [
    '| Exports Allows Wildcards | True |',
    '| Disallow Bearer Token | True |',
    '| Max Bytes | Required |',
    '| an export | Service | exported.service | 23 | No | 2 | latency.results (37%) | Yes |',
    '| an import | Stream | imported.stream | local.stream |',
    `| an import | imported.stream | issued by ${key('ATOKENISSUER')} | Yes |`,
    '| an old import | old.remote | https://example.com/activation | Yes |',
  ]) {
    expect(ofAccount).toContain(row);
  }
});

it('a lone curve key of an auth callout is shown', async () => {
  const claims = { sub: key('A'), iss: key('O'), nats: { authorization: { xkey: key('XLONE') } } };
  expect(await textOf(described('account', claims))).toContain(`Encrypt For`);
});

it('a long list of revocations is cut short', async () => {
  const revocations = Object.fromEntries(Array.from({ length: 103 }, (_none, at) => [`U${at}`, 1]));
  const text = await textOf(described('account', { sub: key('A'), iss: key('O'), nats: { revocations } }));
  expect(text).toContain('| … and 3 more |');
  expect(text).toMatch(/\| Revocations +\| 103 /);
});

function* leavesOf(value: unknown, path = ''): Generator<[path: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) {
    yield [path, value];
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${name}]` : path === '' ? name : `.${name}`;
    // the keys of maps are values, too
    if (/^([AU][A-Z]{9,}|from\.here|R\d)$/.test(name)) yield [`${path} (key)`, name];
    yield* leavesOf(member, path + step);
  }
}

function spellings(value: unknown): string[] {
  if (typeof value !== 'number') return [String(value)];
  return [String(value), formatDate(value), formatGoDuration(value)];
}
