import { describe, expect, it } from 'vitest';
import { version } from '../../node_modules/@nats-io/transport-node/package.json';
import type { NatsMessage } from '../../src/app/nats.js';
import { caughtAsync } from '../support/caught.js';
import { FakeNatsServer, type Script } from '../support/fake-nats-server.js';
import { nats, openLink } from '../support/nats-link.js';

const echo: Script = { onPublish: ({ reply = '', payload }, peer) => peer.message(reply, payload) };
const texts = (messages: readonly NatsMessage[]): string[] => messages.map((message) => message.text());
const asking = { timeoutMs: 5000 };

describe('a request', () => {
  it('is done with the first answer, unless it says otherwise', async () => {
    const server = await FakeNatsServer.start({
      onPublish: ({ reply = '' }, peer) => ['1', '2', '3'].map((text) => peer.message(reply, text)).join(''),
    });
    const link = await openLink(server.url);
    expect(texts((await link.gather('q', '', asking)).messages)).toEqual(['1']);
    const two = await link.gather('q', '', { ...asking, isDone: (messages) => messages.length === 2 });
    expect(texts(two.messages)).toEqual(['1', '2']);
  });

  it('takes silence for an answer, and what came before it', async () => {
    const server = await FakeNatsServer.start({
      onPublish: ({ reply = '', subject }, peer) => (subject === 'one' ? peer.message(reply, '1') : ''),
    });
    const link = await openLink(server.url);
    const options = { timeoutMs: 50, isDone: () => false };
    expect(await link.gather('none', '', options)).toEqual({ messages: [], isUnheard: false });
    expect(texts((await link.gather('one', '', options)).messages)).toEqual(['1']);
  });

  it('tells that nobody listens', async () => {
    const server = await FakeNatsServer.start({ onPublish: ({ reply = '' }, peer) => peer.unheard(reply) });
    const link = await openLink(server.url);
    expect(await link.gather('q', '', asking)).toEqual({ messages: [], isUnheard: true });
  });

  it('gets its own answers when thousands are under way, in whatever order they come', async () => {
    const held: string[] = [];
    const server = await FakeNatsServer.start({
      onPublish: ({ reply = '', payload }, peer) => {
        held.unshift(peer.message(reply, payload));
        return held.length === 5000 ? held.join('') : '';
      },
    });
    const link = await openLink(server.url);
    const answers = await Promise.all(Array.from({ length: 5000 }, (_, at) => link.gather('q', `${at}`, asking)));
    expect(answers.flatMap(({ messages }) => texts(messages))).toEqual(
      Array.from({ length: 5000 }, (_, at) => `${at}`),
    );
    expect(server.peers[0]?.subjects).toHaveLength(1);
  });

  it('hears nothing that comes too late, or was never asked for', async () => {
    let late = '';
    const server = await FakeNatsServer.start({
      onPublish: ({ reply = '', payload }, peer) => {
        if (payload === 'now') return late + peer.message(reply, payload);
        late = peer.message(reply, payload);
        return '';
      },
    });
    const link = await openLink(server.url);
    await link.gather('q', 'late', { timeoutMs: 20 });
    expect(texts((await link.gather('q', 'now', asking)).messages)).toEqual(['now']);
  });

  it('that must not be sent is rejected, and no other', async () => {
    const server = await FakeNatsServer.start({
      onPublish: ({ reply = '', subject }, peer) =>
        subject === 'no' ? `-ERR 'Permissions Violation for Publish to "no"'\r\n` : peer.message(reply, subject),
    });
    const events: string[] = [];
    const link = await openLink(server.url, { onEvent: (message) => events.push(message) });
    const [refused, answered] = await Promise.all([
      caughtAsync(() => link.gather('no', '', asking)),
      link.gather('yes', '', asking),
    ]);
    expect(refused).toMatchObject({
      code: 'remote-failed',
      message: `${server.url}: publishing to "no" is not allowed`,
    });
    expect(texts(answered.messages)).toEqual(['yes']);
    await link.flush();
    expect(events).toEqual([]);
  });

  it('suggests TLS first to a server that hangs up without a word, as those do that wait for it', async () => {
    const server = await FakeNatsServer.start({ onConnect: (peer) => peer.hangUp() });
    const hint = async (handshakeFirst: boolean) =>
      (await caughtAsync(() => openLink(server.url, { tls: { handshakeFirst } }))).hint;
    expect(await hint(false)).toBe('it may want TLS before it speaks (--tls-first)');
    expect(await hint(true)).not.toContain('--tls-first)');
  });

  it('says what pushing needs where servers may not be asked about accounts', async () => {
    const server = await FakeNatsServer.start({
      onPublish: ({ subject }) => `-ERR 'Permissions Violation for Publish to "${subject}"'\r\n`,
    });
    const link = await openLink(server.url);
    const hint = async (subject: string) => (await caughtAsync(() => link.gather(subject, '', asking))).hint;
    expect(await hint('$SYS.REQ.SERVER.PING')).toMatch(/; push needs to publish to \$SYS\.REQ\.SERVER\.PING, /);
    expect(await hint('orders')).toBe('the permissions of the user, or of its role, decide this');
  });

  it('is rejected when the link is closed, and afterwards', async () => {
    const server = await FakeNatsServer.start();
    const link = await openLink(server.url);
    const asked = caughtAsync(() => link.gather('q', '', { timeoutMs: 60_000 }));
    await link.close();
    expect(await asked).toMatchObject({ code: 'remote-failed', message: `the connection to ${server.url} was closed` });
    expect(await caughtAsync(() => link.gather('q', '', asking))).toMatchObject({ code: 'remote-failed' });
    expect(await link.closed).toBeUndefined();
  });

  it('ends with what its isDone throws', async () => {
    const server = await FakeNatsServer.start(echo);
    const link = await openLink(server.url);
    const isDone = () => {
      throw new Error('mine');
    };
    await expect(link.gather('q', '', { ...asking, isDone })).rejects.toThrow('mine');
    expect(texts((await link.gather('q', 'again', asking)).messages)).toEqual(['again']);
  });
});

describe('publishing and listening', () => {
  it('hands on subject, reply and bytes, until nobody listens any more', async () => {
    const server = await FakeNatsServer.start(echo);
    const link = await openLink(server.url);
    const heard: NatsMessage[] = [];
    const { unsubscribe } = link.subscribe('in.>', { queue: 'q', onMessage: (message) => heard.push(message) });
    link.publish('out', 'ü', 'in.a.b');
    link.publish('out', Uint8Array.of(0, 255), 'in.c');
    await link.flush();
    expect(heard.map(({ subject, reply }) => ({ subject, reply }))).toEqual([
      { subject: 'in.a.b', reply: undefined },
      { subject: 'in.c', reply: undefined },
    ]);
    expect(heard[0]?.text()).toBe('ü');
    unsubscribe();
    unsubscribe();
    link.publish('out', 'x', 'in.a');
    await link.flush();
    expect(heard).toHaveLength(2);
  });

  it.each(['', 'a b', 'a\r\nPUB b 0', 'a\tb', 'a\0'])('refuses the subject %j', async (subject) => {
    const server = await FakeNatsServer.start();
    const link = await openLink(server.url);
    const attempts = [
      () => link.publish(subject, ''),
      () => link.publish('a', '', subject),
      () => link.gather(subject, '', asking),
      () => link.subscribe(subject, { onMessage: () => {} }),
      () => link.subscribe('a', { queue: subject, onMessage: () => {} }),
    ];
    for (const attempt of attempts) {
      expect(await caughtAsync(async () => attempt())).toMatchObject({ code: 'bad-value' });
    }
    await link.flush();
    expect(server.published).toEqual([]);
  });

  it('refuses what is larger than the server takes', async () => {
    const server = await FakeNatsServer.start({ info: { max_payload: 3 } });
    const link = await openLink(server.url);
    expect(await caughtAsync(async () => link.publish('a', 'üü'))).toMatchObject({
      code: 'bad-value',
      message: `a message of 4 bytes; ${server.url} takes 3`,
    });
  });

  it('tells at the flush what was not allowed, once', async () => {
    const server = await FakeNatsServer.start({
      onPublish: ({ subject }) => `-ERR 'Permissions Violation for Publish to "${subject}"'\r\n`,
    });
    const events: string[] = [];
    const link = await openLink(server.url, { onEvent: (message) => events.push(message) });
    link.publish('a', '');
    link.publish('b', '');
    expect(await caughtAsync(() => link.flush())).toMatchObject({
      code: 'remote-failed',
      message: `${server.url}: publishing to "a" is not allowed (and 1 more)`,
    });
    expect(events).toEqual(['publishing to "a" is not allowed', 'publishing to "b" is not allowed']);
    await link.flush();
  });

  it('ends the link with what a listener throws', async () => {
    const server = await FakeNatsServer.start(echo);
    const link = await openLink(server.url);
    const mine = new Error('mine');
    link.subscribe('in', {
      onMessage: () => {
        throw mine;
      },
    });
    link.publish('out', '', 'in');
    expect(await link.closed).toBe(mine);
  });
});

describe('connecting', () => {
  it('says who it is as the URL has it, and shows none of it', async () => {
    const server = await FakeNatsServer.start();
    for (const [user, login] of [
      ['me:s%40cret', { user: 'me', pass: 's@cret' }],
      ['s3cret', { auth_token: 's3cret' }],
    ] as const) {
      const link = await openLink(server.url.replace('//', `//${user}@`));
      expect(server.peers.at(-1)?.login).toMatchObject({ ...login, name: 'nsc_test', no_responders: true, version });
      expect(link.url).toBe(server.url);
    }
    await server.stop();
    const error = await caughtAsync(() => openLink(server.url.replace('//', '//me:s3cret@')));
    expect(error.message).toBe(`cannot connect to ${server.url}: connection refused`);
    expect(JSON.stringify(error.details)).not.toContain('s3cret');
  });

  it('takes the first server that lets it in, and tells about each when none does', async () => {
    const refusing = await FakeNatsServer.start({
      onLogin: () => "-ERR 'Authorization Violation'\r\n",
      onPing: () => '',
    });
    const closed = await FakeNatsServer.start();
    await closed.stop();
    const open = await FakeNatsServer.start({ info: { server_id: 'NOPEN', server_name: 'open' } });
    const servers = [refusing.url, closed.url, refusing.url];
    const link = await openLink('', { servers: [...servers, open.url] });
    expect(link).toMatchObject({ url: open.url, serverId: 'NOPEN', serverName: 'open', maxPayload: 1_048_576 });

    const refused = 'refused: "Authorization Violation"';
    expect(await caughtAsync(() => openLink('', { servers }))).toMatchObject({
      code: 'remote-failed',
      message: `cannot connect to any of 3 servers: ${refusing.url}: ${refused}; ${closed.url}: connection refused; ${refusing.url}: ${refused}`,
    });
  });

  it('tells of a host that is not there', async () => {
    expect((await caughtAsync(() => openLink('nats://nowhere.invalid'))).message).toMatch(
      /^cannot connect to nats:\/\/nowhere\.invalid: (there is no such host|the name of the host cannot be resolved now)$/,
    );
  });

  it('fails with what making an identity throws', async () => {
    const server = await FakeNatsServer.start();
    const mine = new Error('no key');
    const identity = () => {
      throw mine;
    };
    await expect(openLink('', { servers: [server.url, server.url], identity })).rejects.toBe(mine);
    expect(server.peers).toHaveLength(1);
  });

  it('leaves nothing behind that keeps a process alive', async () => {
    const server = await FakeNatsServer.start({ onPing: ({ index }) => (index === 0 ? 'PONG\r\n' : '') });
    const count = (): number =>
      process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocketWrap/.test(name)).length;
    const before = count();
    const link = await openLink(server.url);
    void link.gather('q', '', { timeoutMs: 60_000 }).catch(() => {});
    await link.close();
    await caughtAsync(() => openLink(server.url, { timeoutMs: 100 }));
    await expect.poll(count).toBeLessThanOrEqual(before);
  });
});

describe('a lost connection', () => {
  it('is made again with a new identity, listens again, and says so', async () => {
    const server = await FakeNatsServer.start(echo);
    const events: string[] = [];
    const link = await openLink(server.url, { reconnects: true, onEvent: (message) => events.push(message) });
    const heard: string[] = [];
    link.subscribe('in', { onMessage: (message) => heard.push(message.text()) });
    const asked = caughtAsync(() => link.gather('never', '', { ...asking, isDone: () => false }));
    await link.flush();
    server.peers[0]?.hangUp();
    const lost = `the connection to ${server.url} was lost: the server hung up`;
    expect(await asked).toMatchObject({ code: 'remote-failed', message: lost });
    expect(await caughtAsync(async () => link.publish('out', ''))).toMatchObject({ code: 'remote-failed' });

    await expect.poll(() => events.length, { timeout: 10_000 }).toBe(2);
    expect(events).toEqual([`${lost}; trying to connect again for 10 minutes`, `connected again to ${server.url}`]);
    link.publish('out', 'back', 'in');
    expect(texts((await link.gather('q', 'x', asking)).messages)).toEqual(['x']);
    expect(heard).toEqual(['back']);
  });

  it('is not made again once the link is closed', async () => {
    const server = await FakeNatsServer.start();
    const link = await openLink(server.url, { reconnects: true });
    server.peers[0]?.hangUp();
    await expect.poll(() => caughtAsync(async () => link.publish('a', ''))).toMatchObject({ code: 'remote-failed' });
    await link.close();
    expect(await link.closed).toBeUndefined();
  });

  it('is given up when the user is refused twice', async () => {
    let isWelcome = true;
    const server = await FakeNatsServer.start({
      onLogin: () => (isWelcome ? '' : "-ERR 'User Authentication Revoked'\r\n"),
      onPing: (peer) => {
        if (isWelcome) return 'PONG\r\n';
        peer.hangUp();
        return '';
      },
    });
    const link = await openLink(server.url, { reconnects: true });
    isWelcome = false;
    server.peers[0]?.hangUp();
    expect(await link.closed).toMatchObject({
      code: 'remote-failed',
      message: `cannot connect to ${server.url}: refused: "User Authentication Revoked"`,
    });
    expect(server.peers).toHaveLength(3);
  });
});

it('refuses lists without a server', async () => {
  const target = { servers: [], clientName: 'x', timeoutMs: 100, reconnects: false };
  expect(await caughtAsync(() => nats.connect(target))).toMatchObject({ code: 'bad-value' });
});
