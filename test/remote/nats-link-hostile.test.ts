import { describe, expect, it } from 'vitest';
import { caughtAsync } from '../support/caught.js';
import { FakeNatsServer, type Peer, type Script } from '../support/fake-nats-server.js';
import { openLink } from '../support/nats-link.js';

const INFO = { server_id: 'N', version: '2.10.0', max_payload: 1000 };
const infoLine = (members: object): string => `INFO ${JSON.stringify({ ...INFO, ...members })}\r\n`;

const PROTOCOL = /sent something that is not the NATS protocol/;

function hangUp(peer: Peer): string {
  peer.hangUp();
  return '';
}

describe('a server that is none, or a bad one, is told of in words and in time:', () => {
  const GREETINGS: [what: string, script: Script, reason: string | RegExp][] = [
    ['silent', { onConnect: () => {} }, 'said nothing within 0.3 s'],
    ['hangs up at once', { onConnect: (peer) => peer.hangUp() }, 'hung up before it said anything'],
    ['speaks HTTP', { onConnect: (peer) => peer.write('HTTP/1.1 400 Bad Request\r\n\r\n') }, PROTOCOL],
    ['sends bytes without a line', { onConnect: (peer) => void peer.flood(1e8) }, /a line of more than 16384 bytes/],
    [
      'sends an endless INFO',
      { onConnect: (peer) => void peer.flood(1e8, `INFO {${' '.repeat(65_536)}`) },
      /a line of more than 1048576 bytes/,
    ],
    ['drips its INFO', { onConnect: (peer) => peer.drip(infoLine({}), 20) }, 'said nothing within 0.3 s'],
    ['sends INFO that is not JSON', { onConnect: (peer) => peer.write('INFO {]}\r\n') }, /an INFO that is not JSON/],
    ['sends INFO of another shape', { onConnect: (peer) => peer.write('INFO {}\r\n') }, /an INFO without a version/],
    ['has a nonce that is no text', { info: { nonce: 7 } }, /an INFO without a version/],
    ['has a limit that is no number', { info: { max_payload: '1' } }, /an INFO without a version/],
    ['has a limit below nothing', { info: { max_payload: -1 } }, /an INFO without a version/],
    ['sends an error first', { onConnect: (peer) => peer.write("-ERR 'too many'\r\n") }, 'refused: "too many"'],
    ['never answers PING', { onPing: () => '' }, 'did not answer within 0.3 s'],
    ['hangs up at the login', { onLogin: (_login, peer) => hangUp(peer) }, 'hung up without saying why'],
    ['refuses', { onLogin: () => "-ERR 'Authorization Violation'\r\n" }, 'refused: "Authorization Violation"'],
    ['refuses rudely', { onLogin: () => "-ERR 'no\u001b[31m'\r\n", onPing: hangUp }, 'refused: "no\\u{1b}[31m"'],
    ['asks for TLS it has not', { info: { tls_required: true }, onLogin: () => '' }, /TLS|hung up/],
  ];
  it.each(GREETINGS)('one that %s', async (_what, script, reason) => {
    const server = await FakeNatsServer.start(script);
    const error = await caughtAsync(() => openLink(server.url, { timeoutMs: 300 }));
    expect(error.code).toBe('remote-failed');
    if (typeof reason === 'string') expect(error.message).toBe(`cannot connect to ${server.url}: ${reason}`);
    else expect(error.message).toMatch(reason);
    await expect.poll(() => server.peers.some((peer) => peer.isConnected)).toBe(false);
  });
});

describe('a server that turns bad', () => {
  const DEEDS: [what: string, bytes: string, reason: string][] = [
    ['announces 100 MB', 'MSG a 1 104857600\r\n', 'the server sent a message of 104857600 bytes; 16777216 are taken'],
    [
      'announces 100 MB with headers',
      'HMSG a 1 12 104857600\r\n',
      'the server sent a message of 104857600 bytes; 16777216 are taken',
    ],
    ['announces headers larger than all', 'HMSG a 1 12 2\r\n', 'the server sent a message without a right size'],
    ['announces no size', 'MSG a 1\r\n', 'the server sent a message without a right size'],
    ['announces a size that is none', 'MSG a 1 -1\r\n', 'the server sent a message without a right size'],
    ['announces no number of a subscription', 'MSG a x 1\r\n', 'the server sent a message without a right size'],
    ['ends a message too late', 'MSG a 1 1\r\nxxx\r\n', 'the server sent a message without an end'],
    ['knows other words', 'HELLO\r\n', 'the server sent something that is not the NATS protocol'],
    ['knows longer words', 'PONGS\r\n', 'the server sent something that is not the NATS protocol'],
    ['forgets half of a line end', 'PING\n', 'the server sent something that is not the NATS protocol'],
    ['sends a new INFO that is none', 'INFO 1\r\n', 'the server sent something that is not the NATS protocol'],
    ['complains and hangs up', "-ERR 'Stale Connection'\r\n", '"Stale Connection"'],
  ];
  it.each(DEEDS)('ends the link when it %s', async (_what, bytes, reason) => {
    const server = await FakeNatsServer.start();
    const link = await openLink(server.url);
    const asked = caughtAsync(() => link.gather('a', '', { timeoutMs: 60_000 }));
    const [peer] = server.peers;
    peer?.write(bytes);
    if (bytes.startsWith('-ERR')) setTimeout(() => peer?.hangUp(), 50);
    const message = `the connection to ${server.url} was lost: ${reason}`;
    expect(await link.closed).toMatchObject({ code: 'remote-failed', message });
    expect(await asked).toMatchObject({ code: 'remote-failed', message });
    expect(await caughtAsync(() => link.flush())).toMatchObject({ code: 'remote-failed' });
    await expect.poll(() => peer?.isConnected).toBe(false);
  });

  it('cannot make a link buffer: of 100 MB next to nothing is taken', async () => {
    const server = await FakeNatsServer.start();
    const link = await openLink(server.url);
    server.peers[0]?.write(`MSG a 1 ${100 * 1_048_576}\r\n`);
    const taken = await server.peers[0]?.flood(100 * 1_048_576);
    expect(taken).toBeLessThan(10 * 1_048_576);
    expect(await link.closed).toBeInstanceOf(Error);
  });

  it('cannot make a link pile up answers that it does not take', async () => {
    const server = await FakeNatsServer.start();
    await openLink(server.url);
    const [peer] = server.peers;
    peer?.stopReading();
    const { rss } = process.memoryUsage();
    void peer?.flood(Number.POSITIVE_INFINITY, 'PING\r\n'.repeat(10_000));
    let before = -1;
    const hasStopped = (): boolean => {
      const now = peer?.flooded ?? 0;
      const isSame = now === before;
      before = now;
      return isSame;
    };
    await expect.poll(hasStopped, { interval: 1500, timeout: 30_000 }).toBe(true);
    expect(process.memoryUsage().rss - rss).toBeLessThan(300 * 1_048_576);
  });

  it('cannot make a link tell without end', async () => {
    const server = await FakeNatsServer.start();
    const events: string[] = [];
    const link = await openLink(server.url, { onEvent: (message) => events.push(message) });
    server.peers[0]?.write(`-ERR 'Permissions Violation for Publish to "a"'\r\n`.repeat(10_000));
    await caughtAsync(() => link.flush());
    expect(events).toHaveLength(100);
  });

  it('may take less than before from now on: more is not sent', async () => {
    const server = await FakeNatsServer.start();
    const link = await openLink(server.url);
    server.peers[0]?.write(infoLine({ max_payload: 3 }));
    await link.flush();
    expect(link.maxPayload).toBe(3);
    expect(await caughtAsync(async () => link.publish('a', 'four'))).toMatchObject({ code: 'bad-value' });
    link.publish('a', 'two');
  });

  it('is not waited for: a flush and a round trip end in time', async () => {
    let isThere = true;
    const server = await FakeNatsServer.start({ onPing: () => (isThere ? 'PONG\r\n' : '') });
    const link = await openLink(server.url, { timeoutMs: 300 });
    isThere = false;
    for (const action of [() => link.flush(), () => link.roundTrip()]) {
      expect(await caughtAsync(action)).toMatchObject({
        code: 'remote-failed',
        message: `${server.url}: no answer within 0.3 s`,
      });
    }
  });

  it('may cut its bytes anywhere', async () => {
    const server = await FakeNatsServer.start();
    const link = await openLink(server.url);
    const heard: string[] = [];
    link.subscribe('a.*', {
      onMessage: (message) => heard.push(`${message.subject} ${message.reply} ${message.text()}`),
    });
    await link.flush();
    const [peer] = server.peers;
    const bytes = [
      peer?.message('a.b', 'ü'),
      'PING\r\n',
      peer?.message('a.c', 'MSG a 1 1000\r\n', 'r'),
      '+OK\r\n',
      peer?.message('a.d', ''),
      infoLine({ max_payload: 5, connect_urls: ['%%%', 7] }),
      peer?.message('a.e', 'end'),
    ];
    peer?.drip(Buffer.from(bytes.join('')).toString('latin1'), 1);
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(4);
    expect(heard).toEqual(['a.b undefined ü', 'a.c r MSG a 1 1000\r\n', 'a.d undefined ', 'a.e undefined end']);
  });
});
