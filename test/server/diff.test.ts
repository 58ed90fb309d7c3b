import { describe, expect, it } from 'vitest';
import { issue } from '../../src/index.js';
import { Client } from './client.js';
import { Cluster } from './cluster.js';
import { skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';

const MINUTE = 60_000;

interface Report {
  readonly accounts: readonly {
    name?: string;
    state: string;
    answers: readonly { server?: string; state: string }[];
  }[];
}

/** What `diff` says about an account, and how it ends. */
async function diff(
  { session }: Hierarchy,
  account: string,
): Promise<{ exit: number; state?: string | undefined; servers: string[] }> {
  const { exit, stdout } = await session.run('diff --exit-code --json');
  const { accounts } = JSON.parse(stdout) as Report;
  const row = accounts.find(({ name }) => name === account);
  return {
    exit,
    state: row?.state,
    servers: (row?.answers ?? []).map(({ server, state }) => `${server} ${state}`).sort(),
  };
}

describe.skipIf(skipsServer)('diff against servers', () => {
  it(
    'a copy that the operator did not sign is an error, on each server that has it (S-46)',
    async () => {
      const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A');
      const cluster = await Cluster.start(hierarchy, ['full', 'full']);
      await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
      await hierarchy.nsc('push -A');
      expect(await diff(hierarchy, 'A')).toEqual({ exit: 0, state: 'same', servers: ['S1 same', 'S2 same'] });

      const claims = hierarchy.claims('A');
      const { token } = issue('account', claims, hierarchy.pair(claims.sub ?? ''), { now: Number(claims.iat) + 5 });
      const system = await Client.connect(cluster.server('S1'), await hierarchy.creds('sys', 'SYS'));
      await system.connection.request(`$SYS.REQ.ACCOUNT.${claims.sub}.CLAIMS.UPDATE`, token);
      await expect
        .poll(() => cluster.servers.map((server) => server.storedToken(claims.sub ?? '')))
        .toEqual([token, token]);
      expect(await diff(hierarchy, 'A')).toEqual({
        exit: 7,
        state: 'untrusted',
        servers: ['S1 untrusted', 'S2 untrusted'],
      });
    },
    MINUTE,
  );

  it(
    'a cache and a server with its accounts in the configuration lack nothing',
    async () => {
      const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A');
      const cluster = await Cluster.start(hierarchy, ['full', 'cache', 'memory']);
      await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
      expect(await diff(hierarchy, 'A')).toEqual({ exit: 1, state: 'missing', servers: ['S1 missing'] });
      await hierarchy.nsc('push -A');
      expect(await diff(hierarchy, 'A')).toMatchObject({ exit: 0, state: 'same' });
    },
    MINUTE,
  );

  it(
    'a server that is down is named, and what is the same on the others is no answer for it',
    async () => {
      const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A');
      const cluster = await Cluster.start(hierarchy, ['full', 'full']);
      await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
      await hierarchy.nsc('push -A');
      await cluster.server('S2').kill();
      const { exit, stderr } = await hierarchy.session.run('diff --exit-code');
      expect(exit).toBe(7);
      expect(stderr).toContain(new URL(cluster.server('S2').url).host);
    },
    MINUTE,
  );
});
