import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cluster } from './cluster.js';
import { skipsServer } from './find-server.js';
import { clock, Hierarchy } from './hierarchy.js';

const MINUTE = 60_000;

/** Versions of an account that were replaced. */
function historyOf({ session }: Hierarchy, account: string): string[] {
  const directory = join(session.home, '.local/share/nats/nsc/stores/O/.history/accounts', account);
  return existsSync(directory) ? readdirSync(directory).map((file) => readFileSync(join(directory, file), 'utf8')) : [];
}

/** Two servers that have what the store has. */
async function start(): Promise<{ hierarchy: Hierarchy; cluster: Cluster }> {
  const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add account B');
  const cluster = await Cluster.start(hierarchy, ['full', 'full']);
  await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
  await hierarchy.nsc('push -A');
  return { hierarchy, cluster };
}

describe.skipIf(skipsServer)('pull from servers', () => {
  it(
    'gets what somebody else changed, and keeps what was here in the history',
    async () => {
      const { hierarchy } = await start();
      const before = hierarchy.token('A');
      hierarchy.session.advance(5);
      await hierarchy.nsc('edit account A --conns 5');
      await hierarchy.nsc('push -a A');
      const after = hierarchy.token('A');
      hierarchy.restoreAccount('A', before);

      const rehearsed = await hierarchy.nsc('pull -a A --dry-run');
      expect(rehearsed).toContain('nats.limits.conn');
      expect(rehearsed).toMatch(/^dry run: nothing is sent, and nothing is written$/m);
      expect(rehearsed).toMatch(
        /^\[ -- \] would pull account "A", issued .*\n1 to store\n\+ version .*\n~ account "A"$/m,
      );
      expect(hierarchy.token('A')).toBe(before);

      await hierarchy.nsc('pull -a A');
      expect(hierarchy.token('A')).toBe(after);
      expect(historyOf(hierarchy, 'A')).toEqual([before]);
      expect(await hierarchy.nsc('pull -A')).toContain('account "A" is the same');
      expect(historyOf(hierarchy, 'A')).toEqual([before]);
    },
    MINUTE,
  );

  it(
    'gets everything, what has expired too, and leaves what no server has',
    async () => {
      const { hierarchy } = await start();
      const { iss = '' } = hierarchy.claims('B');
      hierarchy.session.advance(5);
      hierarchy.writeAccount('B', { ...hierarchy.claims('B'), exp: clock() - 2 }, hierarchy.pair(iss));
      const expired = hierarchy.token('B');
      hierarchy.writeAccount('B', { ...hierarchy.claims('B'), exp: clock() + 2 }, hierarchy.pair(iss));
      await hierarchy.nsc('push -a B -F');
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const tokens = ['A', 'B'].map((name) => hierarchy.token(name));
      hierarchy.removeAccount('A');
      // servers do not list what has expired, but they have it
      hierarchy.restoreAccount('B', expired);
      await hierarchy.nsc('add account Here');

      const told = await hierarchy.nsc('pull -A');
      expect(['A', 'B'].map((name) => hierarchy.token(name))).toEqual(tokens);
      expect(told).toContain('no server lists account "Here", which stays');
    },
    MINUTE,
  );

  it(
    'keeps what is newer here, unless it is told otherwise',
    async () => {
      const { hierarchy } = await start();
      const old = hierarchy.token('A');
      hierarchy.session.advance(5);
      await hierarchy.nsc('edit account A --conns 5');
      const newer = hierarchy.token('A');

      const { exit, stderr } = await hierarchy.session.run('pull -A');
      expect([exit, hierarchy.token('A')]).toEqual([7, newer]);
      expect(stderr).toContain('--overwrite-newer');

      await hierarchy.nsc('pull -A --overwrite-newer');
      expect(hierarchy.token('A')).toBe(old);
      expect(historyOf(hierarchy, 'A')).toEqual([newer]);
    },
    MINUTE,
  );
});
