import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/edit/authcallout.js';
import type { AccountBody, ExternalAuthorization } from '../../../src/domain/claims/types.js';
import { account, operator, pub, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { added, type Given, type Planned, plan, removed } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const world = (authorization: ExternalAuthorization = {}, nats: AccountBody = {}): Given => ({
  operators: [
    {
      operator: O,
      accounts: [account('A', 'a1', { nats: { ...nats, authorization } }), account('B', 'b1')],
      users: [user('A/u', 'u1'), user('A/v', 'u2'), user('B/w', 'u3', { by: 'b1' })],
    },
  ],
  files: { 'x.nk': '$x1.seed', 'u.nk': '$u2.seed', 'b.nk': '$b1', junk: 'junk' },
});
const given = world();
const on = world({ auth_users: [pub('u1')], allowed_accounts: [pub('b1')], xkey: pub('x1') });

const edited = (claims: object, steps: string[], more: Partial<Planned> = {}): Planned => ({
  changes: ['put-account A by o1'],
  claims: { A: claims },
  steps: [...steps, 'edited the auth callout of account "A"'],
  ...more,
});
const begins = 'servers will ask the service about everyone who connects to account "A" but its auth users';
const ends = 'account "A" has no auth users: servers ask no service, and a curve key has no effect';
const auth = (member: string, value: unknown) => added(`nats.authorization.${member}`, value);

describe('auth users', () => {
  const one = auth('auth_users', [pub('u1')]);
  itPlans(command, given, {
    'are named, and begin the callout': [
      '--auth-user u',
      edited(one, ['added auth user "u" [u1]'], { warnings: [begins] }),
    ],
    'are named by key': ['A --auth-user $u1', edited(one, ['added auth user "u" [u1]'], { warnings: [begins] })],
    'are named by seed or file': [
      '--auth-user $u1.seed,u.nk',
      edited(auth('auth_users', [pub('u1'), pub('u2')]), ['added auth user "u" [u1]', 'added auth user "v" [u2]'], {
        warnings: [begins],
      }),
    ],
    'may be strangers, which is told': [
      '--auth-user $u3',
      edited(auth('auth_users', [pub('u3')]), ['added auth user u3'], {
        warnings: ['auth user u3 is not in this store', begins],
      }),
    ],
    'come and go, and what changes nothing is told (E-47)': [
      '--auth-user v,u --rm-auth-user $u1,$u3',
      edited({ 'nats.authorization.auth_users[u1]': 'removed', 'nats.authorization.auth_users[u2]': 'added' }, [
        'added auth user "v" [u2]',
        'auth user is listed already: "u" [u1]',
        'removed auth user "u" [u1]',
        'warn: auth user was not listed: u3',
      ]),
      on,
    ],
    'go all, which ends the callout': [
      '--rm-auth-user u --rm-allowed-account B',
      edited(
        {
          ...removed('nats.authorization.auth_users', [pub('u1')]),
          ...removed('nats.authorization.allowed_accounts', [pub('b1')]),
        },
        ['removed auth user "u" [u1]', 'removed allowed account "B" [b1]'],
        { warnings: [ends] },
      ),
      on,
    ],
  });
});

describe('allowed accounts', () => {
  const users = world({ auth_users: [pub('u1')] });
  itPlans(command, users, {
    'are named': [
      '--allowed-account B',
      edited(auth('allowed_accounts', [pub('b1')]), ['added allowed account "B" [b1]']),
    ],
    'are named by key or file': [
      '--allowed-account b.nk,$ax',
      edited(
        auth('allowed_accounts', [pub('b1'), pub('ax')]),
        ['added allowed account "B" [b1]', 'added allowed account ax'],
        { warnings: ['allowed account ax is not in this store'] },
      ),
    ],
    'are named, though there is a file of that name': [
      '--allowed-account B',
      edited(auth('allowed_accounts', [pub('b1')]), ['added allowed account "B" [b1]']),
      { ...users, files: { B: '$ax' } },
    ],
    'are all': ["--allowed-account '*'", edited(auth('allowed_accounts', ['*']), ['added allowed account "*"'])],
    'are all from now on': [
      "--rm-allowed-account B --allowed-account '*'",
      edited(
        {
          'nats.authorization.allowed_accounts[b1]': 'removed',
          'nats.authorization.allowed_accounts[*]': 'added',
        },
        ['added allowed account "*"', 'removed allowed account "B" [b1]'],
      ),
      on,
    ],
  });
});

describe('the curve key', () => {
  const users = world({ auth_users: [pub('u1')] });
  const xkey = (key: string) => ({ 'nats.authorization.xkey': { added: key } });
  itPlans(command, users, {
    'is made and stored with the account': [
      '--curve generate',
      edited(xkey('new1'), ['generated and stored curve key "new1"', 'set curve key "new1"'], {
        changes: ['put-seed new1', 'put-account A by o1'],
      }),
    ],
    'is given as a seed, which is stored (E-13)': [
      '-x $x1.seed',
      edited(xkey('x1'), ['set curve key "x1"'], { changes: ['put-seed x1', 'put-account A by o1'] }),
    ],
    'is given as a file, whose seed is stored': [
      '-x x.nk',
      edited(xkey('x1'), ['set curve key "x1"'], { changes: ['put-seed x1', 'put-account A by o1'] }),
    ],
    'is given as a public key': ['-x $x1', edited(xkey('x1'), ['set curve key "x1"'])],
    'is replaced': [
      '-x GENERATE',
      edited(
        { 'nats.authorization.xkey': ['x1', 'new1'] },
        ['generated and stored curve key "new1"', 'set curve key "new1"'],
        { changes: ['put-seed new1', 'put-account A by o1'] },
      ),
      on,
    ],
    'is removed': [
      '--rm-curve',
      edited({ 'nats.authorization.xkey': { removed: 'x1' } }, ['removed curve key "x1"']),
      on,
    ],
    'is removed and another is given': [
      '--rm-curve -x $x1',
      edited({}, ['removed curve key "x1"', 'set curve key "x1"']),
      on,
    ],
    'is not there to be removed': ['--rm-curve', edited({}, ['warn: no curve key was set'])],
    'is of no use alone, which is told': [
      '-x $x1',
      edited(xkey('x1'), ['set curve key "x1"'], { warnings: [ends] }),
      given,
    ],
  });
});

describe('the whole callout', () => {
  itPlans(command, on, {
    'is not there to be removed (E-47)': [
      'B --disable',
      { changes: [], steps: ['warn: account "B" has no auth callout'] },
    ],
    'is removed': [
      'A --disable',
      {
        changes: ['put-account A by o1'],
        claims: {
          A: {
            ...removed('nats.authorization.auth_users', [pub('u1')]),
            ...removed('nats.authorization.allowed_accounts', [pub('b1')]),
            ...removed('nats.authorization.xkey', pub('x1')),
          },
        },
        steps: ['removed the auth callout of account "A"'],
        warnings: ['servers ask no service any more about who connects to account "A"'],
      },
    ],
    'is removed, though it is a curve key alone': [
      '--disable',
      {
        changes: ['put-account A by o1'],
        claims: { A: removed('nats.authorization.xkey', pub('x1')) },
        steps: ['removed the auth callout of account "A"'],
      },
      world({ xkey: pub('x1') }),
    ],
    'is that of the account which is named, signed by the key that is named': [
      '-a B --auth-user w -K $o2',
      {
        changes: ['put-account B by o2'],
        claims: { B: { iss: ['o1', 'o2'], ...auth('auth_users', [pub('u3')]) } },
        steps: ['added auth user "w" [u3]', 'edited the auth callout of account "B"'],
        warnings: ['servers will ask the service about everyone who connects to account "B" but its auth users'],
      },
    ],
    'is edited although something else was wrong before (E-34)': [
      '--auth-user v',
      edited({ 'nats.authorization.auth_users[u2]': 'added' }, ['added auth user "v" [u2]'], {
        warnings: ['account "A" is invalid, as it was before: mapping "a": weights add up to 120 %'],
      }),
      world({ auth_users: [pub('u1')] }, { mappings: { a: [{ subject: 'b' }, { subject: 'c', weight: 20 }] } }),
    ],
  });

  it('keeps what we do not know of it', async () => {
    const strange = world({ auth_users: [pub('u1')], colour: 'red' } as ExternalAuthorization);
    const claimsOf = async (line: string) => (await plan(command, strange, line)).claims;
    expect(await claimsOf('--auth-user v')).toEqual({ A: { 'nats.authorization.auth_users[u2]': 'added' } });
    expect(await claimsOf('--curve $x1')).toEqual({ A: { 'nats.authorization.xkey': { added: 'x1' } } });
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    nothing: ['A', ['nothing-to-do', 'edit authcallout: nothing to edit was given']],
    'a key of another kind as user': ['--auth-user $a2', ['wrong-key-kind', 'a2 is a key of kind account, not user']],
    'a user that is not there': ['--auth-user w', ['user-not-found', 'user "w" does not exist in account "A"']],
    'a file without a key': ['--auth-user junk', ['user-not-found', 'user "junk" does not exist in account "A"']],
    'an empty user': ["--auth-user ''", ['bad-value', '--auth-user: a key is empty']],
    'a key of another kind as account': [
      '--auth-user u --allowed-account $u1',
      ['wrong-key-kind', 'u1 is a key of kind user, not account'],
    ],
    'an account that is not there': [
      '--auth-user u --allowed-account C',
      ['account-not-found', 'account "C" does not exist under operator "O"'],
    ],
    'a curve key that is none': [
      '--auth-user u --curve $a2',
      ['wrong-key-kind', 'a2 is a key of kind account, not curve'],
    ],
    'a curve key that is not there': ['-x y.nk', ['bad-key', '"y.nk" is neither a key nor a key file']],
    'accounts without users': [
      '--allowed-account B',
      ['invalid-claims', 'account "A" would be invalid: authorization callout allows accounts but has no users'],
    ],
    'the last user to go while there are accounts': [
      '--rm-auth-user u',
      ['invalid-claims', 'account "A" would be invalid: authorization callout allows accounts but has no users'],
      on,
    ],
    'all accounts and some': [
      "--auth-user u --allowed-account '*,B'",
      ['invalid-claims', 'account "A" would be invalid: authorization callout allows "*" beside other accounts'],
    ],
    'the end of it and something else': [
      '--disable --auth-user u',
      ['conflicting-options', '--disable and --auth-user exclude each other'],
    ],
    'two accounts': ['A B --disable', ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2']],
  });
});
