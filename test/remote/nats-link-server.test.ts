import { describe, expect, it } from 'vitest';
import type { NatsTarget } from '../../src/app/nats.js';
import { isServerBefore, skipsServer } from '../server/find-server.js';
import { Hierarchy } from '../server/hierarchy.js';
import { NatsServer } from '../server/nats-server.js';
import { caughtAsync } from '../support/caught.js';
import { identityOf, openLink } from '../support/nats-link.js';
import { type TestCertificates, writeTestCertificates } from '../support/test-certificates.js';

const asking = { timeoutMs: 5000 };

/** A server with the account A of user alice, who is the identity, and a block of its own. */
async function startServer(block = ''): Promise<{ server: NatsServer; target: Pick<NatsTarget, 'identity'> }> {
  const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user alice');
  const server = await NatsServer.start(`${await hierarchy.config()}\n${block}\n`);
  const creds = await hierarchy.creds('alice');
  return { server, target: { identity: () => identityOf(creds) } };
}

/** Listens at the same port when it is started again. */
class SteadyServer extends NatsServer {
  static override async start(config: string): Promise<NatsServer> {
    const server = new SteadyServer(config);
    await server.start();
    return server;
  }

  protected override frame(): string {
    return `listen: '${this.url === '' ? '127.0.0.1:-1' : new URL(this.url).host}'\n`;
  }
}

const tlsBlock = ({ serverCert, serverKey }: TestCertificates, more = ''): string =>
  `tls { cert_file: '${serverCert}', key_file: '${serverKey}' ${more} }`;

/** The address of a web socket, which a server says when it starts. */
async function webSocketOf(server: NatsServer): Promise<string> {
  const [, url = ''] = await server.waitFor(/Listening for websocket clients on (wss?:\/\/\S+:\d+)/);
  return url;
}

describe.skipIf(skipsServer)('a link to a real server', () => {
  it('authenticates with a nonce that is signed, asks, and knows the server', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user alice');
    const server = await NatsServer.start(await hierarchy.config('--nats-resolver'));
    const creds = await hierarchy.creds('sys', 'SYS');
    const link = await openLink(server.url, { identity: () => identityOf(creds) });

    expect(link).toMatchObject({ url: server.url, maxPayload: 1_048_576 });
    expect(link.serverId).toMatch(/^N[A-Z2-7]{55}$/);
    expect(link.serverName).not.toBe('');
    expect(await link.roundTrip()).toBeGreaterThanOrEqual(0);
    const { messages } = await link.gather('$SYS.REQ.SERVER.PING', '', asking);
    expect(messages.map((message) => JSON.parse(message.text()))).toMatchObject([{ server: { id: link.serverId } }]);
  });

  it('tells who is refused, and that credentials are missing', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user alice');
    const server = await NatsServer.start(await hierarchy.config('--nats-resolver'));
    const creds = await hierarchy.creds('alice');
    expect(await caughtAsync(() => openLink(server.url, { identity: () => identityOf(creds) }))).toMatchObject({
      code: 'remote-failed',
      message: `cannot connect to ${server.url}: refused: "Authorization Violation"`,
      hint: expect.stringContaining('does the server know this operator and this account'),
    });
    expect(await caughtAsync(() => openLink(server.url))).toMatchObject({ hint: 'the server wants credentials' });
  });

  it('has answers to requests, in queues too, and learns that nobody listens', async () => {
    const { server, target } = await startServer();
    const [asker, ...services] = [
      await openLink(server.url, target),
      await openLink(server.url, target),
      await openLink(server.url, target),
    ];
    for (const service of services) {
      service.subscribe('double', {
        queue: 'workers',
        onMessage: (message) => service.publish(message.reply ?? '', message.text().repeat(2)),
      });
      await service.flush();
    }
    const { messages } = await asker.gather('double', 'ab', { timeoutMs: 200, isDone: () => false });
    expect(messages.map((message) => message.text())).toEqual(['abab']);
    expect(await asker.gather('nobody', '', asking)).toEqual({ messages: [], isUnheard: true });
  });

  it('learns what a user may not do', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A');
    await hierarchy.nsc('add user alice --deny-pub no.> --deny-sub no.>');
    await hierarchy.nsc('add user mute --deny-sub _INBOX.>');
    const server = await NatsServer.start(await hierarchy.config());
    const [alice, mute] = [await hierarchy.creds('alice'), await hierarchy.creds('mute')];
    const link = await openLink(server.url, { identity: () => identityOf(alice) });

    const asked = caughtAsync(() => link.gather('no.ask', '', asking));
    link.publish('no.pub', '');
    link.subscribe('no.sub', { onMessage: () => {} });
    expect((await asked).message).toBe(`${server.url}: publishing to "no.ask" is not allowed`);
    const { message } = await caughtAsync(() => link.flush());
    expect(message).toMatch(/(publishing to "no\.pub"|subscribing to "no\.sub") is not allowed \(and 1 more\)$/);

    const deaf = await openLink(server.url, { identity: () => identityOf(mute) });
    expect((await caughtAsync(() => deaf.gather('a', '', asking))).message).toMatch(
      /subscribing to "_INBOX\.\w+\.\*" is not allowed$/,
    );
    expect((await caughtAsync(() => deaf.gather('a', '', asking))).message).toMatch(/is not allowed$/);
  });

  it('is made again when the server is, with a user of its own', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user alice', 'add user bob');
    const config = await hierarchy.config();
    const server = await SteadyServer.start(config);
    const creds = [await hierarchy.creds('alice'), await hierarchy.creds('bob')];
    const events: string[] = [];
    const link = await openLink(server.url, {
      identity: () => identityOf(creds.shift() ?? ''),
      reconnects: true,
      onEvent: (message) => events.push(message),
    });
    await server.restart(config);
    await expect.poll(() => events.at(-1), { timeout: 20_000 }).toBe(`connected again to ${link.url}`);
    expect(creds).toEqual([]);
    await link.flush();
  });
});

describe.skipIf(skipsServer)('TLS', () => {
  it.each(['nats', 'tls'])(
    'is spoken with a server that asks for it, and its name is checked: %s://',
    async (scheme) => {
      const files = writeTestCertificates();
      const { server, target } = await startServer(tlsBlock(files));
      const url = server.url.replace('nats', scheme);
      const { ca: caFile } = files;
      const link = await openLink(url, { ...target, tls: { caFile, curves: ['X25519', 'prime256v1'] } });
      await link.flush();
      expect(link.url).toBe(url);
      await openLink(url.replace('127.0.0.1', 'localhost'), { ...target, tls: { caFile } });

      expect(await caughtAsync(() => openLink(url, target))).toMatchObject({
        code: 'remote-failed',
        message: expect.stringMatching(/has a certificate that is not trusted: "unable to verify/),
        hint: 'name the certificate authority by --ca-cert or NATS_CA',
      });
    },
  );

  it.each([
    ['tls://', {}],
    ['nats://', { curves: ['X25519'] }],
  ])('has to be offered, or nothing is sent: %s %j', async (scheme, tls) => {
    const { server, target } = await startServer();
    const url = server.url.replace('nats://', scheme);
    expect(await caughtAsync(() => openLink(url, { ...target, tls }))).toMatchObject({
      code: 'remote-failed',
      message: `cannot connect to ${url}: offers no TLS`,
    });
    expect(server.log).not.toMatch(/alice|CONNECT/);
  });

  it('shows a certificate to servers that want one', async () => {
    const files = writeTestCertificates();
    const { ca: caFile, clientCert: certFile, clientKey: keyFile } = files;
    const { server, target } = await startServer(tlsBlock(files, `, ca_file: '${caFile}', verify: true`));
    await openLink(server.url, { ...target, tls: { caFile, certFile, keyFile } });
    const error = await caughtAsync(() => openLink(server.url, { ...target, tls: { caFile } }));
    expect(error).toMatchObject({ code: 'remote-failed', hint: expect.stringContaining('--client-cert') });
  });

  it('first is not what servers do that speak first', async () => {
    const { server, target } = await startServer();
    expect(await caughtAsync(() => openLink(server.url, { ...target, tls: { handshakeFirst: true } }))).toMatchObject({
      message: `cannot connect to ${server.url}: answers something that is not TLS`,
      hint: 'it may want to speak before TLS: leave out --tls-first',
    });
  });

  it.skipIf(isServerBefore(2, 10))(
    'comes first where the server wants it, which servers can from 2.10 on',
    async () => {
      const files = writeTestCertificates();
      const { server, target } = await startServer(tlsBlock(files, ', handshake_first: true'));
      const tls = { caFile: files.ca };
      await openLink(server.url, { ...target, tls: { ...tls, handshakeFirst: true } });
      expect(await caughtAsync(() => openLink(server.url, { ...target, tls, timeoutMs: 500 }))).toMatchObject({
        message: `cannot connect to ${server.url}: said nothing within 0.5 s`,
        hint: 'it may want TLS before it speaks (--tls-first)',
      });
    },
  );
});

describe.skipIf(skipsServer)('web sockets', () => {
  it('carry NATS in the clear', async () => {
    const { server, target } = await startServer("websocket { listen: '127.0.0.1:-1', no_tls: true }");
    const url = await webSocketOf(server);
    const link = await openLink(url, target);
    await link.flush();
    expect(link.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
    expect(await link.gather('nobody', '', asking)).toMatchObject({ isUnheard: true });

    const secure = url.replace('ws:', 'wss:');
    expect((await caughtAsync(() => openLink(secure, target))).message).toBe(
      `cannot connect to ${secure}: answers something that is not TLS`,
    );
  });

  it('carry NATS over TLS, verified as ever, and large messages', async () => {
    const files = writeTestCertificates();
    const { server, target } = await startServer(`websocket { listen: '127.0.0.1:-1', ${tlsBlock(files)} }`);
    const url = await webSocketOf(server);
    const link = await openLink(url, { ...target, tls: { caFile: files.ca } });
    let heard = '';
    link.subscribe('big', {
      onMessage: (message) => {
        heard = message.text();
      },
    });
    const big = 'ab'.repeat(500_000);
    link.publish('big', big);
    await link.flush();
    expect(heard).toBe(big);

    expect((await caughtAsync(() => openLink(url, target))).message).toMatch(/has a certificate that is not trusted/);
    await server.restart('');
    expect(await link.closed).toMatchObject({ code: 'remote-failed' });
  });

  it('are not what the port of other clients takes', async () => {
    const { server, target } = await startServer();
    const url = server.url.replace('nats:', 'ws:');
    expect(await caughtAsync(() => openLink(url, target))).toMatchObject({
      message: expect.stringMatching(/takes no web socket/),
      hint: 'is this the port of its websocket block?',
    });
  });

  it('go with other servers in one list', async () => {
    const { server, target } = await startServer("websocket { listen: '127.0.0.1:-1', no_tls: true }");
    const servers = ['nats://127.0.0.1:1', await webSocketOf(server)];
    expect((await openLink('', { ...target, servers })).url).toBe(servers[1]);
  });
});
