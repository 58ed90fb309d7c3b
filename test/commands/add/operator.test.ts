import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/add/operator.js';
import { newOperator } from '../../../src/domain/claims/new.js';
import { issue } from '../../../src/domain/token/issue.js';
import { account, KEYS, operator, NOW as THEN } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Given, NOW, plan, planRaw } from '../../support/plan.js';

const given: Given = {};
const generated = 'generated and stored operator key "new1"';
const fresh = (sub: string, nats: object = {}) => ({ iss: sub, name: 'O', sub, nats });

/** What nats-server offers on the system account. */
const systemExports = [
  {
    name: 'account-monitoring-streams',
    subject: '$SYS.ACCOUNT.*.>',
    type: 'stream',
    account_token_position: 3,
    description: 'Events about an account that servers publish',
    info_url: 'https://docs.nats.io/nats-server/configuration/sys_accounts',
  },
  {
    name: 'account-monitoring-services',
    subject: '$SYS.REQ.ACCOUNT.*.*',
    type: 'service',
    response_type: 'Stream',
    account_token_position: 4,
    description: 'Ask servers about an account: SUBSZ, CONNZ, LEAFZ, JSZ and INFO',
    info_url: 'https://docs.nats.io/nats-server/configuration/sys_accounts',
  },
];
const systemClaims = (sub: string, signingKey: string, userKey: string, iss: string) => ({
  SYS: {
    iss,
    name: 'SYS',
    sub,
    nats: {
      limits: { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 },
      default_permissions: { pub: {}, sub: {} },
      authorization: {},
      signing_keys: [signingKey],
      exports: systemExports,
    },
  },
  'SYS/sys': {
    iss: signingKey,
    name: 'sys',
    sub: userKey,
    nats: { pub: {}, sub: {}, subs: -1, data: -1, payload: -1, issuer_account: sub },
  },
});

describe('a new operator', () => {
  itPlans(command, given, {
    'gets a new identity, which is stored, and is selected without account': [
      'O',
      {
        changes: ['put-seed new1', 'put-operator O by new1 (new)', 'select operator=O account='],
        claims: { 'operator O': fresh('new1') },
        steps: [generated, 'added operator "O"'],
      },
    ],
    'has validity': [
      '-n O --start 2020-01-01 --expiry 2050-01-01',
      {
        changes: ['put-seed new1', 'put-operator O by new1 (new)', 'select operator=O account='],
        claims: { 'operator O': { ...fresh('new1'), nbf: 1_577_836_800, exp: 2_524_608_000 } },
        steps: [
          'valid from 2020-01-01 00:00:00 UTC (3 years ago)',
          'expires 2050-01-01 00:00:00 UTC (in 26 years)',
          generated,
          'added operator "O"',
        ],
      },
    ],
    'has the identity whose seed is given, which is stored (E-13)': [
      'O -K $o1.seed',
      {
        changes: ['put-seed o1', 'put-operator O by o1 (new)', 'select operator=O account='],
        claims: { 'operator O': fresh('o1') },
        steps: ['added operator "O"'],
      },
      { stored: [] },
    ],
    'has the identity of a key file, which is stored (E-13)': [
      'O -K o1.nk',
      {
        changes: ['put-seed o1', 'put-operator O by o1 (new)', 'select operator=O account='],
        claims: { 'operator O': fresh('o1') },
        steps: ['added operator "O"'],
      },
      { stored: [], files: { 'o1.nk': '$o1.seed' } },
    ],
    'has the identity of a key in the keystore': [
      'O -K $o1',
      {
        changes: ['put-operator O by o1 (new)', 'select operator=O account='],
        claims: { 'operator O': fresh('o1') },
        steps: ['added operator "O"'],
      },
    ],
    'gets a signing key': [
      'O --generate-signing-key',
      {
        changes: ['put-seed new1', 'put-seed new2', 'put-operator O by new1 (new)', 'select operator=O account='],
        claims: { 'operator O': fresh('new1', { signing_keys: ['new2'] }) },
        steps: [generated, 'added operator "O"', 'created operator signing key "new2"'],
      },
    ],
    'gets a system account, signed by its identity, which is selected': [
      'O --sys',
      {
        changes: [
          'put-seed new1',
          'put-operator O by new1 (new)',
          'put-seed new2',
          'put-seed new3',
          'put-seed new4',
          'put-account SYS by new1',
          'put-user SYS/sys by new3',
          'put-creds SYS/sys',
          'select operator=O account=SYS',
        ],
        claims: {
          'operator O': fresh('new1', { system_account: 'new2' }),
          ...systemClaims('new2', 'new3', 'new4', 'new1'),
        },
        steps: [
          generated,
          'added operator "O"',
          'created system account SYS [new2]',
          'created system account user sys [new4]',
          'generated user creds file `/keys/creds/O/SYS/sys.creds`',
        ],
      },
    ],
    'gets a system account signed by its new signing key': [
      'O -s --generate-signing-key',
      {
        changes: [
          'put-seed new1',
          'put-seed new2',
          'put-operator O by new1 (new)',
          'put-seed new3',
          'put-seed new4',
          'put-seed new5',
          'put-account SYS by new2',
          'put-user SYS/sys by new4',
          'put-creds SYS/sys',
          'select operator=O account=SYS',
        ],
        claims: {
          'operator O': fresh('new1', { signing_keys: ['new2'], system_account: 'new3' }),
          ...systemClaims('new3', 'new4', 'new5', 'new2'),
        },
        steps: [
          generated,
          'added operator "O"',
          'created operator signing key "new2"',
          'created system account SYS [new3]',
          'created system account user sys [new5]',
          'generated user creds file `/keys/creds/O/SYS/sys.creds`',
        ],
      },
    ],
  });

  it('gets a made-up name for *, and another one when that is taken', async () => {
    const [, put = ''] = (await plan(command, {}, "'*'")).changes;
    const name = /^put-operator ([a-z]+_[a-z]+) by new2 \(new\)$/.exec(put)?.[1];
    const again = await plan(command, { occupied: [String(name)] }, "'*'");
    expect(again.changes[1]).toBe(`put-operator ${name}_2 by new2 (new)`);
  });
});

describe('an imported operator', () => {
  const { token } = operator();
  const other = issue('operator', newOperator(KEYS.o3.publicKey, 'O'), KEYS.o3, { now: THEN }).token;
  const evil = issue('operator', newOperator(KEYS.o1.publicKey, '../../x'), KEYS.o1, { now: THEN }).token;
  const decorated = `-----BEGIN NATS OPERATOR JWT-----\n${token}\n------END NATS OPERATOR JWT------\n`;
  const files = { 'o.jwt': token, 'decorated.jwt': decorated, 'other.jwt': other, 'evil.jwt': evil };
  const source: Given = { files, urls: { 'https://api.synadia.io/jwt/v1/operator': token, 'http://h/x?a=b': token } };
  const imported = (name = 'O') => ({
    changes: [`put-operator ${name} by o1 (new, managed)`, `select operator=${name}`],
    steps: [`imported operator "${name}"`],
  });

  describe('is taken as it is and managed elsewhere', () => {
    const cases: Record<string, [line: string, name?: string, env?: Record<string, string>]> = {
      'from a file': ['-u o.jwt'],
      'from a decorated file': ['--url decorated.jwt'],
      'under another name': ['Mine -u o.jwt', 'Mine'],
      'from a URL': ['-u http://h/x?a=b'],
      'under the name everybody knows': ['-u https://api.synadia.io/jwt/v1/operator', 'synadia'],
      'by the name everybody knows': ['-u Synadia', 'synadia'],
      'by a name from the environment, whose URL may hold "=" (E-56)': [
        '-u mine',
        'Mine',
        { NSC_Mine_OPERATOR: 'http://h/x?a=b' },
      ],
    };
    it.each(Object.entries(cases))('%s', async (_what, [line, name = 'O', env = {}]) => {
      const { plan: made, shown } = await planRaw(command, { ...source, env }, line);
      expect(shown).toMatchObject(imported(name));
      expect(made.changes[0]).toMatchObject({ token, managed: true });
    });
  });

  const there: Given = { ...source, operators: [{ operator: operator(), accounts: [account('A', 'a1')] }] };
  itPlans(command, there, {
    'is replaced with --force': [
      '-u o.jwt --force',
      {
        changes: ['put-operator O by o1', 'select operator=O'],
        claims: { 'operator O': {} },
        steps: ['imported operator "O"'],
      },
    ],
    'is replaced by another one with --force, after saying so': [
      '-u other.jwt --force',
      {
        changes: ['put-operator O by o3', 'select operator=O'],
        claims: { 'operator O': { iss: ['o1', 'o3'], sub: ['o1', 'o3'] } },
        steps: ['imported operator "O"'],
        warnings: ['operator "O" was o1 and is o3 now: its accounts have to be signed again'],
        lost: ['A'],
      },
    ],
  });

  const broken = operator({ nats: { operator_service_urls: ['http://h'] } });
  itPlans(
    command,
    { files: { 'o.jwt': broken.token } },
    {
      'is taken although it breaks a rule, because nothing here can mend it': [
        '-u o.jwt',
        {
          ...imported(),
          claims: { 'operator O': { ...fresh('o1', { operator_service_urls: ['http://h'] }), iat: THEN } },
          warnings: [
            'operator "O" would be invalid: service URL "http://h" has none of the schemes nats, tls, ws, wss',
          ],
        },
      ],
    },
  );

  itRefuses(command, source, {
    'that is there already': ['-u o.jwt', ['already-exists', 'operator "O" already exists in /stores'], there],
    'that is there in other letter case, whatever --force says (E-44)': [
      'o -u o.jwt --force',
      ['already-exists', 'operator "O" already exists in /stores'],
      there,
    ],
    'with a name that leads out of the store (E-01)': [
      '-u evil.jwt',
      ['bad-name', '"../../x" cannot be the name of an operator: it holds a path separator'],
    ],
    'from a file with another JWT': [
      '-u a.jwt',
      ['bad-token', '"a.jwt" holds a JWT of kind account, not of an operator'],
      { files: { 'a.jwt': account('A', 'a1').token } },
    ],
    'from a file with something else': [
      '-u junk',
      ['bad-token', '"junk": the JWT does not have three parts'],
      { files: { junk: 'junk' } },
    ],
    'that was tampered with': [
      '-u bad.jwt',
      ['bad-token', '"bad.jwt": the JWT has a wrong signature'],
      { files: { 'bad.jwt': token.replace(/.{10}$/, 'AAAAAAAAAA') } },
    ],
    'from nowhere': [
      '-u nowhere',
      ['file-not-found', '--url: "nowhere" is neither a file nor an http(s) URL nor the name of a known operator'],
    ],
    'from a server that does not answer': [
      '-u https://nowhere/x',
      ['remote-failed', '--url: https://nowhere/x is not there'],
    ],
    'with a system account': ['-u o.jwt --sys', ['conflicting-options', '--url and --sys exclude each other']],
    'with a signing key': [
      '-u o.jwt --generate-signing-key',
      ['conflicting-options', '--url and --generate-signing-key exclude each other'],
    ],
    'with validity': ['-u o.jwt --expiry 1d', ['conflicting-options', '--url and --expiry exclude each other']],
  });
});

describe('refused', () => {
  const there: Given = { operators: [{ operator: operator() }] };
  itRefuses(command, given, {
    'no name': ['', ['missing-option', 'the operator needs a name']],
    'a separator (E-03)': ['a/b', ['bad-name', '"a/b" cannot be the name of an operator: it holds a path separator']],
    'blanks around the name': [
      "'O '",
      ['bad-name', '"O " cannot be the name of an operator: it begins or ends with a blank'],
    ],
    'a name that is there': ['O', ['already-exists', 'operator "O" already exists in /stores'], there],
    'a name that is there in other letter case (E-44)': [
      'o',
      ['already-exists', 'operator "O" already exists in /stores'],
      there,
    ],
    'a directory that is in use for something else': [
      'keys',
      ['already-exists', '/stores/keys is in use and is not an operator'],
      { occupied: ['keys'] },
    ],
    '--force without --url': [
      'O --force',
      ['conflicting-options', '--force replaces an imported operator, so it needs --url'],
    ],
    'a given identity with a generated signing key': [
      'O -K $o1.seed --generate-signing-key',
      ['conflicting-options', '--generate-signing-key cannot go with an identity key given by -K'],
    ],
    'a key of another kind': ['O -K $a1.seed', ['wrong-key-kind', 'a1 is a key of kind account, not operator']],
    'a key file that is not there': ['O -K nope', ['bad-key', '"nope" is neither a key nor a key file']],
    'a public key without seed': [
      'O -K $o1',
      ['key-not-found', 'the seed of o1 is not in the keystore'],
      { stored: [] },
    ],
    'a key file of the keystore that holds another key (E-09)': [
      'O -K $o1',
      ['key-mismatch', 'the seed stored for o1 is the one of o2'],
      { swapped: { o1: 'o2' } },
    ],
    'an expiry that is none': [
      'O --expiry nonsense',
      ['bad-value', '--expiry: "nonsense" is not a date or a time span'],
    ],
    'a month that does not exist': [
      'O --expiry 2024-13-45',
      ['bad-value', '--expiry: "2024-13-45" is not a date or a time span'],
    ],
    'a name without value': ['-n', ['missing-argument', '--name needs a value']],
  });

  it('leaves no key behind, because nothing is stored before the plan is committed (E-12)', async () => {
    const { plan: made } = await planRaw(command, given, 'O');
    expect(made.changes.filter(({ type }) => type === 'put-seed')).toHaveLength(1);
  });
});

it('is issued now', async () => {
  const { plan: made } = await planRaw(command, given, 'O');
  expect(made.changes[1]).toMatchObject({ claims: { iat: NOW } });
});
