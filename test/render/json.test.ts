import { describe, expect, test } from 'vitest';
import { changed, type Listed, ok, type Result, warn } from '../../src/app/result.js';
import { encodeBase64Url } from '../../src/lib/base64url.js';
import { type JsonMeta, renderJson } from '../../src/render/json.js';

const jsonOf = (result: Result, meta?: JsonMeta): string => [...renderJson(result, meta)].join('');

test('a mutation tells its changes, steps and warnings', () => {
  const result = changed(ok('added account "A"'), warn('no users'));
  const changes = [{ action: 'create', type: 'account', name: 'A', publicKey: 'AAA', issuer: 'OOO' }] as const;
  expect(jsonOf(result, { changes, warnings: ['careful'] })).toMatchInlineSnapshot(`
    "{
     "ok": true,
     "kind": "changed",
     "dryRun": false,
     "changes": [
      {
       "action": "create",
       "type": "account",
       "name": "A",
       "publicKey": "AAA",
       "issuer": "OOO"
      }
     ],
     "steps": [
      {
       "level": "ok",
       "message": "added account \\"A\\""
      },
      {
       "level": "warn",
       "message": "no users"
      }
     ],
     "warnings": [
      "careful"
     ]
    }
    "
  `);
  expect(JSON.parse(jsonOf({ ...result, dryRun: true }))).toMatchObject({ dryRun: true, changes: [], warnings: [] });
});

test('a role is an object with the members of its scope', () => {
  const scope = { kind: 'user_scope' as const, key: 'AKEY', role: 'reader', template: { subs: 0 } };
  const role = { kind: 'role', account: 'A', scope, stored: true, users: ['u'], unreadable: [] } as const;
  const shown = {
    account: 'A',
    role: 'reader',
    public_key: 'AKEY',
    description: '',
    stored: true,
    template: { subs: 0 },
    users: ['u'],
  };
  expect(JSON.parse(jsonOf(role))).toEqual(shown);
  const unreadable = ['user "v" is broken'];
  expect(JSON.parse(jsonOf({ ...role, unreadable }))).toEqual({ ...shown, unreadable });
});

describe('a list', () => {
  const users: Listed = {
    kind: 'listed',
    title: 'Users',
    columns: [
      { key: 'name', title: 'Name' },
      { key: 'public_key', title: 'Public Key' },
    ],
    rows: [{ name: 'one <&>', public_key: 'U1', other: 1 }, { name: 'two' }],
    whenEmpty: 'no users',
  };

  test('is an array of objects with the members of its columns', () => {
    expect(jsonOf(users)).toBe('[\n {"name":"one <&>","public_key":"U1"},\n {"name":"two"}\n]\n');
  });

  test('is an empty array without rows', () => {
    expect(jsonOf({ ...users, rows: [] })).toBe('[]\n');
  });

  test('may bring its own JSON', () => {
    expect(jsonOf({ ...users, json: () => [{ pub: 'U1', exp: 2n ** 60n }] })).toBe(
      '[\n {"pub":"U1","exp":1152921504606846976}\n]\n',
    );
    expect(JSON.parse(jsonOf({ ...users, json: () => ({ report: [] }) }))).toEqual({ report: [] });
    expect(jsonOf({ ...users, json: () => null })).toBe('null\n');
  });

  test('is streamed', () => {
    let made = 0;
    function* rows(): Generator<Record<string, unknown>> {
      for (; made < 10_000; made += 1) yield { name: `u${made}` };
    }
    const chunks = renderJson({ ...users, rows: rows() })[Symbol.iterator]();
    expect(made).toBe(0);
    chunks.next();
    expect(made).toBeGreaterThan(100);
    expect(made).toBeLessThan(5000);
  });

  test('escapes what a terminal would obey, without changing the value', () => {
    const name = 'a\u009b31m\u202eb\u{e0041}';
    const text = jsonOf({ ...users, rows: [{ name, public_key: '' }] });
    expect(text).toBe('[\n {"name":"a\\u009b31m\\u202eb\\udb40\\udc41","public_key":""}\n]\n');
    expect(JSON.parse(text)[0].name).toBe(name);
  });
});

describe('a report', () => {
  const report: Listed = {
    kind: 'listed',
    title: 'Report',
    columns: [{ key: 'a', title: 'A' }],
    rows: [{ a: 'one <&>\u202e', more: [1, 2n ** 60n] }, { a: 'two' }],
    whenEmpty: 'nothing',
    report: { members: { until: 'then', count: 2 }, rows: 'rows' },
  };

  test('is an object with all members of its rows, indented by two blanks', () => {
    const text = jsonOf(report);
    expect(text).toMatchInlineSnapshot(`
      "{
        "until": "then",
        "count": 2,
        "rows": [
          {
            "a": "one <&>\\u202e",
            "more": [
              1,
              1152921504606846976
            ]
          },
          {
            "a": "two"
          }
        ]
      }
      "
    `);
    expect(JSON.parse(text).rows[0].a).toBe('one <&>\u202e');
  });

  test('has an empty list without rows', () => {
    expect(jsonOf({ ...report, rows: [] })).toBe('{\n  "until": "then",\n  "count": 2,\n  "rows": []\n}\n');
  });

  test('is streamed', () => {
    let made = 0;
    function* rows(): Generator<Record<string, unknown>> {
      for (; made < 10_000; made += 1) yield { a: `u${made}` };
    }
    const chunks = renderJson({ ...report, rows: rows() })[Symbol.iterator]();
    expect(made).toBe(0);
    chunks.next();
    expect(made).toBeGreaterThan(100);
    expect(made).toBeLessThan(5000);
  });
});

test('a check tells whether it passed', () => {
  const findings = [{ rule: 'C1', level: 'time', message: 'claim is expired' }] as const;
  expect(jsonOf({ kind: 'checked', ok: false, sections: [{ title: 'Account "A"', findings }] })).toMatchInlineSnapshot(`
    "{
     "ok": false,
     "sections": [
      {
       "title": "Account \\"A\\"",
       "findings": [
        {
         "rule": "C1",
         "level": "time",
         "message": "claim is expired"
        }
       ]
      }
     ]
    }
    "
  `);
});

describe('a token', () => {
  const payload =
    '{"sub":"UAAA","name":"u","exp":9223372036854775807,"nats":{"sub":{},"pub":{"allow":["a.>"]},"data":-1},"custom":[1.5]}';
  const token = `${encodeBase64Url('{"typ":"JWT"}')}.${encodeBase64Url(payload)}.sig`;
  const described: Result & { kind: 'described' } = {
    kind: 'described',
    type: 'user',
    token,
    claims: { nats: {} },
    view: 'json',
    names: new Map(),
  };

  test('is its payload with sorted members and exact numbers', () => {
    expect(jsonOf(described)).toMatchInlineSnapshot(`
      "{
       "custom": [
        1.5
       ],
       "exp": 9223372036854775807,
       "name": "u",
       "nats": {
        "data": -1,
        "pub": {
         "allow": [
          "a.>"
         ]
        },
        "sub": {}
       },
       "sub": "UAAA"
      }
      "
    `);
    expect(jsonOf({ ...described, view: 'table' })).toBe(jsonOf(described));
  });

  test('or a field of it, on one line', () => {
    expect(jsonOf({ ...described, view: { field: 'nats' } })).toBe(
      '{"data":-1,"pub":{"allow":["a.\\u003e"]},"sub":{}}\n',
    );
    expect(jsonOf({ ...described, view: { field: 'exp' } })).toBe('9223372036854775807\n');
    expect(jsonOf({ ...described, view: { field: 'missing' } })).toBe('null\n');
  });

  test('or itself', () => {
    expect(jsonOf({ ...described, view: 'raw' })).toBe(`${token}\n`);
  });
});
