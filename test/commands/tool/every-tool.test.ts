import { describe, expect, it } from 'vitest';
import type { NatsTarget } from '../../../src/app/nats.js';
import { Session } from '../../support/session.js';
import { fakeNats, message } from './fake-nats.js';

/** All tools, with all their options, and their copies at the root, which are not in the list of commands. */

const SHARED = {
  servers: ['nats://two:4222'],
  tls: { handshakeFirst: true, caFile: 'ca', certFile: 'cert', keyFile: 'key', curves: ['P-256'] },
};

/** A session with a user, in which what goes on until it is interrupted ends with the first message. */
async function begin(): Promise<{ session: Session; targets: NatsTarget[] }> {
  const targets: NatsTarget[] = [];
  const one = message('a', 'x', 'inbox');
  const server = fakeNats({ messages: [one], gathered: { messages: [one], isUnheard: false } });
  const session = new Session({
    nats: {
      connect(target) {
        targets.push(target);
        return server.connect(target);
      },
    },
  });
  await session.ok('add operator O');
  await session.ok('edit operator --service-url nats://one:4222');
  await session.ok('add account A');
  await session.ok('add user u');
  return { session, targets };
}

describe('every tool connects where and how its options say', () => {
  it.each([
    'tool pub a b --account A --user u --nats two:4222 --tls-first --ca-cert ca --client-cert cert --client-key key --tls-curves p256',
    'tool sub a --account A --user u --nats two:4222 --tls-first --ca-cert ca --client-cert cert --client-key key --tls-curves p256 --queue q --max-messages 1',
    'tool req a b --account A --user u --nats two:4222 --tls-first --ca-cert ca --client-cert cert --client-key key --tls-curves p256',
    'tool reply a b --account A --user u --nats two:4222 --tls-first --ca-cert ca --client-cert cert --client-key key --tls-curves p256 --queue q --max-messages 1',
    'tool rtt --account A --user u --nats two:4222 --tls-first --ca-cert ca --client-cert cert --client-key key --tls-curves p256',
  ])('%s', async (line) => {
    const { session, targets } = await begin();
    const printed = await session.ok(line);
    expect(targets).toMatchObject([SHARED]);
    expect(printed.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('the copies at the root do the same', () => {
  it.each([
    'pub a b --account A --user u',
    'sub a --account A --user u --queue q --max-messages 1',
    'req a b --account A --user u',
    'reply a b --account A --user u --queue q --max-messages 1',
    'rtt --account A --user u',
  ])('%s', async (line) => {
    const { session, targets } = await begin();
    expect(await session.ok(line)).toBe(await session.ok(`tool ${line}`));
    expect(targets).toMatchObject([{ servers: ['nats://one:4222'] }, { servers: ['nats://one:4222'] }]);
  });

  it('and are not in the list of commands', async () => {
    const { stdout } = await new Session().run('--help');
    expect(stdout).toMatch(/^ {2}tool /m);
    expect(stdout).not.toMatch(/^ {2}(pub|sub|req|reply|rtt) /m);
  });
});
