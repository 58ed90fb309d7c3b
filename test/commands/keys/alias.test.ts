import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/keys/alias.js';
import type { KeyRecord } from '../../../src/domain/keyring/keyring.js';
import { account, KEYS, operator, pub, scope, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Given, planRaw } from '../../support/plan.js';
import { OPERATOR, READER, record, ring, USER } from './rings.js';

const world = (...records: readonly KeyRecord[]): Given => ({
  operators: [
    {
      operator: operator({ nats: { signing_keys: [pub('o2')] } }),
      accounts: [account('A', 'a1', { nats: { signing_keys: [scope('a4', 'reader')] } })],
      users: [user('A/u', 'u1')],
      keyring: ring(...records),
    },
  ],
});
const given = world(
  record('o2', OPERATOR, 'active', { alias: 'prod', note: 'safe' }),
  record('o3', OPERATOR, 'removed', { alias: 'gone' }),
);

describe('a name for a key', () => {
  itPlans(command, given, {
    'a first one': ['$a4 writers', { changes: ['put-keyring a4 active'], steps: ['a4 is called "writers" now'] }],
    'another one': [
      'prod prod-2030',
      { changes: ['put-keyring o2 active'], steps: ['o2 is called "prod-2030" now instead of "prod"'] },
    ],
    'of a role': ['--key reader --name r', { changes: ['put-keyring a4 active'], steps: ['a4 is called "r" now'] }],
    'of a user': ['$u1 laptop', { changes: ['put-keyring u1 active'], steps: ['u1 is called "laptop" now'] }],
    'none any more': [
      'gone --remove',
      { changes: ['put-keyring o3 removed'], steps: ['o3 is no longer called "gone"'] },
    ],
  });

  it('makes a record without dates that nobody knows, and keeps what is on record', async () => {
    const { after } = await planRaw(command, given, '$a4 writers');
    expect(after.keyring.records.get(pub('a4'))).toEqual({
      key: pub('a4'),
      slot: READER,
      state: 'active',
      since: {},
      alias: 'writers',
    });
    const renamed = await planRaw(command, given, 'prod other');
    expect(renamed.after.keyring.records.get(pub('o2'))).toEqual(
      record('o2', OPERATOR, 'active', { alias: 'other', note: 'safe' }),
    );
    const { after: taken } = await planRaw(command, given, 'prod --remove');
    expect(taken.keyring.records.get(pub('o2'))).toEqual(record('o2', OPERATOR, 'active', { note: 'safe' }));
  });

  it('leaves what a record says of the state alone, also where tokens say otherwise', async () => {
    const again = world(record('o2', OPERATOR, 'removed'));
    const { after } = await planRaw(command, again, '$o2 x');
    expect(after.keyring.records.get(pub('o2'))).toMatchObject({ state: 'removed', alias: 'x' });
  });

  itRefuses(command, given, {
    'no key': ['', ['missing-option', 'a key is needed']],
    'no name': ['$o1', ['missing-option', 'an alias is needed']],
    'both a name and none': ['$o2 x --remove', ['conflicting-options', '--name and --remove exclude each other']],
    'the one it has': ['$o2 prod', ['nothing-to-do', 'o2 has this alias already']],
    'to remove none': ['$o1 --remove', ['nothing-to-do', 'o1 has no alias']],
    'the alias of another key': ['$o1 prod', ['already-exists', '"prod" is the alias of o2']],
    'the alias of a key that was removed': ['$o1 gone', ['already-exists', '"gone" is the alias of o3']],
    'a role of its account': ['$a1 reader', ['already-exists', '"reader" is a role of account "A"']],
    'a role of the account of a user': ['$u1 reader', ['already-exists', '"reader" is a role of account "A"']],
    'a key that nobody knows': ['$ax x', ['key-not-found', 'operator "O" has nothing to do with ax']],
    'the word for a new key': [
      '$o1 GENERATE',
      ['bad-value', '--name: "GENERATE" cannot be an alias: it asks for a new key'],
    ],
    'a public key': ['$o1 $a1', ['bad-value', '--name: "a1" cannot be an alias: it is a public key']],
    'a seed': [`$o1 ${KEYS.o1.seed.reveal()}`, ['bad-value', '--name: a seed cannot be an alias']],
    'an empty text': ["$o1 ''", ['bad-value', '--name: "" cannot be an alias: it is empty']],
    'a text in blanks': ["$o1 ' x'", ['bad-value', '--name: " x" cannot be an alias: it begins or ends with a blank']],
    'a control character': [
      "$o1 'a\u0007b'",
      ['bad-value', '--name: "a\\u{7}b" cannot be an alias: it holds a control character'],
    ],
    'an option': [
      '--key $o1 --name=-x',
      ['bad-value', '--name: "-x" cannot be an alias: it begins with a dash, as an option does'],
    ],
    'a long text': [
      `$o1 ${'x'.repeat(65)}`,
      ['bad-value', `--name: "${'x'.repeat(65)}" cannot be an alias: it has more than 64 characters`],
    ],
  });

  it('an operator key may be called as a role is: it signs no users', async () => {
    const { after } = await planRaw(command, given, '$o1 reader');
    expect(after.keyring.records.get(pub('o1'))).toMatchObject({
      alias: 'reader',
      slot: { kind: 'operator-identity' },
    });
  });

  it('a user key that is coming can be named, too', async () => {
    const { after } = await planRaw(command, world(record('u2', USER, 'next')), '$u2 soon');
    expect(after.keyring.records.get(pub('u2'))).toEqual(record('u2', USER, 'next', { alias: 'soon' }));
  });
});
