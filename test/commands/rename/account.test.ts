import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/rename/account.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { emptyKeyring, newRecord, withRecords } from '../../../src/domain/keyring/keyring.js';
import { issue } from '../../../src/domain/token/issue.js';
import type { Tree } from '../../../src/domain/tree/tree.js';
import { Secret } from '../../../src/lib/secret.js';
import { account, KEYS, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { FakeWorld } from '../../support/fake-world.js';
import { type Given, NOW, type Planned, planRaw } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')], system_account: pub('a1') } });
const A = account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a4', 'reader')], description: 'orders' } });
const u = user('A/u', 'u1');
const v = user('A/v', 'u2', { by: 'a2', nats: under('a1') });
const given: Given = { operators: [{ operator: O, accounts: [A, account('B', 'b1')], users: [u, v] }] };

const renamed = (name: string, more: Partial<Planned> = {}): Planned => ({
  changes: [
    `put-account ${name} by o1`,
    `put-user ${name}/u by a1`,
    `put-user ${name}/v by a2`,
    'delete-account A',
    `select account=${name} insteadOf=A`,
  ],
  steps: [`renamed account "A" to "${name}"`, 'moved user "u"', 'moved user "v"'],
  claims: expect.anything() as never,
  ...more,
});

describe('an account with its users', () => {
  itPlans(command, given, {
    'gets another name': ['A Z --OK', renamed('Z')],
    'by its key': ['$a1 Z --OK', renamed('Z')],
    'in other letter case': ['A a --OK', renamed('a')],
    'with the names as an option': ['--name A,Z --OK', renamed('Z')],
    'and a name with a comma and blanks': [
      "--OK A 'Sales, north'",
      renamed('Sales, north', { steps: expect.anything() as never }),
    ],
    'signed by the key that -K names': [
      'A Z --OK -K $o2',
      renamed('Z', { changes: expect.arrayContaining(['put-account Z by o2']) as never }),
    ],
  });

  it('says the same as before, but for its name', async () => {
    const { after } = await planRaw(command, given, 'A Z --OK');
    const Z = after.findAccount('Z');
    expect(Z?.claims).toEqual({ ...A.claims, name: 'Z', iat: NOW, jti: Z?.claims.jti });
    expect(after.accountNames()).toEqual(['B', 'Z']);
    expect(after.findUser('Z', 'u')).toEqual({ ...u, account: 'Z' });
    expect(after.findUser('Z', 'v')?.token).toBe(v.token);
    expect(after.operator.claims.nats.system_account).toBe(Z?.claims.sub);
  });

  it('takes along a revoked user whose key is compromised', async () => {
    const record = newRecord(pub('u1'), { kind: 'user', account: pub('a1'), user: 'u' }, 'compromised', NOW);
    const [content] = given.operators ?? [];
    const keyring = withRecords(emptyKeyring, [record]);
    const { after } = await planRaw(command, { operators: [{ operator: O, ...content, keyring }] }, 'A Z --OK');
    expect(after.findUser('Z', 'u')?.claims.sub).toBe(pub('u1'));
  });

  it('is signed by who signed it before, and dated after that', async () => {
    const later = { ...A, ...issue('account', A.claims, KEYS.o2, { now: NOW + 9 }) };
    const { after } = await planRaw(command, { operators: [{ operator: O, accounts: [later] }] }, 'A Z --OK');
    expect(after.findAccount('Z')?.claims).toMatchObject({ iss: pub('o2'), iat: NOW + 10 });
  });

  it('takes its creds along as they are, also those of users that are gone (E-43)', async () => {
    const own = formatCreds(u.token, KEYS.u1);
    const stale = new Secret('whatever was there');
    const [content] = given.operators ?? [];
    const creds = [
      { account: 'A', user: 'u', creds: own },
      { account: 'A', user: 'gone', creds: stale },
      { account: 'B', user: 'x', creds: stale },
    ];
    const { after, shown } = await planRaw(command, { operators: [{ ...content, operator: O, creds }] }, 'A Z --OK');
    expect([after.findCreds('Z', 'u'), after.findCreds('Z', 'gone')]).toEqual([own, stale]);
    expect(['A', 'Z', 'B'].map((name) => after.credsNames(name))).toEqual([[], ['gone', 'u'], ['x']]);
    expect(shown.steps).toContain('moved creds to `/keys/creds/O/Z/u.creds`');
    expect(shown.warnings).toEqual([
      'programs that read creds of account "A" from the keystore have to be told the new place',
    ]);
  });

  it('moves users that nobody trusts any more, too: nothing about them is signed', async () => {
    const lost = user('A/lost', 'u3', { by: 'a3', nats: under('a1') });
    const { after, shown } = await planRaw(
      command,
      { operators: [{ operator: O, accounts: [A], users: [lost] }] },
      'A Z --OK',
    );
    expect(after.findUser('Z', 'lost')?.token).toBe(lost.token);
    expect(shown.warnings).toBeUndefined();
  });

  it('warns of roles that put its name into subjects', async () => {
    const template = { sub: { allow: ['{{account-name()}}.>'], deny: ['{{name()}}'] } };
    const closed = { pub: { deny: ['{{account-name()}}.secret'] } };
    const signing_keys = [
      scope('a2', 'plain', { pub: { allow: ['x'] } }),
      scope('a3', 'closed', closed),
      scope('a4', 'named', template),
    ];
    const { shown } = await planRaw(
      command,
      { operators: [{ operator: O, accounts: [account('A', 'a1', { nats: { signing_keys } })] }] },
      'A Z --OK',
    );
    const said = 'puts the name of the account into subjects: its users get others once servers know the new name';
    expect(new Set(shown.warnings)).toEqual(new Set([`role "closed" ${said}`, `role "named" ${said}`]));
  });

  it('asks on a terminal unless --OK is given', () => {
    const question = (confirmed?: boolean) =>
      command.confirm?.({} as never, { names: ['A', 'Z'], confirmed }, {} as never);
    expect([question(), question(false), question(true)]).toEqual([
      'Rename account "A" to "Z"?',
      'Rename account "A" to "Z"?',
      undefined,
    ]);
    expect(command.confirmedBy).toBe('confirmed');
  });

  it('is signed by who may sign the account', async () => {
    const { context, input } = await new FakeWorld(given).prepare(command as never, 'A Z');
    expect(command.signers?.(context, input as never).map(({ publicKey }) => publicKey)).toEqual([
      pub('o1'),
      pub('o2'),
    ]);
  });
});

describe('in a managed store', () => {
  itPlans(command, given, {
    'the account signs itself': [
      'A Z --OK',
      {
        changes: ['put-account Z by a1', 'delete-account A', 'select account=Z insteadOf=A'],
        steps: ['renamed account "A" to "Z"'],
        claims: expect.anything() as never,
      },
      { operators: [{ operator: O, accounts: [account('A', 'a1', { by: 'a1' })], managed: true }], stored: ['a1'] },
    ],
  });
});

describe('refused', () => {
  const altered = {
    ...A,
    token: A.token.replace(/[^.]+$/, issue('account', A.claims, KEYS.ox, { now: NOW }).token.split('.')[2] ?? ''),
  };
  itRefuses(command, given, {
    'one name': ['A --OK', ['missing-option', 'the name of the account and the one it shall have are needed']],
    'an empty name': ["A '' --OK", ['missing-option', 'the name of the account and the one it shall have are needed']],
    'three names': ['A B C --OK', ['too-many-arguments', '"nsc test" takes at most 2 arguments, not 3']],
    'an account that is not there': [
      'Nope Z --OK',
      ['account-not-found', 'account "Nope" does not exist under operator "O"'],
    ],
    'the name it has': ['A A --OK', ['nothing-to-do', 'account "A" has that name already']],
    'a name that is taken': ['A B --OK', ['already-exists', 'account "B" already exists under operator "O"']],
    'a name that is taken in other letter case': [
      'A b --OK',
      ['already-exists', 'account "B" already exists under operator "O"'],
    ],
    'a path (E-03)': ['A x/y --OK', ['bad-name', '"x/y" cannot be the name of an account: it holds a path separator']],
    'a directory above (E-03)': [
      'A .. --OK',
      ['bad-name', '".." cannot be the name of an account: it stands for a directory'],
    ],
    'a public key': ['A $ax --OK', ['bad-name', '"ax" cannot be the name of an account: it is a public key']],
    'when nobody who may sign it is at hand': [
      'A Z --OK',
      [
        'no-signer',
        'no key that may sign account "A" is in the keystore: o1 (identity of operator "O"), o2 (signing key of operator "O")',
      ],
      { ...given, stored: ['a1'] },
    ],
    'an account that was altered, which a new signature would hide': [
      'A Z --OK',
      ['bad-token', 'the JWT of account "A" does not hold what its issuer signed'],
      { operators: [{ operator: O, accounts: [altered] }] },
    ],
    'when a user cannot be read': ['A Z --OK', ['bad-token', 'user "v" is broken'], { ...given, unreadable: ['A/v'] }],
  });

  it('other letter case where the file system does not tell the two apart', async () => {
    const { context, input } = await new FakeWorld(given).prepare(command as never, 'A a --OK');
    const { tree } = context;
    const blind: Tree = Object.create(tree, {
      operator: { value: tree.operator },
      accountNames: { value: () => tree.accountNames() },
      findAccount: { value: (name: string) => tree.findAccount(name.toUpperCase()) },
    });
    const plan = () => command.plan({ ...context, workspace: context.workspace, tree: blind }, input as never);
    expect(plan).toThrow(
      expect.objectContaining({ code: 'policy-refused', message: 'to this file system "A" and "a" are one name' }),
    );
  });
});
