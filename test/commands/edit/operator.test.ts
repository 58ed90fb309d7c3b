import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/edit/operator.js';
import type { OperatorBody, OperatorClaims } from '../../../src/domain/claims/types.js';
import { issue } from '../../../src/domain/token/issue.js';
import { account, KEYS, type KeyName, operator, pub, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { added, type Given, NOW, type Planned, planRaw, removed } from '../../support/plan.js';

const withOperator = (nats: OperatorBody = {}, by: KeyName = 'o1'): Given => ({
  operators: [{ operator: operator({ nats, by }) }],
});
const given = withOperator();

const edited = (claims: object, steps: string[], more: Partial<Planned> = {}): Planned => ({
  changes: ['put-operator O by o1'],
  claims: { 'operator O': claims },
  steps: [...steps, 'edited operator "O"'],
  ...more,
});

describe('what is given changes', () => {
  itPlans(command, given, {
    tags: [
      '--tag B,a --rm-tag old,none',
      edited({ ...removed('nats.tags', ['old']), ...added('nats.tags', ['b', 'a']) }, [
        'added tag "b"',
        'added tag "a"',
        'removed tag "old"',
        'warn: tag "none" was not there',
      ]),
      withOperator({ tags: ['old'] }),
    ],
    validity: [
      '--start 2020-01-01 --expiry 1y',
      edited({ nbf: { added: 1_577_836_800 }, exp: { added: NOW + 366 * 86_400 } }, [
        'valid from 2020-01-01 00:00:00 UTC (3 years ago)',
        'expires 2024-11-14 22:14:20 UTC (in 1 year)',
      ]),
    ],
    'the account server URL': [
      '-u nats://localhost:4222',
      edited({ 'nats.account_server_url': { added: 'nats://localhost:4222' } }, [
        'set account server url to "nats://localhost:4222"',
      ]),
    ],
    'the account server URL is removed': [
      '--rm-account-jwt-server-url',
      edited({ 'nats.account_server_url': { removed: 'https://x/jwt' } }, ['removed account server url']),
      withOperator({ account_server_url: 'https://x/jwt' }),
    ],
    'service URLs, added alone': [
      '-n nats://h',
      edited(added('nats.operator_service_urls', ['nats://h']), ['added service url "nats://h"']),
    ],
    'service URLs, beside those that are there': [
      '--service-url nats://h',
      edited({ 'nats.operator_service_urls[nats://h]': 'added' }, ['added service url "nats://h"']),
      withOperator({ operator_service_urls: ['nats://old'] }),
    ],
    'service URLs, of which an empty one is none': [
      "--service-url '' --tag x",
      edited({ 'nats.tags[x]': 'added' }, ['added tag "x"']),
    ],
    'service URLs, removed alone': [
      '--rm-service-url nats://old',
      edited(removed('nats.operator_service_urls', ['nats://old']), ['removed service url "nats://old"']),
      withOperator({ operator_service_urls: ['nats://old'] }),
    ],
    'service URLs, in lower case': [
      '--service-url NATS://One:4222,tls://two -n ws://three --rm-service-url NATS://OLD,nats://none',
      edited(
        {
          ...removed('nats.operator_service_urls', ['nats://old']),
          ...added('nats.operator_service_urls', ['nats://one:4222', 'tls://two', 'ws://three']),
        },
        [
          'added service url "nats://one:4222"',
          'added service url "tls://two"',
          'added service url "ws://three"',
          'removed service url "nats://old"',
          'warn: service url "nats://none" was not there',
        ],
      ),
      withOperator({ operator_service_urls: ['nats://old'] }),
    ],
  });

  it('keeps members it does not know (E-50)', async () => {
    const base = operator();
    const claims = { ...base.claims, future: 1, nats: { ...base.claims.nats, future: [2] } } as OperatorClaims;
    const entry = { name: 'O', ...issue('operator', claims, KEYS.o1, { now: NOW }) };
    const { plan: made, shown } = await planRaw(command, { operators: [{ operator: entry }] }, '--tag x');
    expect(shown).toEqual(edited(added('nats.tags', ['x']), ['added tag "x"']));
    expect(made.changes[0]).toMatchObject({ claims: { iat: NOW + 1, future: 1, nats: { future: [2] } } });
  });
});

describe('the system account', () => {
  const A = account('A', 'a1');
  const stored = account('B', 'b1', { nats: { limits: { disk_storage: -1 } } });
  const tiered = account('C', 'a3', { nats: { limits: { tiered_limits: { R1: { mem_storage: 1 } } } } });
  const world: Given = { operators: [{ operator: operator(), accounts: [A, stored, tiered] }] };
  const set = edited({ 'nats.system_account': { added: 'a1' } }, ['set system account "a1"']);
  itPlans(command, world, {
    'by name': ['--system-account A', set],
    'by public key': ['--system-account $a1', set],
    'is cleared (E-62)': [
      "--system-account ''",
      edited({ 'nats.system_account': { removed: 'a1' } }, ['removed the system account']),
      withOperator({ system_account: pub('a1') }),
    ],
  });
  itRefuses(command, world, {
    'one that is not there': [
      '--system-account Nope',
      ['account-not-found', 'account "Nope" does not exist under operator "O"'],
    ],
    'a key that is not there (E-62)': [
      '--system-account $ax',
      ['account-not-found', 'account "ax" does not exist under operator "O"'],
    ],
    'one with JetStream': [
      '--system-account B',
      ['policy-refused', 'account "B" has JetStream limits, which a system account must not have'],
    ],
    'one with JetStream, by key (E-62)': [
      '--system-account $b1',
      ['policy-refused', 'account "B" has JetStream limits, which a system account must not have'],
    ],
    'one with JetStream in a tier': [
      '--system-account C',
      ['policy-refused', 'account "C" has JetStream limits, which a system account must not have'],
    ],
  });
});

describe('signing keys', () => {
  const world: Given = {
    operators: [
      {
        operator: operator({ nats: { signing_keys: [pub('o2')] } }),
        accounts: [account('A', 'a1', { by: 'o2' }), account('B', 'b1')],
      },
    ],
  };
  itPlans(command, given, {
    'are generated and stored': [
      '--sk generate',
      edited(added('nats.signing_keys', ['new1']), ['added signing key "new1"'], {
        changes: ['put-seed new1', 'put-operator O by o1'],
      }),
    ],
    'are given as public key, seed and file; seeds are stored (E-13)': [
      "--sk '$o2,o3.nk,$ox.seed'",
      edited(
        added('nats.signing_keys', ['o2', 'o3', 'ox']),
        ['added signing key "o2"', 'added signing key "o3"', 'added signing key "ox"'],
        { changes: ['put-seed o3', 'put-seed ox', 'put-operator O by o1'] },
      ),
      { ...given, files: { 'o3.nk': '$o3.seed' } },
    ],
    'are given twice': ['--sk $o2', edited({}, ['signing key is listed already: "o2"']), world],
    'are removed, and the accounts they signed lose trust': [
      '--rm-sk $o2',
      edited(removed('nats.signing_keys', ['o2']), ['removed signing key "o2"'], { lost: ['A'] }),
      world,
    ],
    'that are not listed are removed with a warning (E-47)': [
      '--rm-sk $o3',
      edited({}, ['warn: signing key "o3" was not listed']),
      world,
    ],
  });
  itRefuses(command, given, {
    'a key of another kind': ['--sk $a1', ['wrong-key-kind', 'a1 is a key of kind account, not operator']],
    'a seed of another kind': ['--sk $u1.seed', ['wrong-key-kind', 'u1 is a key of kind user, not operator']],
    'no key': ['--sk nope', ['bad-key', '"nope" is neither a key nor a key file']],
    'removing no key': ['--rm-sk nope', ['bad-key', '"nope" is neither a key nor a key file']],
  });
});

describe('strict mode', () => {
  const keyed: OperatorBody = { signing_keys: [pub('o2'), pub('o3')] };
  const strictly: OperatorBody = { ...keyed, strict_signing_key_usage: true };
  const turnedOn = { 'nats.strict_signing_key_usage': { added: true } };
  const A = account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2')] } });
  const good = user('A/good', 'u1', { by: 'a2', nats: under('a1') });
  const below = (nats: OperatorBody, accounts = [A], users = [good]): Given => ({
    operators: [{ operator: operator({ nats }), accounts, users }],
  });
  itPlans(command, below(keyed), {
    'is turned on; a signing key signs': [
      '--require-signing-keys -K $o2',
      edited({ ...turnedOn, iss: ['o1', 'o2'] }, ['strict signing key usage set to true'], {
        changes: ['put-operator O by o2'],
      }),
    ],
    'is turned on together with the signing key it needs': [
      '--require-signing-keys --sk generate',
      edited(
        { ...turnedOn, ...added('nats.signing_keys', ['new1']) },
        ['added signing key "new1"', 'strict signing key usage set to true'],
        { changes: ['put-seed new1', 'put-operator O by o1'] },
      ),
      given,
    ],
    'is turned off': [
      '--require-signing-keys=false -K $o1',
      edited({ 'nats.strict_signing_key_usage': { removed: true } }, ['strict signing key usage set to false']),
      below(strictly),
    ],
    'lets a signing key sign the operator': [
      '--tag x',
      edited({ ...added('nats.tags', ['x']), iss: ['o1', 'o2'] }, ['added tag "x"'], {
        changes: ['put-operator O by o2'],
      }),
      below(strictly),
    ],
    'lets another one sign when one is removed (E-07)': [
      '--rm-sk $o2',
      edited({ ...removed('nats.signing_keys', ['o2']), iss: ['o1', 'o3'] }, ['removed signing key "o2"'], {
        changes: ['put-operator O by o3'],
        lost: ['A'],
      }),
      below(strictly),
    ],
    'does not stand in the way when an account offends already': [
      '--tag x',
      edited({ ...added('nats.tags', ['x']), iss: ['o1', 'o2'] }, ['added tag "x"'], {
        changes: ['put-operator O by o2'],
      }),
      below(strictly, [account('A', 'a1')], []),
    ],
    'lets the key sign that comes with the edit': [
      '--sk generate',
      edited({ ...added('nats.signing_keys', ['new1']), iss: ['o1', 'new1'] }, ['added signing key "new1"'], {
        changes: ['put-seed new1', 'put-operator O by new1'],
      }),
      { ...below(strictly), stored: ['o1'] },
    ],
  });
  itRefuses(command, below(keyed), {
    'without signing keys (E-57)': [
      '--require-signing-keys',
      ['policy-refused', 'an operator that requires signing keys needs at least one'],
      given,
    ],
    'when the last signing key would go': [
      '--rm-sk $o2 --rm-sk $o3',
      ['policy-refused', 'an operator that requires signing keys needs at least one'],
      below(strictly),
    ],
    'while the identity signs an account': [
      '--require-signing-keys',
      ['policy-refused', 'account "A" is signed by an identity key, which strict mode would refuse'],
      below(keyed, [account('A', 'a1')], []),
    ],
    'while identities sign accounts and users': [
      '--require-signing-keys',
      ['policy-refused', 'account "B" is signed by an identity key (and 1 more), which strict mode would refuse'],
      below(keyed, [A, account('B', 'b1')], [good, user('B/bad', 'u2', { by: 'b1' })]),
    ],
    'while the identity of an account signs a user': [
      '--require-signing-keys',
      ['policy-refused', 'user "bad" of account "A" is signed by an identity key, which strict mode would refuse'],
      below(keyed, [A], [good, user('A/bad', 'u2')]),
    ],
    'the key that is removed as signer (E-07)': [
      '--rm-sk $o2 -K $o2',
      ['signer-not-allowed', 'o2 may not sign operator "O": it is not among the keys that may'],
      below(strictly),
    ],
  });
});

describe('who signs', () => {
  itRefuses(command, given, {
    'an account key': [
      '--tag x -K $a1.seed',
      ['wrong-key-kind', 'a1 is of kind account, but operator "O" must be signed by one of kind operator'],
    ],
    'an operator key that is not listed (E-06)': [
      '--tag x -K $ox.seed',
      ['signer-not-allowed', 'ox may not sign operator "O": it is not among the keys that may'],
    ],
    'nobody (E-05)': ['--tag x -K typo', ['key-not-found', '"typo" is not a key or a key file']],
    'nobody at hand': [
      '--tag x',
      ['no-signer', 'no key that may sign operator "O" is in the keystore: o1 (identity of operator "O")'],
      { ...given, stored: [] },
    ],
    'a managed operator': [
      '--tag x',
      ['no-signer', 'no key that may sign operator "O" is in the keystore: o1 (identity of operator "O")'],
      { operators: [{ operator: operator(), managed: true }], stored: ['a1'] },
    ],
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'nothing to edit': ['', ['nothing-to-do', 'edit operator: nothing to edit was given']],
    'an argument': ['O --tag x', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
    'a URL without scheme': [
      '-u not-a-url',
      ['bad-value', '--account-jwt-server-url: account server URL "not-a-url" has no scheme'],
    ],
    'an empty URL': ["-u ''", ['bad-value', '--account-jwt-server-url: the empty text is not a URL']],
    'a URL that is set and removed': [
      '-u nats://x --rm-account-jwt-server-url',
      ['conflicting-options', '--account-jwt-server-url and --rm-account-jwt-server-url exclude each other'],
    ],
    'a service URL of another scheme': [
      '-n http://example.com',
      ['bad-value', '--service-url: service URL "http://example.com" has none of the schemes nats, tls, ws, wss'],
    ],
    'a service URL with a path': [
      '-n nats://example.com/path',
      ['bad-value', '--service-url: service URL "nats://example.com/path" must not have a path'],
    ],
    'a service URL with a password, which is not repeated': [
      '-n nats://user:secret@example.com',
      ['bad-value', '--service-url: service URL "nats://…@example.com" must not hold credentials'],
    ],
    'an expiry with a fraction': ['--expiry 1.5d', ['bad-value', '--expiry: "1.5d" is not a date or a time span']],
    'no operator': ['--tag x', ['operator-not-found', 'there is no operator'], {}],
  });
});
