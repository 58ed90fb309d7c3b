import { describe, expect, it } from 'vitest';
import { keyPairFromRaw, newAccount, randomSeed } from '../../src/index.js';
import type { Ran } from '../support/session.js';
import { Client } from './client.js';
import { Cluster, type ClusterServer, type MemberOptions } from './cluster.js';
import { skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';

const ACCOUNTS = 1000;
const MINUTES = 60_000;

/** How long servers may take to bring one another up to date; they look every second here. */
const PATIENCE_MS = 60_000;

const full: MemberOptions = { kind: 'full', interval: '1s' };

interface Answer {
  readonly server?: string;
  readonly state: string;
  readonly differences?: readonly { path: string }[];
}

interface Report {
  readonly ok: boolean;
  readonly servers: readonly { name: string; state: string }[];
  readonly accounts: readonly { name?: string; publicKey: string; state: string; answers: readonly Answer[] }[];
}

/** An operator with a system account and many others, some of which were made by commands. */
async function makeHierarchy(count: number): Promise<Hierarchy> {
  const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user u');
  const signer = hierarchy.pair(hierarchy.claims('A').iss ?? '');
  for (let n = 1; n < count; n += 1) {
    const { publicKey } = keyPairFromRaw('account', randomSeed());
    hierarchy.writeAccount(`N${n}`, newAccount(publicKey, `N${n}`), signer);
  }
  return hierarchy;
}

const run = ({ session }: Hierarchy, line: string): Promise<Ran> => session.run(line);

async function report(hierarchy: Hierarchy, line: string): Promise<Report & { exit: number }> {
  const { exit, stdout } = await run(hierarchy, `${line} --json`);
  return { ...(JSON.parse(stdout) as Report), exit };
}

/** Of how many accounts which is said. */
function countStates({ accounts }: Report): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of accounts) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('it never came to be');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const holds =
  (hierarchy: Hierarchy, name: string) =>
  (server: ClusterServer): boolean =>
    server.storedToken(hierarchy.claims(name).sub ?? '') === hierarchy.token(name);

describe.skipIf(skipsServer)('accounts on a cluster of three servers', () => {
  it(
    `${ACCOUNTS} accounts: pushed, one server down and back, drift, pruned, removed, pulled`,
    async () => {
      const hierarchy = await makeHierarchy(ACCOUNTS);
      const cluster = await Cluster.start(hierarchy, [full, full, full]);
      await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
      const [one, two, three] = ['S1', 'S2', 'S3'].map((name) => cluster.server(name)) as ClusterServer[];
      if (!one || !two || !three) throw new Error('three were started');

      // all of them to all servers; then there is nothing to send
      const first = await report(hierarchy, 'push -A');
      expect([first.exit, first.ok]).toEqual([0, true]);
      expect(countStates(first).sent).toBeGreaterThanOrEqual(ACCOUNTS);
      for (const server of [one, two, three]) expect(server.stored()).toHaveLength(ACCOUNTS + 1);
      expect(countStates(await report(hierarchy, 'push -A'))).toEqual({ same: ACCOUNTS + 1 });
      expect((await run(hierarchy, 'diff --exit-code')).exit).toBe(0);

      // one is down: the others get the change, it is named, and the exit code says so
      await three.kill();
      hierarchy.session.advance(5);
      await hierarchy.nsc('edit account A --conns 7');
      const partial = await run(hierarchy, 'push -A');
      expect(partial.exit).toBe(7);
      expect(partial.stderr).toContain(new URL(three.url).host);
      expect([one, two, three].map(holds(hierarchy, 'A'))).toEqual([true, true, false]);

      // back again, it hears from the others
      await three.startAgain();
      await cluster.settle();
      await until(() => holds(hierarchy, 'A')(three));
      expect((await run(hierarchy, 'diff --exit-code')).exit).toBe(0);

      // somebody else changes an account: seen, member by member
      const system = await Client.connect(one, await hierarchy.creds('sys', 'SYS'));
      const claims = hierarchy.claims('N1');
      const foreign = await makeDrift(hierarchy, 'N1', { ...claims.nats.limits, conn: 3 });
      await system.connection.request(`$SYS.REQ.ACCOUNT.${claims.sub}.CLAIMS.UPDATE`, foreign);
      await until(() => [one, two, three].every((server) => server.storedToken(claims.sub ?? '') === foreign));
      const drift = await report(hierarchy, 'diff --exit-code');
      expect(drift.exit).toBe(1);
      const drifted = drift.accounts.filter(({ state }) => state !== 'same');
      expect(drifted.map(({ name, state }) => [name, state])).toEqual([['N1', 'differs']]);
      expect(drifted[0]?.answers.flatMap(({ differences = [] }) => differences.map(({ path }) => path))).toContain(
        'nats.limits.conn',
      );
      // what somebody else has issued later is not overwritten silently
      const undone = await run(hierarchy, 'push -A');
      expect([undone.exit, undone.stderr]).toEqual([0, expect.stringContaining('a later version of account "N1"')]);
      expect((await run(hierarchy, 'diff --exit-code')).exit).toBe(0);

      // accounts that only servers have: told by diff, pruned everywhere; the system account stays
      const gone = ['N2', 'N3'].map((name) => hierarchy.claims(name).sub ?? '');
      for (const name of ['N2', 'N3']) await hierarchy.nsc(`delete account ${name}`);
      const extra = await report(hierarchy, 'diff');
      expect(extra.accounts.filter(({ state }) => state === 'extra').map(({ publicKey }) => publicKey)).toEqual(
        [...gone].sort(),
      );
      expect(await run(hierarchy, 'push -P')).toMatchObject({ exit: 0 });
      for (const server of [one, two, three]) {
        expect(server.stored()).not.toEqual(expect.arrayContaining(gone));
        expect(server.stored()).toHaveLength(ACCOUNTS - 1);
      }

      // one account is taken from servers alone
      const removed = hierarchy.claims('N4').sub ?? '';
      expect(await run(hierarchy, 'push -R N4')).toMatchObject({ exit: 0 });
      for (const server of [one, two, three]) expect(server.stored()).not.toContain(removed);

      // a store that has lost its accounts gets them back
      const tokens = new Map(['A', 'N1', 'N5'].map((name) => [name, hierarchy.token(name)]));
      for (const name of tokens.keys()) hierarchy.removeAccount(name);
      expect((await run(hierarchy, 'pull -A')).exit).toBe(0);
      for (const [name, token] of tokens) expect(hierarchy.token(name)).toBe(token);
    },
    5 * MINUTES,
  );

  it(
    'two with all accounts and a cache: what the cache does not keep is no failure, and not counted as kept',
    async () => {
      const hierarchy = await makeHierarchy(20);
      const cluster = await Cluster.start(hierarchy, [full, full, { kind: 'cache' }]);
      await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
      const cache = cluster.server('S3');

      const first = await report(hierarchy, 'push -A');
      expect(first.exit).toBe(0);
      const ofCache = first.accounts.flatMap(({ answers }) => answers.filter(({ server }) => server === 'S3'));
      expect(new Set(ofCache.map(({ state }) => state))).toContain('ignored');

      // a client on the cache makes it keep the account; a change then reaches the cache, too
      const client = await Client.connect(cache, await hierarchy.creds('u'));
      hierarchy.session.advance(5);
      await hierarchy.nsc('revocations add-user --account A --name u');
      expect((await run(hierarchy, 'push -A')).exit).toBe(0);
      expect(await client.closing()).toMatch(/revoked|authentication/i);
      expect((await run(hierarchy, 'diff --exit-code')).exit).toBe(0);
      expect((await run(hierarchy, 'pull -A')).exit).toBe(0);
    },
    MINUTES,
  );
});

/** The account as somebody else would edit it, with a key of the operator. */
async function makeDrift(hierarchy: Hierarchy, name: string, limits: object): Promise<string> {
  const before = hierarchy.token(name);
  const claims = hierarchy.claims(name);
  hierarchy.session.advance(5);
  hierarchy.writeAccount(name, { ...claims, nats: { ...claims.nats, limits } }, hierarchy.pair(claims.iss ?? ''));
  const token = hierarchy.token(name);
  hierarchy.restoreAccount(name, before);
  return token;
}
