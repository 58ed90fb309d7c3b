import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/app/result.js';
import { command } from '../../src/commands/validate.js';
import type { KeyRecord } from '../../src/domain/keyring/keyring.js';
import { activation, streamFrom } from '../domain/sharing/accounts.js';
import { account, operator, pub, scope, NOW as THEN, under, user } from '../domain/trust/hierarchy.js';
import { textOf } from '../render/styles.js';
import { FakeWorld } from '../support/fake-world.js';
import { answer, type Given, NOW } from '../support/plan.js';
import { IDENTITY, OPERATOR, READER, record, ring, SELF, SIGNING, USER } from './keys/rings.js';

/** What the keyring adds to the findings about the operator, account A and its users. */

const base: NonNullable<Given['operators']>[number] = {
  operator: operator({ nats: { signing_keys: [pub('o2')] } }),
  accounts: [
    account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2'), scope('a4', 'reader')] } }),
    account('B', 'b1', {
      nats: {
        imports: [{ ...streamFrom('a1', 'news'), token: activation('news', { by: 'a2', issuer_account: pub('a1') }) }],
      },
    }),
  ],
  users: [user('A/u', 'u1', { by: 'a4', nats: under('a1') }), user('A/v', 'u2', { by: 'a4', nats: under('a1') })],
};
const world = (...records: readonly KeyRecord[]): Given => ({ operators: [{ ...base, keyring: ring(...records) }] });

type Sections = readonly { readonly title: string; readonly findings: readonly Finding[] }[];
/** Level, rule, message and hint of what is found about keys, the rest left out. */
async function found(given: Given, line = ''): Promise<{ ok: boolean; lines: string[] }> {
  const { ok, sections } = (await answer(command, given, line)) as { ok: boolean; sections: Sections };
  const lines = sections
    .flatMap(({ findings }) => findings)
    .filter(({ rule }) => !['import', 'C1'].includes(rule) && !/expor|import/.test(rule))
    .map(({ level, rule, message, hint }) => `${level} ${rule}: ${message}${hint === undefined ? '' : ` → ${hint}`}`);
  return { ok, lines };
}

const OPERATOR_KEY = 'o2 (signing keys of operator "O")';
const PLAIN = 'a2 (signing keys of account "A")';
const ROLE = 'a4 (role "reader" of account "A")';
const THEN_TEXT = '2023-11-14 22:13:20 UTC';

describe('what the keyring says about keys that JWTs list', () => {
  it.each<[what: string, records: KeyRecord[], ok: boolean, lines: string[]]>([
    ['nothing about keys that simply sign', [record('o2', OPERATOR, 'active'), record('u1', USER, 'active')], true, []],
    [
      'one that is compromised, of the operator',
      [record('o2', OPERATOR, 'compromised')],
      false,
      [`error compromised: ${OPERATOR_KEY} is compromised since ${THEN_TEXT} and still trusted → nsc compromise o2`],
    ],
    [
      'of an account',
      [record('a4', READER, 'compromised', { since: {} })],
      false,
      [`error compromised: ${ROLE} is compromised and still trusted → nsc compromise a4`],
    ],
    [
      'of a user',
      [record('u1', USER, 'compromised')],
      false,
      [
        `error compromised: u1 (key of user "u" of account "A") is compromised since ${THEN_TEXT} and still trusted → nsc compromise u1`,
      ],
    ],
    [
      'one that is due',
      [record('o2', OPERATOR, 'active', { expires: NOW })],
      true,
      [`warning key-due: ${OPERATOR_KEY} should have been replaced by 2023-11-14 22:14:20 UTC → nsc rotate start o2`],
    ],
    [
      'one that cannot be rotated and is due',
      [record('a1', SELF, 'active', { expires: NOW - 1 })],
      true,
      ['warning key-due: a1 (identity of account "A") should have been replaced by 2023-11-14 22:14:19 UTC'],
    ],
    ['one that is due a second later', [record('o2', OPERATOR, 'active', { expires: NOW + 1 })], true, []],
    [
      'one that is announced',
      [record('o2', IDENTITY, 'next')],
      true,
      [`info key-next: o2 (identity of operator "O") is announced since ${THEN_TEXT} → nsc rotate activate o2`],
    ],
    [
      'one that was removed, and is there again',
      [record('a2', SIGNING, 'removed')],
      true,
      [`warning keyring: ${PLAIN} is removed in the keyring, and a JWT lists it again: it counts as active`],
    ],
    [
      'one that was for something else',
      [record('a4', SIGNING, 'active')],
      true,
      [`warning keyring: ${ROLE} is the signing keys of account "A" in the keyring`],
    ],
    [
      'one that no JWT lists any more, though it is announced',
      [record('a3', SIGNING, 'next'), record('o3', OPERATOR, 'retiring')],
      true,
      [
        'warning keyring: o3 (signing keys of operator "O") is retiring in the keyring, and no JWT lists it: it counts as removed',
        'warning keyring: a3 (signing keys of account "A") is next in the keyring, and no JWT lists it: it counts as removed',
      ],
    ],
    [
      'one that somebody dropped by hand, which is no fault',
      [record('a3', SIGNING, 'active')],
      true,
      [
        'info keyring: a3 (signing keys of account "A") is active in the keyring, and no JWT lists it: it counts as removed',
      ],
    ],
    [
      'nothing about keys that are gone',
      [record('a3', SIGNING, 'removed'), record('ax', SIGNING, 'compromised')],
      true,
      [],
    ],
    [
      'keys of users that are coming and going',
      [record('ax', { ...READER, account: pub('x1') }, 'active'), { ...record('u3', USER, 'next'), key: pub('n1') }],
      true,
      ['info key-next: n1 (key of user "u" of account "A") is made and waits → nsc rotate activate n1'],
    ],
  ])('%s', async (_what, records, ok, lines) => {
    expect(await found(world(...records))).toEqual({ ok, lines });
  });

  it('a compromised key of a user is no fault once it is revoked', async () => {
    const [A, B] = base.accounts ?? [];
    const nats = { ...A?.claims.nats, revocations: { [pub('u1')]: THEN } };
    const accounts = [account('A', 'a1', { nats }), ...(B ? [B] : [])];
    const given: Given = { operators: [{ ...base, accounts, keyring: ring(record('u1', USER, 'compromised')) }] };
    const { ok, lines } = await found(given);
    expect(ok).toBe(true);
    expect(lines).toEqual(['warning revoked: user "u" is revoked by its account']);
  });
});

describe('what a retiring key signed and servers still accept', () => {
  it('is named: accounts, users once for each key, activations inside imports', async () => {
    const keyring = ring(
      record('o2', OPERATOR, 'retiring'),
      record('a4', READER, 'retiring'),
      record('a2', SIGNING, 'retiring'),
    );
    const expired = user('A/gone', 'u3', { by: 'a4', nats: under('a1'), exp: NOW - 1 });
    const given: Given = { operators: [{ ...base, users: [...(base.users ?? []), expired], keyring }] };
    const { ok, lines } = await found(given, '--all-accounts');
    expect(ok).toBe(false);
    expect(lines.filter((line) => !line.includes('expired'))).toEqual([
      `info key-retiring: ${OPERATOR_KEY} is retiring since ${THEN_TEXT} → nsc rotate finish o2`,
      `info key-retiring: ${ROLE} is retiring since ${THEN_TEXT} → nsc rotate finish a4`,
      `info key-retiring: ${PLAIN} is retiring since ${THEN_TEXT} → nsc rotate finish a2`,
      'warning retiring-signer: account "A" is signed by o2, which is retiring → nsc resign --issuer o2',
      'warning retiring-signer: 2 users ("u", "v") are signed by a4, which is retiring → nsc resign --issuer a4',
      'warning retiring-signer: the activation for "news" is signed by a2, which is retiring → nsc resign --issuer a2',
    ]);
  });
});

describe('the roles that two keys have', () => {
  const keys = [scope('a4', 'reader'), scope('a3', 'reader')];
  const rotating = (...records: KeyRecord[]): Given => ({
    operators: [
      {
        operator: operator(),
        accounts: [account('A', 'a1', { nats: { signing_keys: keys } })],
        keyring: ring(...records),
      },
    ],
  });
  const twice = 'warning role: role "reader" belongs to more than one signing key';

  it('are found unless a rotation is why', async () => {
    expect((await found(rotating())).lines).toEqual([twice]);
    expect((await found(rotating(record('a3', READER, 'active')))).lines).toEqual([twice]);
    expect((await found(rotating(record('a3', READER, 'next')))).lines).toEqual([
      `info key-next: a3 (role "reader" of account "A") is announced since ${THEN_TEXT} → nsc rotate activate a3`,
    ]);
  });
});

it('what is worth knowing is no issue: the sum does not count it', async () => {
  const { context, input } = await new FakeWorld(world(record('o2', OPERATOR, 'next'))).prepare(command, '-A');
  const text = await textOf(await command.run({ ...context }, input as never));
  expect(text).toMatch(/1 {5}key-next +O/);
  expect(text).toMatch(/\d errors?, \d warnings?|no issues found/);
});
