import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/rotate/now.js';
import { account, operator, pub, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Given, NOW, planRaw } from '../../support/plan.js';
import { A, B, done, given, O, STORE, u } from './rotated.js';

const ANNOUNCED = await done(given, 'start --account A --sk $a4');

const pass = (name: string): string =>
  `pass the new creds on: once servers have account "${name}", they refuse the ones before, and until then the new ones`;
const CONFIGURING =
  'put the new JWT of operator "O" into the configuration of every server and restart it: before that they refuse the accounts signed anew, and after it the JWTs these had until now';

describe('a key is replaced in one go', () => {
  itPlans(command, given, {
    'of an account': [
      '--account A --sk $a4',
      {
        changes: [
          'put-account B by o1',
          'put-user A/u by a4',
          'put-creds A/u',
          'put-keyring a4 active, a2 removed',
          'put-account A by o2',
        ],
        claims: {
          B: { 'nats.imports[orders].token': ['<activation orders by a2>', '<activation orders by a4>'] },
          'A/u': { iss: ['a2', 'a4'] },
          A: { 'nats.signing_keys[a2]': 'removed', 'nats.signing_keys[a4]': 'added' },
        },
        steps: [
          'signing keys of account "A": a4 is active now',
          'signed 1 activation anew',
          'signed account "B" anew',
          'signed user "u" of account "A" anew',
          'wrote 1 creds file',
          'signing keys of account "A": removed a2; its seed stays in the keystore',
        ],
        warnings: [pass('A'), 'servers need accounts "A", "B" (nsc push --all): until then they trust a2'],
      },
    ],
    'of the operator': [
      '--operator --sk $o3',
      {
        changes: ['put-account A by o3', 'put-keyring o3 active, o2 removed', 'put-operator O by o1'],
        claims: {
          A: { iss: ['o2', 'o3'] },
          'operator O': { 'nats.signing_keys[o2]': 'removed', 'nats.signing_keys[o3]': 'added' },
        },
        steps: [
          'signing keys of operator "O": o3 is active now',
          'signed account "A" anew',
          'signing keys of operator "O": removed o2; its seed stays in the keystore',
        ],
        warnings: [CONFIGURING, 'servers need account "A" (nsc push --all)'],
      },
    ],
    'as identity of the operator': [
      '--identity --sk $o3',
      {
        changes: ['put-account B by o3', 'put-keyring o3 active, o1 removed', 'put-operator O by o3'],
        claims: { B: { iss: ['o1', 'o3'] }, 'operator O': { iss: ['o1', 'o3'], sub: ['o1', 'o3'] } },
        steps: [
          'identity of operator "O": o3 is active now',
          'signed account "B" anew',
          'identity of operator "O": removed o1; its seed stays in the keystore',
        ],
        warnings: [CONFIGURING, 'servers need account "B" (nsc push --all)'],
      },
    ],
    'of a user, whose old one is revoked': [
      '--user u',
      {
        changes: [
          'put-seed new1',
          'put-user A/u by a2',
          'put-creds A/u',
          'put-keyring new1 active, u1 removed',
          'put-account A by o2',
        ],
        claims: { 'A/u': { sub: ['u1', 'new1'] }, A: { 'nats.revocations.u1': { added: NOW } } },
        steps: [
          'generated and stored user key "new1"',
          'key of user "u" of account "A": new1 is active now',
          'signed user "u" of account "A" anew',
          'wrote 1 creds file',
          'key of user "u" of account "A": revoked u1',
        ],
        warnings: [pass('A'), 'servers need account "A" (nsc push --all): until then they trust u1'],
      },
    ],
    'of a user by the account key that -K names': [
      '--user u -K $a2',
      {
        changes: [
          'put-seed new1',
          'put-user A/u by a2',
          'put-creds A/u',
          'put-keyring new1 active, u1 removed',
          'put-account A by o2',
        ],
        claims: { 'A/u': { sub: ['u1', 'new1'] }, A: { 'nats.revocations.u1': { added: NOW } } },
        steps: [
          'generated and stored user key "new1"',
          'key of user "u" of account "A": new1 is active now',
          'signed user "u" of account "A" anew',
          'wrote 1 creds file',
          'key of user "u" of account "A": revoked u1',
        ],
        warnings: [pass('A'), 'servers need account "A" (nsc push --all): until then they trust u1'],
      },
    ],
    'or an account gets its first signing key': [
      '--account B --sk $a4',
      {
        changes: ['put-account B by o1', 'put-keyring a4 active', 'put-user B/c by a4', 'put-creds B/c'],
        claims: {
          B: { 'nats.signing_keys[a4]': 'added' },
          'B/c': { iss: ['b1', 'a4'], 'nats.issuer_account': { added: 'b1' } },
        },
        steps: [
          'signing keys of account "B": a4 is active now',
          'signed user "c" of account "B" anew',
          'wrote 1 creds file',
        ],
        warnings: ['servers need account "B" (nsc push --all)'],
      },
    ],
    'of an account under a managed operator': [
      '--account A --sk $a4',
      {
        changes: ['put-user A/u by a4', 'put-creds A/u', 'put-keyring a4 active, a2 removed', 'put-account A by a1'],
        claims: {
          'A/u': { iss: ['a2', 'a4'] },
          A: { iss: ['o2', 'a1'], 'nats.signing_keys[a2]': 'removed', 'nats.signing_keys[a4]': 'added' },
        },
        steps: [
          'signing keys of account "A": a4 is active now',
          'signed user "u" of account "A" anew',
          'wrote 1 creds file',
          'signing keys of account "A": removed a2; its seed stays in the keystore',
        ],
        warnings: [pass('A'), 'servers need account "A" (nsc push --all): until then they trust a2'],
      },
      { operators: [{ ...STORE, accounts: [A], managed: true }], stored: ['a1', 'a2', 'a4', 'u1'] },
    ],
  });

  it('of several, one that is named', async () => {
    const two = account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2'), pub('a3')] } });
    const users = [u, user('A/v', 'u3', { by: 'a3', nats: under('a1') })];
    const world: Given = { operators: [{ ...STORE, accounts: [two], users }] };
    const line = '--account A --sk $a4';
    const signed = async (more: string) =>
      (await planRaw(command, world, line + more)).shown.changes.filter((change) => change.startsWith('put-user'));
    expect(await signed('')).toEqual(['put-user A/u by a4', 'put-user A/v by a4']);
    expect(await signed(' --from $a3')).toEqual(['put-user A/v by a4']);
  });

  it('under a strict operator', async () => {
    const strict = operator({ nats: { ...O.claims.nats, strict_signing_key_usage: true } });
    const world: Given = { operators: [{ operator: strict, accounts: [account('A', 'a1', { by: 'o2' })] }] };
    const { shown } = await planRaw(command, world, '--operator --sk $o3');
    expect(shown.changes).toEqual(['put-account A by o3', 'put-keyring o3 active, o2 removed', 'put-operator O by o3']);
  });

  it('with --push accounts are sent', async () => {
    expect((await planRaw(command, given, '--account A --sk $a4 --push')).plan.push?.accounts).toEqual(['A', 'B']);
  });

  it('asks once, naming how much is signed', async () => {
    const { plan } = await planRaw(command, given, '--account A --sk $a4');
    expect(command.confirm?.({} as never, {} as never, plan)).toBe('Sign user "u" of account "A" anew?');
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'while a key is announced': [
      '--account A',
      ['rotation-state', 'a rotation is under way: a4 is announced for the signing keys of account "A"'],
      ANNOUNCED,
    ],
    'with a key whose seed is elsewhere': [
      '--account A --sk $ax',
      ['key-not-found', 'the seed of ax is not in the keystore, and it is to sign for the signing keys of account "A"'],
    ],
    'for the identity of an account': [
      '$b1',
      ['policy-refused', 'the identity of account "B" is what servers know it by, and does not rotate'],
    ],
  });
});

it('leaves users of other keys as they are', async () => {
  const { after } = await planRaw(command, given, '--account A --sk $a4');
  expect(after.findUser('A', 'r')?.token).toBe(STORE.users?.[1]?.token);
  expect(after.findAccount('B')?.claims.nats.authorization).toEqual(B.claims.nats.authorization);
});
