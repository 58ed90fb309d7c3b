import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Remote } from '../../../src/app/ports.js';
import type { Emitted } from '../../../src/app/result.js';
import { command } from '../../../src/commands/generate/activation.js';
import type { AccountBody, ActivationClaims, OperatorBody } from '../../../src/domain/claims/types.js';
import { parseDecorated } from '../../../src/domain/creds/creds.js';
import { decodeVerified } from '../../../src/domain/token/decode.js';
import { NscError } from '../../../src/errors.js';
import { formatDate } from '../../../src/lib/moment.js';
import { service, stream } from '../../domain/sharing/accounts.js';
import { account, operator, pub, scope } from '../../domain/trust/hierarchy.js';
import { itRefuses } from '../../support/cases.js';
import { FakeWorld } from '../../support/fake-world.js';
import { alter } from '../../support/forged-token.js';
import { type Given, NOW } from '../../support/plan.js';
import { Session } from '../../support/session.js';

const orders = stream('orders.>', { name: 'orders', token_req: true });
const world = (body: AccountBody, operatorBody: OperatorBody = {}): Given => ({
  operators: [
    {
      operator: operator({ nats: operatorBody }),
      accounts: [account('A', 'a1', { nats: body }), account('B', 'b1')],
    },
  ],
});
const given = world({ exports: [orders, stream('news.>')], signing_keys: [pub('a2')] });

/** The claims of the activation in a text. */
function claimsIn(text: string): ActivationClaims {
  const token = decodeVerified(parseDecorated(text).token);
  if (token.kind !== 'activation') throw new Error(`a JWT of kind ${token.kind}`);
  return token.claims;
}

/** What a line answers: the claims without those that every token has, and what is told beside. */
async function generate(line: string, from: Given = given) {
  const made = new FakeWorld(from);
  const { context, input } = await made.prepare(command, line);
  const { content, steps, ...answer } = (await command.run(context, input as never)) as Emitted;
  const { jti, iat, ...claims } = claimsIn(String(content));
  const plain = made.aliases.plain({ ...answer, ...(steps && { steps: steps.map(({ message }) => message) }) });
  return { ...(plain as object), claims: made.aliases.plain(claims), iat, content: String(content) };
}

const bare = (subject: string, more: object = {}) => ({
  iss: 'a1',
  name: subject,
  sub: 'b1',
  nats: { kind: 'stream', subject, type: 'activation', version: 2 },
  ...more,
});

describe('an activation', () => {
  it('is for an account, and for the only private export', async () => {
    expect(await generate('--target-account B')).toMatchObject({
      kind: 'emitted',
      what: 'activation token',
      claims: bare('orders.>'),
      iat: NOW,
      warnings: [],
      data: {
        account: 'A',
        target_account: 'b1',
        type: 'stream',
        subject: 'orders.>',
        hash_id: expect.stringMatching(/^[A-Z2-7]{52}====$/),
      },
    });
  });

  it('is between banners', async () => {
    const { content } = await generate('-t B');
    expect(content).toMatch(/^-----BEGIN NATS ACTIVATION JWT-----\n\S+\n------END NATS ACTIVATION JWT------\n\n$/);
  });

  const lines: [what: string, line: string, expected: object, from?: Given][] = [
    ['for a part of the export', '-t B --subject orders.eu', { claims: bare('orders.eu') }],
    [
      'for an account that is known by its key alone',
      '-t $a3',
      { claims: bare('orders.>', { sub: 'a3' }), data: { target_account: 'a3' } },
    ],
    [
      'for a while',
      "-t B --start 2020-01-01 --expiry '2050-01-01 00:00:00 UTC'",
      { claims: bare('orders.>', { nbf: 1_577_836_800, exp: 2_524_608_000 }), warnings: [] },
    ],
    [
      'of another account, for a service',
      "-a A -t B -s 'pay.*'",
      {
        claims: bare('pay.*', { nats: { kind: 'service', subject: 'pay.*', type: 'activation', version: 2 } }),
        data: { type: 'service' },
      },
      { ...world({ exports: [service('pay.>', { token_req: true })] }), selected: { account: 'B' } },
    ],
    [
      'of a signing key names its account',
      '-t B -K $a2',
      { claims: { iss: 'a2', nats: { issuer_account: 'a1' } }, warnings: [] },
    ],
    [
      'of a strict operator is signed by a signing key',
      '-t B',
      { claims: { iss: 'a2', nats: { issuer_account: 'a1' } } },
      world(
        { exports: [orders], signing_keys: [pub('a2')] },
        { signing_keys: [pub('o2')], strict_signing_key_usage: true },
      ),
    ],
    [
      'of a role is accepted by servers, and told',
      '-t B -K $a2',
      {
        claims: { iss: 'a2', nats: { issuer_account: 'a1' } },
        warnings: ['it is signed by the key of role "r": removing that key for its users ends this activation, too'],
      },
      world({ exports: [orders], signing_keys: [scope('a2', 'r')] }),
    ],
    [
      'for the service of two exports of one subject',
      '-t B -s a --service',
      { claims: { nats: { kind: 'service' } } },
      world({ exports: [stream('a', { token_req: true }), service('a', { token_req: true })] }),
    ],
    [
      'for the only private export of its type',
      '-t B --service',
      { claims: { nats: { kind: 'service', subject: 'b' } } },
      world({ exports: [stream('a', { token_req: true }), service('b', { token_req: true }), service('c')] }),
    ],
    [
      'for the private one of two exports of one subject',
      '-t B -s a',
      { claims: { nats: { kind: 'stream' } } },
      world({ exports: [stream('a', { token_req: true }), service('a')] }),
    ],
    [
      'for later is told not to count yet',
      '-t B --start 2050-01-01',
      { warnings: ['the activation is not valid before 2050-01-01 00:00:00 UTC'] },
    ],
    [
      'of the past is told to be over',
      '-t B --expiry 2001-01-01',
      { warnings: ['the activation expired at 2001-01-01 00:00:00 UTC'] },
    ],
    ['into a file', '-t B --output-file b.jwt', { file: 'b.jwt' }],
  ];
  it.each(lines)('%s', async (_what, line, expected, from) => {
    expect(await generate(line, from)).toMatchObject(expected);
  });

  it('goes to standard output when it is told so', async () => {
    expect(await generate('-t B -o --')).not.toHaveProperty('file');
  });
});

describe('after a revocation (E-49, S-56)', () => {
  const revoked = (revocations: Record<string, number>) => world({ exports: [{ ...orders, revocations }] });
  it.each([
    ['of this second, it is dated a second later', { [pub('b1')]: NOW }, NOW + 1],
    ['of all accounts in this second, too', { '*': NOW }, NOW + 1],
    ['a little ahead, it is dated after that', { [pub('b1')]: NOW + 60, '*': NOW }, NOW + 61],
    ['of the past, it is dated now', { [pub('b1')]: NOW - 1 }, NOW],
    ['of somebody else, it is dated now', { [pub('a3')]: NOW + 5 }, NOW],
  ])('%s', async (_what, revocations, iat) => {
    expect(await generate('-t B', revoked(revocations))).toMatchObject({ iat });
  });

  const until = formatDate(NOW + 61);
  const why = `for "orders.>" are revoked up to ${until}, so servers would refuse this one`;
  itRefuses(command, revoked({ [pub('b1')]: NOW + 61 }), {
    'further ahead, it is refused': ['-t B', ['policy-refused', `activations of account "B" [b1] ${why}`]],
    'of all accounts further ahead, too': [
      '-t B',
      ['policy-refused', `activations of account "B" [b1] ${why}`],
      revoked({ [pub('b1')]: 5, '*': NOW + 61 }),
    ],
  });
});

describe('refused', () => {
  const exporter = account('A', 'a1', { nats: { exports: [orders] } });
  const doubled = world({ exports: [stream('a', { token_req: true }), service('a', { token_req: true })] });
  itRefuses(command, given, {
    nobody: ['-s orders.eu', ['missing-option', 'the account that imports was not named']],
    everybody: ["-t '*'", ['bad-value', 'an activation is for one account, not for all']],
    'the account itself': ['-t A', ['policy-refused', 'account "A" cannot import what it exports itself']],
    'an account that is not there': ['-t X', ['account-not-found', 'account "X" does not exist under operator "O"']],
    'a key that is no account': ['-t $u1', ['wrong-key-kind', 'u1 is a key of kind user, not account']],
    'a subject that is not exported': ['-t B -s pay', ['item-not-found', 'account "A" has no export "pay"']],
    'more than is exported': ["-t B -s '>'", ['item-not-found', 'account "A" has no export ">"']],
    'what ends in > where one token is exported, as servers have it': [
      "-t B -s 'a.>'",
      ['item-not-found', 'account "A" has no export "a.>"'],
      world({ exports: [stream('a.*', { token_req: true })] }),
    ],
    'a subject that is none': ['-t B -s a..b', ['bad-value', '--subject: subject "a..b" has an empty token']],
    'a public export': [
      '-t B -s news.eu',
      ['policy-refused', 'account "A" exports "news.>" publicly, so importing "news.eu" takes no activation'],
    ],
    'an account without exports': ['-a B -t A', ['item-not-found', 'account "B" has no exports']],
    'an account that was altered': [
      '-t B',
      ['bad-token', 'the JWT of account "A" does not hold what its issuer signed'],
      { operators: [{ operator: operator(), accounts: [alter(exporter), account('B', 'b1')] }] },
    ],
    'an operator that was altered': [
      '-t B',
      ['bad-token', 'the JWT of operator "O" does not hold what its issuer signed'],
      { operators: [{ operator: alter(operator()), accounts: [exporter, account('B', 'b1')] }] },
    ],
    'an account without private exports': [
      '-t B',
      ['item-not-found', 'account "A" has no private exports'],
      world({ exports: [stream('a')] }),
    ],
    'none of several private exports': [
      '-t B',
      ['missing-option', 'account "A" has 2 exports to choose from: stream "a", service "a"'],
      doubled,
    ],
    'a stream and a service of one subject': [
      '-t B -s a',
      ['missing-option', 'account "A" exports "a" as a stream and as a service'],
      doubled,
    ],
    'an end before the beginning': [
      '-t B --start 2050-01-01 --expiry 2049-01-01',
      ['bad-value', 'it would expire before it becomes valid'],
    ],
    'a time that is none': ['-t B --expiry never', ['bad-value', '--expiry: "never" is not a date or a time span']],
    'a key of the operator': [
      '-t B -K $o1',
      [
        'wrong-key-kind',
        'o1 is of kind operator, but activations of account "A" must be signed by one of kind account',
      ],
    ],
    'a key that the account does not list': [
      '-t B -K $a3',
      ['signer-not-allowed', 'a3 may not sign activations of account "A": it is not among the keys that may'],
    ],
    'without a key at hand': [
      '-t B',
      [
        'no-signer',
        'no key that may sign activations of account "A" is in the keystore: a1 (identity of account "A"), a2 (signing key of account "A")',
      ],
      { ...given, stored: ['o1'] },
    ],
  });
});

describe('--push', () => {
  const server = { account_server_url: 'https://me:pass@host/jwt/v1/' };
  const pushing = (post: NonNullable<Given['post']>, to: OperatorBody = server): Given => ({
    ...world({ exports: [orders] }, to),
    post,
  });

  it('sends the bare token, and tells where it can be fetched', async () => {
    const posted: unknown[] = [];
    const answer = await generate(
      '-t B --push',
      pushing(async (url, body, options) => {
        posted.push({ url, ...options, subject: claimsIn(body).nats.subject });
        return { status: 200, text: '' };
      }),
    );
    expect(posted).toEqual([
      {
        url: 'https://me:pass@host/jwt/v1/activations',
        contentType: 'application/jwt',
        subject: 'orders.>',
        maxBytes: 65_536,
        timeoutMs: 10_000,
      },
    ]);
    const address = expect.stringMatching(/^https:\/\/host\/jwt\/v1\/activations\/[A-Z2-7]{52}====$/);
    expect(answer).toMatchObject({ warnings: [], data: { pushed_to: address } });
    expect(answer).toMatchObject({
      steps: [
        expect.stringMatching(/^pushed the activation, to be fetched from https:\/\/host\/jwt\/v1\/activations\//),
      ],
    });
  });

  it('tells what the server says, and that it may take its time', async () => {
    const answer = await generate(
      '-t B --push',
      pushing(async () => ({ status: 202, text: 'queued\u001b[2J\n' })),
    );
    expect(answer).toMatchObject({
      warnings: [
        'the account server took the activation (status 202), and may not serve it yet',
        'the account server says: "queued\\u{1b}[2J"',
      ],
    });
  });

  const nowhere = async (): Promise<never> => {
    throw new Error('nothing may be sent');
  };
  itRefuses(command, pushing(nowhere, {}), {
    'is refused before anything where there is no account server': [
      '-t B --push',
      ['policy-refused', 'operator "O" has no account server URL, so there is nowhere to push to'],
    ],
    'is refused where servers keep accounts': [
      '-t B --push',
      [
        'policy-refused',
        'operator "O" has "nats://host:4222" as its account server URL, which keeps no activations, so there is nowhere to push to',
      ],
      pushing(nowhere, { account_server_url: 'nats://host:4222' }),
    ],
  });

  describe('in a session', () => {
    const posts: string[] = [];
    const session = async (post: Remote['post']): Promise<Session> => {
      posts.length = 0;
      const made = new Session({ remote: { get: nowhere, post } });
      await made.ok('add operator O');
      await made.ok('edit operator --account-jwt-server-url http://host/jwt/v1');
      await made.ok('add account B');
      await made.ok('add account A');
      await made.ok('add export --subject orders.> --private');
      return made;
    };
    const works: Remote['post'] = async (url) => {
      posts.push(url);
      return { status: 200, text: '' };
    };
    const fails: Remote['post'] = async (url) => {
      throw new NscError('remote-failed', `${url}: answered with status 500`);
    };
    const line = 'generate activation --target-account B --push';

    it('the answer is on standard output alone', async () => {
      const { exit, stdout, stderr } = await (await session(works)).run(line);
      expect(exit).toBe(0);
      expect(claimsIn(stdout).nats.subject).toBe('orders.>');
      expect(stderr).toMatch(
        /^\[ OK \] pushed the activation, to be fetched from http:\/\/host\/jwt\/v1\/activations\//,
      );
    });

    it('a file is written, and the report on standard output', async () => {
      const made = await session(works);
      const { stdout, stderr } = await made.run(`${line} -o b.jwt`);
      expect(stdout).toMatch(/^\[ OK \] wrote activation token to .*\n\[ OK \] pushed the activation/);
      expect(stderr).toBe('');
      const file = join(made.cwd, 'b.jwt');
      expect(claimsIn(readFileSync(file, 'utf8')).nats.subject).toBe('orders.>');
      expect(statSync(file).mode & 0o777).toBe(0o600);
    });

    it('JSON is one document with what was done', async () => {
      const { stdout, stderr } = await (await session(works)).run(`${line} --json`);
      expect(JSON.parse(stdout)).toMatchObject({
        ok: true,
        what: 'activation token',
        content: expect.stringContaining('BEGIN NATS ACTIVATION JWT'),
        pushed_to: expect.stringMatching(/^http:\/\/host\/jwt\/v1\/activations\//),
        steps: [{ level: 'ok', message: expect.stringMatching(/^pushed the activation/) }],
      });
      expect(stderr).toBe('');
    });

    it('what cannot be pushed is printed all the same, and the exit code tells', async () => {
      const { exit, stdout, stderr } = await (await session(fails)).run(line);
      expect(exit).toBe(7);
      expect(claimsIn(stdout).nats.subject).toBe('orders.>');
      expect(stderr).toContain(
        'the activation was made, but not pushed: http://host/jwt/v1/activations: answered with status 500',
      );
      expect(stderr).not.toContain('[ OK ]');
    });

    it('what cannot be pushed is in its file, and JSON says that it is not ok', async () => {
      const made = await session(fails);
      const { exit, stdout, stderr } = await made.run(`${line} -o b.jwt --json`);
      expect(exit).toBe(7);
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, file: 'b.jwt', subject: 'orders.>' });
      expect(JSON.parse(stdout)).not.toHaveProperty('pushed_to');
      expect(JSON.parse(stderr)).toMatchObject({ ok: false, error: { code: 'remote-failed' } });
      expect(claimsIn(readFileSync(join(made.cwd, 'b.jwt'), 'utf8')).nats.subject).toBe('orders.>');
    });

    it('a dry run sends nothing', async () => {
      const made = await session(works);
      const { exit, stderr } = await made.run(`${line} --dry-run`);
      expect([exit, posts]).toEqual([0, []]);
      expect(stderr).toMatch(/^\[ -- \] pushed the activation/);
    });

    it('what is revoked and issued again in the same second counts (E-49)', async () => {
      const made = await session(works);
      const iat = async () => claimsIn(await made.ok('generate activation -t B')).iat ?? 0;
      const revokedUntil = async () => {
        await made.ok('revocations add_activation -t B');
        return Object.values(JSON.parse(await made.ok('describe account -F nats.exports[0].revocations')))[0];
      };
      const first = await iat();
      expect(await revokedUntil()).toBe(first);
      const second = await iat();
      expect(second).toBe(Number(first) + 1);
      expect(await revokedUntil()).toBe(second);
      expect(await iat()).toBe(Number(second) + 1);
    });
  });
});
