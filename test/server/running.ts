import { expect } from 'vitest';
import { Client } from './client.js';
import type { Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

/** A server that can be told what has changed in the store. */
export interface Running {
  readonly server: NatsServer;
  tell(): Promise<void>;
}

/** Accounts stand in the configuration. A reload disconnects everybody, whatever has changed. */
async function startFromMemory(hierarchy: Hierarchy): Promise<Running> {
  const server = await NatsServer.start(await hierarchy.config());
  return { server, tell: async () => server.reload(await hierarchy.config()) };
}

/** Accounts are sent to the server, which goes on serving those that may stay. */
async function startWithUpdates(hierarchy: Hierarchy): Promise<Running> {
  const server = await NatsServer.start(await hierarchy.config('--nats-resolver'));
  const system = await Client.connect(server, await hierarchy.creds('sys', 'SYS'));
  const tell = async () => {
    const answer = await system.connection.request('$SYS.REQ.CLAIMS.UPDATE', hierarchy.token('A'));
    expect(answer.json()).toMatchObject({ data: { code: 200 } });
  };
  await tell();
  return { server, tell };
}

/** The ways in which a running server learns of changes. `othersStay` tells whether it keeps connections that may stay. */
export const WAYS = [
  { way: 'a reload', start: startFromMemory, othersStay: false },
  { way: 'an update', start: startWithUpdates, othersStay: true },
];
