import { describe, expect, it } from 'vitest';
import { decodeKind, keyPairFromRaw, newAccount, randomSeed } from '../../src/index.js';
import { Client, refusalOf } from './client.js';
import { skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

const RESOLVERS = ['--mem-resolver', '--nats-resolver', '--nats-resolver-cache'] as const;

describe.skipIf(skipsServer)('a server with a generated configuration', () => {
  it.each(RESOLVERS)('boots with %s and a system account, and answers a system user', async (resolver) => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user alice');
    const config = await hierarchy.config(resolver);
    expect(NatsServer.check(config)).toMatchObject({ ok: true });

    const server = await NatsServer.start(config);
    const system = await Client.connect(server, await hierarchy.creds('sys', 'SYS'));
    const answer = await system.connection.request('$SYS.REQ.SERVER.PING');
    expect(answer.json()).toMatchObject({ server: { jetstream: false }, statsz: { connections: 1 } });
  });

  it.each(RESOLVERS)('boots with %s and a system account of the configuration only', async (resolver) => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account Watch', 'add user eye');
    const config = await hierarchy.config(resolver, '--sys-account', 'Watch');
    expect(NatsServer.check(config)).toMatchObject({ ok: true });

    const server = await NatsServer.start(config);
    const system = await Client.connect(server, await hierarchy.creds('eye', 'Watch'));
    expect((await system.connection.request('$SYS.REQ.SERVER.PING')).json()).toHaveProperty('server');
  });

  it('boots from memory without a system account', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user alice');
    const config = await hierarchy.config();
    expect(NatsServer.check(config)).toMatchObject({ ok: true });

    const server = await NatsServer.start(config);
    const alice = await Client.connect(server, await hierarchy.creds('alice'));
    expect(await alice.delivers('orders.new')).toBe(true);
  });

  it('keeps accounts that a system user sends, when the resolver does', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user alice');
    const server = await NatsServer.start(await hierarchy.config('--nats-resolver'));
    const creds = await hierarchy.creds('alice');
    expect(await refusalOf(server, creds)).toBe('Authorization Violation');

    const system = await Client.connect(server, await hierarchy.creds('sys', 'SYS'));
    const answer = await system.connection.request('$SYS.REQ.CLAIMS.UPDATE', hierarchy.token('A'));
    expect(answer.json()).toMatchObject({ data: { code: 200 } });

    await Client.connect(server, creds);
    await server.restart(await hierarchy.config('--nats-resolver'));
    await Client.connect(server, creds);
  });

  it.each(RESOLVERS)('takes names that mean something in a configuration with %s', async (resolver) => {
    const system = `it's "quoted": {`;
    const hierarchy = await Hierarchy.make();
    await hierarchy.nsc(['add', 'operator', '} # "$O"']);
    for (const name of [system, '}', '# no', '$HOME', "include 'x'", 'Müller 日本 🦀', 'a\u2028b']) {
      await hierarchy.nsc(['add', 'account', name]);
    }
    await hierarchy.nsc(['add', 'user', "eve's; }", '--account', system]);
    const config = await hierarchy.config(resolver, '--sys-account', system);
    expect(NatsServer.check(config)).toMatchObject({ ok: true });

    const server = await NatsServer.start(config);
    await Client.connect(server, await hierarchy.creds("eve's; }", system));
  });

  it('lets no name begin a line of its own, whoever wrote the store (S-45)', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user alice');
    const name = 'A\n}\nport: 1\n{';
    const { iss } = hierarchy.claims('A');
    const account = newAccount(keyPairFromRaw('account', randomSeed()).publicKey, name);
    hierarchy.writeAccount(name, account, hierarchy.pair(iss ?? ''));

    const config = await hierarchy.config();
    expect(config).toContain(account.sub);
    expect(config).not.toMatch(/^port/m);
    const server = await NatsServer.start(config);
    await Client.connect(server, await hierarchy.creds('alice'));
  });

  it('boots with a strict operator, whose users are signed by signing keys', async () => {
    const hierarchy = await Hierarchy.make('add operator O --generate-signing-key --sys');
    await hierarchy.nsc('edit operator --require-signing-keys');
    await hierarchy.nsc('add account A');
    await hierarchy.nsc('edit account A --sk generate');
    await hierarchy.nsc('add user alice');
    const alice = decodeKind((await hierarchy.creds('alice')).split('\n')[1] ?? '', 'user').claims;
    expect(alice).toMatchObject({
      iss: await hierarchy.signingKey('A'),
      nats: { issuer_account: hierarchy.claims('A').sub },
    });

    for (const resolver of RESOLVERS) {
      const server = await NatsServer.start(await hierarchy.config(resolver));
      await Client.connect(server, await hierarchy.creds('sys', 'SYS'));
      if (resolver === '--mem-resolver') await Client.connect(server, await hierarchy.creds('alice'));
    }
  });
});
