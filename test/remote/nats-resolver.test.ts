import { describe, expect, it, onTestFinished } from 'vitest';
import type { Holding, Resolver, ResolverTarget } from '../../src/app/resolver.js';
import { issue, keyPairFromRaw, newUser } from '../../src/index.js';
import { resolversOf } from '../../src/remote/resolvers.js';
import { caughtAsync } from '../support/caught.js';
import {
  FakeNats,
  type FakeNatsOptions,
  type FakePeer,
  type FakeReply,
  fakeServer,
} from '../support/fake-nats-link.js';

const key = (role: 'account' | 'user', number: number) => keyPairFromRaw(role, new Uint8Array(32).fill(number));
const [SYS, A, B, C] = [1, 2, 3, 4].map((number) => key('account', number).publicKey) as [
  string,
  string,
  string,
  string,
];

const TIMEOUT_MS = 60;

/** Longer than a test may take: nothing is waited for. */
const FOREVER_MS = 1_000_000;

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const target = (url: string, timeoutMs = TIMEOUT_MS): ResolverTarget => ({
  url,
  clientName: 'nsc_test',
  timeoutMs,
  identity() {
    const pair = key('user', 1);
    return { token: issue('user', newUser(pair.publicKey, 'u'), key('account', 1), { now: 1 }).token, pair };
  },
});

/** A resolver before peers, which is closed when the test ends. */
async function open(
  peers: readonly FakePeer[],
  { url = 'nats://s1:4222', timeoutMs, ...options }: FakeNatsOptions & { url?: string; timeoutMs?: number } = {},
) {
  const nats = new FakeNats(peers, options);
  const resolver = await resolversOf({ nats }).open(target(url, timeoutMs));
  onTestFinished(() => resolver.close());
  return { nats, resolver };
}

const three = (...options: Parameters<typeof fakeServer>): FakePeer[] =>
  ['S1', 'S2', 'S3'].map((name) => fakeServer({ active: 3, ...options[0], name }));

const namesOf = ({ servers }: Resolver): string[] => servers.map(({ name }) => name);

describe('who is there', () => {
  it('is who answers, in the order of names, as soon as all have whom anybody counts (S-10)', async () => {
    const { resolver, nats } = await open(three().reverse(), { timeoutMs: FOREVER_MS });
    expect(resolver).toMatchObject({ kind: 'nats', url: 'nats://s1:4222', absent: [], maxRequest: 1_048_576 });
    expect(resolver.servers).toEqual([
      { name: 'S1', id: 'NS1', version: '2.10.29' },
      { name: 'S2', id: 'NS2', version: '2.10.29' },
      { name: 'S3', id: 'NS3', version: '2.10.29' },
    ]);
    expect(nats.targets).toMatchObject([{ servers: ['nats://s1:4222'], clientName: 'nsc_test', reconnects: false }]);
  });

  it('asks again for one that was reached by its URL and is silent: it may just have joined the others', async () => {
    let asked = 0;
    const late = fakeServer({
      name: 'S3',
      active: 3,
      answers: (subject, own) => {
        if (subject === '$SYS.REQ.SERVER.PING') asked += 1;
        return asked > 1 ? own : [];
      },
    });
    const { resolver } = await open([...three().slice(0, 2), late], {
      url: 'nats://s1:4222,nats://s2:4222,nats://s3:4222',
    });
    expect([namesOf(resolver), resolver.absent, asked]).toEqual([['S1', 'S2', 'S3'], [], 2]);
  });

  it('gives servers with the same name names of their own', async () => {
    const { resolver } = await open([1, 2, 3].map((id) => fakeServer({ id: `N${id}`, active: 3 })));
    expect(namesOf(resolver)).toEqual(['S1', 'S1 (N2)', 'S1 (N3)']);
  });

  it.each<[why: string, peers: FakePeer[], options: Parameters<typeof open>[1], absent: unknown]>([
    [
      'a server that is only counted',
      [fakeServer({ active: 2 })],
      {},
      [{ name: '1 more server', reason: expect.stringMatching(/^no answer within 0.06 s; the others count it/) }],
    ],
    [
      'a server that others have a route to, by its name',
      [fakeServer({ active: 2, routes: ['S2', 'S2'] })],
      {},
      [{ name: 'S2', reason: 'no answer within 0.06 s, although there is a route to it' }],
    ],
    [
      'a URL where nobody is, without its password',
      [fakeServer()],
      { url: 'nats://s1:4222,nats://me:secret@s2:4222', down: { 'nats://me:secret@s2:4222': 'connection refused' } },
      [{ name: 'nats://s2:4222', reason: 'connection refused' }],
    ],
    [
      'a URL whose server says nothing',
      [fakeServer(), fakeServer({ name: 'S2', answers: () => [] })],
      { url: 'nats://s1:4222,nats://s2:4222' },
      [{ name: 'nats://s2:4222', reason: 'no answer within 0.06 s' }],
    ],
    [
      'once, a server that is counted and has a URL',
      [fakeServer({ active: 2 })],
      { url: 'nats://s1:4222,nats://s2:4222', down: { 'nats://s2:4222': 'connection refused' } },
      [{ name: 'nats://s2:4222', reason: 'connection refused' }],
    ],
    [
      'as many as are counted, by the names of some',
      [fakeServer({ active: 4, routes: ['S2'] })],
      {},
      [{ name: 'S2' }, { name: '2 more servers' }],
    ],
    [
      'as many as a reader bears by name',
      [fakeServer({ active: 9999, routes: Array.from({ length: 9000 }, (_, at) => `R${at}`) })],
      {},
      [...Array.from({ length: 20 }, () => ({ name: expect.stringMatching(/^R/) })), { name: '9978 more servers' }],
    ],
  ])('tells of %s', async (_why, peers, options, absent) => {
    const { resolver, nats } = await open(peers, options);
    expect(resolver.absent).toMatchObject(absent as object[]);
    expect(nats.open).toBe(1);
  });

  it('does not take the former life of a server for another server', async () => {
    const { resolver } = await open([
      fakeServer({ name: 'S1', active: 3 }),
      fakeServer({ name: 'S2', active: 2, start: '2026-01-01T01:00:00Z' }),
    ]);
    expect(resolver.absent).toEqual([]);
  });

  it('needs only one URL that leads somewhere', async () => {
    const down = { 'nats://s1:4222': 'connection refused' };
    const { resolver, nats } = await open([fakeServer(), fakeServer({ name: 'S2' })], {
      url: 'nats://s1:4222, nats://s2:4222,nats://s2:4222',
      down,
    });
    expect(resolver.url).toBe('nats://s2:4222');
    expect(nats.targets.at(-1)?.servers).toEqual(['nats://s2:4222', 'nats://s1:4222']);
  });

  it.each<[string, FakePeer[], Parameters<typeof open>[1], string]>([
    [
      'nobody can be reached',
      [fakeServer()],
      { down: { 'nats://s1:4222': 'refused' } },
      'cannot connect to nats://s1:4222: refused',
    ],
    ['nobody answers', [fakeServer({ answers: () => [] })], {}, 'nats://s1:4222: nobody answered within 0.06 s'],
    [
      'nobody listens',
      [{ ...fakeServer(), answer: () => undefined }],
      {},
      'nats://s1:4222: no server listens to requests about accounts',
    ],
    [
      'what answers is no server',
      [fakeServer({ answers: () => ['\u001b[31mhello'] })],
      {},
      'nats://s1:4222: its answer is no JSON object: "\\u{1b}[31mhello"',
    ],
  ])('refuses when %s', async (_why, peers, options, message) => {
    expect(await caughtAsync(() => open(peers, options))).toMatchObject({ code: 'remote-failed', message });
  });

  it.each(['ftp://h', 'nats://a,http://b', 'http://a,http://b', '', 'host:4222'])(
    'refuses the URL "%s"',
    async (url) => {
      expect(await caughtAsync(() => open([fakeServer()], { url }))).toMatchObject({ code: 'bad-value' });
    },
  );

  it('closes the connection when it refuses', async () => {
    const nats = new FakeNats([fakeServer({ answers: () => [] })]);
    await caughtAsync(() => resolversOf({ nats }).open(target('nats://s1:4222')));
    expect(nats.open).toBe(0);
  });
});

describe('update', () => {
  it('ends when every server has said what it did (S-1, S-11)', async () => {
    const kinds = ['full', 'cache', 'memory'] as const;
    const { resolver, nats } = await open(
      kinds.map((kind, at) => fakeServer({ name: `S${at + 1}`, kind, active: 3 })),
      { timeoutMs: FOREVER_MS },
    );
    expect(await resolver.update(A, 'token')).toEqual([
      { server: 'S1', state: 'taken', message: 'jwt updated' },
      { server: 'S2', state: 'ignored', message: 'jwt update cache skipped' },
      { server: 'S3', state: 'ignored', message: 'jwt update skipped' },
    ]);
    expect(nats.requests.at(-1)).toBe(`$SYS.REQ.ACCOUNT.${A}.CLAIMS.UPDATE`);
  });

  const server = (name: string) => ({ name, id: `N${name}` });
  it.each<[what: string, answer: string, message: string]>([
    ['an error', '{"server":S,"error":{"code":500,"description":"jwt store is full"}}', 'jwt store is full'],
    ['an error without words', '{"server":S,"error":{"code":500}}', 'error "500" without a description'],
    ['an error that is a text', '{"server":S,"error":"no"}', 'error "no"'],
    ['an empty error', '{"server":S,"error":{}}', 'error without a description'],
    ['an error of any depth', `{"server":S,"error":${nested(20_000)}}`, 'error something else'],
    ['a code of any depth', `{"server":S,"data":{"code":${nested(20_000)}}}`, 'code something else'],
    [
      'an account of any depth',
      `{"server":S,"data":{"account":${nested(20_000)}}}`,
      'its answer is about something else',
    ],
    ['a bad code', '{"server":S,"data":{"code":500,"message":"oh"}}', 'code "500": oh'],
    ['no data', '{"server":S}', 'its answer has neither data nor an error'],
    ['data of another kind', '{"server":S,"data":["x"]}', 'its answer has neither data nor an error'],
    ['another account', `{"server":S,"data":{"code":200,"account":"${B}"}}`, `its answer is about "${B}"`],
  ])('tells of %s, and of the others beside it (S-9)', async (_what, answer, message) => {
    const text = answer.replace('S', JSON.stringify(server('S1')));
    const [, ...others] = three();
    const { resolver } = await open([
      fakeServer({ active: 3, answers: (subject) => (subject.endsWith('UPDATE') ? [text] : undefined) }),
      ...others,
    ]);
    const answers = await resolver.update(A, 'token');
    expect(answers).toEqual([
      { server: 'S1', state: 'refused', message },
      { server: 'S2', state: 'taken', message: 'jwt updated' },
      { server: 'S3', state: 'taken', message: 'jwt updated' },
    ]);
  });

  it.each<[what: string, text: string, message: RegExp]>([
    ['no JSON', '<html>\u0007', /^its answer is no JSON object: "<html>\\u\{7\}"$/],
    ['nothing', '', /^its answer is no JSON object: ""$/],
    ['a list', '[]', /no JSON object/],
    ['deeply nested garbage', '['.repeat(100_000), /no JSON object/],
    ['what takes more room than it has bytes', nested(100_001), /^its answer has more than 100000 parts$/],
    ['nobody in particular (S-58)', '{"data":{"code":200}}', /^its answer does not say which server it is$/],
    ['somebody without a name', '{"server":{"name":""},"data":{}}', /does not say which server/],
    ['somebody who is a text', '{"server":"S1","data":{}}', /does not say which server/],
  ])('takes %s for a refusal, and waits for who should answer', async (_what, text, message) => {
    const answers = (subject: string) => (subject.endsWith('UPDATE') ? [text] : undefined);
    const { resolver } = await open([fakeServer({ active: 2 }), fakeServer({ name: 'S2', active: 2, answers })]);
    expect(await resolver.update(A, 'token')).toEqual([
      { server: 'S1', state: 'taken', message: 'jwt updated' },
      { server: 'S2', state: 'silent', message: 'no answer within 0.06 s' },
      { server: 'a server without a name', state: 'refused', message: expect.stringMatching(message) },
    ]);
  });

  it('counts a server once that answers twice, by what it said first', async () => {
    const answers = (subject: string, own: readonly string[] | undefined) =>
      subject.endsWith('UPDATE')
        ? [...(own ?? []), '{"server":{"name":"S1","id":"NS1"},"error":{"description":"no"}}']
        : undefined;
    const { resolver } = await open([fakeServer({ active: 2, answers }), fakeServer({ name: 'S2', active: 2 })]);
    expect((await resolver.update(A, 'token')).map(({ server, state }) => `${server} ${state}`)).toEqual([
      'S1 taken',
      'S2 taken',
    ]);
  });

  it('adds a server that appears meanwhile', async () => {
    const late = fakeServer({ name: 'S3', answers: (subject) => (subject.endsWith('PING') ? [] : undefined) });
    const { resolver } = await open([fakeServer({ active: 2 }), late, fakeServer({ name: 'S4', active: 2 })]);
    expect(namesOf(resolver)).toEqual(['S1', 'S4']);
    expect((await resolver.update(A, 'token')).map(({ server }) => server)).toEqual(['S1', 'S4', 'S3']);
    expect(namesOf(resolver)).toEqual(['S1', 'S4', 'S3']);
  });

  it('names who stays silent, and waits for it less from then on', async () => {
    let isSilent = true;
    const answers = (subject: string) => (isSilent && subject.endsWith('UPDATE') ? [] : undefined);
    const { resolver } = await open([fakeServer({ active: 2 }), fakeServer({ name: 'S2', active: 2, answers })]);
    for (const account of [A, B]) {
      expect(await resolver.update(account, 'token')).toMatchObject([
        { server: 'S1', state: 'taken' },
        { server: 'S2', state: 'silent', message: 'no answer within 0.06 s' },
      ]);
    }
    isSilent = false;
    expect((await resolver.update(C, 'token')).map(({ state }) => state)).toEqual(['taken', 'taken']);
  });

  it('keeps apart what was asked at the same time', async () => {
    const held = new Map<string, string>();
    const { resolver } = await open([fakeServer({ held })]);
    const accounts = Array.from({ length: 64 }, (_, at) => key('account', 100 + at).publicKey);
    await Promise.all(accounts.map((account) => resolver.update(account, `token of ${account}`)));
    expect([...held].every(([account, token]) => token === `token of ${account}`)).toBe(true);
    expect(held.size).toBe(64);
  });

  it('sends nothing that is too large, and nothing to what is no account', async () => {
    const { resolver, nats } = await open([fakeServer()], { maxPayload: 10 });
    const before = nats.requests.length;
    expect(await resolver.update(A, 'x'.repeat(11))).toEqual([
      { server: 'S1', state: 'refused', message: '11 bytes are more than the 10 that it takes (max_payload)' },
    ]);
    expect(await resolver.remove('x'.repeat(11))).toMatchObject([{ server: 'S1', state: 'refused' }]);
    expect(await caughtAsync(() => resolver.update('*', 'x'))).toMatchObject({ code: 'bad-key' });
    expect(await caughtAsync(() => resolver.copies('>'))).toMatchObject({ code: 'bad-key' });
    expect(nats.requests.length).toBe(before);
  });

  it('fails when the user may not ask', async () => {
    const { resolver } = await open([fakeServer()], { forbidden: /UPDATE/ });
    expect(await caughtAsync(() => resolver.update(A, 'x'))).toMatchObject({ code: 'remote-failed' });
  });
});

describe('list', () => {
  const show = (holdings: readonly Holding[] | undefined) =>
    holdings?.map(({ server, keeps, accounts }) => `${server} ${keeps} ${accounts.size}`);

  it('ends when no more answers can come, and tells who keeps nothing', async () => {
    const held = () =>
      new Map([
        [SYS, 's'],
        [A, 'a'],
      ]);
    const { resolver, nats } = await open(
      [
        fakeServer({ active: 4, held: held() }),
        fakeServer({ name: 'S2', active: 4, held: held() }),
        fakeServer({ name: 'S3', active: 4, held: new Map([[SYS, 's']]), kind: 'cache' }),
        fakeServer({ name: 'S4', active: 4, kind: 'memory' }),
      ],
      { timeoutMs: FOREVER_MS },
    );
    expect(show(await resolver.list())).toEqual(['S1 all 2', 'S2 all 2', 'S3 some 1', 'S4 none 0']);
    expect(nats.requests).toContain('$SYS.REQ.SERVER.PING.ACCOUNTZ');
  });

  it.each<[what: string, members: string]>([
    ['no list (S-59)', '"data":{"a":1}'],
    ['nothing', '"x":1'],
    ['an error', '"error":{"code":500,"description":"disk"}'],
  ])('leaves out a server that answers with %s, and not the others', async (_what, members) => {
    const text = `{"server":{"name":"S1","id":"NS1"},${members}}`;
    const { resolver } = await open([
      fakeServer({ active: 2, answers: (subject) => (subject.endsWith('LIST') ? [text] : undefined) }),
      fakeServer({ name: 'S2', active: 2, held: new Map([[A, 'a']]) }),
    ]);
    expect(show(await resolver.list())).toEqual(['S2 all 1']);
  });

  it('drops what is no public key of an account (S-59)', async () => {
    const data = JSON.stringify([A, 'README', 7, null, [A], key('user', 1).publicKey, A, `${A} `, `../${B}`]);
    const text = `{"server":{"name":"S1","id":"NS1"},"data":${data}}`;
    const { resolver } = await open([
      fakeServer({ answers: (subject) => (subject.endsWith('LIST') ? [text] : undefined) }),
    ]);
    expect([...((await resolver.list())?.[0]?.accounts ?? [])]).toEqual([A]);
  });

  it('leaves out who stays silent', async () => {
    const answers = (subject: string) => (subject.endsWith('.PING') ? undefined : []);
    const { resolver } = await open([fakeServer({ active: 2 }), fakeServer({ name: 'S2', active: 2, answers })]);
    expect(show(await resolver.list())).toEqual(['S1 all 0']);
  });

  it('waits as long as may be where the user may not ask everything', async () => {
    const { resolver } = await open(three(), { forbidden: /ACCOUNTZ/ });
    expect(show(await resolver.list())).toEqual(['S1 all 0', 'S2 all 0', 'S3 all 0']);
  });

  it('knows of servers without resolvers that they keep nothing', async () => {
    const { resolver } = await open([fakeServer({ kind: 'memory' })], { timeoutMs: FOREVER_MS });
    expect(show(await resolver.list())).toEqual(['S1 none 0']);
  });

  it('takes as many for keepers of all as there are, where lists are the same', async () => {
    const { resolver } = await open([
      fakeServer({ active: 2, kind: 'cache', held: new Map([[SYS, 's']]) }),
      fakeServer({ name: 'S2', active: 2, held: new Map([[SYS, 's']]) }),
    ]);
    expect(
      show(await resolver.list())
        ?.map((line) => line.slice(3))
        .sort(),
    ).toEqual(['all 1', 'some 1']);
  });
});

describe('copies', () => {
  it.each(['2.10.29', '2.9.10'])('of servers %s that are alike need no further question', async (version) => {
    const peers = three({
      version,
      held: new Map([
        [SYS, 's'],
        [A, 'a'],
      ]),
    });
    const { resolver, nats } = await open(peers, { timeoutMs: FOREVER_MS });
    expect(await resolver.copies(A)).toEqual([{ token: 'a' }, { token: 'a' }, { token: 'a' }]);
    await resolver.list();
    const before = nats.requests.length;
    expect(await resolver.copies(A)).toEqual(['S1', 'S2', 'S3'].map((server) => ({ server, token: 'a' })));
    expect(nats.requests.slice(before)).toEqual([`$SYS.REQ.ACCOUNT.${A}.CLAIMS.LOOKUP`]);
  });

  it.each(['2.10.29', '2.9.10'])('of servers %s that nobody has are none', async (version) => {
    const { resolver } = await open(three({ version, held: new Map([[SYS, 's']]) }), { timeoutMs: FOREVER_MS });
    expect(await resolver.copies(A)).toEqual([]);
  });

  it('that differ are asked for by name', async () => {
    const { resolver } = await open([
      fakeServer({
        active: 2,
        held: new Map([
          [SYS, 's'],
          [A, 'old'],
        ]),
      }),
      fakeServer({
        name: 'S2',
        active: 2,
        held: new Map([
          [SYS, 's'],
          [A, 'new'],
        ]),
      }),
    ]);
    expect(await resolver.copies(A)).toEqual([
      { server: 'S1', token: 'old' },
      { server: 'S2', token: 'new' },
    ]);
  });

  it('stay without a name where several servers may have them', async () => {
    const answers = (subject: string) =>
      subject.endsWith('ACCOUNTZ') ? ['{"server":{"name":"S1","id":"NS1"},"error":{}}'] : undefined;
    const peers = [
      fakeServer({
        active: 2,
        answers,
        held: new Map([
          [SYS, 's'],
          [A, 'old'],
        ]),
      }),
      fakeServer({ name: 'S2', active: 2, held: new Map([[SYS, 's']]) }),
    ];
    const { resolver } = await open(peers);
    expect(await resolver.copies(A)).toEqual([{ token: 'old' }]);
    await resolver.list();
    expect(await resolver.copies(A)).toEqual([{ server: 'S1', token: 'old' }]);
  });

  it('of caches and of servers with their own configuration are asked for, too', async () => {
    const held = (token: string) =>
      new Map([
        [SYS, 's'],
        [A, token],
      ]);
    const { resolver } = await open([
      fakeServer({ active: 3, held: new Map([...held('new'), [B, 'b']]) }),
      fakeServer({ name: 'S2', active: 3, kind: 'cache', held: held('old') }),
      fakeServer({ name: 'S3', active: 3, kind: 'memory', held: held('older') }),
    ]);
    await resolver.list();
    expect(await resolver.copies(A)).toEqual([
      { server: 'S1', token: 'new' },
      { server: 'S2', token: 'old' },
      { server: 'S3', token: 'older' },
    ]);
  });

  it('of a server that answers about another account are nobody’s', async () => {
    const detail = { account_name: B, jwt: 'of B' };
    const text = JSON.stringify({ server: { name: 'S1', id: 'NS1' }, data: { account_detail: detail } });
    const answers = (subject: string) => (subject.endsWith('ACCOUNTZ') ? [text] : undefined);
    const { resolver } = await open([fakeServer({ kind: 'memory', answers })]);
    await resolver.list();
    expect(await resolver.copies(A)).toEqual([]);
  });
});

describe('remove', () => {
  it('tells who obeyed, who refused and who keeps nothing', async () => {
    const refusal =
      '{"server":{"name":"S2","id":"NS2"},"error":{"code":500,"description":"delete must be enabled in server config"}}';
    const answers = (subject: string) => (subject.endsWith('DELETE') ? [refusal] : undefined);
    const { resolver } = await open(
      [
        fakeServer({
          active: 3,
          answers: (subject) =>
            subject.endsWith('DELETE')
              ? ['{"server":{"name":"S1","id":"NS1"},"data":{"code":200,"message":"deleted 1 accounts"}}']
              : undefined,
        }),
        fakeServer({ name: 'S2', active: 3, answers }),
        fakeServer({ name: 'S3', active: 3, kind: 'memory' }),
      ],
      { timeoutMs: FOREVER_MS },
    );
    expect(await resolver.remove('request')).toEqual([
      { server: 'S1', state: 'taken', message: 'deleted 1 accounts' },
      { server: 'S2', state: 'refused', message: 'delete must be enabled in server config' },
      { server: 'S3', state: 'ignored', message: 'it keeps no accounts' },
    ]);
  });
});

describe('pack', () => {
  const all = async (resolver: Resolver) => {
    const packed: string[] = [];
    for await (const { account, token } of resolver.pack()) packed.push(`${account.slice(0, 2)} ${token}`);
    return packed;
  };
  const packing = (...replies: (string | FakeReply)[]) =>
    open([fakeServer({ answers: (subject) => (subject.endsWith('PACK') ? replies : undefined) })]);

  it('is every account, up to the end mark', async () => {
    const { resolver } = await packing(
      `${A}|e.y.J`,
      { text: `${B}|b.b.b\n${C}|c.c.c`, afterMs: 40 },
      { text: '', afterMs: 80 },
    );
    expect(await all(resolver)).toHaveLength(3);
  });

  it('may be empty', async () => {
    const { resolver } = await packing('');
    expect(await all(resolver)).toEqual([]);
  });

  it.each<[what: string, replies: (string | FakeReply)[], message: RegExp]>([
    ['breaks off', [`${A}|a.a.a`], /^the server stopped after 1 accounts without saying that these are all$/],
    ['never begins', [], /^no server began to hand out its accounts within 0.06 s$/],
    ['is garbage', ['hello\u0007'], /^the server hands out what is no account: "hello\\u\{7\}"$/],
    ['has a key that is none', [`${A.slice(0, -1)}A|a.a.a`, ''], /what is no account/],
    ['has a path for a key', ['../../x|a.a.a', ''], /what is no account/],
    ['has no token', [`${A}|`, ''], /what is no account/],
    ['has another separator', [`${A}|a.a.a|b`, ''], /what is no account/],
    ['has a token of 2 MB', [`${A}|${'a'.repeat(2_000_000)}`, ''], /what is no account/],
  ])('that %s is refused', async (_what, replies, message) => {
    const { resolver } = await packing(...replies);
    const error = await caughtAsync(() => all(resolver));
    expect(error.code).toBe('remote-failed');
    expect(error.message).toMatch(message);
  });

  it('needs a server that keeps every account', async () => {
    const { resolver } = await open([fakeServer({ kind: 'cache' })]);
    expect(await caughtAsync(() => all(resolver))).toMatchObject({
      code: 'remote-failed',
      message: 'no server here keeps every account, so none can hand them out',
    });
  });

  it('may be left early', async () => {
    const { resolver } = await packing(`${A}|a.a.a`, `${B}|b.b.b`, '');
    for await (const { account } of resolver.pack()) {
      expect(account).toBe(A);
      break;
    }
  });
});

it('hands out no operator', async () => {
  const { resolver } = await open([fakeServer()]);
  expect(await caughtAsync(() => resolver.operator())).toMatchObject({ code: 'policy-refused' });
});
