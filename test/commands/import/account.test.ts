import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/import/account.js';
import { issue } from '../../../src/domain/token/issue.js';
import { account, KEYS, operator, NOW as THEN } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { FakeWorld } from '../../support/fake-world.js';
import { alter, forgeToken } from '../../support/forged-token.js';
import { type Given, NOW, planRaw } from '../../support/plan.js';

const own = account('A', 'a1', { nats: { description: 'moved' } });
const selfSigned = account('A', 'a1', { by: 'a1' });
const foreign = account('A', 'a1', { by: 'ox', nats: { description: 'theirs' } });
const bySigningKey = account('A', 'a1', { by: 'o2' });
const files = {
  'A.jwt': own.token,
  'decorated.jwt': `-----BEGIN NATS ACCOUNT JWT-----\n${own.token}\n------END NATS ACCOUNT JWT------\n`,
  'self.jwt': selfSigned.token,
  'foreign.jwt': foreign.token,
  'signed.jwt': bySigningKey.token,
  'expired.jwt': account('A', 'a1', { exp: THEN }).token,
  'broken.jwt': account('A', 'a1', { nats: { exports: [{ subject: 'a b', type: 'stream' }], mappings: { 'x y': [] } } })
    .token,
};
const O = operator({ nats: { signing_keys: [KEYS.o2.publicKey] } });
const given: Given = { operators: [{ operator: O }], files };
const there: Given = { operators: [{ operator: O, accounts: [account('A', 'a1')] }], files };
const managed: Given = { operators: [{ operator: O, managed: true }], files };
const strict: Given = {
  operators: [{ operator: operator({ nats: { signing_keys: [KEYS.o2.publicKey], strict_signing_key_usage: true } }) }],
  files,
};

/** Claims of an account that is new here, without those every token has. */
const fresh = (iss: string, nats: object = {}) => ({
  iss,
  name: 'A',
  sub: 'a1',
  nats: {
    limits: { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 },
    default_permissions: { pub: {}, sub: {} },
    authorization: {},
    ...nats,
  },
});
const asIs = (iss: string, nats: object = {}) => ({ A: { ...fresh(iss, nats), iat: THEN } });
const limitsOfItsOwn = 'account "A": the account is self-signed, so its limits bind nobody';

describe('an account', () => {
  itPlans(command, given, {
    'that the operator signed is stored as it is': [
      '--file A.jwt',
      {
        changes: ['put-account A by o1'],
        claims: asIs('o1', { description: 'moved' }),
        steps: ['imported account "A"'],
      },
    ],
    'in decorated form is the same': [
      '-j decorated.jwt',
      {
        changes: ['put-account A by o1'],
        claims: asIs('o1', { description: 'moved' }),
        steps: ['imported account "A"'],
      },
    ],
    'that a signing key of the operator signed is stored as it is': [
      '--file signed.jwt',
      { changes: ['put-account A by o2'], claims: asIs('o2'), steps: ['imported account "A"'] },
    ],
    'needs no key of the operator when there is nothing to sign': [
      '--file A.jwt',
      {
        changes: ['put-account A by o1'],
        claims: asIs('o1', { description: 'moved' }),
        steps: ['imported account "A"'],
      },
      { ...given, stored: [] },
    ],
    'that signed itself is signed by the operator': [
      '--file self.jwt',
      {
        changes: ['put-account A by o1'],
        claims: { A: fresh('o1') },
        steps: ['signed account "A" with o1', 'imported account "A"'],
        warnings: [limitsOfItsOwn],
      },
    ],
    'that signed itself is signed by the key that -K names': [
      '--file self.jwt -K $o2',
      {
        changes: ['put-account A by o2'],
        claims: { A: fresh('o2') },
        steps: ['signed account "A" with o2', 'imported account "A"'],
        warnings: [limitsOfItsOwn],
      },
    ],
    'of another operator is signed anew with --force': [
      '--file foreign.jwt --force',
      {
        changes: ['put-account A by o1'],
        claims: { A: fresh('o1', { description: 'theirs' }) },
        steps: ['signed account "A" with o1', 'imported account "A"'],
      },
    ],
    'that an identity key signed is signed anew with --force under a strict operator': [
      '--file A.jwt --force',
      {
        changes: ['put-account A by o2'],
        claims: { A: fresh('o2', { description: 'moved' }) },
        steps: ['signed account "A" with o2', 'imported account "A"'],
      },
      strict,
    ],
    'that has expired is taken with --skip (S-24)': [
      '--file expired.jwt --skip',
      {
        changes: ['put-account A by o1'],
        claims: { A: { ...fresh('o1'), exp: THEN, iat: THEN } },
        steps: ['imported account "A"'],
        warnings: ['account "A": expired at 2023-11-14 22:13:20 UTC'],
      },
    ],
    'that is here with the same key is replaced with --overwrite': [
      '--file A.jwt --overwrite',
      {
        changes: ['put-account A by o1'],
        claims: { A: { 'nats.description': { added: 'moved' } } },
        steps: ['imported account "A"'],
      },
      there,
    ],
    'in a managed store has to get to the account server by other ways': [
      '--file A.jwt',
      {
        changes: ['put-account A by o1'],
        claims: asIs('o1', { description: 'moved' }),
        steps: ['imported account "A"'],
        warnings: [
          'operator "O" is managed elsewhere and nothing was sent: its account server has to get account "A" too',
        ],
      },
      managed,
    ],
  });

  it('is stored byte for byte', async () => {
    const { plan } = await planRaw(command, given, '-j decorated.jwt');
    expect(plan.changes[0]).toMatchObject({ token: own.token });
  });

  it('takes the place of one that was altered, after saying so', async () => {
    const world: Given = { operators: [{ operator: O, accounts: [alter(account('A', 'a1'))] }], files };
    const { plan } = await planRaw(command, world, '-j A.jwt --overwrite');
    expect(plan).toMatchObject({
      changes: [{ type: 'put-account', token: own.token }],
      warnings: ['the JWT of account "A" that was here was damaged or altered'],
      force: true,
    });
    await expect(planRaw(command, world, '-j A.jwt')).rejects.toMatchObject({ code: 'already-exists' });
  });

  it('is forced on the store only where a rule is broken, not a time', async () => {
    const forced = async (file: string) => (await planRaw(command, given, `--file ${file} --skip`)).plan.force;
    expect([await forced('A.jwt'), await forced('expired.jwt'), await forced('broken.jwt')]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('that breaks rules is taken with --skip, after naming every one of them (S-24)', async () => {
    const { shown } = await planRaw(command, given, '--file broken.jwt --skip');
    expect(shown.changes).toEqual(['put-account A by o1']);
    expect(shown.warnings?.filter((line) => line.startsWith('account "A": ')).length).toBeGreaterThan(1);
  });

  it('is dated after the one it replaces and after itself', async () => {
    const later = account('A', 'a1');
    const newer = { name: 'A', ...issue('account', later.claims, KEYS.o1, { now: NOW + 50 }) };
    const world: Given = { operators: [{ operator: O, accounts: [newer] }], files };
    const { plan, shown } = await planRaw(command, world, '--file foreign.jwt --force --overwrite');
    expect(plan.changes[0]).toMatchObject({ claims: { iat: NOW + 51 } });
    expect(shown.warnings).toEqual([
      'the JWT of account "A" that was here was issued later than the one that takes its place: what was changed since then, such as revocations, is undone',
    ]);
  });
});

it.each([
  ['-j self.jwt', given, ['o1', 'o2']],
  ['-j foreign.jwt', given, ['o1', 'o2']],
  ['-j A.jwt', given, []],
  ['-j foreign.jwt', managed, []],
  ['-j none', { ...given, files: { none: 'junk' } }, []],
  ['', given, []],
])('offers a signer only where something is signed: %s', async (line, world, keys) => {
  const fake = new FakeWorld(world);
  const { context, input } = await fake.prepare(command, line);
  const offered = command.signers?.(context, input as never) ?? [];
  expect(offered.map(({ publicKey }) => fake.aliases.name(publicKey))).toEqual(keys);
});

describe('refused', () => {
  const evil = account('../../x', 'a1').token;
  itRefuses(command, given, {
    'no file': ['', ['missing-option', 'no account was named']],
    'a file that is not there': ['--file none.jwt', ['file-not-found', '--file: there is no file "none.jwt"']],
    'a name that leads out of the store (S-42)': [
      '-j evil.jwt',
      ['bad-name', '"../../x" cannot be the name of an account: it holds a path separator'],
      { ...given, files: { 'evil.jwt': evil } },
    ],
    'a name that is none': [
      '-j x.jwt',
      ['bad-name', '"" cannot be the name of an account: it is empty'],
      { ...given, files: { 'x.jwt': account('', 'a1').token } },
    ],
    'a token of another kind': [
      '-j o.jwt',
      ['bad-token', '"o.jwt" holds a JWT of kind operator, not of an account'],
      { ...given, files: { 'o.jwt': O.token } },
    ],
    'a token of more than 1 MiB': [
      '-j big.jwt',
      ['bad-token', '"big.jwt": the JWT is longer than 1048576 bytes'],
      { ...given, files: { 'big.jwt': 'e'.repeat(5 * 1024 * 1024) } },
    ],
    'something else': [
      '-j junk',
      ['bad-token', '"junk": the JWT does not have three parts'],
      { ...given, files: { junk: 'junk' } },
    ],
    'a token that was altered': [
      '-j bad.jwt --overwrite --skip --force',
      ['bad-token', '"bad.jwt": the JWT has a wrong signature'],
      { ...given, files: { 'bad.jwt': own.token.replace(/.{10}$/, 'AAAAAAAAAA') } },
    ],
    'a token about no account': [
      '-j u.jwt',
      ['bad-token', '"u.jwt" holds a JWT about "u1", which is no key of kind account'],
      { ...given, files: { 'u.jwt': forgeToken(own.token, { sub: KEYS.u1.publicKey }, 'o1') } },
    ],
    'one that has expired': [
      '-j expired.jwt',
      ['invalid-claims', 'account "A" is not valid: expired at 2023-11-14 22:13:20 UTC'],
    ],
    'one of another operator': [
      '-j foreign.jwt',
      ['broken-chain', 'account "A" is signed by ox, which operator "O" does not list'],
    ],
    'one of another operator that nobody here can sign': [
      '-j foreign.jwt --force',
      [
        'no-signer',
        'no key that may sign accounts of operator "O" is in the keystore: o1 (identity of operator "O"), o2 (signing key of operator "O")',
      ],
      { ...given, stored: ['a1'] },
    ],
    'a -K that may not sign, even with nothing to sign': [
      '-j A.jwt -K $o3',
      ['signer-not-allowed', 'o3 may not sign accounts of operator "O": it is not among the keys that may'],
    ],
    'one that signed itself, in a managed store': [
      '-j self.jwt --force',
      [
        'managed-operator',
        'account "A" is signed by itself, and operator "O", who would have to sign it, is managed elsewhere',
      ],
      managed,
    ],
    'one of another operator that breaks a rule, too, whatever --skip says of that': [
      '-j x.jwt --skip',
      ['broken-chain', 'account "A" is signed by ox, which operator "O" does not list'],
      {
        ...given,
        files: { 'x.jwt': account('A', 'a1', { by: 'ox', nats: { mappings: { 'x y': [] } } }).token },
      },
    ],
    'one that breaks rules': [
      '-j broken.jwt',
      ['invalid-claims', 'account "A" is not valid: export "a b": subject has a space in it (and 1 more)'],
    ],
    'one that is here': ['-j A.jwt', ['already-exists', 'account "A" already exists'], there],
    'another one of the same name': [
      '-j A.jwt --overwrite --force',
      ['already-exists', 'account "A" is here with another key: a2, not a1'],
      { ...given, operators: [{ operator: O, accounts: [account('A', 'a2')] }] },
    ],
    'one whose name differs in letter case (E-44)': [
      '-j A.jwt --overwrite',
      ['already-exists', 'account "a" already exists under operator "O"'],
      { ...given, operators: [{ operator: O, accounts: [account('a', 'a2')] }] },
    ],
    'one that is here under another name': [
      '-j A.jwt --overwrite',
      ['already-exists', 'account a1 is here under the name "B", not "A"'],
      { ...given, operators: [{ operator: O, accounts: [account('B', 'a1')] }] },
    ],
    'an argument': ['A.jwt', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});
