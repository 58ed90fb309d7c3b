import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/tool/sub.js';
import { NscError } from '../../../src/errors.js';
import { RunningBin } from '../../support/bin.js';
import { itRefuses } from '../../support/cases.js';
import { FakeNatsServer } from '../../support/fake-nats-server.js';
import { Session } from '../../support/session.js';
import { message, use } from './fake-nats.js';
import { given } from './world.js';

const messages = [message('a.1', 'one', 'inbox'), message('a.2', Uint8Array.of(0xff, 0x00)), message('a.3', '')];

describe('sub', () => {
  it('tells every message once it listens, until there were enough', async () => {
    const { log, told, result, target } = await use(command, given, "'a.*' --max-messages 3", { messages });
    expect(log).toEqual(['subscribe a.*', 'unsubscribe', 'close']);
    expect(told).toEqual([
      'note listening on [a.*] for 3 messages',
      'tell [#1] received on [a.1]: \'one\' {"subject":"a.1","reply":"inbox","data":"one"}',
      'tell [#2] received on [a.2]: \'\ufffd\u0000\' {"subject":"a.2","dataBase64":"/wA="}',
      'tell [#3] received on [a.3]: \'\' {"subject":"a.3","data":""}',
    ]);
    expect(result).toEqual({ kind: 'told' });
    expect(target).toMatchObject({ clientName: 'nsc_sub', reconnects: true });
  });

  it('tells nothing that comes after that', async () => {
    const { told } = await use(command, given, '--subject a --queue q --max-messages=1', { messages });
    expect(told).toHaveLength(2);
  });

  it.each(['', '--max-messages -1', '--max-messages=-7'])('goes on until it is interrupted: %s', async (line) => {
    const { told, log, result } = await use(command, given, `a -q q ${line}`, { messages, interrupt: 'later' });
    expect(told).toHaveLength(4);
    expect(told[0]).toBe('note listening on [a]');
    expect(log).toEqual(['subscribe a q', 'unsubscribe', 'close']);
    expect(result).toEqual({ kind: 'told' });
  });

  it('tells nothing when it is interrupted before it begins', async () => {
    const { told, result } = await use(command, given, 'a', { messages, interrupt: 'first' });
    expect(told).toEqual([]);
    expect(result).toEqual({ kind: 'told' });
  });

  it('tells what happens to the connection once it listens', async () => {
    const { told } = await use(command, given, 'a --max-messages 1', { messages, events: ['early', 'later'] });
    expect(told.slice(0, 2)).toEqual(['note listening on [a] for 1 message', 'note later']);
  });

  it('fails when the subject is not allowed, and when the connection ends', async () => {
    const refusal = new NscError('remote-failed', 'subscribing to "a" is not allowed');
    expect(await use(command, given, 'a', { refusal })).toMatchObject({
      result: refusal,
      log: ['subscribe a', 'close'],
    });
    expect((await use(command, given, 'a', { end: refusal })).result).toBe(refusal);
    expect((await use(command, given, 'a', { end: new Error('gone') })).result).toMatchObject({
      code: 'remote-failed',
      message: 'the connection ended: gone',
    });
    expect((await use(command, given, 'a', { end: 'end' })).result).toMatchObject({ message: 'the connection ended' });
  });

  itRefuses(command, given, {
    'no subject': ['', ['missing-option', 'the subject is missing']],
    'no message at all': ['a --max-messages 0', ['bad-value', '--max-messages: at least one message is needed']],
    'encryption that discloses a seed (S-52)': [
      'a -E',
      [
        'policy-refused',
        '--encrypt is not there any more: it disclosed part of the seed of the account with every message',
      ],
    ],
  });
});

it('ends when nobody reads its answers any more, as behind "nsc tool sub … | head -1"', async () => {
  const session = new Session();
  for (const line of ['add operator O', 'add account A', 'add user u']) await session.ok(line);
  const server = await FakeNatsServer.start();
  const bin = new RunningBin(['tool', 'sub', 'a', '--nats', server.url], session.env, session.cwd);
  const sending = setInterval(() => {
    for (const peer of server.peers) peer.write(peer.message('a', 'x'));
  }, 20);
  await bin.said(/received on \[a\]: 'x'/);
  bin.stopReading();
  expect(await bin.ended).toMatchObject({ exit: 0, signal: null });
  clearInterval(sending);
});
