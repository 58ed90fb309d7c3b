import { expect, it } from 'vitest';
import { FakeCluster } from '../../support/fake-resolver.js';
import { Session, type SessionOptions } from '../../support/session.js';

/** Steps that end with accounts on servers, as whole command lines. */

const SERVERS = 'nats://localhost:4222';

async function begin(options: SessionOptions = {}): Promise<Session> {
  const session = new Session(options);
  for (const line of [
    'add operator O --sys',
    `edit operator --account-jwt-server-url ${SERVERS}`,
    'add account A',
    'edit account A --sk generate',
    'add user u',
  ]) {
    await session.ok(line);
  }
  return session;
}

it('what would be sent is shown, and sent it is told', async () => {
  const session = await begin({ resolvers: new FakeCluster([{ name: 'S1' }, { name: 'S2' }]) });
  expect(await session.ok('rotate start -a A --push --dry-run')).toContain(`> account "A" to ${SERVERS}`);
  const { changes, steps } = JSON.parse(await session.ok('rotate start -a A --push --json'));
  expect(changes).toContainEqual(
    expect.objectContaining({ action: 'send', type: 'account', name: 'A', servers: SERVERS }),
  );
  expect(steps.at(-1)).toEqual({ level: 'ok', message: '2 servers have 1 account as it is here' });
});

it('where servers are away the step is done, and the same line sends later what they lack', async () => {
  const away = await begin();
  const ran = await away.run('rotate start -a A --push');
  expect(ran.exit).toBe(7);
  expect(ran.stderr).toContain('servers do not all have what the store has');
  const again = await away.run('rotate start -a A --push');
  expect(again.exit).toBe(7);
  expect(again.stdout).toContain('is announced already, so nothing changes here');
});
