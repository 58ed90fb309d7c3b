import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/reissue/operator.js';
import { issue } from '../../../src/domain/token/issue.js';
import type { AccountEntry } from '../../../src/domain/tree/tree.js';
import { account, KEYS, operator, pub, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { added, type Given, NOW, type Planned, planRaw } from '../../support/plan.js';

const body = { signing_keys: [pub('o2')], system_account: pub('b1'), tags: ['x'] };
const O = operator({ nats: body });
const A = account('A', 'a1');
const B = account('B', 'b1', { by: 'o2' });
const u = user('A/u', 'u1');
const given: Given = { operators: [{ operator: O, accounts: [A, B], users: [u] }], stored: ['o1', 'o2', 'o3', 'a1'] };

const SIGNED =
  'the operator JWT in the configuration of every server has to be replaced: before that they refuse the accounts signed anew, and after it the JWTs these had until now';
const UNSIGNED =
  'the operator JWT in the configuration of every server has to be replaced: before that they refuse what the new identity signs';

const reissued = (by: string, { changes = [], steps = [], ...more }: Partial<Planned> = {}): Planned => ({
  changes: [...changes, `put-operator O by ${by}`, `put-account A by ${by}`],
  claims: { 'operator O': { iss: ['o1', by], sub: ['o1', by] }, A: { iss: ['o1', by] } },
  steps: [
    ...steps,
    `operator "O" is ${by} now; it was o1`,
    'signed account "A" anew',
    'account "B" is signed by a signing key and stays',
  ],
  warnings: [SIGNED],
  ...more,
});

describe('a new identity', () => {
  itPlans(command, given, {
    'is made, and accounts of the old one are signed anew': [
      '',
      reissued('new1', { changes: ['put-seed new1'], steps: ['generated and stored operator key "new1"'] }),
    ],
    'is the key of the keystore that -K names': ['-K $o3', reissued('o3')],
    'is the seed that -K gives, which is stored (E-13)': ['-K $ox.seed', reissued('ox', { changes: ['put-seed ox'] })],
    'is the seed in a file': [
      '-K new.nk',
      reissued('ox', { changes: ['put-seed ox'] }),
      { ...given, files: { 'new.nk': '$ox.seed\n' } },
    ],
    'may be a signing key': ['-K $o2', reissued('o2')],
    'keeps the old one as a signing key': [
      '--convert-to-signing-key -K $o3',
      {
        changes: ['put-operator O by o3'],
        claims: {
          'operator O': { iss: ['o1', 'o3'], sub: ['o1', 'o3'], ...added('nats.signing_keys', ['o1']) },
        },
        steps: ['operator "O" is o3 now; it was o1', 'made the old identity a signing key'],
        warnings: [UNSIGNED],
      },
    ],
    'of the operator that is named, by its key': [
      '--name $o1 -K $o3',
      reissued('o3'),
      { ...given, selected: { operator: '' } },
    ],
    'of the operator that is named': ['-n O -K $o3', reissued('o3'), { ...given, selected: { operator: '' } }],
  });

  it('leaves everything else as it was', async () => {
    const { after } = await planRaw(command, given, '-K $o3');
    expect(after.operator.claims).toEqual({
      ...O.claims,
      sub: pub('o3'),
      iss: pub('o3'),
      iat: NOW,
      jti: after.operator.claims.jti,
    });
    expect(after.findAccount('B')).toEqual(B);
    expect(after.findUser('A', 'u')).toEqual(u);
    expect(after.hasSeed(pub('o1'))).toBe(true);
  });

  it('is the only key of an operator that does not require others', async () => {
    const { shown } = await planRaw(command, { operators: [{ operator: operator(), accounts: [A] }] }, '-K $o3');
    expect(shown.changes).toEqual(['put-operator O by o3', 'put-account A by o3']);
  });

  it('dates what it signs after what was there', async () => {
    const [o, a] = [
      { ...O, ...issue('operator', O.claims, KEYS.o1, { now: NOW + 9 }) },
      { ...A, ...issue('account', A.claims, KEYS.o1, { now: NOW + 5 }) },
    ];
    const { plan } = await planRaw(command, { operators: [{ operator: o, accounts: [a] }] }, '-K $o3');
    expect(plan.changes).toMatchObject([{ claims: { iat: NOW + 10 } }, { claims: { iat: NOW + 6 } }]);
  });

  it('lists the old identity once', async () => {
    const world: Given = { operators: [{ operator: operator({ nats: { signing_keys: [pub('o1'), pub('o2')] } }) }] };
    const { after } = await planRaw(command, world, '--convert-to-signing-key');
    expect(after.operator.claims.nats.signing_keys).toEqual([pub('o2'), pub('o1')]);
  });

  it('leaves every account byte for byte when the old identity is converted', async () => {
    const { after } = await planRaw(command, given, '--convert-to-signing-key');
    expect(['A', 'B'].map((name) => after.findAccount(name))).toEqual([A, B]);
  });
});

describe('a strict operator', () => {
  const strict = operator({ nats: { ...body, strict_signing_key_usage: true } });
  const alone = operator({ nats: { strict_signing_key_usage: true } });
  itPlans(command, given, {
    'has its accounts signed by a signing key': [
      '-K $o3',
      {
        changes: ['put-operator O by o3', 'put-account A by o2'],
        claims: { 'operator O': { iss: ['o1', 'o3'], sub: ['o1', 'o3'] }, A: { iss: ['o1', 'o2'] } },
        steps: [
          'operator "O" is o3 now; it was o1',
          'signed account "A" anew',
          'account "B" is signed by a signing key and stays',
        ],
        warnings: [SIGNED],
      },
      { ...given, operators: [{ operator: strict, accounts: [A, B] }] },
    ],
    'without signing keys may convert its identity': [
      '-K $o3 --convert-to-signing-key',
      {
        changes: ['put-operator O by o3'],
        claims: { 'operator O': { iss: ['o1', 'o3'], sub: ['o1', 'o3'], ...added('nats.signing_keys', ['o1']) } },
        steps: ['operator "O" is o3 now; it was o1', 'made the old identity a signing key'],
        warnings: [UNSIGNED],
      },
      { ...given, operators: [{ operator: alone, accounts: [A] }] },
    ],
  });
  itRefuses(command, given, {
    'without signing keys': [
      '',
      ['policy-refused', 'operator "O" requires signing keys and has none that could sign its accounts'],
      { ...given, operators: [{ operator: alone, accounts: [A] }] },
    ],
    'whose signing keys are away': [
      '-K $o3',
      ['no-signer', 'no key that may sign account "A" is in the keystore: o2 (signing key of operator "O")'],
      { operators: [{ operator: strict, accounts: [A] }], stored: ['o1', 'o3'] },
    ],
  });
});

describe('accounts that were broken before', () => {
  const [header, payload] = A.token.split('.');
  const forged = issue('account', A.claims, KEYS.ox, { now: NOW }).token.split('.')[2];
  const altered: AccountEntry = { ...A, token: `${header}.${payload}.${forged}` };
  const stranger = account('S', 'a3', { by: 'ox' });

  it('stay as they are, with a warning: a new signature would make them look sound', async () => {
    const world: Given = {
      operators: [{ operator: O, accounts: [altered, B, stranger, account('X', 'a4')] }],
      unreadable: ['X'],
    };
    const { shown, after } = await planRaw(command, world, '-K $o3');
    expect(shown.changes).toEqual(['put-operator O by o3']);
    expect(shown.warnings).toEqual([
      'account "A" does not hold what its issuer signed; it was not accepted before either',
      'account "S" is signed by ox, which operator "O" does not list; it was not accepted before either',
      'account "X" stays as it is: account "X" is broken',
      UNSIGNED,
    ]);
    expect(after.findAccount('A')).toEqual(altered);
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'a typing error in -K, which must not make a new identity (E-23)': [
      '-K OABC',
      ['bad-key', '"OABC" is neither a key nor a key file'],
    ],
    'a file without a key (E-23)': [
      '-K empty.nk',
      ['bad-key', '"empty.nk" holds no key'],
      { ...given, files: { 'empty.nk': 'nothing' } },
    ],
    'a key of another kind (E-23)': ['-K $a1', ['wrong-key-kind', 'a1 is a key of kind account, not operator']],
    'a key whose seed is away (E-37)': ['-K $ox', ['key-not-found', 'the seed of ox is not in the keystore']],
    'the identity it has': ['-K $o1', ['nothing-to-do', 'o1 is the identity of operator "O" already']],
    'a managed operator': [
      '',
      ['managed-operator', 'operator "O" is managed elsewhere, and only there it gets a new identity'],
      { operators: [{ operator: O, managed: true }] },
    ],
    'an operator that is not there': ['-n P', ['operator-not-found', 'no operator "P"']],
    'an argument': ['O', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
    'an operator that was altered': [
      '',
      ['bad-token', 'the JWT of operator "O" does not hold what its issuer signed'],
      {
        operators: [
          {
            operator: {
              ...O,
              token: operator({ by: 'ox' }).token.replace(/^[^.]+\.[^.]+/, O.token.replace(/\.[^.]+$/, '')),
            },
          },
        ],
      },
    ],
  });
});

it('asks on a terminal, naming how much is signed', async () => {
  const question = async (line: string, world = given) => {
    const { plan } = await planRaw(command, world, line);
    return command.confirm?.({} as never, {} as never, plan);
  };
  const both: Given = { operators: [{ operator: O, accounts: [A, account('B', 'b1')] }] };
  expect(await question('')).toBe('Give operator "O" a new identity and sign an account anew?');
  expect(await question('', both)).toBe('Give operator "O" a new identity and sign 2 accounts anew?');
  expect(await question('--convert-to-signing-key')).toBe('Give operator "O" a new identity?');
});
