import { describe } from 'vitest';
import { command } from '../../src/commands/validate.js';
import { newAccount } from '../../src/domain/claims/new.js';
import type { AccountBody, Import, OperatorBody } from '../../src/domain/claims/types.js';
import { issue } from '../../src/domain/token/issue.js';
import type { AccountEntry, UserEntry } from '../../src/domain/tree/tree.js';
import { Secret } from '../../src/lib/secret.js';
import { activation, service, serviceFrom, stream, streamFrom } from '../domain/sharing/accounts.js';
import { account, KEYS, operator, pub, scope, NOW as THEN, under, user } from '../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../support/cases.js';
import type { Given } from '../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const A = account('A', 'a1', { nats: { signing_keys: [pub('a2')] } });
const u = user('A/u', 'u1');
const given: Given = { operators: [{ operator: O, accounts: [A, account('B', 'b1')], users: [u] }] };

const world = (accounts: AccountEntry[], users: UserEntry[] = [], nats: OperatorBody = {}): Given => ({
  operators: [{ operator: operator({ nats: { signing_keys: [pub('o2')], ...nats } }), accounts, users }],
});

interface Finding {
  rule: string;
  level: 'error' | 'time' | 'warning';
  message: string;
  hint?: string;
}
/** What is found about the operator, and about account A with its users. */
const checked = (ofOperator: Finding[], ofA: Finding[] = []) => ({
  kind: 'checked',
  ok: [...ofOperator, ...ofA].every(({ level }) => level === 'warning'),
  sections: [
    { title: 'Operator "O"', findings: ofOperator },
    { title: 'Account "A"', findings: ofA },
  ],
});

describe('what is checked', () => {
  const clean = (name: string) => ({ title: `Account "${name}"`, findings: [] });
  const ofOperator = { title: 'Operator "O"', findings: [] };
  const fine = { kind: 'checked', ok: true };
  itAnswers(command, given, {
    'operator and selected account': ['', { ...fine, sections: [ofOperator, clean('A')] }],
    'operator and the account named': ['-a B', { ...fine, sections: [ofOperator, clean('B')] }],
    'operator and the account named by its key': ['--account $b1', { ...fine, sections: [ofOperator, clean('B')] }],
    'operator and all accounts': ['-A', { ...fine, sections: [ofOperator, clean('A'), clean('B')] }],
    'the operator alone': ['', { ...fine, sections: [ofOperator] }, { operators: [{ operator: O }] }],
  });
  itRefuses(command, given, {
    'an account that is not there': ['-a C', ['account-not-found', 'account "C" does not exist under operator "O"']],
    'all and one': ['-A -a A', ['conflicting-options', '--all-accounts and --account exclude each other']],
    'a file and accounts': ['-f x -A', ['conflicting-options', '--all-accounts and --file exclude each other']],
    'an argument': ['A', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
    'no operator': ['', ['operator-not-found', 'there is no operator'], {}],
  });
});

describe('what is found about the operator', () => {
  itAnswers(command, given, {
    'a rule that it breaks': [
      '',
      checked([
        { rule: 'O6', level: 'error', message: 'service URL "http://h" has none of the schemes nats, tls, ws, wss' },
      ]),
      world([A], [], { operator_service_urls: ['http://h'] }),
    ],
    'nothing, for its system account is as it should be': [
      '',
      checked([]),
      world([A], [], { system_account: pub('a1') }),
    ],
  });
});

describe('what is found in the chain', () => {
  const signA = 'nsc edit account "A" --tag … -K KEY';
  const signU = 'nsc edit user "u" --account "A" --tag … -K KEY';
  const tampered: UserEntry = { ...u, token: u.token.replace(/.{10}$/, 'AAAAAAAAAA') };
  itAnswers(command, given, {
    'an account signed by somebody else (E-06)': [
      '',
      checked(
        [],
        [
          {
            rule: 'untrusted-issuer',
            level: 'error',
            message: 'account "A" is signed by o3, which operator "O" does not list',
            hint: signA,
          },
        ],
      ),
      world([account('A', 'a1', { by: 'o3' })]),
    ],
    'an account signed by the identity of a strict operator': [
      '',
      checked(
        [],
        [
          {
            rule: 'identity-key-not-allowed',
            level: 'error',
            message: 'account "A" is signed by an identity key, but the operator requires signing keys',
            hint: signA,
          },
        ],
      ),
      world([account('A', 'a1')], [], { strict_signing_key_usage: true }),
    ],
    'a user signed by the identity of its account under a strict operator (E-36)': [
      '',
      checked(
        [],
        [
          {
            rule: 'identity-key-not-allowed',
            level: 'error',
            message: 'user "u" is signed by an identity key, but the operator requires signing keys',
            hint: signU,
          },
        ],
      ),
      world([account('A', 'a1', { by: 'o2' })], [u], { strict_signing_key_usage: true }),
    ],
    'a user signed by somebody else': [
      '',
      checked(
        [],
        [
          {
            rule: 'untrusted-issuer',
            level: 'error',
            message: 'user "u" is signed by b1, which account "A" does not list',
            hint: signU,
          },
        ],
      ),
      world([A], [user('A/u', 'u1', { by: 'b1' })]),
    ],
    'a user that does not name its account': [
      '',
      checked(
        [],
        [
          {
            rule: 'issuer-account-missing',
            level: 'error',
            message: 'user "u" is signed by signing key a2 but does not name its account',
            hint: signU,
          },
        ],
      ),
      world([A], [user('A/u', 'u1', { by: 'a2' })]),
    ],
    'a user with limits of its own under a role': [
      '',
      checked(
        [],
        [
          {
            rule: 'scope-violation',
            level: 'error',
            message: 'user "u" has permissions or limits of its own, which role "r" does not allow',
            hint: signU,
          },
        ],
      ),
      world(
        [account('A', 'a1', { nats: { signing_keys: [scope('a4', 'r')] } })],
        [user('A/u', 'u1', { by: 'a4', nats: { ...under('a1'), subs: 5 } })],
      ),
    ],
    'a user that was tampered with': [
      '',
      checked(
        [],
        [
          {
            rule: 'bad-signature',
            level: 'error',
            message: 'user "u" does not hold what its issuer signed',
            hint: 'it was altered or damaged: restore it from a backup',
          },
        ],
      ),
      world([A], [tampered]),
    ],
    'an operator signed by a key it no longer lists (E-07)': [
      '',
      checked([
        {
          rule: 'untrusted-issuer',
          level: 'error',
          message: 'operator "O" is signed by o3, which operator "O" does not list',
          hint: 'sign it again with: nsc edit operator --tag …',
        },
      ]),
      { operators: [{ operator: operator({ by: 'o3' }), accounts: [account('A', 'a1')] }] },
    ],
    'that an account of a managed operator waits for its operator': [
      '',
      checked(
        [],
        [{ rule: 'AW1', level: 'warning', message: 'the account is self-signed, so its limits bind nobody' }],
      ),
      { operators: [{ operator: O, managed: true, accounts: [account('A', 'a1', { by: 'a1' })] }] },
    ],
  });
});

describe('what nsc leaves out (E-40)', () => {
  itAnswers(command, given, {
    'a system account that is not there': [
      '',
      checked([{ rule: 'system-account', level: 'warning', message: 'system account ax is not in this store' }]),
      world([A], [], { system_account: pub('ax') }),
    ],
    'a system account with JetStream (E-62)': [
      '',
      checked([
        {
          rule: 'system-account',
          level: 'error',
          message: 'system account "A" has JetStream limits',
          hint: 'nsc edit account "A" --js-disable',
        },
      ]),
      world([account('A', 'a1', { nats: { limits: { mem_storage: -1 } } })], [], { system_account: pub('a1') }),
    ],
    'a user that is revoked': [
      '',
      checked([], [{ rule: 'revoked', level: 'warning', message: 'user "u" is revoked by its account' }]),
      world([account('A', 'a1', { nats: { revocations: { [pub('u1')]: THEN } } })], [u]),
    ],
    'that all users are revoked': [
      '',
      checked([], [{ rule: 'revoked', level: 'warning', message: 'user "u" is revoked by its account' }]),
      world([account('A', 'a1', { nats: { revocations: { '*': THEN + 5 } } })], [u]),
    ],
    'not a user that was issued after a revocation': [
      '',
      checked([]),
      world([account('A', 'a1', { nats: { revocations: { [pub('u1')]: THEN - 1 } } })], [u]),
    ],
    'files that were renamed': [
      '',
      {
        kind: 'checked',
        ok: true,
        sections: [
          {
            title: 'Operator "P"',
            findings: [{ rule: 'name', level: 'warning', message: 'stored as "P", but the JWT says "O"' }],
          },
          {
            title: 'Account "X"',
            findings: [
              { rule: 'name', level: 'warning', message: 'stored as "X", but the JWT says "A"' },
              { rule: 'name', level: 'warning', message: 'stored as "y", but the JWT says "u"' },
            ],
          },
        ],
      },
      {
        operators: [
          {
            operator: { ...O, name: 'P' },
            accounts: [{ ...A, name: 'X' }],
            users: [{ ...u, account: 'X', name: 'y' }],
          },
        ],
      },
    ],
    'mappings that no server applies': [
      '',
      checked(
        [],
        [
          {
            rule: 'mapping',
            level: 'warning',
            message:
              'servers ignore all mappings of "a": destination "b.$1": "$1" refers to a "*" that "a" does not have',
          },
        ],
      ),
      world([account('A', 'a1', { nats: { mappings: { a: [{ subject: 'b.$1' }] } } })]),
    ],
    'a role that two keys have': [
      '',
      checked([], [{ rule: 'role', level: 'warning', message: 'role "r" belongs to more than one signing key' }]),
      world([account('A', 'a1', { nats: { signing_keys: [scope('a3', 'r'), scope('a4', 'r')] } })]),
    ],
    'functions that no server knows, and what the template of a role comes to': [
      '',
      checked(
        [],
        [
          {
            rule: 'template-function',
            level: 'error',
            message: 'role "r": publish allow entry "{{x()}}": there is no function "x()"',
          },
          {
            rule: 'template-literal',
            level: 'warning',
            message:
              'default permissions: "{{name()}}" is taken literally: functions count in the template of a role only',
          },
          {
            rule: 'template-dropped',
            level: 'warning',
            message: 'user "u": role "s" lets it publish "{{tag(t)}}", but there is no tag "t:…"',
          },
          {
            rule: 'template-refused',
            level: 'error',
            message: 'user "v" is shut out by role "r": "{{x()}}": there is no function "x()"',
            hint: 'nsc edit user "v" --account "A" --tag … -K KEY',
          },
          {
            rule: 'no-limits',
            level: 'warning',
            message: 'user "w": it has neither a role nor limits of its own, so it may not subscribe nor send a byte',
          },
        ],
      ),
      world(
        [
          account('A', 'a1', {
            nats: {
              signing_keys: [
                pub('a2'),
                scope('a3', 'r', { pub: { allow: ['{{x()}}'] } }),
                scope('a4', 's', { pub: { allow: ['{{tag(t)}}'] } }),
              ],
              default_permissions: { pub: { allow: ['{{name()}}'] } },
            },
          }),
        ],
        [
          user('A/u', 'u1', { by: 'a4', nats: under('a1') }),
          user('A/v', 'u2', { by: 'a3', nats: under('a1') }),
          user('A/w', 'u3', { by: 'a2', nats: under('a1') }),
        ],
      ),
    ],
    'not keys without a role': [
      '',
      checked([]),
      world([account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a3', ''), scope('a4', ''), pub('b1')] } })]),
    ],
    'that one user cannot be read, and goes on (E-40)': [
      '',
      checked(
        [],
        [
          { rule: 'unreadable', level: 'error', message: 'user "u" is broken' },
          { rule: 'revoked', level: 'warning', message: 'user "v" is revoked by its account' },
        ],
      ),
      {
        ...world([account('A', 'a1', { nats: { revocations: { [pub('u2')]: THEN } } })], [u, user('A/v', 'u2')]),
        unreadable: ['A/u'],
      },
    ],
    'that an account cannot be read, and goes on': [
      '-A',
      {
        kind: 'checked',
        ok: false,
        sections: [
          { title: 'Operator "O"', findings: [] },
          {
            title: 'Account "A"',
            findings: [{ rule: 'unreadable', level: 'error', message: 'account "A" is broken' }],
          },
          { title: 'Account "B"', findings: [] },
        ],
      },
      { ...given, unreadable: ['A'] },
    ],
  });
});

describe('rules and times', () => {
  const late = user('A/u', 'u1', { exp: THEN + 10 });
  const early = user('A/u', 'u1', { nbf: THEN + 1000 });
  itAnswers(command, given, {
    'a broken rule of an account (E-34)': [
      '',
      checked([], [{ rule: 'N4', level: 'error', message: 'info URL "nowhere" needs a scheme and a host' }]),
      world([account('A', 'a1', { nats: { info_url: 'nowhere' } })]),
    ],
    'a broken rule of a user, with its name': [
      '',
      checked([], [{ rule: 'U1', level: 'error', message: 'user "u": source network "abc" is not a CIDR block' }]),
      world([A], [user('A/u', 'u1', { nats: { pub: {}, sub: {}, src: ['abc'] } })]),
    ],
    'what has expired': [
      '',
      checked([], [{ rule: 'C1', level: 'time', message: 'user "u": expired at 2023-11-14 22:13:30 UTC' }]),
      world([A], [late]),
    ],
    'what is not yet valid': [
      '',
      checked([], [{ rule: 'C2', level: 'time', message: 'user "u": not valid before 2023-11-14 22:30:00 UTC' }]),
      world([A], [early]),
    ],
  });
});

describe('a file of JWTs', () => {
  const expired = issue('account', { ...newAccount(pub('a1'), 'A'), exp: THEN + 1 }, KEYS.o1, { now: THEN }).token;
  const files = {
    'good.txt': `${A.token}\n\n${u.token}\r\n`,
    pack: `${pub('a1')}|${A.token}`,
    'mixed.txt': `${A.token}\njunk\n${expired}\n${A.token.replace(/.{10}$/, 'AAAAAAAAAA')}`,
  };
  const found = (file: string, findings: Finding[]) => ({
    kind: 'checked',
    ok: findings.length === 0,
    sections: [{ title: `JWTs in ${file}`, findings }],
  });
  itAnswers(
    command,
    { files, urls: { 'https://h/x': A.token } },
    {
      'is checked line by line, without any operator (E-66)': ['-f good.txt', found('good.txt', [])],
      'may be a package of a resolver': ['--file pack', found('pack', [])],
      'may be found at a URL': ['-f https://h/x', found('https://h/x', [])],
      'may have mistakes in some lines': [
        '-f mixed.txt',
        found('mixed.txt', [
          { rule: 'bad-token', level: 'error', message: 'line 2: the JWT does not have three parts' },
          { rule: 'C1', level: 'time', message: 'line 3: expired at 2023-11-14 22:13:21 UTC' },
          { rule: 'bad-token', level: 'error', message: 'line 4: the JWT has a wrong signature' },
        ]),
      ],
    },
  );
  itRefuses(
    command,
    { files },
    {
      'that is not there': ['-f nowhere', ['file-not-found', '--file: there is no file "nowhere"']],
    },
  );
});

describe('imports (E-38, E-40)', () => {
  const exporter = account('B', 'b1', {
    nats: { exports: [stream('news.>'), service('pay', { token_req: true })], signing_keys: [pub('a4')] },
  });
  const importing = (...imports: Import[]): Given => world([account('A', 'a1', { nats: { imports } }), exporter]);
  const found = (rule: string, message: string, hint?: string) =>
    checked([], [{ rule, level: 'warning', message, ...(hint !== undefined && { hint }) }]);
  const paid = activation('pay', { kind: 'service', by: 'b1', sub: 'a1' });

  itAnswers(command, given, {
    'that are covered by an export': [
      '',
      checked([]),
      importing(streamFrom('b1', 'news.eu'), serviceFrom('b1', 'pay', { token: paid })),
    ],
    'that nobody exports': [
      '',
      found(
        'export-missing',
        'import "gone": account "B" has no stream export of "gone"; servers drop the import',
        'nsc add export --account "B" --subject "gone"',
      ),
      importing(streamFrom('b1', 'gone')),
    ],
    'of an account that is elsewhere': [
      '',
      found('unknown-exporter', 'import "x": account ax is not in this store, so its export was not checked'),
      importing(streamFrom('ax', 'x')),
    ],
    'with an activation that was revoked since': [
      '',
      found(
        'activation-revoked',
        'import "pay": account "B" revoked the activation; servers drop the import',
        'have a new one made with: nsc generate activation --account "B" --target-account a1 --subject "pay" --output-file FILE, and delete and add the import',
      ),
      world([
        account('A', 'a1', { nats: { imports: [serviceFrom('b1', 'pay', { token: paid })] } }),
        account('B', 'b1', { nats: { exports: [service('pay', { token_req: true, revocations: { '*': THEN } })] } }),
      ]),
    ],
    'that a rule is told of already': [
      '',
      checked(
        [],
        [
          {
            rule: 'I13',
            level: 'error',
            message: 'import "pay": the activation token is not a valid activation',
          },
        ],
      ),
      importing(serviceFrom('b1', 'pay', { token: 'hello' })),
    ],
    'of one stream twice': [
      '',
      found(
        'duplicate-import',
        'import "news.>": the same stream of the same account is imported already; servers drop the import',
        'delete one of them with: nsc delete import',
      ),
      importing(
        streamFrom('b1', 'news.>', { local_subject: 'a.>' }),
        streamFrom('b1', 'news.>', { local_subject: 'b.>' }),
      ),
    ],
    'that go round in a circle': [
      '-A',
      {
        kind: 'checked',
        ok: true,
        sections: [
          { title: 'Operator "O"', findings: [] },
          ...[
            ['A', 'B'],
            ['B', 'A'],
          ].map(([name, other]) => ({
            title: `Account "${name}"`,
            findings: [
              {
                rule: 'cycle',
                level: 'warning',
                message: `import "x": it leads back to where it comes from, because account "${other}" imports that subject, too; servers drop the import`,
                hint: 'import it on another local subject, or delete one of the imports',
              },
            ],
          })),
        ],
      },
      world([
        account('A', 'a1', { nats: { exports: [stream('x')], imports: [streamFrom('b1', 'x')] } }),
        account('B', 'b1', { nats: { exports: [stream('x')], imports: [streamFrom('a1', 'x')] } }),
      ]),
    ],
  });
});

describe('what lies around (E-40)', () => {
  const creds = (path: string) => {
    const [name = '', user = ''] = path.split('/');
    return { account: name, user, creds: new Secret('x') };
  };
  const lying = (...paths: string[]): Given => ({
    operators: [{ operator: O, accounts: [A], users: [u, user('A/v', 'u2')], creds: paths.map(creds) }],
  });
  const orphans = (message: string): Finding => ({
    rule: 'orphan-creds',
    level: 'warning',
    message,
    hint: 'servers accept them unless the users were revoked; remove the files if nobody needs them',
  });
  const mismatch = (key: string, found: string): Finding => ({
    rule: 'seed',
    level: 'warning',
    message: `the seed stored for ${key} is the one of ${found}`,
  });
  itAnswers(command, given, {
    'creds of users that are there': ['', checked([]), lying('A/u', 'A/v')],
    'creds of a user that is gone': [
      '',
      checked([], [orphans('there are creds of user "gone", who is not in account "A"')]),
      lying('A/gone', 'A/u'),
    ],
    'creds of many, among those that are there': [
      '',
      checked([], [orphans('there are creds of users "a", "t", "z", who are not in account "A"')]),
      lying('A/z', 'A/a', 'A/u', 'A/t', 'A/v'),
    ],
    'creds of an account that is gone': [
      '-A',
      checked([orphans('there are creds of user "x", who is not in account "Z"')]),
      lying('Z/x', 'A/u'),
    ],
    'creds of an account that is gone, which are not looked for when one account is checked': [
      '',
      checked([]),
      lying('Z/x'),
    ],
    'seeds in files of other keys': [
      '',
      checked(
        [mismatch('o1', 'o3'), mismatch('o2', 'o1')],
        [mismatch('a1', 'a3'), mismatch('a2', 'a4'), mismatch('x1', 'u1')],
      ),
      {
        ...world(
          [
            account('A', 'a1', {
              nats: { signing_keys: [pub('a2')], authorization: { auth_users: [pub('u1')], xkey: pub('x1') } },
            }),
          ],
          [u],
        ),
        swapped: { o1: 'o3', o2: 'o1', a1: 'a3', a2: 'a4', x1: 'u1' },
      },
    ],
    'no seeds at all, which may be kept elsewhere': ['', checked([]), { ...given, stored: [] }],
  });
});

describe('users that nobody can use (E-40)', () => {
  const calling = (nats: AccountBody, users: UserEntry[] = [u]): Given => world([account('A', 'a1', { nats })], users);
  itAnswers(command, given, {
    'auth users that are there': ['', checked([]), calling({ authorization: { auth_users: [pub('u1')] } })],
    'an auth user that is not in the account': [
      '',
      checked(
        [],
        [
          {
            rule: 'auth-user',
            level: 'warning',
            message: 'auth user u2 is not in this store, so it cannot answer the auth callout',
            hint: 'nsc edit authcallout --account "A" --rm-auth-user u2',
          },
        ],
      ),
      calling({ authorization: { auth_users: [pub('u1'), pub('u2')] } }),
    ],
    'an auth user that is revoked': [
      '',
      checked(
        [],
        [
          { rule: 'revoked', level: 'warning', message: 'user "u" is revoked by its account' },
          {
            rule: 'auth-user',
            level: 'warning',
            message: 'auth user "u" is revoked, so it cannot answer the auth callout',
          },
        ],
      ),
      calling({ authorization: { auth_users: [pub('u1')] }, revocations: { [pub('u1')]: THEN } }),
    ],
    'users of an account that has expired': [
      '',
      checked(
        [],
        [
          { rule: 'C1', level: 'time', message: 'expired at 2023-11-14 22:13:30 UTC' },
          {
            rule: 'account-times',
            level: 'warning',
            message: 'no user can connect while the account is not valid: expired at 2023-11-14 22:13:30 UTC',
            hint: 'nsc edit account "A" --start 0 --expiry 0',
          },
        ],
      ),
      world([account('A', 'a1', { exp: THEN + 10 })], [u]),
    ],
    'an account that has expired, without users': [
      '',
      checked([], [{ rule: 'C1', level: 'time', message: 'expired at 2023-11-14 22:13:30 UTC' }]),
      world([account('A', 'a1', { exp: THEN + 10 })]),
    ],
  });
});
