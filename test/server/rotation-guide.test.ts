import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { resolversOf } from '../../src/remote/resolvers.js';
import { itTellsTheTruth } from '../support/guide.js';
import { nats } from '../support/nats-link.js';
import type { SectionHandler } from '../support/script.js';
import { Client } from './client.js';
import { Cluster } from './cluster.js';
import { skipsServer } from './find-server.js';
import { clock, Hierarchy } from './hierarchy.js';

/** The servers of the guide are real, and so are Alice and those who restart them; only addresses are others. */
let cluster: Cluster | undefined;
let alice: Client | undefined;

function getCluster(): Cluster {
  if (cluster) return cluster;
  throw new Error('the guide has not started its servers yet');
}

/** Each server gets the configuration that the guide has written, one after the other. */
const restartAll: SectionHandler = async (_title, session) => {
  for (const server of getCluster().servers) {
    await server.restart(readFileSync(join(session.cwd, 'acme.conf'), 'utf8'));
    await getCluster().settle();
  }
};

const AFTER: Readonly<Record<string, SectionHandler>> = {
  'Before you begin': async (_title, session) => {
    cluster = await Cluster.start(new Hierarchy(session));
  },
  'Announce a key': async (_title, session) => {
    const hierarchy = new Hierarchy(session);
    alice = await Client.connect(getCluster().server('S2'), await hierarchy.creds('alice', 'Orders'));
  },
  'Take the old one out': async (_title, session) => {
    await alice?.connection.close();
    alice = await Client.connect(getCluster().server('S2'), readFileSync(join(session.cwd, 'alice.creds'), 'utf8'));
  },
  'Once more': async () => {
    await alice?.settle();
    if (alice?.connection.isClosed()) throw new Error('alice was cut off');
    await alice?.connection.close();
  },
  'A signing key of the operator': restartAll,
  'When all servers were restarted': restartAll,
  'The identity of the operator': restartAll,
  'When all servers know the new one': restartAll,
};

describe.skipIf(skipsServer)('the guide docs/guides/rotation.md', () => {
  itTellsTheTruth('rotation', 'test/server/rotation.txtar', {
    now: clock(),
    timeout: 120_000,
    resolvers: { open: (target) => resolversOf({ nats }).open({ ...target, url: cluster?.url ?? target.url }) },
    onSection: async (title, session) => AFTER[title]?.(title, session),
  });
});
