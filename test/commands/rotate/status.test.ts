import { describe, expect, it } from 'vitest';
import type { Listed } from '../../../src/app/result.js';
import { command } from '../../../src/commands/rotate/status.js';
import { NOW as ISSUED, operator, pub } from '../../domain/trust/hierarchy.js';
import { itRefuses } from '../../support/cases.js';
import { FakeWorld } from '../../support/fake-world.js';
import { answer, type Given, rowsOf } from '../../support/plan.js';
import { IDENTITY, OPERATOR, READER, record, SIGNING, USER } from '../keys/rings.js';
import { rotating } from './world.js';

const rows = async (given: Given, line = ''): Promise<string[]> =>
  (await rowsOf(command, given, line)).map(({ cells }) => cells.join('|'));

const ISSUE_DATE = '2023-11-14 22:13:20 UTC';
const twoKeys = { operator: operator({ nats: { signing_keys: [pub('o2'), pub('o3')] } }) };

describe('rotate status', () => {
  it.each<[what: string, given: Given, rows: readonly string[]]>([
    [
      'an announced key',
      rotating([record('o3', OPERATOR, 'next')], {}, twoKeys),
      [
        'signing keys of operator "O"|o2|active||||',
        `signing keys of operator "O"|o3|next|${ISSUE_DATE}|||nsc rotate activate --operator`,
      ],
    ],
    [
      'a key that retires, and what depends on it',
      rotating([record('a3', READER, 'retiring', { expires: ISSUED + 86_400, alias: 'old' })]),
      [
        `role "reader" of account "A"|a3 (old)|retiring|${ISSUE_DATE}|2023-11-15 22:13:20 UTC|1|finish, once nothing depends on the old key`,
      ],
    ],
    [
      'one that nothing depends on any more',
      rotating([record('o2', OPERATOR, 'active'), record('o3', OPERATOR, 'retiring')], {}, twoKeys),
      [
        `signing keys of operator "O"|o2|active|${ISSUE_DATE}|||`,
        `signing keys of operator "O"|o3|retiring|${ISSUE_DATE}||0|nsc rotate finish --operator`,
      ],
    ],
    [
      'users and activations that depend on a key',
      rotating([record('a2', SIGNING, 'retiring')]),
      [`signing keys of account "A"|a2|retiring|${ISSUE_DATE}||2|finish, once nothing depends on the old key`],
    ],
    [
      "a user's own key that only the keyring knows",
      rotating([record('u2', USER, 'retiring')]),
      [`key of user "u" of account "A"|u2|retiring|${ISSUE_DATE}||0|nsc rotate finish --account "A" --user "u"`],
    ],
    ['nothing', rotating(), []],
    ['keys that are out', rotating([record('o3', OPERATOR, 'removed'), record('a4', SIGNING, 'compromised')]), []],
  ])('lists %s', async (_what, given, expected) => {
    expect(await rows(given)).toEqual(expected);
  });

  it('lists with --all what is not under way as well, and what should happen to it', async () => {
    expect(await rows(rotating([record('a3', READER, 'compromised')]), '--all')).toEqual([
      'identity of operator "O"|o1|active||||nsc rotate start --identity',
      'signing keys of operator "O"|o2|active||||nsc rotate start --operator',
      'signing keys of account "A"|a2|active||||nsc rotate start --account "A"',
      `role "reader" of account "A"|a3|compromised|${ISSUE_DATE}|||nsc compromise a3`,
      'key of user "u" of account "A"|u1|active||||nsc rotate start --account "A" --user "u"',
      'key of user "v" of account "A"|u2|active||||nsc rotate start --account "A" --user "v"',
      'key of user "w" of account "A"|u3|active||||nsc rotate start --account "A" --user "w"',
    ]);
  });

  it('looks at one account', async () => {
    const both = rotating([record('o3', OPERATOR, 'next'), record('a3', READER, 'retiring')], {}, twoKeys);
    expect((await rows(both)).length).toBe(3);
    expect((await rows(both, '--account A')).length).toBe(1);
    expect(await rows(both, '--account B')).toEqual([]);
  });

  it('is an object of slots for programs, with keys and the next step', async () => {
    const { context, input } = await new FakeWorld(
      rotating([record('o3', IDENTITY, 'next', { alias: 'soon' })], {}, twoKeys),
    ).prepare(command, '');
    const { json } = command.run(context, input as never) as Listed;
    expect(json?.()).toEqual({
      slots: [
        {
          slot: 'identity of operator "O"',
          kind: 'operator-identity',
          keys: [
            { key: pub('o1'), state: 'active', listed: true },
            { key: pub('o3'), alias: 'soon', state: 'next', since: '2023-11-14T22:13:20Z', listed: true },
          ],
          next: { step: 'activate', command: 'nsc rotate activate --identity', blocked: false },
        },
      ],
      unreadable: [],
    });
  });

  it('goes on past what cannot be read, and says so', async () => {
    const given = rotating([record('o3', OPERATOR, 'next')], { unreadable: ['A'] }, twoKeys);
    expect((await rows(given)).at(-1)).toBe('account "A" is broken||?||||');
  });

  it('says when nothing is under way', async () => {
    expect(await answer(command, rotating(), '')).toMatchObject({ rows: [], whenEmpty: 'no rotation is under way' });
  });

  itRefuses(command, rotating(), {
    'an account that is not there': [
      '--account X',
      ['account-not-found', 'account "X" does not exist under operator "O"'],
    ],
  });
});
