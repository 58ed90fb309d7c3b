import { describe, expect, it, onTestFinished } from 'vitest';
import type { Resolver } from '../../src/app/resolver.js';
import { issue, keyPairFromRaw, newUser } from '../../src/index.js';
import { resolversOf } from '../../src/remote/resolvers.js';
import { caughtAsync } from '../support/caught.js';
import { FakeNats, type FakeNatsOptions, type FakePeer, fakeServer } from '../support/fake-nats-link.js';

const key = (role: 'account' | 'user', number: number) => keyPairFromRaw(role, new Uint8Array(32).fill(number));
const [OWN, OLD, ACCOUNT] = [key('user', 1), key('account', 2), key('account', 3).publicKey];

/** A client as servers list it. */
const client = (cid: number, more: object = {}) => ({
  cid,
  kind: 'Client',
  issuer_key: OLD.publicKey,
  name: `c${cid}`,
  ...more,
});

const CONNZ = '$SYS.REQ.SERVER.PING.CONNZ';
const VARZ = '$SYS.REQ.SERVER.PING.VARZ';

interface Question {
  readonly auth: boolean;
  readonly acc: string;
  readonly limit: number;
  readonly offset: number;
}

/** A server that answers one request in its own way. */
function peer(name: string, subject: string, answer: (question: Question) => unknown, active = 1): FakePeer {
  const usual = fakeServer({ name, active });
  return {
    ...usual,
    answer(asked, payload) {
      if (asked !== subject) return usual.answer(asked, payload);
      const said = answer(JSON.parse(payload || '{}') as Question);
      if (said === undefined) return [];
      return [JSON.stringify({ server: { name, id: `N${name}` }, ...(said as object) })];
    },
  };
}

/** Clients in pages, as servers turn them. */
const listing =
  (clients: () => readonly object[]) =>
  ({ offset, limit }: Question) => {
    const all = clients();
    const page = all.slice(offset, offset + limit);
    return { data: { total: all.length, offset, limit, num_connections: page.length, connections: page } };
  };

async function open(peers: readonly FakePeer[], options: FakeNatsOptions = {}): Promise<Resolver> {
  const resolver = await resolversOf({ nats: new FakeNats(peers, options) }).open({
    url: 'nats://s1:4222',
    clientName: 'nsc_test',
    timeoutMs: 60,
    identity: () => ({ token: issue('user', newUser(OWN.publicKey, 'u'), OLD, { now: 1 }).token, pair: OWN }),
  });
  onTestFinished(() => resolver.close());
  return resolver;
}

const ask = async (peers: readonly FakePeer[], options?: FakeNatsOptions) =>
  (await open(peers, options)).clients(ACCOUNT, new Set([OLD.publicKey]));

describe('who is connected', () => {
  it('is asked of all servers, for one account and with what let clients in', async () => {
    const questions: Question[] = [];
    const answer = (clients: readonly object[]) => (question: Question) => {
      questions.push(question);
      return listing(() => clients)(question);
    };
    const jwt = issue('user', newUser(key('user', 7).publicKey, 'alice'), OLD, { now: 1 }).token;
    const answers = await ask([
      peer(
        'S1',
        CONNZ,
        answer([
          client(5, { jwt, authorized_user: 'U-other', issuer_key: 'A-other' }),
          client(6, { issuer_key: 'A-other' }),
        ]),
        2,
      ),
      peer('S2', CONNZ, answer([]), 2),
    ]);
    expect(questions[0]).toEqual({ auth: true, acc: ACCOUNT, limit: 512, offset: 0 });
    expect(answers).toEqual([
      {
        server: 'S1',
        clients: [{ keys: ['U-other', 'A-other', key('user', 7).publicKey, OLD.publicKey], user: 'alice', name: 'c5' }],
      },
      { server: 'S2', clients: [] },
    ]);
  });

  it('is everybody on every page', async () => {
    const all = Array.from({ length: 2000 }, (_, at) => client(at + 1));
    const [answer] =
      (await ask([
        peer(
          'S1',
          CONNZ,
          listing(() => all),
        ),
      ])) ?? [];
    expect(answer).toMatchObject({ server: 'S1' });
    expect(answer?.problem === undefined && answer?.clients.map(({ name }) => name)).toEqual(
      all.map(({ name }) => name),
    );
  });

  it('is nobody less when some leave while pages are turned', async () => {
    let all = Array.from({ length: 1200 }, (_, at) => client(at + 1));
    const answer = listing(() => {
      const now = all;
      all = all.slice(50); // the eldest go
      return now;
    });
    const [said] = (await ask([peer('S1', CONNZ, answer)])) ?? [];
    const names = said?.problem === undefined ? said?.clients.map(({ name }) => name) : [];
    expect(names).toEqual(Array.from({ length: 1200 }, (_, at) => `c${at + 1}`));
  });

  it('is not known when too many leave', async () => {
    let all = Array.from({ length: 1200 }, (_, at) => client(at + 1));
    const answer = listing(() => {
      const now = all;
      all = all.slice(200);
      return now;
    });
    expect(await ask([peer('S1', CONNZ, answer)])).toEqual([
      { server: 'S1', problem: 'its clients come and go too fast to see all of them' },
    ]);
  });

  it('does not count this very connection', async () => {
    const own = client(1, { authorized_user: OWN.publicKey, name: 'nsc_test' });
    const other = client(2, { authorized_user: OWN.publicKey, name: 'another' });
    expect(
      await ask([
        peer(
          'S1',
          CONNZ,
          listing(() => [own, other]),
        ),
      ]),
    ).toMatchObject([{ clients: [{ name: 'another' }] }]);
  });

  it.each<[what: string, answer: unknown, problem: string]>([
    ['silence', undefined, 'it did not answer in time'],
    ['an error', { error: { code: 500, description: 'no' } }, 'no'],
    ['no data', {}, 'its answer has no data'],
    ['data of another kind', { data: [1] }, 'its answer has no data'],
    ['no count', { data: { connections: [] } }, 'its answer does not say how many clients there are'],
  ])('is not known after %s', async (_what, answer, problem) => {
    expect(await ask([peer('S1', CONNZ, () => answer)])).toEqual([{ server: 'S1', problem }]);
  });

  it.each<[what: string, connections: unknown]>([
    ['no list', null],
    ['entries that are none', [null, 5, 'x', {}, { cid: 'x' }]],
    ['tokens that are none', [{ cid: 1, jwt: 'junk', issuer_key: 7, name: {} }]],
  ])('is nobody where there is %s', async (_what, connections) => {
    expect(await ask([peer('S1', CONNZ, () => ({ data: { total: 0, connections } }))])).toEqual([
      { server: 'S1', clients: [] },
    ]);
  });

  it('ends although a server promises clients for ever', async () => {
    const answer = ({ offset }: Question) => ({
      data: { total: 1e12, connections: [client(offset + 1), client(offset + 512)] },
    });
    expect(await ask([peer('S1', CONNZ, answer)])).toEqual([
      { server: 'S1', problem: 'it has more than 250000 clients' },
    ]);
  });

  it('is refused where the user may not ask', async () => {
    const error = await caughtAsync(() => ask([fakeServer()], { forbidden: /CONNZ/ }));
    expect(error).toMatchObject({ code: 'remote-failed', message: `publishing to "${CONNZ}" is not allowed` });
  });
});

describe('whom servers trust', () => {
  it.each<[what: string, answer: unknown, said: object]>([
    ['tokens', { data: { trusted_operators_jwt: ['a', 'b', 7] } }, { operators: ['a', 'b'] }],
    ['none', { data: {} }, { problem: 'it does not say which operator it trusts' }],
    ['silence', undefined, { problem: 'it did not answer in time' }],
  ])('is read from %s', async (_what, answer, said) => {
    expect(await (await open([peer('S1', VARZ, () => answer)])).trusted()).toEqual([{ server: 'S1', ...said }]);
  });
});
