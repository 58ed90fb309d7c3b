import { describe, expect, it } from 'vitest';
import { command as addUser } from '../../src/commands/add/user.js';
import { command as describeRole } from '../../src/commands/describe/role.js';
import { command as editSigningKey } from '../../src/commands/edit/signing-key.js';
import { command as editUser } from '../../src/commands/edit/user.js';
import { command as listRoles } from '../../src/commands/list/roles.js';
import { findScope } from '../../src/domain/claims/scope.js';
import type { UserPermissionLimits } from '../../src/domain/claims/types.js';
import type { KeyRecord } from '../../src/domain/keyring/keyring.js';
import { renderJson } from '../../src/render/json.js';
import { account, type KeyName, operator, pub, scope, under, user } from '../domain/trust/hierarchy.js';
import { textOf } from '../render/styles.js';
import { itAnswers, itPlans, itRefuses } from '../support/cases.js';
import { FakeWorld } from '../support/fake-world.js';
import { answer, type Given, planRaw, rowsOf } from '../support/plan.js';
import { READER, record, ring } from './keys/rings.js';

/* Several keys have a role while it is rotated. Account A has the role "reader": a4 is retiring, a3 active, a2 next. */

const WIDE: UserPermissionLimits = { sub: { allow: ['orders.>', 'stock.>'] } };
const RECORDS = [
  record('a4', READER, 'retiring', { replacedBy: pub('a3') }),
  record('a3', READER, 'active', { replaces: pub('a4') }),
  record('a2', READER, 'next'),
];
function world(
  records: readonly KeyRecord[] = RECORDS,
  templates: Partial<Record<KeyName, UserPermissionLimits>> = {},
): Given {
  const keys = (['a4', 'a3', 'a2'] as const).map((name) => scope(name, 'reader', templates[name] ?? WIDE));
  return {
    operators: [
      {
        operator: operator(),
        accounts: [account('A', 'a1', { nats: { signing_keys: [...keys, scope('ax', 'writer')] } })],
        users: [
          user('A/old', 'u1', { by: 'a4', nats: under('a1') }),
          user('A/new', 'u2', { by: 'a3', nats: under('a1') }),
        ],
        keyring: ring(...records),
      },
    ],
  };
}
const given = world();
const unknown = world([]);

/** What each key allows to subscribe to after an edit. */
async function allowed(line: string, before = given): Promise<Record<string, unknown>> {
  const { after } = await planRaw(editSigningKey, before, line);
  const claims = after.findAccount('A')?.claims ?? { nats: {} };
  const keys = ['a4', 'a3', 'a2'] as const;
  return Object.fromEntries(keys.map((name) => [name, findScope(claims, pub(name))?.template?.sub?.allow]));
}

describe('an edit of a role changes all its keys', () => {
  it.each([
    ['by --sk', '--sk reader --rm stock.>'],
    ['by --role', '--role reader --rm stock.>'],
    ['as the argument', 'reader --rm stock.>'],
  ])('%s', async (_how, line) => {
    expect(await allowed(line)).toEqual({ a4: ['orders.>'], a3: ['orders.>'], a2: ['orders.>'] });
  });

  it('says so once, and names every key with its state', async () => {
    const { shown } = await planRaw(editSigningKey, given, 'reader --rm stock.> --subs 5');
    expect(shown.steps.filter((step) => step.includes('stock'))).toHaveLength(1);
    expect(shown.steps.slice(-3)).toEqual([
      'edited signing key "a3" (active)',
      'edited signing key "a2" (next)',
      'edited signing key "a4" (retiring)',
    ]);
    expect(shown.warnings).toBeUndefined();
  });

  it('each from what it says itself, so that what differed on purpose goes on doing so', async () => {
    const before = world(RECORDS, { a2: { sub: { allow: ['stock.>', 'new.>'] } } });
    expect(await allowed('reader --rm stock.>', before)).toEqual({ a4: ['orders.>'], a3: ['orders.>'], a2: ['new.>'] });
  });

  it('but not one that is compromised: nothing of it is to get better', async () => {
    const before = world([...RECORDS.slice(1), record('a4', READER, 'compromised')]);
    const { a4, a3 } = await allowed('reader --allow-sub more', before);
    expect([a4, a3]).toEqual([
      ['orders.>', 'stock.>'],
      ['more', 'orders.>', 'stock.>'],
    ]);
  });

  it('also where an old key has no record: a store that nsc began', async () => {
    const before = world([record('a4', READER, 'retiring'), record('a2', READER, 'next')]);
    expect(await allowed('reader --rm stock.>', before)).toEqual({
      a4: ['orders.>'],
      a3: ['orders.>'],
      a2: ['orders.>'],
    });
  });

  it('gives all of them another name, and the keyring goes along', async () => {
    const { after, shown } = await planRaw(editSigningKey, given, '--sk reader --role viewer');
    expect(shown.changes).toEqual(['put-account A by o1', 'put-keyring a4 retiring, a3 active, a2 next']);
    expect(shown.steps[0]).toBe('changed role to "viewer"');
    for (const { key } of RECORDS) expect(after.keyring.records.get(key)?.slot).toEqual({ ...READER, role: 'viewer' });
  });
});

const contentOf = ({ operators: [first] = [] }: Given) => {
  if (!first) throw new Error('no operator');
  return first;
};

describe('an edit of one key changes that one alone', () => {
  it('and warns that the others differ from then on', async () => {
    expect(await allowed('$a3 --rm stock.>')).toMatchObject({ a4: WIDE.sub?.allow, a3: ['orders.>'] });
    const { shown } = await planRaw(editSigningKey, given, '$a3 --rm stock.>');
    expect(shown.warnings).toEqual([
      expect.stringMatching(
        /^role "reader" has other keys that say something else: (a\d \(\w+\)(, )?){2}; nsc edit signing-key --account "A" --sk "reader" … edits all of them$/,
      ),
    ]);
    expect(shown.warnings?.[0]).toContain('a4 (retiring)');
    expect(shown.warnings?.[0]).toContain('a2 (next)');
  });

  it('and is silent once they say the same', async () => {
    const before = world(RECORDS, { a3: { sub: { allow: ['orders.>'] } } });
    const { shown } = await planRaw(editSigningKey, before, '$a3 --allow-sub stock.>');
    expect(shown.warnings).toBeUndefined();
  });

  it('and moves its record when it gets another role', async () => {
    const { after, shown } = await planRaw(editSigningKey, given, '$a2 --role other');
    expect(shown.changes).toEqual(['put-account A by o1', 'put-keyring a2 next']);
    expect(after.keyring.records.get(pub('a2'))?.slot).toEqual({ ...READER, role: 'other' });
  });
});

describe('keys that no rotation knows of stay ambiguous', () => {
  const several = ['bad-value', 'role "reader" of account "A" belongs to several keys'] as const;
  itRefuses(editSigningKey, unknown, {
    'an edit by role': ['reader --rm stock.>', several],
    'a description by role': ['reader', several],
    'where two sign although one is announced': ['reader --rm stock.>', several, world([record('a2', READER, 'next')])],
    'a role that others have': [
      '--sk $ax --role reader',
      ['already-exists', 'role "reader" belongs to signing key a4 already'],
    ],
  });
  itRefuses(describeRole, unknown, { 'a description of the role': ['reader', several] });

  it('one key of them can be edited without a word about the others', async () => {
    const { shown } = await planRaw(editSigningKey, unknown, '$a3 --rm stock.>');
    expect(shown.warnings).toBeUndefined();
  });
});

describe('who looks at a role sees that it is rotated', () => {
  const key = (name: string, state: string, users: number, isSame = true) => ({
    key: name,
    state,
    stored: true,
    users,
    isSame,
  });
  const role = {
    kind: 'role',
    account: 'A',
    scope: { key: 'a3', role: 'reader' },
    stored: true,
    users: ['new', 'old'],
    keys: [key('a3', 'active', 1), key('a2', 'next', 0), key('a4', 'retiring', 1)],
  };

  it('describe role shows the active key, all users, and every key with its state', async () => {
    expect(await answer(describeRole, given, 'reader')).toMatchObject(role);
    expect(await answer(describeRole, given, '$a4')).not.toHaveProperty('keys');
    expect(await answer(describeRole, given, '$a4')).toMatchObject({ scope: { key: 'a4' }, users: ['old'] });
    const differing = world(RECORDS, { a4: { subs: 5 } });
    expect(await answer(describeRole, differing, 'reader')).toMatchObject({
      keys: [role.keys[0], role.keys[1], key('a4', 'retiring', 1, false)],
    });
  });

  it('as text and as JSON', async () => {
    const { context, input } = await new FakeWorld({ ...world(RECORDS, { a4: { subs: 5 } }), stored: ['a3'] }).prepare(
      describeRole,
      'reader',
    );
    const result = describeRole.run(context, input as never);
    const text = await textOf(result);
    expect(text).toContain(`${pub('a3')} (active: 1 user)`);
    expect(text).toContain(`${pub('a2')} (next: 0 users, seed not stored)`);
    expect(text).toContain(`${pub('a4')} (retiring: 1 user, seed not stored, says something else)`);
    expect(JSON.parse([...renderJson(result)].join(''))).toMatchObject({
      public_key: pub('a3'),
      keys: [{ public_key: pub('a3'), state: 'active', stored: true, users: 1, same: true }, {}, { same: false }],
    });
  });

  it('an account whose only role is rotated needs no name for it', async () => {
    const content = contentOf(given);
    const keys = [scope('a4', 'reader', WIDE), scope('a3', 'reader', WIDE)];
    const only: Given = {
      operators: [{ ...content, accounts: [account('A', 'a1', { nats: { signing_keys: keys } })] }],
    };
    expect(await answer(describeRole, only, '')).toMatchObject({ scope: { key: 'a3' }, keys: [{}, {}] });
  });

  it('list roles has the states, in a column that is there only then', async () => {
    const cells = (await rowsOf(listRoles, given, '')).map((row) => [row.cells[0], row.cells[1], row.cells[5]]);
    expect(cells.sort()).toEqual([
      ['reader', 'a2', 'next'],
      ['reader', 'a3', 'active'],
      ['reader', 'a4', 'retiring'],
      ['writer', 'ax', 'active'],
    ]);
  });
});

describe('users of the role', () => {
  const byActive = (name: string) => expect.arrayContaining([`put-user A/${name} by a3`]);
  itPlans(addUser, given, {
    'a new one is signed by the active key': ['x --role reader', expect.objectContaining({ changes: byActive('x') })],
    'so is one by -K': ['x -K reader', expect.objectContaining({ changes: byActive('x') })],
  });
  itPlans(editUser, given, {
    'one of the retiring key moves to the active one, and stays in the role': [
      'old --tag t',
      expect.objectContaining({ changes: byActive('old') }),
    ],
  });

  it('one whose key is gone altogether follows the key that took over', async () => {
    const content = contentOf(given);
    const gone: Given = {
      operators: [
        {
          ...content,
          accounts: [account('A', 'a1', { nats: { signing_keys: [scope('a3', 'reader', WIDE)] } })],
          keyring: ring(record('a4', READER, 'removed', { replacedBy: pub('a3') }), record('a3', READER, 'active')),
        },
      ],
    };
    const { shown, after } = await planRaw(editUser, gone, 'old --tag t');
    expect(shown.changes).toEqual(byActive('old'));
    expect(after.findUser('A', 'old')?.claims.nats).not.toHaveProperty('subs');
  });

  itRefuses(addUser, given, {
    'nobody is signed by a key that is announced': [
      'x -K $a2',
      [
        'key-not-active',
        'a2 (role "reader" of account "A") may not sign users of account "A": it is announced, and not active yet',
      ],
    ],
    'or retiring': [
      'x -K $a4',
      ['key-not-active', 'a4 (role "reader" of account "A") may not sign users of account "A": it is retiring'],
    ],
  });
});

describe('a role that nobody rotates', () => {
  itAnswers(describeRole, given, {
    'reads no keyring': ['writer', expect.not.objectContaining({ keys: expect.anything() })],
  });
});
