import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/generate/jwks.js';
import { encodeKeySet, jwkOf } from '../../../src/domain/jwks/jwk.js';
import { decodePublicKey } from '../../../src/domain/nkey/codec.js';
import { account, type KeyName, operator, pub, scope } from '../../domain/trust/hierarchy.js';
import { Aliases } from '../../support/aliases.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { alter } from '../../support/forged-token.js';
import type { Given } from '../../support/plan.js';
import { Session } from '../../support/session.js';

const A = account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a4', 'reader')] } });
const B = account('B', 'b1');
const O = operator({ nats: { signing_keys: [pub('o2')] } });
const given: Given = { operators: [{ operator: O, accounts: [A, B] }] };

const { name } = new Aliases();
const keySet = (...keys: KeyName[]): string =>
  name(encodeKeySet(keys.flatMap((key) => jwkOf(pub(key), decodePublicKey(pub(key))?.role ?? 'user') ?? [])));
const emitted = (keys: KeyName[], more: object = {}): object => ({
  kind: 'emitted',
  what: 'key set',
  content: keySet(...keys),
  data: { operator: 'O' },
  ...more,
});

describe('nsc generate jwks', () => {
  itAnswers(command, given, {
    'the operator, when nothing is named': ['', emitted(['o1', 'o2'])],
    'the operator': ['--operator', emitted(['o1', 'o2'])],
    'an account': ['--account A', emitted(['a1', 'a2', 'a4'])],
    'an account by its key': ['--account $b1', emitted(['b1'])],
    'the operator and an account': ['--operator --account A', emitted(['o1', 'o2', 'a1', 'a2', 'a4'])],
    everything: ['--all', emitted(['o1', 'o2', 'a1', 'a2', 'a4', 'b1'])],
    'into a file': ['-a B -o jwks.json', emitted(['b1'], { file: 'jwks.json' })],
    'an account that another one lists': [
      '--all',
      emitted(['o1', 'a1', 'b1']),
      {
        operators: [
          { operator: operator(), accounts: [account('A', 'a1', { nats: { signing_keys: [pub('b1')] } }), B] },
        ],
      },
    ],
    'a managed operator, with an account that waits for it': [
      '--all',
      emitted(['o1', 'a1']),
      { operators: [{ operator: operator(), managed: true, accounts: [account('A', 'a1', { by: 'a1' })] }] },
    ],
    'all but those that nobody trusts': [
      '--all',
      emitted(['o1', 'o2', 'b1'], {
        warnings: [
          'left out: account "A" is signed by ox, which operator "O" does not list',
          'left out: the JWT of account "C" does not hold what its issuer signed',
          'left out: account "D" is broken',
        ],
      }),
      {
        operators: [
          {
            operator: O,
            accounts: [account('A', 'a1', { by: 'ox' }), B, alter(account('C', 'a2')), account('D', 'a3')],
          },
        ],
        unreadable: ['D'],
      },
    ],
  });

  itRefuses(command, given, {
    'an account that is not there': ['-a X', ['account-not-found', 'account "X" does not exist under operator "O"']],
    'an empty name': ['--account=', ['missing-option', 'an account is needed, and none is selected']],
    'all and one': ['--all -a A', ['conflicting-options', '--all and --account exclude each other']],
    'a file without name': ['-o=', ['bad-value', 'the file to write to has no name']],
    'an account that nobody trusts': [
      '-a A',
      ['broken-chain', 'account "A" is signed by ox, which operator "O" does not list'],
      { operators: [{ operator: O, accounts: [account('A', 'a1', { by: 'ox' })] }] },
    ],
    'an account that was altered': [
      '-a A',
      ['bad-token', 'the JWT of account "A" does not hold what its issuer signed'],
      { operators: [{ operator: O, accounts: [alter(A)] }] },
    ],
    'an operator that was altered': [
      '',
      ['bad-token', 'the JWT of operator "O" does not hold what its issuer signed'],
      { operators: [{ operator: alter(O) }] },
    ],
    'an operator that another one signed': [
      '',
      ['broken-chain', 'operator "O" is signed by ox, which operator "O" does not list'],
      { operators: [{ operator: operator({ by: 'ox' }) }] },
    ],
  });
});

describe('in a store', () => {
  it('the same store gives the same bytes, and no seed is among them', async () => {
    const session = new Session();
    for (const line of [
      'add operator O --sys',
      'add account A',
      'edit account A --sk generate',
      'edit signing-key --sk generate --role reader --allow-sub x',
    ]) {
      await session.ok(line);
    }
    const text = await session.ok('generate jwks --all');
    expect(await session.ok('generate jwks --all')).toBe(text);
    expect(text).not.toMatch(/"d"|S[OAU][A-Z2-7]{56}/);
    expect(JSON.parse(text).keys).toHaveLength(6);
    await session.ok('generate jwks --all -o jwks.json');
    const file = join(session.cwd, 'jwks.json');
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual([text, 0o600]);
    expect(JSON.parse(await session.ok('generate jwks --all --json'))).toMatchObject({ ok: true, content: text });
  });
});
