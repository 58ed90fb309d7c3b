import { describe, expect, it } from 'vitest';
import { command } from '../../../../src/commands/generate/diagram/object.js';
import { draw as drawAs, textOf } from '../../../app/diagram/draw.js';
import { account, NOW as ISSUED, operator, pub, scope, under, user } from '../../../domain/trust/hierarchy.js';
import { itRefuses } from '../../../support/cases.js';
import { type Given, NOW } from '../../../support/plan.js';

const permissions = { pub: { allow: ['a', 'b'], deny: ['c'] }, sub: {}, resp: { max: 2, ttl: 1_000_000_000 } };
const given: Given = {
  operators: [
    {
      operator: operator({
        nats: {
          signing_keys: [pub('o2')],
          system_account: pub('a4'),
          account_server_url: 'nats://x:4222',
          strict_signing_key_usage: false,
          tags: ['eu', 'prod'],
        },
      }),
      accounts: [
        account('A', 'a1', {
          by: 'o2',
          nats: {
            signing_keys: [pub('a2'), scope('a3', 'reader', { sub: { allow: ['x.>'] }, src: ['10.0.0.0/8'] })],
            default_permissions: permissions,
            limits: { subs: 1, data: 2000, payload: -1, imports: 3, exports: 4, conn: 5, leaf: 6, mem_storage: 7000 },
          },
        }),
        account('SYS', 'a4'),
      ],
      users: [
        user('A/u', 'u1', { exp: NOW + 60, nbf: ISSUED }),
        user('A/r', 'u2', { by: 'a3', nats: under('a1') }),
        user('SYS/w', 'u3', { by: 'a4', nats: { ...permissions, subs: -1, data: -1, payload: 0, bearer_token: true } }),
      ],
    },
  ],
  stored: ['o1', 'a1', 'a2', 'u1'],
};

const draw = (line: string, world: Given = given) => drawAs(command, world, line);

const node = (label: string, what: string, rows: string[] = []) => ({ label, what, rows });
const issued = ['Issued At = 2023-11-14 22:13:20 UTC', 'Valid From = always', 'Expires = never', 'JWT Version = 2'];
const signed = ['o1 -> o1: self signed >', 'o1 -> a1: signed >', 'o1 -> a4: signed >'];

describe('an object diagram', () => {
  it('has the operator and its accounts, and who signed them', async () => {
    expect(await draw('')).toEqual({
      title: 'Object Diagram',
      nodes: { o1: node('O', 'operator'), a1: node('A', 'account'), a4: node('SYS', 'system account') },
      edges: signed,
      notes: [],
    });
  });

  it('has users with --users', async () => {
    const { nodes, edges } = await draw('--users');
    expect(nodes).toMatchObject({ u1: node('u', 'user'), u2: node('r', 'user'), u3: node('w', 'user') });
    expect([...edges].sort()).toEqual(
      [...signed, 'a1 -> u1: signed >', 'a1 -> u2: signed >', 'a4 -> u3: signed >'].sort(),
    );
  });

  it('has keys with --show-keys: which are stored, and which signed what', async () => {
    const { nodes, edges } = await draw('--show-keys --users');
    expect(nodes).toEqual({
      o1: node('O', 'operator', ['Identity Key = o1']),
      o1_sk: node('O', 'operator signing keys', ['key => stored', 'o2 => false']),
      a1: node('A', 'account', ['Identity Key = a1']),
      a1_sk: node('A', 'account signing keys', ['key => stored', 'a2 => true', 'a3 => false (role reader)']),
      a4: node('SYS', 'system account', ['Identity Key = a4']),
      u1: node('u', 'user', ['Identity Key = u1']),
      u2: node('r', 'user', ['Identity Key = u2']),
      u3: node('w', 'user', ['Identity Key = u3']),
    });
    expect([...edges].sort()).toEqual(
      [
        'o1 -> o1: self signed >',
        'o1_sk -> a1: signed > | o2',
        'o1 -> a4: signed >',
        'a1 -> u1: signed >',
        'a1_sk -> u2: signed > | a3',
        'a4 -> u3: signed >',
      ].sort(),
    );
  });

  it('has times, limits and permissions with --detail', async () => {
    const { nodes, edges } = await draw('--detail --users');
    const unlimited = ['-- Nats Limits --', 'Max Subscriptions = unlimited', 'Max Data = unlimited'];
    const allowed = ['Pub Allow = a, b', 'Pub Deny = c', 'Max Responses = 2', 'Response Ttl = 1s'];
    expect(nodes).toMatchObject({
      o1: node('O', 'operator', [
        'Identity Key Present = true',
        'Tags = eu, prod',
        ...issued,
        'account server = nats://x:4222',
        'Strict signing key usage = false',
      ]),
      a1: node('A', 'account', [
        'Identity Key Present = true',
        ...issued,
        '-- Account Limits --',
        'Max Imports = 3',
        'Max Exports = 4',
        'Wildcard Exports = false',
        'Bearer Tokens Disallowed = false',
        'Max Connections = 5',
        'Max Leaf Nodes = 6',
        '-- Nats Limits --',
        'Max Subscriptions = 1',
        'Max Data = 2.0 kB',
        'Max Payload = unlimited',
        '-- Jetstream Limits --',
        'Max Memory Storage = 7.0 kB',
        'Max Disk Storage = 0 B',
        'Max Streams = 0',
        'Max Consumers = 0',
        'Max Ack Pending = unlimited',
        'Max Memory Stream = unlimited',
        'Max Disk Stream = unlimited',
        'Max Bytes Required = false',
      ]),
      a1_permissions: node('A', 'default permissions', allowed),
      a3_permissions: node('reader', 'role permissions', [
        'Sub Allow = x.>',
        ...unlimited,
        'Max Payload = unlimited',
        '-- User Limits --',
        'Bearer Token = false',
        'Network Src = 10.0.0.0/8',
      ]),
      u1: node('u', 'user', [
        'Identity Key Present = true',
        'Issued At = 2023-11-14 22:13:20 UTC',
        'Valid From = 2023-11-14 22:13:20 UTC',
        'Expires = 2023-11-14 22:15:20 UTC',
        'JWT Version = 2',
        ...unlimited,
        'Max Payload = unlimited',
        '-- User Limits --',
        'Bearer Token = false',
      ]),
      u2: node('r', 'user', ['Identity Key Present = false', ...issued, 'Role = reader']),
      u3_permissions: node('w', 'user permissions', allowed),
    });
    expect(edges).toEqual(
      expect.arrayContaining([
        'a1 -> a1_permissions: API restricted by >',
        'u2 -> a3_permissions: API restricted by >',
        'u3 -> u3_permissions: API restricted by >',
      ]),
    );
  });

  it('says the same in Mermaid', async () => {
    const plant = await draw('--detail --users --show-keys');
    const mermaid = await draw('--detail --users --show-keys --format mermaid');
    const asMermaid = Object.entries(plant.nodes).map(([id, { label, what, rows }]) => {
      const texts = rows.map((row) => row.replace(/^-- (.*) --$/, '$1:').replace(/ =>? /, ': '));
      return [id, node(label, `(${what})`, texts)];
    });
    expect(mermaid.nodes).toEqual(Object.fromEntries(asMermaid));
    expect(mermaid.edges).toEqual(plant.edges.map((edge) => edge.replace(' >', '')));
  });

  it('has what is wrong with each', async () => {
    const world: Given = {
      operators: [
        {
          operator: operator(),
          accounts: [account('A', 'a1', { by: 'o2' }), account('B', 'b1', { exp: ISSUED - 1 }), account('C', 'a3')],
          users: [user('B/u', 'u1', { by: 'b1' }), user('B/v', 'u2', { by: 'b1' })],
        },
      ],
      unreadable: ['C', 'B/v'],
    };
    const { nodes, edges } = await draw('--users', world);
    const problem = (what: string) => ['-- Validation --', `problem = ${what}`];
    expect(nodes).toMatchObject({
      a1: { rows: problem('account "A" is signed by o2, which operator "O" does not list') },
      b1: { rows: problem('expired at 2023-11-14 22:13:19 UTC') },
      C: { rows: problem('it cannot be read: account "C" is broken') },
    });
    expect(edges).toEqual(['o1 -> o1: self signed >', 'o1 -> b1: signed >', 'b1 -> u1: signed >']);
    expect((await draw('--users --format mermaid', world)).notes).toHaveLength(4);
  });

  it('draws accounts that wait for their operator as signed by themselves', async () => {
    const world: Given = {
      operators: [{ operator: operator(), managed: true, accounts: [account('A', 'a1', { by: 'a1' })] }],
    };
    expect(await draw('', world)).toMatchObject({
      nodes: {
        a1: { rows: ['-- Validation --', 'problem = the account is self-signed, so its limits bind nobody'] },
      },
      edges: ['o1 -> o1: self signed >', 'a1 -> a1: self signed >'],
    });
  });

  it('goes to a file', async () => {
    const { answer } = await textOf(command, given, '--output-file x.puml');
    expect(answer).toEqual({ kind: 'emitted', what: 'object diagram', file: 'x.puml', data: { operator: 'O' } });
  });

  itRefuses(command, given, {
    'in another language': ['--format svg', ['bad-value', '--format: "svg" is not one of plantuml, mermaid']],
    'an argument': ['A', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});
