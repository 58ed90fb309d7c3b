import { randomBytes } from 'node:crypto';
import { type Authenticator, credsAuthenticator, type Msg } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import {
  type AccountClaims,
  decodeKind,
  encodeToken,
  issue,
  type KeyPair,
  newGeneric,
  newUser,
  openSealed,
  seal,
} from '../../src/index.js';
import { Client, refusalOf } from './client.js';
import { isServerBefore, skipsServer } from './find-server.js';
import { clock, Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

/** "AUTH" asks user "service" about its guests, who belong into "A"; "B" is for others. */
const makeAccounts = (...flags: readonly string[]): Promise<Hierarchy> =>
  Hierarchy.make(
    'add operator O --sys',
    'add account A',
    'add account B',
    'add account AUTH',
    'add user -a AUTH service',
    'add user -a AUTH guest',
    ['edit authcallout AUTH --auth-user service --allowed-account A', ...flags].join(' '),
  );

/** Creds of a guest, who says a word, too. */
const saying =
  (creds: string, word: string): Authenticator =>
  (nonce) => ({ ...credsAuthenticator(new TextEncoder().encode(creds))(nonce), auth_token: word });

/** How a server asks and is answered: in sealed boxes when the account has a curve key. */
interface Channel {
  read(message: Msg): string;
  write(message: Msg, token: string): Uint8Array | string;
}

const openChannel: Channel = { read: (message) => message.string(), write: (_message, token) => token };

function sealedChannel(curve: KeyPair): Channel {
  const serverOf = ({ headers }: Msg): string => headers?.get('Nats-Server-Xkey') ?? '';
  return {
    read: (message) => new TextDecoder().decode(openSealed(curve, serverOf(message), message.data)),
    write: (message, token) => seal(curve, serverOf(message), token, randomBytes(24)),
  };
}

/** A running service that puts everybody who says "sesame" into an account. */
class Service {
  /** What guests said. */
  readonly words: unknown[] = [];

  static async start(
    server: NatsServer,
    hierarchy: Hierarchy,
    { into, channel = openChannel }: { into: string; channel?: Channel },
  ): Promise<Service> {
    const service = new Service();
    const client = await Client.connect(server, await hierarchy.creds('service', 'AUTH'));
    const keyOf = ({ sub = '' }: AccountClaims): KeyPair => hierarchy.pair(sub);
    const signer = keyOf(hierarchy.claims('AUTH'));
    const target = keyOf(hierarchy.claims(into));
    client.serve('$SYS.REQ.USER.AUTH', (message) => {
      const { nats = {} } = decodeKind(channel.read(message), 'authorization_request').claims;
      const {
        server_id: asking,
        user_nkey: user,
        connect_opts: said,
      } = nats as {
        server_id: { id: string };
        user_nkey: string;
        connect_opts: { auth_token?: string };
      };
      service.words.push(said.auth_token);
      const now = clock();
      const answer =
        said.auth_token === 'sesame'
          ? { jwt: issue('user', newUser(user, 'let-in'), target, { now }).token }
          : { error: 'that is not the word' };
      const claims = { ...newGeneric(user), aud: asking.id, nats: answer };
      message.respond(channel.write(message, encodeToken(claims, signer, now, 'authorization_response').token));
    });
    await client.settle();
    return service;
  }
}

describe.skipIf(skipsServer || isServerBefore(2, 10))('an auth callout, which servers know from 2.10 on,', () => {
  const WAYS: [way: string, flags: string[], channel: (hierarchy: Hierarchy) => Channel][] = [
    ['in the clear', [], () => openChannel],
    [
      'encrypted',
      ['--curve generate'],
      (hierarchy) => sealedChannel(hierarchy.pair(hierarchy.claims('AUTH').nats.authorization?.xkey ?? '')),
    ],
  ];
  it.each(WAYS)('lets in whom the service lets in, and nobody else: %s', async (_way, flags, channelOf) => {
    const hierarchy = await makeAccounts(...flags);
    await hierarchy.nsc('add user -a A a');
    const server = await NatsServer.start(await hierarchy.config());
    const service = await Service.start(server, hierarchy, { into: 'A', channel: channelOf(hierarchy) });
    const guest = await hierarchy.creds('guest', 'AUTH');

    const letIn = await Client.connect(server, saying(guest, 'sesame'));
    expect(await letIn.delivers('x', await Client.connect(server, await hierarchy.creds('a')))).toBe(true);
    expect(await refusalOf(server, saying(guest, 'abracadabra'))).toMatch(/Authorization Violation/i);
    expect(new Set(service.words)).toEqual(new Set(['sesame', 'abracadabra']));
  });

  it('puts users into allowed accounts only', async () => {
    const hierarchy = await makeAccounts();
    const server = await NatsServer.start(await hierarchy.config());
    await Service.start(server, hierarchy, { into: 'B' });
    const guest = saying(await hierarchy.creds('guest', 'AUTH'), 'sesame');
    expect(await refusalOf(server, guest)).toMatch(/Authorization Violation/i);

    await hierarchy.nsc('edit authcallout AUTH --rm-allowed-account A --allowed-account *');
    await server.restart(await hierarchy.config());
    await Service.start(server, hierarchy, { into: 'B' });
    await Client.connect(server, guest);
  });

  it('without its service lets nobody in', async () => {
    const hierarchy = await makeAccounts();
    const server = await NatsServer.start(await hierarchy.config());
    // some servers just hang up when they have waited for long enough
    expect(await refusalOf(server, await hierarchy.creds('guest', 'AUTH'))).toMatch(/Authorization Violation|refused/i);
  });

  it('ends with --disable', async () => {
    const hierarchy = await makeAccounts('--curve generate');
    await hierarchy.nsc('edit authcallout AUTH --disable');
    const server = await NatsServer.start(await hierarchy.config());
    const guest = await Client.connect(server, await hierarchy.creds('guest', 'AUTH'));
    const service = await Client.connect(server, await hierarchy.creds('service', 'AUTH'));
    expect(await guest.delivers('x', service)).toBe(true);
  });
});
