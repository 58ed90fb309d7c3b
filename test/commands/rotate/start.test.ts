import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/rotate/start.js';
import type { KeyState } from '../../../src/domain/keyring/keyring.js';
import { newRecord } from '../../../src/domain/keyring/keyring.js';
import type { Slot } from '../../../src/domain/keyring/slot.js';
import type { TreeContent } from '../../../src/domain/tree/memory-tree.js';
import { account, type KeyName, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { added, type Given, NOW, type Planned, planRaw } from '../../support/plan.js';
import { A, done, given, O, r, STORE, u } from './rotated.js';

const READER = { pub: { allow: ['x'] }, subs: -1, data: -1, payload: -1 };
const PLAIN: Slot = { kind: 'account-signing', account: pub('a1') };

const keyring = (key: KeyName, slot: Slot, state: KeyState, alias?: string): Pick<TreeContent, 'keyring'> => ({
  keyring: { records: new Map([[pub(key), { ...newRecord(pub(key), slot, state, NOW), ...(alias && { alias }) }]]) },
});
const having = (more: Partial<TreeContent>): Given => ({ operators: [{ ...STORE, ...more }] });

const ANNOUNCED = await done(given, 'start --account A --sk $a4');
const ACTIVATED = await done(ANNOUNCED, 'activate --account A');

const sending = (name: string, key: string): string[] => [
  `servers need account "${name}" (nsc push --all); only then: nsc rotate activate ${key}`,
];
const configuring = [
  'put the new JWT of operator "O" into the configuration of every server and restart it; only then: nsc rotate activate o3',
];

const ofPlain: Planned = {
  changes: ['put-keyring a4 next', 'put-account A by o2'],
  claims: { A: { 'nats.signing_keys[a4]': 'added' } },
  steps: ['signing keys of account "A": announced a4, which signs nothing yet'],
  warnings: sending('A', 'a4'),
};
const ofRole: Planned = {
  changes: ['put-keyring a4 next', 'put-account A by o2'],
  claims: {
    A: added('nats.signing_keys[a4]', {
      kind: 'user_scope',
      key: 'a4',
      role: 'reader',
      template: READER,
      description: '',
    }),
  },
  steps: ['role "reader" of account "A": announced a4, which signs nothing yet'],
  warnings: sending('A', 'a4'),
};

describe('the key that is to come', () => {
  itPlans(command, given, {
    'is listed among the signing keys of an account': ['--account A --sk $a4', ofPlain],
    'is made where none is given': [
      '-a A',
      {
        changes: ['put-seed new1', 'put-keyring new1 next', 'put-account A by o2'],
        claims: { A: { 'nats.signing_keys[new1]': 'added' } },
        steps: [
          'generated and stored account key "new1"',
          'signing keys of account "A": announced new1, which signs nothing yet',
        ],
        warnings: sending('A', 'new1'),
      },
    ],
    'is stored with its seed': [
      '--account A --sk $a4.seed',
      { ...ofPlain, changes: ['put-seed a4', ...ofPlain.changes] },
    ],
    'may be in a file': [
      '--account A --sk next.nk',
      { ...ofPlain, changes: ['put-seed a4', ...ofPlain.changes] },
      { ...given, files: { 'next.nk': '$a4.seed' } },
    ],
    'may be a public key whose seed is elsewhere': [
      '--account A --sk $ax',
      {
        changes: ['put-keyring ax next', 'put-account A by o2'],
        claims: { A: { 'nats.signing_keys[ax]': 'added' } },
        steps: ['signing keys of account "A": announced ax, which signs nothing yet'],
        warnings: sending('A', 'ax'),
      },
    ],
    'of a role has all that the role allows': ['--role reader --sk $a4', ofRole],
    'is that of any key of what is rotated': ['$a3 --sk $a4', ofRole],
    'is that of an alias': ['front --sk $a4', ofPlain, having(keyring('a2', PLAIN, 'active', 'front'))],
    'of the operator is listed among its signing keys': [
      '--operator --sk $o3',
      {
        changes: ['put-keyring o3 next', 'put-operator O by o1'],
        claims: { 'operator O': { 'nats.signing_keys[o3]': 'added' } },
        steps: ['signing keys of operator "O": announced o3, which signs nothing yet'],
        warnings: configuring,
      },
    ],
    'that is to be the identity of the operator is a signing key first': [
      '--identity --sk $o3',
      {
        changes: ['put-keyring o3 next', 'put-operator O by o1'],
        claims: { 'operator O': { 'nats.signing_keys[o3]': 'added' } },
        steps: ['identity of operator "O": announced o3, which signs nothing yet'],
        warnings: configuring,
      },
    ],
    'of a user is only stored': [
      '--user u',
      {
        changes: ['put-seed new1', 'put-keyring new1 next'],
        steps: ['generated and stored user key "new1"', 'key of user "u" of account "A": new1 is next'],
      },
    ],
    'of a user that does the auth callout may do it, too': [
      '--account B --user c',
      {
        changes: ['put-seed new1', 'put-keyring new1 next', 'put-account B by o1'],
        claims: { B: { 'nats.authorization.auth_users[new1]': 'added' } },
        steps: ['generated and stored user key "new1"', 'key of user "c" of account "B": new1 is next'],
        warnings: sending('B', 'new1'),
      },
    ],
    'may be the first signing key of an account': [
      '--account B --sk $a4',
      {
        changes: ['put-keyring a4 next', 'put-account B by o1'],
        claims: { B: { 'nats.signing_keys[a4]': 'added' } },
        steps: ['signing keys of account "B": announced a4, which signs nothing yet'],
        warnings: sending('B', 'a4'),
      },
    ],
    'may be one that was taken out before': ['--account A --sk $a4', ofPlain, having(keyring('a4', PLAIN, 'removed'))],
    'is announced by whom -K names': [
      '--account A --sk $a4 -K $o1',
      {
        ...ofPlain,
        changes: ['put-keyring a4 next', 'put-account A by o1'],
        claims: { A: { iss: ['o2', 'o1'], 'nats.signing_keys[a4]': 'added' } },
      },
    ],
    'of a strict operator is announced by a signing key': [
      '--operator --sk $o3',
      {
        changes: ['put-keyring o3 next', 'put-operator O by o2'],
        claims: { 'operator O': { iss: ['o1', 'o2'], 'nats.signing_keys[o3]': 'added' } },
        steps: ['signing keys of operator "O": announced o3, which signs nothing yet'],
        warnings: configuring,
      },
      having({ operator: operator({ nats: { ...O.claims.nats, strict_signing_key_usage: true } }), accounts: [A] }),
    ],
    'of an operator whose identity is elsewhere is announced by a signing key': [
      '--operator --sk $o3',
      {
        changes: ['put-keyring o3 next', 'put-operator O by o2'],
        claims: { 'operator O': { iss: ['o1', 'o2'], 'nats.signing_keys[o3]': 'added' } },
        steps: ['signing keys of operator "O": announced o3, which signs nothing yet'],
        warnings: configuring,
      },
      { ...given, stored: ['o2', 'o3'] },
    ],
    'of an account under a managed operator is announced by the account itself': [
      '--account A --sk $a4',
      {
        ...ofPlain,
        changes: ['put-keyring a4 next', 'put-account A by a1'],
        claims: { A: { iss: ['o2', 'a1'], 'nats.signing_keys[a4]': 'added' } },
      },
      { operators: [{ ...STORE, managed: true }], stored: ['a1', 'a2', 'a4'] },
    ],
  });

  it('goes on record with what it replaces, and when it was made', async () => {
    const recordOf = async (line: string, world = given) => {
      const { after: tree, plan } = await planRaw(command, world, line);
      const seed = plan.changes.find((change) => change.type === 'put-seed');
      return tree.keyring.records.get(seed?.type === 'put-seed' ? seed.publicKey : pub('a4'));
    };
    const next = { slot: PLAIN, state: 'next', replaces: pub('a2') };
    expect(await recordOf('--account A')).toMatchObject({ ...next, since: { next: NOW, created: NOW } });
    expect(await recordOf('--account A --sk $a4')).toEqual({ key: pub('a4'), ...next, since: { next: NOW } });
    const removed = having(keyring('a4', PLAIN, 'removed'));
    expect(await recordOf('--account A --sk $a4', removed)).toMatchObject({ since: { removed: NOW, next: NOW } });
  });
});

describe('where several keys are active', () => {
  const two = account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2'), pub('a4')] } });
  const both = having({ accounts: [two], users: [u], creds: [] });
  const roles = (other: object): Given =>
    having({
      accounts: [
        account('A', 'a1', { nats: { signing_keys: [scope('a2', 'reader', READER), scope('a3', 'reader', other)] } }),
      ],
      users: [r],
      creds: [],
    });

  itPlans(command, both, {
    'a listed one may wait, and nothing is signed': [
      '--account A --sk $a4',
      { changes: ['put-keyring a4 next'], steps: ofPlain.steps },
    ],
    'keys of a role that allow the same have one successor': [
      '--role reader --sk $a4',
      { ...ofRole, changes: ['put-keyring a4 next', 'put-account A by o1'] },
      roles(READER),
    ],
    'one that is named has a successor, whatever the others allow': [
      '--role reader --sk $a4 --from $a2',
      { ...ofRole, changes: ['put-keyring a4 next', 'put-account A by o1'] },
      roles({}),
    ],
  });

  it('all are replaced but where one is named', async () => {
    const replaced = async (line: string) => {
      const { after: tree } = await planRaw(command, both, `${line} --sk $ax`);
      return tree.keyring.records.get(pub('ax'))?.replaces;
    };
    expect(await replaced('--account A')).toBeUndefined();
    expect(await replaced('--account A --from $a4')).toBe(pub('a4'));
  });

  itRefuses(command, both, {
    'a name that is none of them': [
      '--account A --from $b1',
      ['key-not-found', 'operator "O" has nothing to do with b1'],
    ],
    'a key of another slot': [
      '--account A --from $a3',
      ['item-not-found', 'a3 is no active key of the signing keys of account "A"'],
      given,
    ],
    'a role whose keys allow different things': [
      '--role reader',
      ['policy-refused', 'the keys of the role "reader" of account "A" allow different things'],
      roles({}),
    ],
  });
});

describe('with --push', () => {
  const pushOf = async (line: string, world = given) => (await planRaw(command, world, line)).plan.push?.accounts;

  it('the account is sent', async () => {
    expect(await pushOf('--account A --sk $a4 --push')).toEqual(['A']);
    expect(await pushOf('--account A --sk $a4')).toBeUndefined();
  });

  it('nothing is sent where only the operator changes', async () => {
    const { plan } = await planRaw(command, given, '--operator --sk $o3 --push');
    expect(plan.push).toBeUndefined();
    expect(plan.warnings).toContain('there is nothing to push: no account changes');
  });

  it.each(['', '--sk $a4', '--sk generate'])('a start that was committed is sent once more (%s)', async (sk) => {
    const { plan, shown } = await planRaw(command, ANNOUNCED, `--account A --push ${sk}`);
    expect(plan.push?.accounts).toEqual(['A', 'B']);
    expect(shown).toEqual({
      changes: [],
      steps: ['signing keys of account "A": a4 is announced already, so nothing changes here'],
    });
  });

  itRefuses(command, given, {
    'another key than the announced one': [
      '--account A --push --sk $ax',
      ['rotation-state', 'a rotation is under way: a4 is announced for the signing keys of account "A"'],
      ANNOUNCED,
    ],
    'an operator that does not say where to': [
      '--account A --push',
      ['missing-option', 'operator "O" has no account server URL'],
      having({ operator: operator({ nats: { signing_keys: [pub('o2')] } }) }),
    ],
    'how servers are reached, without it': [
      '--account A --timeout 5',
      ['missing-option', '--timeout says how servers are reached, so it needs --push'],
    ],
  });
});

describe('refused', () => {
  const revoked = account('A', 'a1', {
    by: 'o2',
    nats: { signing_keys: [pub('a2')], revocations: { [pub('u1')]: NOW } },
  });
  itRefuses(command, given, {
    nothing: ['', ['missing-option', 'it was not said which key is meant']],
    'two things at once': [
      '--operator --identity',
      ['conflicting-options', '--operator and --identity exclude each other'],
    ],
    'a key and an account': ['$a2 --account A', ['conflicting-options', '--key and --account exclude each other']],
    'the identity of an account': [
      '$a1',
      ['policy-refused', 'the identity of account "A" is what servers know it by, and does not rotate'],
    ],
    'a text that is no key': ['nobody', ['key-not-found', '"nobody" is neither a key, a key file nor an alias']],
    'an account that is not there': [
      '--account C',
      ['account-not-found', 'account "C" does not exist under operator "O"'],
    ],
    'a role that is not there': ['--role writer', ['item-not-found', 'account "A" has no role "writer"']],
    'a user that is not there': ['--user v', ['user-not-found', 'user "v" does not exist in account "A"']],
    'a user that is revoked': [
      '--user u',
      ['policy-refused', 'user "u" of account "A" is revoked, and another key would let it in'],
      having({ accounts: [revoked], users: [u] }),
    ],
    'while a key is announced': [
      '--account A',
      ['rotation-state', 'a rotation is under way: a4 is announced for the signing keys of account "A"'],
      ANNOUNCED,
    ],
    'while a key retires': [
      '--account A',
      ['rotation-state', 'a rotation is under way: a2 retires from the signing keys of account "A"'],
      ACTIVATED,
    ],
    'keys of a managed operator': [
      '--operator',
      ['managed-operator', 'operator "O" is managed elsewhere, and only there its keys are rotated'],
      having({ managed: true }),
    ],
    'without anybody who may sign': [
      '--account A --sk $a4',
      [
        'no-signer',
        'no key that may sign account "A" is in the keystore: o1 (identity of operator "O"), o2 (signing key of operator "O")',
      ],
      { ...given, stored: ['a2', 'a4'] },
    ],
    'a first key of the operator that would have to announce itself': [
      '--operator --sk $o3',
      [
        'no-signer',
        'no key that may sign operator "O" is in the keystore: o1 (identity of operator "O"), o3 (signing key of operator "O")',
      ],
      { operators: [{ operator: operator() }], stored: ['o3'] },
    ],
  });
});

describe('a key that is no new one is refused', () => {
  const inUse = (key: string, what: string): [string, string] => ['already-exists', `${key} is in use: it is ${what}`];
  itRefuses(command, given, {
    'the one that is active': ['--account A --sk $a2', inUse('a2', 'active for the signing keys of account "A"')],
    'the one of a role': ['--account A --sk $a3', inUse('a3', 'active for the role "reader" of account "A"')],
    'the identity': ['--account A --sk $a1', inUse('a1', 'active for the identity of account "A"')],
    'that of another account': ['--account A --sk $b1', inUse('b1', 'active for the identity of account "B"')],
    'a signing key that shall be the identity': [
      '--identity --sk $o2',
      inUse('o2', 'active for the signing keys of operator "O"'),
    ],
    'that of another user': ['--user u --sk $u2', inUse('u2', 'active for the key of user "r" of account "A"')],
    'one that waits elsewhere': [
      '--role reader --sk $a4',
      inUse('a4', 'announced for the signing keys of account "A"'),
      ANNOUNCED,
    ],
    'one of another kind': ['--account A --sk $o3', ['wrong-key-kind', 'o3 is a key of kind operator, not account']],
    'no key': ['--account A --sk what', ['bad-key', '"what" is neither a key nor a key file']],
    'one that somebody else may have': [
      '--account A --sk $a4',
      ['key-compromised', 'a4 was marked as compromised, and no longer serves for anything'],
      having(keyring('a4', PLAIN, 'compromised')),
    ],
  });
});

it('leaves users as they are', async () => {
  const world = having({ users: [u, r, user('A/w', 'u3', { by: 'a2', nats: under('a1') })] });
  const { after: tree } = await planRaw(command, world, '--account A --sk $a4');
  expect(['u', 'r'].map((name) => tree.findUser('A', name))).toEqual([u, r]);
});
