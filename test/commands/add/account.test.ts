import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/add/account.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Given, NOW, plan } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2'), pub('o3')] } });
const strict = operator({ nats: { signing_keys: [pub('o2')], strict_signing_key_usage: true } });
const A = account('A', 'a1');
const given: Given = { operators: [{ operator: O, accounts: [A] }] };
const managed: Given = { operators: [{ operator: O, managed: true }], stored: ['a1', 'a2'] };

const limits = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
const empty = { pub: {}, sub: {} };
/** The claims of a new account, as nsc makes them. */
const fresh = (sub: string, iss: string, name = 'B') => ({
  iss,
  name,
  sub,
  nats: { limits, default_permissions: empty, authorization: {} },
});

describe('a new account', () => {
  const generated = 'generated and stored account key "new1"';
  itPlans(command, given, {
    'gets a new key, which is stored, and is selected': [
      'B',
      {
        changes: ['put-seed new1', 'put-account B by o1', 'select account=B'],
        claims: { B: fresh('new1', 'o1') },
        steps: [generated, 'added account "B"'],
      },
    ],
    'is named by --name': [
      '--name B',
      {
        changes: ['put-seed new1', 'put-account B by o1', 'select account=B'],
        claims: { B: fresh('new1', 'o1') },
        steps: [generated, 'added account "B"'],
      },
    ],
    'may have a name with blanks, dots and other letters': [
      "'Team Blau ü.1'",
      {
        changes: ['put-seed new1', 'put-account Team Blau ü.1 by o1', 'select account=Team Blau ü.1'],
        claims: { 'Team Blau ü.1': fresh('new1', 'o1', 'Team Blau ü.1') },
        steps: [generated, 'added account "Team Blau ü.1"'],
      },
    ],
    'has the key given as public key; there is nothing to store': [
      'B -k $a2',
      {
        changes: ['put-account B by o1', 'select account=B'],
        claims: { B: fresh('a2', 'o1') },
        steps: ['added account "B"'],
      },
    ],
    'has the key given as seed, which is stored (E-13)': [
      'B -k $a2.seed',
      {
        changes: ['put-seed a2', 'put-account B by o1', 'select account=B'],
        claims: { B: fresh('a2', 'o1') },
        steps: ['added account "B"'],
      },
    ],
    'has the key of a file, which is stored (E-13)': [
      'B --public-key a2.nk',
      {
        changes: ['put-seed a2', 'put-account B by o1', 'select account=B'],
        claims: { B: fresh('a2', 'o1') },
        steps: ['added account "B"'],
      },
      { ...given, files: { 'a2.nk': '$a2.seed\n' } },
    ],
    'has validity and default permissions': [
      "B --start 2023-11-15 --expiry 2d --allow-pub 'a.>,b' --allow-sub 'c q' --allow-pubsub both --deny-pub d " +
        '--deny-sub e --deny-pubsub f --allow-pub-response --response-ttl 1s',
      {
        changes: ['put-seed new1', 'put-account B by o1', 'select account=B'],
        claims: {
          B: {
            ...fresh('new1', 'o1'),
            nbf: 1_700_006_400,
            exp: NOW + 2 * 86_400,
            nats: {
              limits,
              default_permissions: {
                pub: { allow: ['a.>', 'b', 'both'], deny: ['d', 'f'] },
                sub: { allow: ['both', 'c q'], deny: ['e', 'f'] },
                resp: { max: 1, ttl: 1_000_000_000 },
              },
              authorization: {},
            },
          },
        },
        steps: [
          'valid from 2023-11-15 00:00:00 UTC (in 1 hour)',
          'expires 2023-11-16 22:14:20 UTC (in 2 days)',
          'set max responses to 1',
          'set response ttl to 1s',
          'added pub "a.>"',
          'added pub "b"',
          'added pub "both"',
          'added deny pub "d"',
          'added deny pub "f"',
          'added sub "c q"',
          'added sub "both"',
          'added deny sub "e"',
          'added deny sub "f"',
          generated,
          'added account "B"',
        ],
        warnings: ['account "B": not valid before 2023-11-15 00:00:00 UTC'],
      },
    ],
    'is signed by a key of the operator named by -K': [
      'B -K $o3',
      {
        changes: ['put-seed new1', 'put-account B by o3', 'select account=B'],
        claims: { B: fresh('new1', 'o3') },
        steps: [generated, 'added account "B"'],
      },
    ],
    'is signed by a seed that is only given to sign, which is not stored': [
      'B -K $o2.seed',
      {
        changes: ['put-seed new1', 'put-account B by o2', 'select account=B'],
        claims: { B: fresh('new1', 'o2') },
        steps: [generated, 'added account "B"'],
      },
      { ...given, stored: ['o1'] },
    ],
    'is signed by a signing key of a strict operator': [
      'B',
      {
        changes: ['put-seed new1', 'put-account B by o2', 'select account=B'],
        claims: { B: fresh('new1', 'o2') },
        steps: [generated, 'added account "B"'],
      },
      { operators: [{ operator: strict }] },
    ],
    'of a managed operator signs itself': [
      'B',
      {
        changes: ['put-seed new1', 'put-account B by new1', 'select account=B'],
        claims: { B: fresh('new1', 'new1') },
        steps: [generated, 'added account "B"'],
      },
      managed,
    ],
    'of a managed operator signs itself with a key from the keystore': [
      'B -k $a2',
      {
        changes: ['put-account B by a2', 'select account=B'],
        claims: { B: fresh('a2', 'a2') },
        steps: ['added account "B"'],
      },
      managed,
    ],
    'of a managed operator is signed by a key of the operator that is at hand': [
      'B',
      {
        changes: ['put-seed new1', 'put-account B by o2', 'select account=B'],
        claims: { B: fresh('new1', 'o2') },
        steps: [generated, 'added account "B"'],
      },
      { ...managed, stored: ['o2'] },
    ],
    'without permission options has none (empty values count as none)': [
      "B --allow-pub '' --deny-sub ,",
      {
        changes: ['put-seed new1', 'put-account B by o1', 'select account=B'],
        claims: { B: fresh('new1', 'o1') },
        steps: [generated, 'added account "B"'],
      },
    ],
  });

  it('gets a made-up name for *', async () => {
    const { changes } = await plan(command, given, "'*'");
    expect(changes).toEqual([
      'put-seed new2',
      expect.stringMatching(/^put-account [a-z]+_[a-z]+ by o1$/),
      expect.stringMatching(/^select account=[a-z]+_[a-z]+$/),
    ]);
  });

  it('gets another made-up name when the first is taken', async () => {
    const [, put = ''] = (await plan(command, given, "'*'")).changes;
    const name = put.split(' ')[1] ?? '';
    const taken: Given = { operators: [{ operator: O, accounts: [account(name, 'a1')] }] };
    expect((await plan(command, taken, "'*'")).changes[1]).toBe(`put-account ${name}_2 by o1`);
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'no name': ['', ['missing-option', 'the account needs a name']],
    'an empty name': ["--name ''", ['missing-option', 'the account needs a name']],
    'two names': ['B C', ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2']],
    'flag and argument that differ': [
      'B --name C',
      ['conflicting-options', '--name and the argument name different things'],
    ],
    'a separator (E-03)': ['x/y', ['bad-name', '"x/y" cannot be the name of an account: it holds a path separator']],
    'a backslash': ['x\\y', ['bad-name', '"x\\\\y" cannot be the name of an account: it holds a path separator']],
    'the parent directory (E-01)': [
      '..',
      ['bad-name', '".." cannot be the name of an account: it stands for a directory'],
    ],
    'a line feed': ["'a\nb'", ['bad-name', '"a\\nb" cannot be the name of an account: it holds a control character']],
    'a name that is a key (E-10)': ['$a2', ['bad-name', '"a2" cannot be the name of an account: it is a public key']],
    'a seed as a name': ['$a2.seed', ['bad-name', 'a seed cannot be the name of an account']],
    'a device of Windows (E-44)': [
      'nul.x',
      ['bad-name', '"nul.x" cannot be the name of an account: Windows reserves it for a device'],
    ],
    'a name that is there': ['A', ['already-exists', 'account "A" already exists under operator "O"']],
    'a name that is there in other letter case (E-44)': [
      'a',
      ['already-exists', 'account "A" already exists under operator "O"'],
    ],
    'the key of another account': ['B -k $a1', ['already-exists', 'key a1 is the identity of account "A" already']],
    'a key of another kind': ['B -k $u1', ['wrong-key-kind', 'u1 is a key of kind user, not account']],
    'a seed of another kind': ['B -k $o1.seed', ['wrong-key-kind', 'o1 is a key of kind operator, not account']],
    'neither key nor file (E-37)': ['B -k nope.nk', ['bad-key', '"nope.nk" is neither a key nor a key file']],
    'a file without a key': [
      'B -k creds.nk',
      ['bad-key', '"creds.nk" holds no key'],
      { ...given, files: { 'creds.nk': 'no key\n' } },
    ],
    'a short key (E-10)': ['B -k AAAAAAAA', ['bad-key', '"AAAAAAAA" is neither a key nor a key file']],
    'a key whose file in the keystore holds another one (E-09)': [
      'B -k $a2',
      ['key-mismatch', 'the seed stored for a2 is the one of a3'],
      { ...given, swapped: { a2: 'a3' } },
    ],
    'an expiry with more than one unit (E-48)': [
      'B --expiry 1h30m',
      ['bad-value', '--expiry: "1h30m" is not a date or a time span'],
    ],
    'an expiry that never comes (E-48)': [
      'B --expiry 0d',
      ['bad-value', '--expiry: "0d" is not a date or a time span'],
    ],
    'a day that does not exist': [
      'B --start 2020-02-31',
      ['bad-value', '--start: "2020-02-31" is not a date or a time span'],
    ],
    'a publish subject with a queue': [
      "B --allow-pub 'a b'",
      ['bad-value', '--allow-pub: publish entry "a b": only a subscription can name a queue'],
    ],
    'a duration without unit': ['B --response-ttl 5', ['bad-value', '--response-ttl: "5" is not a duration']],
    'a number of responses as an argument of its own': [
      'B --allow-pub-response 5',
      ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2'],
    ],
    'a signer that the operator does not list (E-06)': [
      'B -K $ox.seed',
      ['signer-not-allowed', 'ox may not sign accounts of operator "O": it is not among the keys that may'],
    ],
    'a signer of another kind': [
      'B -K $a1.seed',
      ['wrong-key-kind', 'a1 is of kind account, but accounts of operator "O" must be signed by one of kind operator'],
    ],
    'a signer that is nothing (E-05)': ['B -K typo', ['key-not-found', '"typo" is not a key or a key file']],
    'a signer whose seed is missing': [
      'B -K $o3',
      ['key-not-found', 'the seed of o3 (signing key of operator "O") is not in the keystore'],
      { ...given, stored: ['o1'] },
    ],
    'the identity of a strict operator': [
      'B -K $o1',
      ['signer-not-allowed', 'o1 may not sign accounts of operator "O": the operator requires signing keys'],
      { operators: [{ operator: strict }] },
    ],
    'no signer': [
      'B',
      [
        'no-signer',
        'no key that may sign accounts of operator "O" is in the keystore: ' +
          'o1 (identity of operator "O"), o2 (signing key of operator "O"), o3 (signing key of operator "O")',
      ],
      { ...given, stored: [] },
    ],
    'no operator': ['B', ['operator-not-found', 'there is no operator'], {}],
  });
});
