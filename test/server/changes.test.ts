import { describe, expect, it } from 'vitest';
import { Client, refusalOf } from './client.js';
import { skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';
import { WAYS } from './running.js';

const VIOLATION = 'Authorization Violation';

describe.skipIf(skipsServer).each(WAYS)('a running server learns by $way', ({ start, othersStay }) => {
  it('that users are revoked, whether they are connected or not', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A');
    for (const user of ['alice', 'bob', 'eve']) await hierarchy.nsc(['add', 'user', user]);
    const [ofAlice, ofBob, ofEve] = [
      await hierarchy.creds('alice'),
      await hierarchy.creds('bob'),
      await hierarchy.creds('eve'),
    ];
    const { server, tell } = await start(hierarchy);
    const alice = await Client.connect(server, ofAlice);
    const bob = await Client.connect(server, ofBob);

    await hierarchy.nsc('delete user --name alice,eve --revoke');
    await tell();
    expect(await alice.closing()).toMatch(/revoked/i);
    expect(await refusalOf(server, ofAlice)).toBe(VIOLATION);
    expect(await refusalOf(server, ofEve)).toBe(VIOLATION);
    await Client.connect(server, ofBob);
    if (othersStay) expect(await bob.delivers('orders')).toBe(true);

    hierarchy.session.advance(2);
    await hierarchy.nsc('add user alice');
    await Client.connect(server, await hierarchy.creds('alice'));
  });

  it('that a signing key is gone, with all it signed', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'edit account A --sk generate');
    const lost = await hierarchy.signingKey('A');
    await hierarchy.nsc('add user alice');
    await hierarchy.nsc(['add', 'user', 'eve', '-K', lost]);
    const [ofAlice, ofEve] = [await hierarchy.creds('alice'), await hierarchy.creds('eve')];
    const { server, tell } = await start(hierarchy);
    const alice = await Client.connect(server, ofAlice);
    const eve = await Client.connect(server, ofEve);

    await hierarchy.nsc(['edit', 'account', 'A', '--rm-sk', lost]);
    await tell();
    await eve.closing();
    expect(await refusalOf(server, ofEve)).toBe(VIOLATION);
    await Client.connect(server, ofAlice);
    if (othersStay) expect(await alice.delivers('orders')).toBe(true);

    await hierarchy.nsc('edit user eve --tag reissued');
    await Client.connect(server, await hierarchy.creds('eve'));
  });

  it('that a scoped key is gone, with all it signed', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user alice');
    const key = await hierarchy.addRole('A', 'reader', '--deny-pub', '>');
    await hierarchy.nsc('add user eve -K reader');
    const { server, tell } = await start(hierarchy);
    const alice = await Client.connect(server, await hierarchy.creds('alice'));
    const eve = await Client.connect(server, await hierarchy.creds('eve'));

    await hierarchy.nsc(['edit', 'account', 'A', '--rm-sk', key]);
    await tell();
    await eve.closing();
    expect(await refusalOf(server, await hierarchy.creds('eve'))).toBe(VIOLATION);
    if (othersStay) expect(await alice.delivers('orders')).toBe(true);
  });
});

describe.skipIf(skipsServer)('a server learns', () => {
  it('at its next start that an operator signing key is gone, with the accounts it signed', async () => {
    const hierarchy = await Hierarchy.make('add operator O --generate-signing-key');
    const lost = await hierarchy.signingKey();
    await hierarchy.nsc('add account A');
    await hierarchy.nsc('add user alice --account A');
    await hierarchy.nsc(['add', 'account', 'B', '-K', lost]);
    await hierarchy.nsc('add user bob --account B');
    const [alice, bob] = [await hierarchy.creds('alice'), await hierarchy.creds('bob', 'B')];
    const server = await NatsServer.start(await hierarchy.config());
    await Client.connect(server, alice);
    await Client.connect(server, bob);

    await hierarchy.nsc(['edit', 'operator', '--rm-sk', lost]);
    await server.restart(await hierarchy.config());
    await Client.connect(server, alice);
    expect(await refusalOf(server, bob)).toBe(VIOLATION);

    await hierarchy.nsc('edit account B --tag reissued');
    await server.reload(await hierarchy.config());
    await Client.connect(server, bob);
  });

  it('by a reload that an account is gone', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user alice', 'add account B');
    const creds = await hierarchy.creds('alice');
    const server = await NatsServer.start(await hierarchy.config());
    const alice = await Client.connect(server, creds);
    await hierarchy.nsc('delete account A');
    await server.reload(await hierarchy.config());
    await alice.closing();
    expect(await refusalOf(server, creds)).toBe(VIOLATION);
  });
});
