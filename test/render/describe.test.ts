import { describe, expect, test } from 'vitest';
import type { Described, DescribedRole } from '../../src/app/result.js';
import type { Expansion } from '../../src/domain/claims/template-expansion.js';
import type { AccountBody, AnyClaims, ClaimKind, UserBody } from '../../src/domain/claims/types.js';
import { encodeBase64Url } from '../../src/lib/base64url.js';
import { colored, NOW, piped, showColor, terminal, textOf } from './styles.js';

const key = (start: string): string => start.padEnd(56, 'X');
const OPERATOR = key('OAAA');
const ACCOUNT = key('AAAA');
const USER = key('UAAA');

function described(type: ClaimKind, claims: AnyClaims, more: Partial<Described> = {}): Described {
  return { kind: 'described', type, token: 'e30.e30.x', claims, view: 'table', names: new Map(), ...more };
}

const operator = described(
  'operator',
  {
    name: 'O',
    sub: OPERATOR,
    iss: OPERATOR,
    iat: 1_700_000_000,
    nats: {
      signing_keys: [key('OCCC'), key('OBBB')],
      account_server_url: 'nats://localhost:4222',
      operator_service_urls: ['nats://a:4222', 'nats://b:4222'],
      system_account: ACCOUNT,
      strict_signing_key_usage: true,
      tags: ['eu', 'prod'],
    },
  },
  { names: new Map([[ACCOUNT, 'SYS']]) },
);

const plainUser: UserBody = { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 };

const user = (body: UserBody, more: Partial<Described> = {}): Described =>
  described('user', { name: 'U', sub: USER, iss: ACCOUNT, iat: 1_700_000_000, nats: body }, more);

const unlimited: AccountBody = {
  limits: { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 },
  default_permissions: { pub: {}, sub: {} },
  authorization: {},
};

const account = (body: AccountBody, more: Partial<Described> = {}): Described =>
  described('account', { name: 'A', sub: ACCOUNT, iss: OPERATOR, iat: 1_700_000_000, nats: body }, more);

describe('an operator', () => {
  test('with everything set', async () => {
    expect(await textOf(operator)).toMatchInlineSnapshot(`
      "+----------------------------------------------------------------------------------------+
      |                                    Operator Details                                    |
      +-----------------------+----------------------------------------------------------------+
      | Name                  | O                                                              |
      | Operator ID           | OAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX       |
      | Issuer ID             | OAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX       |
      | Issued                | 2023-11-14 22:13:20 UTC                                        |
      | Expires               |                                                                |
      | Tags                  | eu                                                             |
      |                       | prod                                                           |
      | Account JWT Server    | nats://localhost:4222                                          |
      | Operator Service URLs | nats://a:4222                                                  |
      |                       | nats://b:4222                                                  |
      | System Account        | AAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX / SYS |
      | Require Signing Keys  | true                                                           |
      +-----------------------+----------------------------------------------------------------+
      | Signing Keys          | OBBBXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX       |
      |                       | OCCCXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX       |
      +-----------------------+----------------------------------------------------------------+
      "
    `);
  });

  test('with nothing set', async () => {
    const claims = { name: 'O', sub: OPERATOR, iss: OPERATOR, iat: 1_700_000_000, nats: {} };
    expect(await textOf(described('operator', claims))).toMatchInlineSnapshot(`
      "+---------------------------------------------------------------------------------+
      |                                Operator Details                                 |
      +----------------------+----------------------------------------------------------+
      | Name                 | O                                                        |
      | Operator ID          | OAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Issuer ID            | OAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Issued               | 2023-11-14 22:13:20 UTC                                  |
      | Expires              |                                                          |
      | Require Signing Keys | false                                                    |
      +----------------------+----------------------------------------------------------+
      "
    `);
  });

  test('the title is bold in colour', async () => {
    const text = showColor(await textOf(operator, colored));
    expect(text.split('\n')[1]).toContain('<1>Operator Details<22>');
    expect(text.replace(/<\d+>/g, '')).toBe(await textOf(operator));
  });
});

describe('a user', () => {
  test('without limits', async () => {
    expect(await textOf(user(plainUser))).toMatchInlineSnapshot(`
      "+---------------------------------------------------------------------------------+
      |                                      User                                       |
      +----------------------+----------------------------------------------------------+
      | Name                 | U                                                        |
      | User ID              | UAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Issuer ID            | AAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Issued               | 2023-11-14 22:13:20 UTC                                  |
      | Expires              |                                                          |
      | Bearer Token         | No                                                       |
      | Response Permissions | Not Set                                                  |
      +----------------------+----------------------------------------------------------+
      | Max Msg Payload      | Unlimited                                                |
      | Max Data             | Unlimited                                                |
      | Max Subs             | Unlimited                                                |
      | Network Src          | Any                                                      |
      | Time                 | Any                                                      |
      +----------------------+----------------------------------------------------------+
      "
    `);
  });

  test('with permissions, limits and times', async () => {
    const body: UserBody = {
      pub: { allow: ['a.>', 'b'], deny: ['a.secret'] },
      sub: { allow: ['q workers'] },
      resp: { max: 3, ttl: 5_400_000_000_000 },
      src: ['10.0.0.0/8', '192.168.0.0/16'],
      times: [
        { start: '08:00:00', end: '12:00:00' },
        { start: '13:00:00', end: '17:30:00' },
      ],
      times_location: 'Europe/Berlin',
      subs: 10,
      data: 1_073_741_824,
      payload: 0,
      bearer_token: true,
      proxy_required: true,
      allowed_connection_types: ['MQTT', 'WEBSOCKET'],
      issuer_account: ACCOUNT,
      tags: ['t'],
    };
    expect(await textOf(user(body, { names: new Map([[ACCOUNT, 'A']]) }))).toMatchInlineSnapshot(`
      "+-----------------------------------------------------------------------------------------+
      |                                          User                                           |
      +--------------------------+--------------------------------------------------------------+
      | Name                     | U                                                            |
      | User ID                  | UAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX     |
      | Issuer ID                | AAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX / A |
      | Issuer Account           | AAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX / A |
      | Issued                   | 2023-11-14 22:13:20 UTC                                      |
      | Expires                  |                                                              |
      | Tags                     | t                                                            |
      | Bearer Token             | Yes                                                          |
      | Proxy Required           | Yes                                                          |
      | Pub Allow                | a.>                                                          |
      |                          | b                                                            |
      | Pub Deny                 | a.secret                                                     |
      | Sub Allow                | q workers                                                    |
      | Max Responses            | 3                                                            |
      | Response Permission TTL  | 1h30m0s                                                      |
      +--------------------------+--------------------------------------------------------------+
      | Max Msg Payload          | 0 B (0 bytes)                                                |
      | Max Data                 | 1.1 GB (1073741824 bytes)                                    |
      | Max Subs                 | 10                                                           |
      | Network Src              | 10.0.0.0/8                                                   |
      |                          | 192.168.0.0/16                                               |
      | Time                     | 08:00:00-12:00:00                                            |
      |                          | 13:00:00-17:30:00                                            |
      | Locale                   | Europe/Berlin                                                |
      +--------------------------+--------------------------------------------------------------+
      | Allowed Connection Types | MQTT                                                         |
      |                          | WEBSOCKET                                                    |
      +--------------------------+--------------------------------------------------------------+
      "
    `);
  });

  test('that is scoped shows the key its permissions come from', async () => {
    const scope = {
      kind: 'user_scope' as const,
      key: ACCOUNT,
      role: 'edge',
      description: 'sensors\nin the field',
      template: { pub: { allow: ['{{name()}}.>'] }, sub: {}, subs: 5 },
    };
    const scoped = user({ pub: {}, sub: {}, issuer_account: ACCOUNT }, { scope });
    expect(await textOf(scoped)).toMatchInlineSnapshot(`
      "+---------------------------------------------------------------------------+
      |                                   User                                    |
      +----------------+----------------------------------------------------------+
      | Name           | U                                                        |
      | User ID        | UAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Issuer ID      | AAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Issuer Account | AAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Issued         | 2023-11-14 22:13:20 UTC                                  |
      | Expires        |                                                          |
      | Issuer Scoped  | Yes                                                      |
      +----------------+----------------------------------------------------------+

      +---------------------------------------------------------------------------------+
      |                               Scoped Signing Key                                |
      +----------------------+----------------------------------------------------------+
      | Key                  | AAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Role                 | edge                                                     |
      | Description          | sensors in the field                                     |
      | Bearer Token         | No                                                       |
      | Pub Allow            | {{name()}}.>                                             |
      | Response Permissions | Not Set                                                  |
      +----------------------+----------------------------------------------------------+
      | Max Msg Payload      | Unlimited                                                |
      | Max Data             | Unlimited                                                |
      | Max Subs             | 5                                                        |
      | Network Src          | Any                                                      |
      | Time                 | Any                                                      |
      +----------------------+----------------------------------------------------------+
      "
    `);
  });
});

describe('a role', () => {
  const template = {
    pub: { allow: ['{{name()}}.>'], deny: ['{{name()}}.x'] },
    sub: {},
    resp: { max: 1, ttl: 0 },
    src: ['10.0.0.0/8'],
    times: [{ start: '08:00:00', end: '18:00:00' }],
    times_location: 'Europe/Berlin',
    subs: 0,
    data: 0,
    payload: 0,
    bearer_token: true,
    proxy_required: true,
    allowed_connection_types: ['MQTT'],
  };
  const role: DescribedRole = {
    kind: 'role',
    account: 'A',
    scope: { kind: 'user_scope', key: key('ABBB'), role: 'edge', description: 'sensors', template },
    stored: true,
    users: ['u', 'v'],
    unreadable: [],
  };

  test('with all its template can say, zeros included, and its users', async () => {
    expect(await textOf(role)).toMatchInlineSnapshot(`
      "+-------------------------------------------------------------------------------------+
      |                                 Scoped Signing Key                                  |
      +--------------------------+----------------------------------------------------------+
      | Account                  | A                                                        |
      | Seed Stored              | Yes                                                      |
      +--------------------------+----------------------------------------------------------+
      | Key                      | ABBBXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Role                     | edge                                                     |
      | Description              | sensors                                                  |
      | Bearer Token             | Yes                                                      |
      | Proxy Required           | Yes                                                      |
      | Pub Allow                | {{name()}}.>                                             |
      | Pub Deny                 | {{name()}}.x                                             |
      | Max Responses            | 1                                                        |
      | Response Permission TTL  | 0s                                                       |
      +--------------------------+----------------------------------------------------------+
      | Max Msg Payload          | 0 B (0 bytes)                                            |
      | Max Data                 | 0 B (0 bytes)                                            |
      | Max Subs                 | 0                                                        |
      | Network Src              | 10.0.0.0/8                                               |
      | Time                     | 08:00:00-18:00:00                                        |
      | Locale                   | Europe/Berlin                                            |
      +--------------------------+----------------------------------------------------------+
      | Allowed Connection Types | MQTT                                                     |
      +--------------------------+----------------------------------------------------------+
      | Users                    | u                                                        |
      |                          | v                                                        |
      +--------------------------+----------------------------------------------------------+
      "
    `);
  });

  test('without users, or with many', async () => {
    const rowsOf = async (more: Partial<DescribedRole>): Promise<string[]> =>
      (await textOf({ ...role, ...more })).split('\n').slice(-6, -2);
    expect(await rowsOf({ users: [], unreadable: ['user "w" is broken'] })).toMatchInlineSnapshot(`
      [
        "| Allowed Connection Types | MQTT                                                     |",
        "+--------------------------+----------------------------------------------------------+",
        "| Users                    | None                                                     |",
        "| Unreadable               | user "w" is broken                                       |",
      ]
    `);
    const users = Array.from({ length: 105 }, (_, at) => `u${at}`);
    expect(await rowsOf({ users })).toMatchInlineSnapshot(`
      [
        "|                          | u97                                                      |",
        "|                          | u98                                                      |",
        "|                          | u99                                                      |",
        "|                          | … and 5 more                                             |",
      ]
    `);
  });

  test('what it comes to for one user', async () => {
    const tablesOf = async (expansion: Expansion): Promise<string | undefined> =>
      (await textOf(user({ pub: {}, sub: {} }, { expansion }))).split('\n\n')[1];
    expect(
      await tablesOf({
        limits: { pub: { allow: ['bob.>'] }, sub: { deny: ['>'] } },
        dropped: [{ side: 'subscribe', entry: '{{tag(team)}}', reason: 'there is no tag "team:…"' }],
      }),
    ).toMatchInlineSnapshot(`
      "+--------------------------------------------------------------------------+
      |                        Permissions under the Role                        |
      +----------------------+---------------------------------------------------+
      | Pub Allow            | bob.>                                             |
      | Sub Deny             | >                                                 |
      | Response Permissions | Not Set                                           |
      +----------------------+---------------------------------------------------+
      | Left Out             | subscribe {{tag(team)}}: there is no tag "team:…" |
      +----------------------+---------------------------------------------------+
      "
    `);
    expect(await tablesOf({ refused: '"{{x()}}": there is no function "x()"' })).toMatchInlineSnapshot(`
      "+-------------------------------------------------+
      |           Permissions under the Role            |
      +---------+---------------------------------------+
      | Refused | "{{x()}}": there is no function "x()" |
      +---------+---------------------------------------+
      "
    `);
  });
});

describe('validity, its begin included (E-64)', () => {
  const valid = (times: { nbf?: number | bigint; exp?: number | bigint }): Described => {
    const described = user(plainUser);
    return { ...described, claims: { ...described.claims, ...times } };
  };
  const rowsOf = async (result: Described): Promise<string[]> =>
    (await textOf(result))
      .split('\n')
      .filter((line) => /Before|Expires/.test(line))
      .map((line) => line.replace(/\s+/g, ' '));

  test.each([
    [{}, ['| Expires | |']],
    [
      { nbf: 978_307_200, exp: 2_537_654_400 },
      ['| Not Before | 2001-01-01 00:00:00 UTC |', '| Expires | 2050-06-01 00:00:00 UTC |'],
    ],
    [{ nbf: NOW + 60 }, ['| Not Before | 2026-01-02 03:05:05 UTC (not yet valid) |', '| Expires | |']],
    [{ exp: NOW - 60 }, ['| Expires | 2026-01-02 03:03:05 UTC (expired) |']],
    [{ exp: 2n ** 62n }, ['| Expires | 4611686018427387904 (Unix seconds) |']],
  ])('%o', async (times, rows) => {
    expect(await rowsOf(valid(times))).toEqual(rows);
  });
});

describe('an account', () => {
  test('without limits', async () => {
    expect(await textOf(account(unlimited))).toMatchInlineSnapshot(`
      "+--------------------------------------------------------------------------------------+
      |                                   Account Details                                    |
      +---------------------------+----------------------------------------------------------+
      | Name                      | A                                                        |
      | Account ID                | AAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Issuer ID                 | OAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Issued                    | 2023-11-14 22:13:20 UTC                                  |
      | Expires                   |                                                          |
      +---------------------------+----------------------------------------------------------+
      | Max Connections           | Unlimited                                                |
      | Max Leaf Node Connections | Unlimited                                                |
      | Max Data                  | Unlimited                                                |
      | Max Exports               | Unlimited                                                |
      | Max Imports               | Unlimited                                                |
      | Max Msg Payload           | Unlimited                                                |
      | Max Subscriptions         | Unlimited                                                |
      | Exports Allows Wildcards  | True                                                     |
      | Disallow Bearer Token     | False                                                    |
      | Response Permissions      | Not Set                                                  |
      +---------------------------+----------------------------------------------------------+
      | Jetstream                 | Disabled                                                 |
      +---------------------------+----------------------------------------------------------+
      | Imports                   | None                                                     |
      | Exports                   | None                                                     |
      +---------------------------+----------------------------------------------------------+
      | Tracing Context           | Disabled                                                 |
      +---------------------------+----------------------------------------------------------+
      "
    `);
  });

  test('with everything', async () => {
    const activation = `e30.${encodeBase64Url('{"exp":2537654400}')}.x`;
    const body: AccountBody = {
      limits: {
        subs: 1000,
        data: 1_073_741_824,
        payload: 65_536,
        imports: 5,
        exports: 6,
        disallow_bearer: true,
        conn: 10,
        mem_storage: 1000,
        disk_storage: -1,
        streams: 3,
        consumer: -1,
        max_bytes_required: true,
        disk_max_stream_bytes: 5000,
      },
      default_permissions: { pub: { deny: ['secret.>'] }, sub: {} },
      signing_keys: [
        { kind: 'user_scope', key: key('ADDD'), role: 'edge', template: { pub: {}, sub: {} } },
        key('ACCC'),
        { kind: 'user_scope', key: key('ABBB'), role: '', template: {} },
      ],
      authorization: { auth_users: [USER], allowed_accounts: [key('AEEE'), key('AFFF')], xkey: key('XAAA') },
      revocations: { [USER]: 1, '*': 2 },
      mappings: {
        'orders.new': [
          { subject: 'orders.v1', weight: 80 },
          { subject: 'orders.v2', weight: 20 },
        ],
        a: [{ subject: 'b' }],
      },
      exports: [
        { name: 'events', subject: 'events.*', type: 'stream', account_token_position: 2, description: 'all\nevents' },
        {
          name: 'help',
          subject: 'help',
          type: 'service',
          token_req: true,
          revocations: { [USER]: 1 },
          service_latency: { sampling: 50, results: 'lat' },
          allow_trace: true,
          info_url: 'https://example.com',
        },
        { name: 'head', subject: 'head', type: 'service', service_latency: { sampling: 'headers', results: 'lat' } },
      ],
      imports: [
        { name: 'i1', subject: 'a.>', account: key('AEEE'), type: 'stream', local_subject: 'b.>', allow_trace: true },
        { name: 'i2', subject: 'q', account: key('AGGG'), type: 'service', token: activation },
        { name: 'i3', subject: 'q', account: key('AGGG'), type: 'service', to: 'r', token: 'https://example.com/t' },
        { name: 'i4', subject: 's', account: key('AGGG'), type: 'stream', to: 'pre', token: 'nonsense' },
        null,
      ],
      trace: { dest: 'traces', sampling: 75 },
      cluster_traffic: 'owner',
      description: 'All things <A>',
      info_url: 'https://example.com/a',
    };
    const names = new Map([[key('AEEE'), 'E']]);
    expect(await textOf(account(body, { names }))).toMatchInlineSnapshot(`
      "+--------------------------------------------------------------------------------------------------+
      |                                         Account Details                                          |
      +---------------------------+----------------------------------------------------------------------+
      | Name                      | A                                                                    |
      | Account ID                | AAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX             |
      | Issuer ID                 | OAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX             |
      | Issued                    | 2023-11-14 22:13:20 UTC                                              |
      | Expires                   |                                                                      |
      +---------------------------+----------------------------------------------------------------------+
      | Description               | All things <A>                                                       |
      | Info Url                  | https://example.com/a                                                |
      +---------------------------+----------------------------------------------------------------------+
      | Signing Keys              | ABBBXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX (scoped)    |
      |                           | ACCCXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX             |
      |                           | ADDDXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX (role edge) |
      +---------------------------+----------------------------------------------------------------------+
      | Auth Callout Users        | UAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX             |
      | Allowed Accounts          | AEEEXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX / E         |
      |                           | AFFFXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX             |
      | Encrypt For               | XAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX             |
      +---------------------------+----------------------------------------------------------------------+
      | Max Connections           | 10                                                                   |
      | Max Leaf Node Connections | Not Allowed                                                          |
      | Max Data                  | 1.1 GB (1073741824 bytes)                                            |
      | Max Exports               | 6                                                                    |
      | Max Imports               | 5                                                                    |
      | Max Msg Payload           | 66 kB (65536 bytes)                                                  |
      | Max Subscriptions         | 1000                                                                 |
      | Exports Allows Wildcards  | False                                                                |
      | Disallow Bearer Token     | True                                                                 |
      | Pub Deny                  | secret.>                                                             |
      | Response Permissions      | Not Set                                                              |
      +---------------------------+----------------------------------------------------------------------+
      | Jetstream                 | Enabled                                                              |
      | Max Disk Storage          | Unlimited                                                            |
      | Max Mem Storage           | 1.0 kB (1000 bytes)                                                  |
      | Max Streams               | 3                                                                    |
      | Max Consumers             | Unlimited                                                            |
      | Max Ack Pending           | Unlimited                                                            |
      | Max Bytes                 | Required                                                             |
      | Max Memory Stream         | Unlimited                                                            |
      | Max Disk Stream           | 5.0 kB (5000 bytes)                                                  |
      +---------------------------+----------------------------------------------------------------------+
      | Revocations               | 2                                                                    |
      +---------------------------+----------------------------------------------------------------------+
      | Tracing Context           | Enabled                                                              |
      | Subject                   | traces                                                               |
      | Sampling                  | 75%                                                                  |
      | Cluster Traffic           | owner                                                                |
      +---------------------------+----------------------------------------------------------------------+

      +-----------------------------------------------------------------------------------------------------------+
      |                                                  Exports                                                  |
      +--------+---------+----------+------------------------+--------+-------------+---------------+-------------+
      | Name   | Type    | Subject  | Account Token Position | Public | Revocations | Tracking      | Allow Trace |
      +--------+---------+----------+------------------------+--------+-------------+---------------+-------------+
      | events | Stream  | events.* | 2                      | Yes    | 0           | N/A           | N/A         |
      | help   | Service | help     | -                      | No     | 1           | lat (50%)     | Yes         |
      | head   | Service | head     | -                      | Yes    | 0           | lat (headers) | No          |
      +--------+---------+----------+------------------------+--------+-------------+---------------+-------------+

      +--------------------------------------------+
      |           Exports - Descriptions           |
      +--------+-------------+---------------------+
      | Name   | Description | Info Url            |
      +--------+-------------+---------------------+
      | events | all events  |                     |
      | help   |             | https://example.com |
      +--------+-------------+---------------------+

      +-----------------------------------------------------------------------------------------------------+
      |                                        Exports - Revocations                                        |
      +------+---------+----------------------------------------------------------+-------------------------+
      | Name | Subject | Account                                                  | Issued Up To            |
      +------+---------+----------------------------------------------------------+-------------------------+
      | help | help    | UAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX | 1970-01-01 00:00:01 UTC |
      +------+---------+----------------------------------------------------------+-------------------------+

      +---------------------------------------------------------------------------------------------------------------------------------------------+
      |                                                                   Imports                                                                   |
      +------+---------+--------+-------+-------------------------+----------------------------------------------------------+--------+-------------+
      | Name | Type    | Remote | Local | Expires                 | From Account                                             | Public | Allow Trace |
      +------+---------+--------+-------+-------------------------+----------------------------------------------------------+--------+-------------+
      | i1   | Stream  | a.>    | b.>   |                         | E                                                        | Yes    | Yes         |
      | i2   | Service | q      | q     | 2050-06-01 00:00:00 UTC | AGGGXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX | No     | N/A         |
      | i3   | Service | r      | q     | At URL                  | AGGGXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX | No     | N/A         |
      | i4   | Stream  | s      | pre.s | Unreadable              | AGGGXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX | No     | No          |
      +------+---------+--------+-------+-------------------------+----------------------------------------------------------+--------+-------------+

      +-------------------------------------------------------+
      |                   Imports - Access                    |
      +------+--------+-----------------------+---------------+
      | Name | Remote | Activation            | Shares Client |
      +------+--------+-----------------------+---------------+
      | i2   | q      |                       | No            |
      | i3   | r      | https://example.com/t | No            |
      | i4   | s      | Unreadable            | No            |
      +------+--------+-----------------------+---------------+

      +-------------------------------------+
      |              Mappings               |
      +------------+-----------+------------+
      | From       | To        | Weight (%) |
      +------------+-----------+------------+
      | a          | b         | 100        |
      |            |           | sum=100    |
      | orders.new | orders.v1 | 80         |
      |            | orders.v2 | 20         |
      |            |           | sum=100    |
      +------------+-----------+------------+

      +---------------------------------------------------------------------------------+
      |                               Scoped Signing Key                                |
      +----------------------+----------------------------------------------------------+
      | Key                  | ABBBXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Bearer Token         | No                                                       |
      | Response Permissions | Not Set                                                  |
      +----------------------+----------------------------------------------------------+
      | Max Msg Payload      | Unlimited                                                |
      | Max Data             | Unlimited                                                |
      | Max Subs             | Unlimited                                                |
      | Network Src          | Any                                                      |
      | Time                 | Any                                                      |
      +----------------------+----------------------------------------------------------+

      +---------------------------------------------------------------------------------+
      |                               Scoped Signing Key                                |
      +----------------------+----------------------------------------------------------+
      | Key                  | ADDDXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      | Role                 | edge                                                     |
      | Bearer Token         | No                                                       |
      | Response Permissions | Not Set                                                  |
      +----------------------+----------------------------------------------------------+
      | Max Msg Payload      | Unlimited                                                |
      | Max Data             | Unlimited                                                |
      | Max Subs             | Unlimited                                                |
      | Network Src          | Any                                                      |
      | Time                 | Any                                                      |
      +----------------------+----------------------------------------------------------+

      +------------------------------------------------------------------------------------+
      |                                    Revocations                                     |
      +----------------------------------------------------------+-------------------------+
      | User                                                     | Issued Up To            |
      +----------------------------------------------------------+-------------------------+
      | * (everybody)                                            | 1970-01-01 00:00:02 UTC |
      | UAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX | 1970-01-01 00:00:01 UTC |
      +----------------------------------------------------------+-------------------------+
      "
    `);
  });

  test('with JetStream tiers in the order of their names', async () => {
    const tiered_limits = {
      R3: { disk_storage: 2_000_000, mem_storage: -1, streams: -1 },
      R1: { disk_storage: 1_000_000, max_ack_pending: 100, mem_max_stream_bytes: -1 },
    };
    const text = await textOf(account({ ...unlimited, limits: { ...unlimited.limits, tiered_limits } }));
    expect(text.slice(text.indexOf('| Jetstream'), text.indexOf('| Imports'))).toMatchInlineSnapshot(`
      "| Jetstream Tier            | R1                                                       |
      | Max Disk Storage          | 1.0 MB (1000000 bytes)                                   |
      | Max Mem Storage           | Disabled                                                 |
      | Max Streams               | 0                                                        |
      | Max Consumers             | 0                                                        |
      | Max Ack Pending           | 100                                                      |
      | Max Bytes                 | Optional                                                 |
      | Max Memory Stream         | Unlimited                                                |
      | Max Disk Stream           | Unlimited                                                |
      +---------------------------+----------------------------------------------------------+
      | Jetstream Tier            | R3                                                       |
      | Max Disk Storage          | 2.0 MB (2000000 bytes)                                   |
      | Max Mem Storage           | Unlimited                                                |
      | Max Streams               | Unlimited                                                |
      | Max Consumers             | 0                                                        |
      | Max Ack Pending           | Unlimited                                                |
      | Max Bytes                 | Optional                                                 |
      | Max Memory Stream         | Unlimited                                                |
      | Max Disk Stream           | Unlimited                                                |
      +---------------------------+----------------------------------------------------------+
      "
    `);
  });

  test('with mappings for clusters', async () => {
    const mappings = {
      a: [
        { subject: 'b', weight: 50 },
        { subject: 'c', cluster: 'east' },
      ],
      empty: null,
    };
    const text = await textOf(account({ ...unlimited, mappings }));
    expect(text.slice(text.indexOf('\n\n') + 2)).toMatchInlineSnapshot(`
      "+-----------------------------------+
      |             Mappings              |
      +-------+----+------------+---------+
      | From  | To | Weight (%) | Cluster |
      +-------+----+------------+---------+
      | a     | b  | 50         |         |
      |       | c  | 100        | east    |
      |       |    | sum=50     |         |
      |       |    | sum=100    | east    |
      | empty |    |            |         |
      +-------+----+------------+---------+
      "
    `);
  });
});

test('an activation', async () => {
  const claims = {
    name: 'p',
    sub: ACCOUNT,
    iss: key('ABBB'),
    iat: 1_700_000_000,
    nats: { subject: 'p.*.x', kind: 'stream' as const },
  };
  expect(await textOf(described('activation', claims))).toMatchInlineSnapshot(`
    "+---------------------------------------------------------------------------+
    |                                Activation                                 |
    +----------------+----------------------------------------------------------+
    | Name           | p                                                        |
    | Account ID     | AAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
    | Issuer ID      | ABBBXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
    | Issued         | 2023-11-14 22:13:20 UTC                                  |
    | Expires        |                                                          |
    | Hash ID        | EYZA776GHWCR6KTQEE3RMAGJGCN5OWX7NSQICJLTQLNOOTKX3JRA==== |
    | Import Type    | Stream                                                   |
    | Import Subject | p.*.x                                                    |
    +----------------+----------------------------------------------------------+
    "
  `);
});

test('other claims show every member of their body', async () => {
  const claims = {
    sub: OPERATOR,
    iss: OPERATOR,
    aud: 'x',
    nats: { version: 2, accounts: [ACCOUNT], deep: { b: true, a: {} } },
  };
  expect(await textOf(described('generic', claims))).toMatchInlineSnapshot(`
    "+--------------------------------------------------------------------------+
    |                              Generic Claims                              |
    +-----------+--------------------------------------------------------------+
    | Subject   | OAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX     |
    | Issuer ID | OAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX     |
    | Issued    |                                                              |
    | Expires   |                                                              |
    | Audience  | x                                                            |
    +-----------+--------------------------------------------------------------+
    | accounts  | ["AAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"] |
    | deep.a    | {}                                                           |
    | deep.b    | true                                                         |
    | version   | 2                                                            |
    +-----------+--------------------------------------------------------------+
    "
  `);
});

describe('a table', () => {
  const hostile = described('operator', { name: 'a\u001b[31m\nb\u202e日本', sub: 'O', iss: 'O', nats: {} });

  test('escapes what a terminal would obey and counts columns', async () => {
    const lines = (await textOf(hostile)).split('\n');
    expect(lines[3]).toBe('| Name                 | a\\u{1b}[31m\\u{a}b\\u{202e}日本 |');
  });

  test('goes on in the next line where the terminal ends', async () => {
    const body: UserBody = { ...plainUser, tags: [`a long tag ${'x'.repeat(70)}`] };
    const text = await textOf(user(body), terminal(60));
    expect(text).toMatchInlineSnapshot(`
      "+----------------------------------------------------------+
      |                           User                           |
      +----------------------+-----------------------------------+
      | Name                 | U                                 |
      | User ID              | UAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      |                      | XXXXXXXXXXXXXXXXXXXXXXX           |
      | Issuer ID            | AAAAXXXXXXXXXXXXXXXXXXXXXXXXXXXXX |
      |                      | XXXXXXXXXXXXXXXXXXXXXXX           |
      | Issued               | 2023-11-14 22:13:20 UTC           |
      | Expires              |                                   |
      | Tags                 | a long tag                        |
      |                      | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx |
      |                      | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx |
      |                      | xxxx                              |
      | Bearer Token         | No                                |
      | Response Permissions | Not Set                           |
      +----------------------+-----------------------------------+
      | Max Msg Payload      | Unlimited                         |
      | Max Data             | Unlimited                         |
      | Max Subs             | Unlimited                         |
      | Network Src          | Any                               |
      | Time                 | Any                               |
      +----------------------+-----------------------------------+
      "
    `);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  });

  test('is whole and without colour in a file', async () => {
    const style = { ...colored, width: 40 };
    expect(await textOf({ ...operator, file: '/x' }, style)).toBe(await textOf(operator, piped));
  });
});

test('a raw token is decorated in a file only', async () => {
  const raw = { ...operator, view: 'raw' } as const;
  expect(await textOf(raw)).toBe('e30.e30.x\n');
  expect(await textOf({ ...raw, file: '/x' })).toMatchInlineSnapshot(`
    "-----BEGIN NATS OPERATOR JWT-----
    e30.e30.x
    ------END NATS OPERATOR JWT------

    "
  `);
});
