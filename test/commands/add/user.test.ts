import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/add/user.js';
import { account, KEYS, operator, pub, scope, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Given, NOW, plan, planRaw } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const strict = operator({ nats: { signing_keys: [pub('o2')], strict_signing_key_usage: true } });
const reader = scope('a4', 'reader', { sub: { allow: ['data.>'] } });
const A = account('A', 'a1', { nats: { signing_keys: [reader, pub('a2'), pub('a3')] } });
const B = account('B', 'b1');
const given: Given = { operators: [{ operator: O, accounts: [A, B], users: [user('A/u', 'u1')] }] };
/** The same under a strict operator. */
const underStrict: Given = {
  operators: [
    { operator: strict, accounts: [account('A', 'a1', { ...A.claims, by: 'o2' }), account('B', 'b1', { by: 'o2' })] },
  ],
};

const generated = 'generated and stored user key "new1"';
const written = 'generated user creds file `/keys/creds/O/A/alice.creds`';
const added = 'added user "alice" to account "A"';
const made = ['put-seed new1', 'put-user A/alice by a1', 'put-creds A/alice'];
const fresh = (sub: string, iss: string, nats: object = {}) => ({
  iss,
  name: 'alice',
  sub,
  nats: { pub: {}, sub: {}, subs: -1, data: -1, payload: -1, ...nats },
});

describe('a new user', () => {
  itPlans(command, given, {
    'gets a new key, which is stored, and creds': [
      'alice',
      { changes: made, claims: { 'A/alice': fresh('new1', 'a1') }, steps: [generated, written, added] },
    ],
    'of the account named': [
      '-n alice -a B',
      {
        changes: ['put-seed new1', 'put-user B/alice by b1', 'put-creds B/alice'],
        claims: { 'B/alice': fresh('new1', 'b1') },
        steps: [
          generated,
          'generated user creds file `/keys/creds/O/B/alice.creds`',
          'added user "alice" to account "B"',
        ],
      },
    ],
    'of the account named by its key': [
      'alice --account $b1',
      {
        changes: ['put-seed new1', 'put-user B/alice by b1', 'put-creds B/alice'],
        claims: { 'B/alice': fresh('new1', 'b1') },
        steps: [
          generated,
          'generated user creds file `/keys/creds/O/B/alice.creds`',
          'added user "alice" to account "B"',
        ],
      },
    ],
    'has the key given as seed, which is stored, and creds (E-13)': [
      'alice -k $u2.seed',
      {
        changes: ['put-seed u2', 'put-user A/alice by a1', 'put-creds A/alice'],
        claims: { 'A/alice': fresh('u2', 'a1') },
        steps: [written, added],
      },
      { ...given, stored: ['a1'] },
    ],
    'has the key given as public key, and creds when its seed is in the keystore': [
      'alice -k $u2',
      {
        changes: ['put-user A/alice by a1', 'put-creds A/alice'],
        claims: { 'A/alice': fresh('u2', 'a1') },
        steps: [written, added],
      },
    ],
    'has no creds when its seed is not at hand': [
      'alice -k $u2',
      {
        changes: ['put-user A/alice by a1'],
        claims: { 'A/alice': fresh('u2', 'a1') },
        steps: ['no creds file was written: the seed of the user is not at hand', added],
      },
      { ...given, stored: ['a1'] },
    ],
    'has tags, networks, a bearer token, validity and permissions': [
      "alice --tag 'Two, one,two' --source-network '192.0.2.0/24,2001:DB8::/32' --bearer --start 1m --expiry 2048-02-29 " +
        "--allow-pub 'b,a,b' --deny-sub x --allow-pub-response=-1 --response-ttl 500ms",
      {
        changes: made,
        claims: {
          'A/alice': {
            ...fresh('new1', 'a1', {
              pub: { allow: ['a', 'b'] },
              sub: { deny: ['x'] },
              resp: { max: -1, ttl: 500_000_000 },
              src: ['192.0.2.0/24', '2001:db8::/32'],
              bearer_token: true,
              tags: ['one', 'two'],
            }),
            nbf: NOW + 60,
            exp: 2_466_547_200,
          },
        },
        steps: [
          'valid from 2023-11-14 22:15:20 UTC (in 1 minute)',
          'expires 2048-02-29 00:00:00 UTC (in 24 years)',
          'added tag "two"',
          'added tag "one"',
          'added tag "two"',
          'changed bearer to true',
          'added source network "192.0.2.0/24"',
          'added source network "2001:db8::/32"',
          'set max responses to -1',
          'set response ttl to 500ms',
          'added pub "b"',
          'added pub "a"',
          'added pub "b"',
          'added deny sub "x"',
          generated,
          written,
          added,
        ],
        warnings: ['user "alice": not valid before 2023-11-14 22:15:20 UTC'],
      },
    ],
    'is told to be a bearer token or not': [
      'alice --bearer=false',
      {
        changes: made,
        claims: { 'A/alice': fresh('new1', 'a1') },
        steps: ['changed bearer to false', generated, written, added],
      },
    ],
    'answers one request when --allow-pub-response has no value': [
      'alice --allow-pub-response',
      {
        changes: made,
        claims: { 'A/alice': fresh('new1', 'a1', { resp: { max: 1, ttl: 0 } }) },
        steps: ['set max responses to 1', generated, written, added],
      },
    ],
    'understands the older --max-responses': [
      'alice --max-responses 3',
      {
        changes: made,
        claims: { 'A/alice': fresh('new1', 'a1', { resp: { max: 3, ttl: 0 } }) },
        steps: ['set max responses to 3', generated, written, added],
      },
    ],
  });

  it('gets a made-up name for *', async () => {
    const { changes } = await plan(command, given, "'*'");
    expect(changes[1]).toMatch(/^put-user A\/[a-z]+_[a-z]+ by a1$/);
  });

  it('is dated now and has an id of its own', async () => {
    const { plan: made } = await planRaw(command, given, 'alice');
    const put = made.changes.find((change) => change.type === 'put-user');
    expect(put?.claims).toMatchObject({ iat: NOW, jti: expect.stringMatching(/^[A-Z2-7]{52}$/) });
  });
});

describe('a signing key', () => {
  const bySigningKey = (iss: string) => fresh('new1', iss, { issuer_account: 'a1' });
  const scoped = { iss: 'a4', name: 'alice', sub: 'new1', nats: { pub: {}, sub: {}, issuer_account: 'a1' } };
  const steps = [generated, written, added];
  const madeBy = (iss: string) => ['put-seed new1', `put-user A/alice by ${iss}`, 'put-creds A/alice'];
  itPlans(command, given, {
    'signs when named, and the user names its account': [
      'alice -K $a3',
      { changes: madeBy('a3'), claims: { 'A/alice': bySigningKey('a3') }, steps },
    ],
    'signs when its seed is given, which is not stored': [
      'alice -K $a3.seed',
      { changes: madeBy('a3'), claims: { 'A/alice': bySigningKey('a3') }, steps },
      { ...given, stored: ['a1'] },
    ],
    'signs when a file with its seed is given': [
      'alice -K a3.nk',
      { changes: madeBy('a3'), claims: { 'A/alice': bySigningKey('a3') }, steps },
      { ...given, files: { 'a3.nk': '$a3.seed' } },
    ],
    'of a role gives a user without limits of its own': [
      'alice -K reader',
      { changes: madeBy('a4'), claims: { 'A/alice': scoped }, steps },
    ],
    'of a role may be named by an option of its own': [
      'alice --role reader',
      { changes: madeBy('a4'), claims: { 'A/alice': scoped }, steps },
    ],
    'of a role may be named by its key': [
      'alice -K $a4',
      { changes: madeBy('a4'), claims: { 'A/alice': scoped }, steps },
    ],
    'of a role leaves room for name, tags and validity': [
      'alice -K reader --tag x --expiry 0',
      {
        changes: madeBy('a4'),
        claims: { 'A/alice': { ...scoped, nats: { ...scoped.nats, tags: ['x'] } } },
        steps: ['never expires', 'added tag "x"', ...steps],
      },
    ],
    'signs when the identity is away: the first unscoped one, never a random one (E-11)': [
      'alice',
      { changes: madeBy('a2'), claims: { 'A/alice': bySigningKey('a2') }, steps },
      { ...given, stored: ['a4', 'a3', 'a2'] },
    ],
    'with a scope signs when nothing else is at hand': [
      'alice',
      { changes: madeBy('a4'), claims: { 'A/alice': scoped }, steps },
      { ...given, stored: ['a4'] },
    ],
    'signs under a strict operator': [
      'alice',
      { changes: madeBy('a2'), claims: { 'A/alice': bySigningKey('a2') }, steps },
      underStrict,
    ],
  });
});

describe('refused', () => {
  const noBearers: Given = {
    operators: [
      {
        operator: O,
        accounts: [
          account('A', 'a1', {
            nats: { ...A.claims.nats, limits: { ...A.claims.nats.limits, disallow_bearer: true } },
          }),
        ],
      },
    ],
  };
  itRefuses(command, given, {
    'no name': ['', ['missing-option', 'the user needs a name']],
    'a name that is there': ['u', ['already-exists', 'user "u" already exists in account "A"']],
    'a separator': ['a/b', ['bad-name', '"a/b" cannot be the name of a user: it holds a path separator']],
    'the parent directory (E-01)': ['..', ['bad-name', '".." cannot be the name of a user: it stands for a directory']],
    'a name that is a key': ['$u2', ['bad-name', '"u2" cannot be the name of a user: it is a public key']],
    'a name with a dash in front': [
      '-n -x',
      ['bad-name', '"-x" cannot be the name of a user: it begins with a dash, as an option does'],
    ],
    'a name with blanks around': [
      "' x'",
      ['bad-name', '" x" cannot be the name of a user: it begins or ends with a blank'],
    ],
    'an account that is not there': [
      'alice -a C',
      ['account-not-found', 'account "C" does not exist under operator "O"'],
    ],
    'no account': [
      'alice',
      ['missing-option', 'an account is needed, and none is selected'],
      { operators: [{ operator: O }] },
    ],
    'a key of another kind': ['alice -k $a2', ['wrong-key-kind', 'a2 is a key of kind account, not user']],
    'a key file that is not there (E-37)': ['alice -k nope', ['bad-key', '"nope" is neither a key nor a key file']],
    'a mistyped seed, which is not repeated': [
      `alice -k ${KEYS.u2.seed.reveal().slice(0, -2)}`,
      ['bad-key', '--public-key: a seed was given that is not valid'],
    ],
    'a network that is none (E-34)': [
      'alice --source-network ABC',
      ['bad-value', '--source-network: "ABC" is not a network in CIDR notation'],
    ],
    'an account key where a user is signed by the operator': [
      'alice -K $o1',
      ['wrong-key-kind', 'o1 is of kind operator, but users of account "A" must be signed by one of kind account'],
    ],
    'a key that the account does not list': [
      'alice -K $b1',
      ['signer-not-allowed', 'b1 may not sign users of account "A": it is not among the keys that may'],
    ],
    'a role that the account does not have (E-05)': [
      'alice -K writer',
      ['key-not-found', '"writer" is not a role of account "A", a key or a key file'],
    ],
    'a role that the account does not have, by its own option': [
      'alice --role raeder',
      ['item-not-found', 'account "A" has no role "raeder"'],
    ],
    'a role that is the name of a file only': [
      'alice --role a3.nk',
      ['item-not-found', 'account "A" has no role "a3.nk"'],
      { ...given, files: { 'a3.nk': '$a3.seed' } },
    ],
    'a role and a key': [
      'alice --role reader -K $a2',
      ['conflicting-options', '--role and --private-key exclude each other'],
    ],
    'an empty role': ["alice --role ''", ['bad-value', '--role: no role is named']],
    'a role whose seed is elsewhere': [
      'alice -K reader',
      ['key-not-found', 'the seed of a4 (role "reader" of account "A") is not in the keystore'],
      { ...given, stored: ['a1'] },
    ],
    'permissions under a role': [
      'alice -K reader --allow-pub x',
      [
        'policy-refused',
        'user "alice" gets its permissions and limits from role "reader" and may bring none of its own',
      ],
    ],
    'networks under a role': [
      'alice -K reader --source-network 192.0.2.0/24',
      [
        'policy-refused',
        'user "alice" gets its permissions and limits from role "reader" and may bring none of its own',
      ],
    ],
    'the right to reply under a role': [
      'alice -K reader --allow-pub-response',
      [
        'policy-refused',
        'user "alice" gets its permissions and limits from role "reader" and may bring none of its own',
      ],
    ],
    'a bearer token under a role': [
      'alice -K reader --bearer',
      [
        'policy-refused',
        'user "alice" gets its permissions and limits from role "reader" and may bring none of its own',
      ],
    ],
    'a bearer token where the account forbids them': [
      'alice --bearer',
      ['policy-refused', 'account "A" forbids bearer tokens, so user "alice" cannot have one'],
      noBearers,
    ],
    'the identity key of the account under a strict operator': [
      'alice -K $a1',
      ['signer-not-allowed', 'a1 may not sign users of account "A": the operator requires signing keys'],
      underStrict,
    ],
    'an account without signing keys under a strict operator': [
      'alice -a B',
      ['no-signer', 'operator "O" requires signing keys and account "B" has none'],
      underStrict,
    ],
    'a signer whose file holds another key (E-09)': [
      'alice',
      ['key-mismatch', 'the seed stored for a1 is the one of a2'],
      { ...given, swapped: { a1: 'a2' } },
    ],
    'no signer at hand': [
      'alice',
      [
        'no-signer',
        'no key that may sign users of account "A" is in the keystore: a1 (identity of account "A"), ' +
          'a2 (signing key of account "A"), a3 (signing key of account "A"), a4 (role "reader" of account "A")',
      ],
      { ...given, stored: ['o1'] },
    ],
    '0 responses, which would still allow one': [
      'alice --max-responses 0',
      ['bad-value', '--max-responses: 0 responses would still allow one'],
    ],
    'a number that is none': [
      'alice --allow-pub-response=x',
      ['bad-value', '--allow-pub-response: "x" is not an integer'],
    ],
    'a switch that is neither': [
      'alice --bearer=perhaps',
      ['bad-value', '--bearer: "perhaps" is neither true nor false'],
    ],
    'a flag that is not there': ['alice --no-such', ['unknown-option', '"nsc test" has no option --no-such']],
    'a subject with two blanks': [
      "alice --deny-sub 'a b c'",
      ['bad-value', '--deny-sub: subscribe entry "a b c": more than one space'],
    ],
  });
});

describe('the template of a role', () => {
  const template = {
    pub: { allow: ['home.{{name()}}.>', 'team.{{tag(team)}}'], deny: ['x.{{account-tag(tier)}}'] },
  };
  const world = (accountTags: string[]): Given => ({
    operators: [
      {
        operator: O,
        accounts: [
          account('A', 'a1', { nats: { signing_keys: [scope('a4', 'tenant', template)], tags: accountTags } }),
        ],
      },
    ],
  });
  const warningsOf = async (line: string) => (await plan(command, world(['tier:gold']), line)).warnings;

  it('comes to something for the user, or a warning says what does not', async () => {
    expect(await warningsOf('alice --role tenant --tag team:red')).toBeUndefined();
    expect(await warningsOf('alice --role tenant')).toEqual([
      'user "alice": role "tenant" lets it publish "team.{{tag(team)}}", but there is no tag "team:…"',
    ]);
  });

  it('takes values as they are, of which a warning tells (S-54)', async () => {
    expect(await warningsOf('a.b --role tenant --tag team:*')).toEqual([
      'user "a.b": "home.{{name()}}.>": {{name()}} is "a.b", which is more than one token',
      'user "a.b": "team.{{tag(team)}}": {{tag(team)}} is "*", which stands for other tokens, too',
    ]);
  });

  itRefuses(command, world([]), {
    'shuts out whom servers would not let in': [
      'alice --role tenant --tag team:red',
      [
        'broken-chain',
        'user "alice" is shut out by role "tenant": "x.{{account-tag(tier)}}": there is no tag "tier:…"',
      ],
    ],
  });

  it('is the only place for functions', async () => {
    const planned = await plan(command, given, "alice --allow-pub '{{name()}}.>' --deny-sub x");
    expect(planned.steps).toContain(
      'warn: "{{name()}}.>" is taken literally: functions count in the template of a role only',
    );
  });
});
