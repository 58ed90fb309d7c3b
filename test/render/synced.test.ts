import { expect, test } from 'vitest';
import type { Synced } from '../../src/app/result.js';
import { NscError } from '../../src/errors.js';
import { renderJson } from '../../src/render/json.js';
import { colored, showColor, terminal, textOf } from './styles.js';

const synced: Synced = {
  kind: 'synced',
  title: 'pushed to nats://127.0.0.1:4222 as user "sys" of account "SYS"',
  data: { action: 'push', url: 'nats://127.0.0.1:4222' },
  servers: [
    { name: 'S1', version: '2.10.29', state: 'answered' },
    { name: 'S2', state: 'silent' },
    { name: 'nats://10.0.0.3:4222', state: 'absent', message: 'connection refused' },
  ],
  accounts: [
    {
      name: 'A',
      key: 'AAA',
      level: 'ok',
      state: 'sent',
      message: 'pushed "A" to 2 servers',
      answers: [{ server: 'S1', level: 'ok', state: 'taken', message: 'jwt updated' }],
    },
    {
      name: 'B',
      key: 'BBB',
      level: 'warn',
      state: 'sent',
      message: 'pushed "B" to 1 of 2 servers',
      answers: [
        { server: 'S1', level: 'ok', state: 'taken', message: 'jwt updated' },
        { server: 'S2', level: 'warn', state: 'silent', message: 'said nothing within 5s' },
      ],
    },
    {
      name: 'C',
      key: 'CCC',
      level: 'error',
      state: 'refused',
      message: 'nobody took "C"',
      answers: [{ level: 'error', state: 'refused', message: 'no\n[ OK ] pushed \u001b[2J' }],
    },
  ],
  summary: '3 accounts on 2 servers: 2 sent, 1 refused',
};

const differing: Synced = {
  kind: 'synced',
  title: 'compared with nats://127.0.0.1:4222',
  data: { action: 'diff' },
  servers: [],
  accounts: [
    {
      name: 'A',
      key: 'AAA',
      level: 'warn',
      state: 'differs',
      message: 'account "A" differs',
      answers: [
        {
          server: 'S"\u202e',
          level: 'warn',
          state: 'older',
          message: 'has an older one',
          differences: [
            { path: 'nats.limits.conn', before: 10, after: -1 },
            { path: 'exp', before: 2_537_654_400 },
            { path: 'nats.description', after: '\u001b[2J' },
          ],
        },
        { level: 'ok', state: 'same', message: '', differences: [{ path: 'name', before: 'A', after: 'a' }] },
      ],
    },
  ],
  summary: '1 of 1 account differs',
};

test('each account has a line, and below it what was not as it should be', async () => {
  expect(await textOf(synced)).toMatchInlineSnapshot(`
    "pushed to nats://127.0.0.1:4222 as user "sys" of account "SYS"
    [ OK ] pushed "A" to 2 servers
    [WARN] pushed "B" to 1 of 2 servers
           "S2": said nothing within 5s
    [ERR ] nobody took "C"
           no
             [ OK ] pushed \\u{1b}[2J
    [WARN] server "S2" did not answer
    [WARN] server "nats://10.0.0.3:4222" is not there: connection refused
    3 accounts on 2 servers: 2 sent, 1 refused
    "
  `);
});

test('a terminal has seen the accounts go by: only the others are told', async () => {
  expect(await textOf(synced, terminal(80))).toMatchInlineSnapshot(`
    "pushed to nats://127.0.0.1:4222 as user "sys" of account "SYS"
    [WARN] pushed "B" to 1 of 2 servers
           "S2": said nothing within 5s
    [ERR ] nobody took "C"
           no
             [ OK ] pushed \\u{1b}[2J
    [WARN] server "S2" did not answer
    [WARN] server "nats://10.0.0.3:4222" is not there: connection refused
    3 accounts on 2 servers: 2 sent, 1 refused
    "
  `);
});

test('a terminal is told everything where each account is worth a line, and by a dry run', async () => {
  expect(await textOf({ ...synced, isDetailed: true }, terminal(80))).toBe(await textOf(synced));
  expect(await textOf({ ...synced, dryRun: true }, terminal(80))).toBe(await textOf({ ...synced, dryRun: true }));
});

test('an account that a dry run would deal with is not reported as done', async () => {
  const text = await textOf({ ...synced, dryRun: true });
  expect(text.split('\n').slice(0, 3)).toEqual([
    'dry run: nothing is sent, and nothing is written',
    synced.title,
    '[ -- ] pushed "A" to 2 servers',
  ]);
});

test('claims that differ, with who has which', async () => {
  expect(await textOf(differing)).toMatchInlineSnapshot(`
    "compared with nats://127.0.0.1:4222
    - in the store, + on the server
    [WARN] account "A" differs
           "S\\"\\u{202e}": has an older one
             - nats.limits.conn: 10
             + nats.limits.conn: -1
             - exp: 2537654400 (2050-06-01 00:00:00 UTC)
             + nats.description: "\\u001b[2J"
             - name: "A"
             + name: "a"
    1 of 1 account differs
    "
  `);
});

test('prefixes and differences are coloured', async () => {
  const [first, ...others] = synced.accounts;
  const both: Synced = {
    ...synced,
    servers: [],
    accounts: [...(first ? [first] : []), ...differing.accounts, ...others],
  };
  expect(showColor(await textOf(both, colored))).toMatchInlineSnapshot(`
    "pushed to nats://127.0.0.1:4222 as user "sys" of account "SYS"
    <31>- in the store<39>, <32>+ on the server<39>
    [ <32>OK<39> ] pushed "A" to 2 servers
    [<33>WARN<39>] account "A" differs
           "S\\"\\u{202e}": has an older one
             <31>- nats.limits.conn: 10<39>
             <32>+ nats.limits.conn: -1<39>
             <31>- exp: 2537654400 (2050-06-01 00:00:00 UTC)<39>
             <32>+ nats.description: "\\u001b[2J"<39>
             <31>- name: "A"<39>
             <32>+ name: "a"<39>
    [<33>WARN<39>] pushed "B" to 1 of 2 servers
           "S2": said nothing within 5s
    [<31>ERR<39> ] nobody took "C"
           no
             [ OK ] pushed \\u{1b}[2J
    3 accounts on 2 servers: 2 sent, 1 refused
    "
  `);
});

test('JSON has every server, account, answer and difference', () => {
  const [account] = differing.accounts;
  const result: Synced = {
    ...synced,
    accounts: [...synced.accounts, ...(account ? [account] : [])],
    warnings: ['old'],
  };
  const document = JSON.parse([...renderJson(result, { warnings: ['new'] })].join(''));
  expect(document).toEqual({
    ok: true,
    kind: 'synced',
    action: 'push',
    url: 'nats://127.0.0.1:4222',
    dryRun: false,
    servers: synced.servers,
    accounts: result.accounts.map(({ key, ...rest }) => ({ ...rest, publicKey: key })),
    summary: synced.summary,
    warnings: ['old', 'new'],
  });
});

test('JSON says when it did not go well, was not done, or changed the store', () => {
  const json = (result: Synced, changes?: []) =>
    JSON.parse([...renderJson(result, { ...(changes && { changes }) })].join(''));
  expect(json({ ...synced, failure: new NscError('remote-partial', 'S2 did not answer') })).toMatchObject({
    ok: false,
  });
  expect(json({ ...synced, dryRun: true })).toMatchObject({ ok: true, dryRun: true });
  expect(json(synced)).not.toHaveProperty('changes');
  expect(json(synced, [])).toHaveProperty('changes', []);
});
