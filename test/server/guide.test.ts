import { describe } from 'vitest';
import { nats } from '../../src/remote/nats-link.js';
import { resolversOf } from '../../src/remote/resolvers.js';
import { itTellsTheTruth } from '../support/guide.js';
import type { SectionHandler } from '../support/script.js';
import { Cluster } from './cluster.js';
import { skipsServer } from './find-server.js';
import { clock, Hierarchy } from './hierarchy.js';

/**
 * The servers of the guide are real. Only their addresses are not: what goes to `s1.example.com` and the others goes to
 * servers of this test.
 */
let cluster: Cluster | undefined;

const urls = (): string => cluster?.url ?? 'nats://127.0.0.1:1';

const AFTER: Readonly<Record<string, SectionHandler>> = {
  'Configure the servers': async (_title, session) => {
    cluster = await Cluster.start(new Hierarchy(session));
  },
  'See what differs': async () => cluster?.server('S3').stop(),
  'When a server is away': async () => {
    await cluster?.server('S3').startAgain();
    await cluster?.settle();
  },
  Pull: async (_title, session) => {
    // what goes on until it is interrupted is interrupted once it has begun
    session.onOutput = (text) => {
      if (text.startsWith('listening on')) session.interruption.abort();
    };
  },
};

describe.skipIf(skipsServer)('the guide docs/guides/distribution.md', () => {
  itTellsTheTruth('distribution', 'test/server/distribution.txtar', {
    now: clock(),
    timeout: 120_000,
    nats: { connect: (target) => nats.connect({ ...target, servers: urls().split(',') }) },
    resolvers: { open: (target) => resolversOf({ nats }).open({ ...target, url: urls() }) },
    onSection: async (title, session) => AFTER[title]?.(title, session),
  });
});
