import { describe } from 'vitest';
import { httpRemote } from '../../src/remote/http.js';
import { resolversOf } from '../../src/remote/resolvers.js';
import { AccountServer } from '../support/account-server.js';
import { itTellsTheTruth } from '../support/guide.js';
import { nats } from '../support/nats-link.js';
import type { SectionHandler } from '../support/script.js';
import { Cluster } from './cluster.js';
import { skipsServer } from './find-server.js';
import { clock, Hierarchy } from './hierarchy.js';

/**
 * The servers of the guide are real. Only their addresses are not: what goes to `s1.example.com` and the others goes to
 * servers of this test, and what goes to `accounts.example.com` to its account server.
 */
let cluster: Cluster | undefined;
let accountServer: AccountServer | undefined;

const ACCOUNTS = 'https://accounts.example.com/jwt/v1';

const urls = (): string => cluster?.url ?? 'nats://127.0.0.1:1';

const AFTER: Readonly<Record<string, SectionHandler>> = {
  'Configure the servers': async (_title, session) => {
    cluster = await Cluster.start(new Hierarchy(session));
  },
  'Rotate a signing key': async () => cluster?.server('S3').stop(),
  'When a server is away': async (_title, session) => {
    await cluster?.server('S3').startAgain();
    await cluster?.settle();
    // servers that know each other may take a moment more until they pass on what is asked
    for (let tries = 0; tries < 20; tries += 1) {
      if ((await session.run('diff --account SYS --exit-code')).exit === 0) return;
    }
  },
  Pull: async (_title, session) => {
    // what goes on until it is interrupted is interrupted once it has begun
    session.onOutput = (text) => {
      if (text.startsWith('listening on')) session.interruption.abort();
    };
  },
  'One account server instead': async () => {
    const server = await AccountServer.start({ name: 'Theirs', publicUrl: ACCOUNTS, now: clock });
    server.post = (token) => {
      server.keep(token, (claims) => {
        const { nats } = claims;
        return { ...claims, nats: { ...nats, limits: { ...nats.limits, conn: 5 } } };
      });
      return {};
    };
    accountServer = server;
  },
};

const atAccountServer = (url: string): string => url.replace(ACCOUNTS, accountServer?.url ?? '');

describe.skipIf(skipsServer)('the guide docs/guides/distribution.md', () => {
  itTellsTheTruth('distribution', 'test/server/distribution.txtar', {
    now: clock(),
    timeout: 120_000,
    nats: { connect: (target) => nats.connect({ ...target, servers: urls().split(',') }) },
    resolvers: {
      open: (target) =>
        resolversOf({ nats }).open({
          ...target,
          url: target.url.startsWith(ACCOUNTS) ? atAccountServer(target.url) : urls(),
        }),
    },
    remote: { ...httpRemote, get: (url, limits) => httpRemote.get(atAccountServer(url), limits) },
    // port 9090 may be taken where the tests run
    written: (command) => command.replace(' --listen 127.0.0.1:0', ''),
    onSection: async (title, session) => AFTER[title]?.(title, session),
  });
});
