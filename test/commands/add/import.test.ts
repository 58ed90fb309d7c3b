import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/add/import.js';
import type { AccountBody, ActivationClaims, Import } from '../../../src/domain/claims/types.js';
import { decodeVerified } from '../../../src/domain/token/decode.js';
import { activation, service, serviceFrom, stream, streamFrom } from '../../domain/sharing/accounts.js';
import { account, operator, pub, NOW as THEN } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { alter } from '../../support/forged-token.js';
import { added, type Given, NOW, type Planned, planRaw } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const EXPORTS = [
  stream('news.>'),
  service('time'),
  service('calls.*.get'),
  stream('data.*.>', { account_token_position: 2, name: 'mine' }),
  stream('orders.>', { token_req: true, name: 'orders' }),
  service('pay.*', { token_req: true }),
];
const A = account('A', 'a1', { nats: { exports: EXPORTS, signing_keys: [pub('a2')] } });
const C = account('C', 'a3');

const world = (body: AccountBody = {}, more: Partial<Given> = {}): Given => ({
  operators: [{ operator: O, accounts: [A, account('B', 'b1', { nats: body }), C] }],
  selected: { account: 'B' },
  ...more,
});
const orders = activation('orders.eu.>', { name: 'eu' });
const pay = activation('pay.card', { kind: 'service', by: 'a2', issuer_account: pub('a1') });
const file = (token: string): string =>
  `-----BEGIN NATS ACTIVATION JWT-----\n${token}\n------END NATS ACTIVATION JWT------\n`;
const given = world(
  {},
  { files: { 'orders.jwt': file(orders), 'pay.jwt': pay }, urls: { 'https://h/orders': orders } },
);

/** The first import of B. `account` is the alias of A's key in what is shown. */
const plans = (entry: Import, more: Partial<Planned> & { by?: string; who?: string } = {}): Planned => {
  const { by = 'o1', who = 'B', ...rest } = more;
  return {
    changes: [`put-account ${who} by ${by}`],
    claims: { [who]: added('nats.imports', [entry]) },
    steps: [`added ${entry.type} import "${entry.subject}" to account "${who}"`],
    ...rest,
  };
};

describe('a public export', () => {
  itPlans(command, given, {
    'of an account by name': ["--src-account A --remote-subject 'news.>'", plans(streamFrom('a1', 'news.>'))],
    'of an account by key, into an account that is named': [
      "-a C --src-account $a1 --remote-subject 'news.>'",
      plans(streamFrom('a1', 'news.>'), { who: 'C' }),
    ],
    'in part, with a name, under another subject': [
      "--src-account A --remote-subject 'news.eu.>' --name eu --local-subject 'from.a.>'",
      plans(streamFrom('a1', 'news.eu.>', { name: 'eu', local_subject: 'from.a.>' })),
    ],
    'of a service, which may see who asks': [
      '--service --src-account A --remote-subject time --share',
      plans(serviceFrom('a1', 'time', { share: true })),
    ],
    'of a service, its wildcard moved': [
      "--service --src-account A --remote-subject 'calls.*.get' -s 'get.$1' -n calls",
      plans(serviceFrom('a1', 'calls.*.get', { name: 'calls', local_subject: 'get.$1' })),
    ],
    'with its own key in the subject': [
      "--src-account A --remote-subject 'data.$b1.>' -s 'data.>'",
      plans(streamFrom('a1', `data.b1.>`, { local_subject: 'data.>' }), {
        claims: {
          B: added('nats.imports', [
            { name: 'data.b1.>', subject: 'data.b1.>', account: pub('a1'), type: 'stream', local_subject: 'data.>' },
          ]),
        },
      }),
    ],
    'with tracing': [
      "--src-account A --remote-subject 'news.>' --allow-trace",
      plans(streamFrom('a1', 'news.>', { allow_trace: true })),
    ],
    'with tracing, which services do not have': [
      '--service --src-account A --remote-subject time --allow-trace',
      plans(serviceFrom('a1', 'time'), {
        steps: [
          'warn: only imports of streams allow tracing: --allow-trace was left out',
          'added service import "time" to account "B"',
        ],
      }),
    ],
    'where the switches say no': [
      "--src-account A --remote-subject 'news.>' --service=false --share=false --allow-trace=false",
      plans(streamFrom('a1', 'news.>')),
    ],
    'signed by the key that is named': [
      "--src-account A --remote-subject 'news.>' -K $o2",
      {
        ...plans(streamFrom('a1', 'news.>'), { by: 'o2' }),
        claims: { B: { iss: ['o1', 'o2'], ...added('nats.imports', [streamFrom('a1', 'news.>')]) } },
      },
    ],
    'beside others that share the subject, the account or the type': [
      "--src-account A --remote-subject 'news.>' --local-subject 'n.>'",
      plans(streamFrom('a1', 'news.>', { local_subject: 'n.>' }), {
        claims: {
          B: expect.objectContaining({ 'nats.imports[n.>].subject': { added: 'news.>' } }) as unknown as object,
        },
      }),
      world({ imports: [streamFrom('ax', 'news.>'), serviceFrom('a1', 'news.>'), streamFrom('a1', 'news.eu')] }),
    ],
    'of an account that is elsewhere, with a warning': [
      '--src-account $ax --remote-subject x',
      plans(streamFrom('ax', 'x'), {
        warnings: ['import "x": account ax is not in this store, so its export was not checked'],
      }),
    ],
  });

  it('on a local subject that a service of another account has, with a warning', async () => {
    const before = world({ imports: [serviceFrom('ax', 'x', { local_subject: 'time' })] });
    const { shown } = await planRaw(command, before, '--service --src-account A --remote-subject time');
    expect(shown.warnings).toEqual([
      'import "time": its local subject "time" overlaps with "time" of a service of account ax; servers ask both, and those before 2.11.15, or of 2.12 before 2.12.7, refuse the whole account (import it with another --local-subject)',
    ]);
  });
});

describe('an activation', () => {
  const token = (text: string): Pick<Import, 'token'> => ({ token: text });
  itPlans(command, given, {
    'says account, subject and type': [
      '--token orders.jwt',
      plans(streamFrom('a1', 'orders.eu.>', { name: 'eu', ...token(orders) })),
    ],
    'may be at a URL': [
      '-u https://h/orders',
      plans(streamFrom('a1', 'orders.eu.>', { name: 'eu', ...token(orders) })),
    ],
    'takes a name and a local subject': [
      "--token orders.jwt -n mine -s 'eu.>'",
      plans(streamFrom('a1', 'orders.eu.>', { name: 'mine', local_subject: 'eu.>', ...token(orders) })),
    ],
    'of a signing key, for a service: its local subject is spelled out, as nsc does': [
      '--token pay.jwt',
      plans(serviceFrom('a1', 'pay.card', { local_subject: 'pay.card', ...token(pay) })),
    ],
    'says it is a stream, whatever else is said': [
      '--token orders.jwt --service',
      plans(streamFrom('a1', 'orders.eu.>', { name: 'eu', ...token(orders) })),
    ],
    'for a public export is not needed, but taken': [
      '--token news.jwt',
      plans(streamFrom('a1', 'news.>', token(activation('news.>'))), {
        warnings: ['import "news.>": the export of account "A" takes no activation, so nobody looks at this one'],
      }),
      world({}, { files: { 'news.jwt': activation('news.>') } }),
    ],
    'that starts later is taken, with a warning': [
      '--token later.jwt',
      plans(streamFrom('a1', 'orders.>', token(activation('orders.>', { nbf: NOW + 60 }))), {
        warnings: [
          'import "orders.>": the activation is not valid before 2023-11-14 22:15:20 UTC (push the account to servers again at that time)',
        ],
      }),
      world({}, { files: { 'later.jwt': activation('orders.>', { nbf: NOW + 60 }) } }),
    ],
  });

  const bad: Given = world(
    {},
    {
      files: {
        'orders.jwt': orders,
        'c.jwt': activation('orders.>', { sub: 'a3' }),
        'x.jwt': activation('orders.>', { sub: 'ax' }),
        'old.jwt': activation('orders.>', { exp: THEN + 1 }),
        'late.jwt': activation('orders.>', { by: 'a3', issuer_account: pub('a1') }),
        'foreign.jwt': activation('orders.>', { by: 'o1' as never }),
        'altered.jwt': orders.replace(/[^.]{12}$/, 'AAAAAAAAAAAA'),
        'account.jwt': A.token,
        junk: 'hello',
      },
    },
  );
  itRefuses(command, bad, {
    'for an account that is in the store': [
      '--token c.jwt',
      ['policy-refused', '"c.jwt" is for account "C" [a3], not for account "B"'],
    ],
    'for an account that is not': [
      '--token x.jwt',
      ['policy-refused', '"x.jwt" is for account "ax", not for account "B"'],
    ],
    'that has expired': ['--token old.jwt', ['policy-refused', 'import "orders.>": the activation has expired']],
    'signed by a key that the exporter does not list': [
      '--token late.jwt',
      ['policy-refused', 'import "orders.>": the activation is signed by a3, which account "A" does not list'],
    ],
    'of an operator': [
      '--token foreign.jwt',
      ['wrong-key-kind', '"foreign.jwt" was issued by "o1", which is no account'],
    ],
    'that was altered': ['--token altered.jwt', ['bad-token', '"altered.jwt": the JWT has a wrong signature']],
    'that is another JWT': [
      '--token account.jwt',
      ['bad-token', '"account.jwt" holds a JWT of the kind account, not an activation'],
    ],
    'that is none': ['--token junk', ['bad-token', '"junk": the JWT does not have three parts']],
    'that is not there': ['--token nowhere', ['file-not-found', '--token: there is no file "nowhere"']],
    'and an account': [
      '--token orders.jwt --src-account A',
      ['conflicting-options', '--token and --src-account exclude each other'],
    ],
    'and a subject': [
      '--token orders.jwt --remote-subject x',
      ['conflicting-options', '--token and --remote-subject exclude each other'],
    ],
    'of a stream to be shared': [
      '--token orders.jwt --share',
      ['policy-refused', 'only the import of a service can share connection information'],
    ],
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'neither account nor activation': ['', ['missing-option', 'the account to import from was not named']],
    'an account without a subject': ['--src-account A', ['missing-option', 'the subject to import from was not named']],
    'a subject without an account': [
      '--remote-subject x',
      ['missing-option', 'the account to import from was not named'],
    ],
    'an account that is not there': [
      '--src-account Z --remote-subject x',
      ['account-not-found', 'account "Z" does not exist under operator "O"'],
    ],
    'a key that is no account': [
      '--src-account $u1 --remote-subject x',
      ['wrong-key-kind', 'u1 is a key of kind user, not account'],
    ],
    'its own export': [
      '--src-account B --remote-subject x',
      ['policy-refused', 'import "x": the account imports from itself'],
    ],
    'a subject that is none': [
      '--src-account A --remote-subject a..b',
      ['bad-value', '--remote-subject: subject "a..b" has an empty token'],
    ],
    'a local subject that is none': [
      '--src-account A --remote-subject x --local-subject .x',
      ['bad-value', '--local-subject: subject ".x" starts with a dot'],
    ],
    'a local subject that loses a wildcard': [
      "--src-account A --remote-subject 'news.>' -s news",
      [
        'invalid-claims',
        'account "B" would be invalid: import "news.>": local subject "news" and subject "news.>" must both end in ">" or neither',
      ],
    ],
    'a stream to be shared': [
      "--src-account A --remote-subject 'news.>' --share",
      ['policy-refused', 'only the import of a service can share connection information'],
    ],
    'what nobody exports (E-38)': [
      '--src-account A --remote-subject nothing',
      ['policy-refused', 'import "nothing": account "A" has no stream export of "nothing"'],
    ],
    'what nobody exports, on a local subject that another service has': [
      '--service --src-account A --remote-subject nothing',
      ['policy-refused', 'import "nothing": account "A" has no service export of "nothing"'],
      world({ imports: [serviceFrom('ax', 'x', { local_subject: 'nothing' })] }),
    ],
    'a private export without an activation': [
      "--src-account A --remote-subject 'orders.>'",
      ['policy-refused', 'import "orders.>": the export of account "A" is private, and there is no activation'],
    ],
    'what is imported already': [
      "--src-account A --remote-subject 'news.>' -s 'n.>'",
      ['already-exists', 'account "B" imports stream "news.>" of a1 already'],
      world({ imports: [streamFrom('a1', 'news.>')] }),
    ],
    'more imports than the account may have': [
      "--src-account A --remote-subject 'news.>'",
      ['invalid-claims', expect.stringContaining('account "B" would be invalid:') as unknown as string],
      world({ limits: { imports: 1 }, imports: [serviceFrom('a1', 'time')] }),
    ],
    'a cycle': [
      '--src-account A --remote-subject x',
      [
        'policy-refused',
        'import "x": it leads back to where it comes from, because account "A" imports that subject, too',
      ],
      {
        operators: [
          {
            operator: O,
            accounts: [
              account('A', 'a1', { nats: { exports: [stream('x')], imports: [streamFrom('b1', 'x')] } }),
              account('B', 'b1', { nats: { exports: [stream('x')] } }),
            ],
          },
        ],
        selected: { account: 'B' },
      },
    ],
  });

  it('not because of what was wrong before (E-34)', async () => {
    const before = world({ info_url: 'nowhere', imports: [streamFrom('a1', 'gone')] });
    const { shown } = await planRaw(command, before, "--src-account A --remote-subject 'news.>'");
    expect(shown.warnings).toEqual([
      'account "B" is invalid, as it was before: info URL "nowhere" needs a scheme and a host',
    ]);
  });
});

describe('one of the exports that interactive mode offers', () => {
  itPlans(command, given, {
    public: ['--export A/service/time', plans(serviceFrom('a1', 'time'))],
    'its own name': [
      "--export 'A/stream/data.*.>' -s 'data.>'",
      plans({ name: 'mine', subject: 'data.b1.>', account: pub('a1'), type: 'stream', local_subject: 'data.>' }),
    ],
    'a part of it': [
      "--export 'A/stream/news.>' --remote-subject news.eu -n eu",
      plans(streamFrom('a1', 'news.eu', { name: 'eu' })),
    ],
  });

  it('private: it is activated by the exporter on the way', async () => {
    const { plan, shown } = await planRaw(command, given, "--export 'A/stream/orders.>'");
    const [change] = plan.changes;
    const [entry] = change?.type === 'put-account' ? (change.claims.nats.imports ?? []) : [];
    const { claims } = decodeVerified(entry?.token ?? '');
    expect(shown.steps).toEqual(['added stream import "orders.>" to account "B"']);
    expect(claims as ActivationClaims).toMatchObject({
      iss: pub('a1'),
      sub: pub('b1'),
      name: 'orders.>',
      nats: { subject: 'orders.>', kind: 'stream' },
    });
  });

  itRefuses(command, given, {
    'private, and no key of the exporter at hand': [
      "--export 'A/stream/orders.>'",
      ['no-signer', expect.stringContaining('account "A"') as unknown as string],
      { ...given, stored: ['o1', 'b1'] },
    ],
    'private, of an account that was altered': [
      "--export 'A/stream/orders.>'",
      ['bad-token', 'the JWT of account "A" does not hold what its issuer signed'],
      { ...given, operators: [{ operator: O, accounts: [alter(A), account('B', 'b1')] }] },
    ],
    'that is not there': [
      '--export A/stream/gone',
      ['item-not-found', 'that export is not there, or imported already'],
    ],
    'that is written otherwise': ['--export news', ['bad-value', '--export: "news" does not name an export']],
    'and an account': [
      '--export A/service/time --src-account A',
      ['conflicting-options', '--export and --src-account exclude each other'],
    ],
  });
});
