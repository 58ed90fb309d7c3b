import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/import/key.js';
import { MAX_KEY_FILE } from '../../../src/domain/key-formats/read-key-file.js';
import { writePrivateKey } from '../../../src/domain/key-formats/write-key.js';
import { keyPairFromRaw } from '../../../src/domain/nkey/key-pair.js';
import { Secret } from '../../../src/lib/secret.js';
import { KEYS, operator } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { FakeWorld, type Given } from '../../support/fake-world.js';
import { type Planned, plan } from '../../support/plan.js';

const random = new Uint8Array(32).fill(5);
const passphrase = new Secret('correct horse');
const sealed = writePrivateKey(KEYS.a1, 'pem', { passphrase, random }).reveal();
const pem = writePrivateKey(KEYS.a1, 'pem').reveal();
const der = `hex:${Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64').toString('hex')}`;

const given: Given = {
  stored: ['u1'],
  files: {
    'a.pem': pem,
    'a.p8': der,
    'a.jwk': writePrivateKey(KEYS.a1, 'jwk').reveal(),
    a_ssh: writePrivateKey(KEYS.a1, 'openssh').reveal(),
    'a.json': JSON.stringify({ private_key: pem }),
    'a.enc': sealed,
    'o.nk': '$o1.seed\n',
    'x.nk': '$x1.seed\n',
    'u.pem': writePrivateKey(KEYS.u1, 'pem').reveal(),
    junk: 'hello',
    big: 'x'.repeat(MAX_KEY_FILE + 10),
    pass: 'correct horse\n',
    'wrong-pass': 'wrong horse',
    'two-lines': 'correct horse\nanother\n',
    empty: '\n',
    '-': pem,
  },
};

const stores = (from: string): Planned => ({
  changes: ['put-seed a1'],
  steps: [
    `stored account key a1 of ${from}`,
    'to have it trusted: nsc edit account ACCOUNT --sk a1, or nsc rotate start --account ACCOUNT --sk a1',
  ],
});

describe('a key', () => {
  itPlans(command, given, {
    'as PEM': ['a.pem --kind account', stores('"a.pem" (PKCS#8 PEM)')],
    'as DER': ['--file a.p8 --kind account', stores('"a.p8" (PKCS#8 DER)')],
    'from standard input': ['- --kind account', stores('standard input (PKCS#8 PEM)')],
    'in JSON': ['a.json --kind account', stores('"a.json" (PKCS#8 PEM in JSON)')],
    'as JWK, whose id says what it is for': ['a.jwk', stores('"a.jwk" (JWK)')],
    'of OpenSSH, whose comment says what it is for': ['a_ssh --kind account', stores('"a_ssh" (OpenSSH key)')],
    'with a passphrase from a file': [
      'a.enc --kind account --passphrase-file pass',
      stores('"a.enc" (encrypted PKCS#8 PEM)'),
    ],
    'with a passphrase from the environment': [
      'a.enc --kind account',
      stores('"a.enc" (encrypted PKCS#8 PEM)'),
      { ...given, env: { NSC_KEY_PASSPHRASE: 'correct horse' } },
    ],
    'with a passphrase that is asked for': [
      'a.enc --kind account',
      stores('"a.enc" (encrypted PKCS#8 PEM)'),
      { ...given, passphrase: 'correct horse' },
    ],
    'as nkey': [
      'o.nk',
      {
        changes: ['put-seed o1'],
        steps: [
          'stored operator key o1 of "o.nk" (nkey seed)',
          'to have it trusted: nsc edit operator --sk o1, or nsc rotate start --operator --sk o1',
        ],
      },
    ],
    'a curve key as nkey': ['x.nk', { changes: ['put-seed x1'], steps: ['stored curve key x1 of "x.nk" (nkey seed)'] }],
    'that is stored already': [
      'u.pem --kind user',
      {
        changes: [],
        steps: ['user key u1 was stored already', 'to make a user of it: nsc add user USER --public-key u1'],
      },
    ],
  });

  it('has another public key for every kind', async () => {
    for (const kind of ['operator', 'account', 'user', 'server', 'cluster'] as const) {
      const { publicKey } = keyPairFromRaw(kind, new Uint8Array(32).fill(11));
      const { steps = [] } = await plan(command, given, `a.pem --kind ${kind}`);
      const shown = kind === 'account' ? 'a1' : publicKey;
      expect(steps[0]).toBe(`stored ${kind} key ${shown} of "a.pem" (PKCS#8 PEM)`);
    }
  });

  it('is asked for by the name of its file', async () => {
    const world = new FakeWorld({ ...given, operators: [{ operator: operator() }], passphrase: 'correct horse' });
    const { context, input } = await world.prepare(command, 'a.enc');
    await command.fetch?.(context, input as never);
    expect(world.told).toEqual(['asked Passphrase of "a.enc"']);
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'no file': ['', ['missing-option', 'no file was named']],
    'a file that is not there': ['nothing', ['file-not-found', '--file: there is no file "nothing"']],
    'what is no key': ['junk', ['bad-key', '"junk": it holds nothing that is known as a key']],
    'what is too long': ['big', ['bad-key', '"big": it has more than 64 KiB, which no key has']],
    'a key that nobody says the kind of': [
      'a.pem',
      ['missing-option', 'nothing in a key of the format PKCS#8 PEM says what it is for'],
    ],
    'a kind that there is not': [
      'a.pem --kind curve',
      ['bad-value', '--kind: "curve" is not one of operator, account, user, server, cluster'],
    ],
    'another kind than that of an nkey': [
      'o.nk --kind account',
      ['wrong-key-kind', 'o1 is a key of kind operator, not account'],
    ],
    'another kind than that of a JWK': [
      'a.jwk --kind user',
      ['wrong-key-kind', 'a1 is a key of kind account, not user'],
    ],
    'a wrong passphrase': [
      'a.enc --kind account --passphrase-file wrong-pass',
      ['wrong-passphrase', '"a.enc": the passphrase does not open it'],
    ],
    'no passphrase': [
      'a.enc --kind account',
      ['missing-option', 'a passphrase is needed, and nobody can be asked for it'],
    ],
    'a file of two lines for a passphrase': [
      'a.enc --passphrase-file two-lines',
      ['bad-value', '--passphrase-file: the file holds more than one line with a passphrase'],
    ],
    'an empty file for a passphrase': [
      'a.enc --passphrase-file empty',
      ['bad-value', '--passphrase-file: the file is empty'],
    ],
    'a file for a passphrase that is not there': [
      'a.enc --passphrase-file nothing',
      ['file-not-found', '--passphrase-file: there is no such file'],
    ],
    'a key in whose place another one is stored': [
      'u.pem --kind user',
      ['key-mismatch', 'the seed stored for u1 is the one of u2'],
      { ...given, operators: [{ operator: operator() }], stored: ['u1'], swapped: { u1: 'u2' } },
    ],
  });
});
