import { describe, expect, it } from 'vitest';
import { command } from '../../src/commands/init.js';
import { newOperator } from '../../src/domain/claims/new.js';
import { issue } from '../../src/domain/token/issue.js';
import { account, KEYS, operator, NOW as THEN } from '../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../support/cases.js';
import { type Given, plan, planRaw } from '../support/plan.js';

const limits = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
const freshAccount = (name: string, sub: string, iss: string) => ({
  iss,
  name,
  sub,
  nats: { limits, default_permissions: { pub: {}, sub: {} }, authorization: {} },
});
const freshUser = (name: string, sub: string, iss: string) => ({
  iss,
  name,
  sub,
  nats: { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 },
});

/** O = new1; SYS = new2, its signing key new3, sys = new4; account = new5, user = new6. */
const hierarchy = (selection: string) => ({
  changes: [
    'put-seed new1',
    'put-operator Acme by new1 (new)',
    'put-seed new2',
    'put-seed new3',
    'put-seed new4',
    'put-account SYS by new1',
    'put-user SYS/sys by new3',
    'put-creds SYS/sys',
    'put-seed new5',
    'put-seed new6',
    'put-account Acme by new1',
    'put-user Acme/Acme by new5',
    'put-creds Acme/Acme',
    selection,
  ],
  claims: {
    'operator Acme': {
      iss: 'new1',
      name: 'Acme',
      sub: 'new1',
      nats: { system_account: 'new2', operator_service_urls: ['nats://localhost:4222'] },
    },
    SYS: expect.objectContaining({
      iss: 'new1',
      sub: 'new2',
      nats: expect.objectContaining({ signing_keys: ['new3'] }),
    }),
    'SYS/sys': { ...freshUser('sys', 'new4', 'new3'), nats: { ...freshUser('', '', '').nats, issuer_account: 'new2' } },
    Acme: freshAccount('Acme', 'new5', 'new1'),
    'Acme/Acme': freshUser('Acme', 'new6', 'new5'),
  },
  steps: [
    'created operator "Acme" [new1]',
    'created system account SYS [new2]',
    'created system account user sys [new4]',
    'generated user creds file `/keys/creds/Acme/SYS/sys.creds`',
    'created account "Acme" [new5]',
    'created user "Acme" [new6]',
    'generated user creds file `/keys/creds/Acme/Acme/Acme.creds`',
  ],
});

describe('a hierarchy of its own', () => {
  itPlans(
    command,
    {},
    {
      'is complete': ['--name Acme', hierarchy('select operator=Acme account=Acme')],
      'is made in another store': [
        '-n Acme -d /elsewhere',
        hierarchy('select operator=Acme account=Acme storeRoot=/stores'),
      ],
    },
  );

  it('works in the store that is named', () => {
    const input = { dir: '/elsewhere', name: undefined, url: undefined, remoteOperator: undefined };
    expect(command.place?.(input)).toEqual({ storeRoot: '/elsewhere' });
  });

  it.each(["-n '*'", "-n '' ", '-d /elsewhere'])('gets a made-up name: %s', async (line) => {
    const { changes } = await plan(command, {}, line);
    expect(changes).toContainEqual(expect.stringMatching(/^put-operator [a-z]+_[a-z]+ by new2 \(new\)$/));
  });
});

describe('under an operator of somebody else (E-58)', () => {
  const O = operator();
  const files = { 'o.jwt': O.token };
  const managed: Given = {
    files,
    operators: [{ operator: O, managed: true, accounts: [account('A', 'a1', { by: 'a1' })] }],
  };
  const joined = (put: string) => ({
    changes: [
      put,
      'put-seed new1',
      'put-seed new2',
      'put-account Mine by new1',
      'put-user Mine/Mine by new1',
      'put-creds Mine/Mine',
      'select operator=O account=Mine',
    ],
    steps: [
      'imported operator "O"',
      'created account "Mine" [new1]',
      'created user "Mine" [new2]',
      'generated user creds file `/keys/creds/O/Mine/Mine.creds`',
    ],
  });
  const own = { Mine: freshAccount('Mine', 'new1', 'new1'), 'Mine/Mine': freshUser('Mine', 'new2', 'new1') };
  const strictly = { strict_signing_key_usage: true };
  const fromOperator = { 'operator O': { iss: 'o1', name: 'O', sub: 'o1', iat: THEN, nats: {} } };

  itPlans(
    command,
    { files, urls: { 'https://h/operator': O.token } },
    {
      'from a file': [
        '-u o.jwt -n Mine',
        { ...joined('put-operator O by o1 (new, managed)'), claims: { ...fromOperator, ...own } },
      ],
      'from a URL': [
        '--url https://h/operator -n Mine',
        { ...joined('put-operator O by o1 (new, managed)'), claims: { ...fromOperator, ...own } },
      ],
      'that requires signing keys: the account gets one': [
        '-u o.jwt -n Mine',
        {
          ...joined('put-operator O by o1 (new, managed)'),
          changes: [
            'put-operator O by o1 (new, managed)',
            'put-seed new1',
            'put-seed new2',
            'put-seed new3',
            'put-account Mine by new1',
            'put-user Mine/Mine by new3',
            'put-creds Mine/Mine',
            'select operator=O account=Mine',
          ],
          claims: {
            'operator O': { ...fromOperator['operator O'], nats: strictly },
            Mine: { ...own.Mine, nats: { ...own.Mine.nats, signing_keys: ['new3'] } },
            'Mine/Mine': {
              ...own['Mine/Mine'],
              iss: 'new3',
              nats: { ...own['Mine/Mine'].nats, issuer_account: 'new1' },
            },
          },
        },
        { files: { 'o.jwt': operator({ nats: strictly }).token } },
      ],
      'that is there already': [
        '-u o.jwt -n Mine',
        { ...joined('put-operator O by o1'), claims: { 'operator O': {}, ...own } },
        managed,
      ],
    },
  );

  it('that everybody knows by name', async () => {
    const world: Given = { urls: { 'https://api.synadia.io/jwt/v1/operator': O.token } };
    const { plan: made } = await planRaw(command, world, '-o synadia -n Mine');
    expect(made.changes[0]).toMatchObject({ type: 'put-operator', name: 'synadia', managed: true, token: O.token });
  });

  const other = issue('operator', newOperator(KEYS.o3.publicKey, 'O'), KEYS.o3, { now: THEN }).token;
  const evil = issue('operator', newOperator(KEYS.o3.publicKey, 'x/../../y'), KEYS.o3, { now: THEN }).token;
  itRefuses(command, managed, {
    'an account that is there in other letter case (E-44)': [
      '-u o.jwt -n a',
      ['already-exists', 'account "A" already exists under operator "O"'],
    ],
    'another operator of the same name': [
      '-u other.jwt -n Mine',
      ['already-exists', 'operator "O" in /stores is another one: o1'],
      { ...managed, files: { 'other.jwt': other } },
    ],
    'an operator that was made here': [
      '-u o.jwt -n Mine',
      ['already-exists', 'operator "O" in /stores was made here'],
      { files, operators: [{ operator: O }] },
    ],
    'a directory that is in use for something else': [
      '-u o.jwt -n Mine',
      ['already-exists', '/stores/O is in use and is not an operator'],
      { files, occupied: ['O'] },
    ],
    'an operator whose name leads out of the store (E-01)': [
      '-u evil.jwt -n Mine',
      ['bad-name', '"x/../../y" cannot be the name of an operator: it holds a path separator'],
      { files: { 'evil.jwt': evil } },
    ],
    'an operator nobody knows': [
      '-o nobody',
      [
        'file-not-found',
        '--remote-operator: "nobody" is neither a file nor an http(s) URL nor the name of a known operator',
      ],
    ],
    'two operators at once': [
      '-u o.jwt -o synadia',
      ['conflicting-options', '--url and --remote-operator exclude each other'],
    ],
  });
});

describe('refused', () => {
  const there: Given = { operators: [{ operator: operator() }] };
  itRefuses(
    command,
    {},
    {
      'nothing at all (E-55)': ['', ['missing-option', 'init needs a name for the operator']],
      'an argument (E-68)': ['Acme', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
      'a separator (E-03)': [
        '-n a/b',
        ['bad-name', '"a/b" cannot be the name of an operator: it holds a path separator'],
      ],
      'the name of the system account (E-04)': [
        '-n SYS',
        ['bad-name', 'the operator cannot be called "SYS": its account would take the place of the system account'],
      ],
      'the name of the system account in other letter case (E-04, E-44)': [
        '-n sys',
        ['bad-name', 'the operator cannot be called "sys": its account would take the place of the system account'],
      ],
      'an identity that is there': [
        '-n Acme -K $o1.seed',
        ['conflicting-options', 'init makes all keys anew, so -K has no use there'],
      ],
      'an operator that is there': ['-n o', ['already-exists', 'operator "O" already exists in /stores'], there],
    },
  );
});
