import { homedir } from 'node:os';
import { onTestFinished } from 'vitest';
import type { NatsIdentity, NatsLink, NatsTarget } from '../../src/app/nats.js';
import { nodeFiles } from '../../src/cli/node-io-files.js';
import { keyPairFromSeed, parseDecorated } from '../../src/index.js';
import { natsOf } from '../../src/remote/nats-link.js';

/** The real client, with the files there are. */
export const nats = natsOf(nodeFiles({ cwd: process.cwd(), home: homedir() }));

/** A link that is closed when the test ends, without credentials unless the target says as whom. */
export async function openLink(url: string, target: Partial<NatsTarget> = {}): Promise<NatsLink> {
  const link = await nats.connect({
    servers: [url],
    clientName: 'nsc_test',
    timeoutMs: 5000,
    reconnects: false,
    ...target,
  });
  onTestFinished(() => link.close());
  return link;
}

/** Whom creds are of. */
export function identityOf(creds: string): NatsIdentity {
  const { token, seed } = parseDecorated(creds);
  return { token, pair: keyPairFromSeed(seed?.reveal() ?? '') };
}
