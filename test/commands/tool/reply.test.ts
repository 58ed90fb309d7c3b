import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/tool/reply.js';
import { itRefuses } from '../../support/cases.js';
import { message, use } from './fake-nats.js';
import { given } from './world.js';

const messages = [
  message('a', 'one', 'in.1'),
  message('a', 'nobody waits'),
  message('a', Uint8Array.of(65, 66), 'in.3'),
];

describe('reply', () => {
  it('answers with what came', async () => {
    const { log, told, target } = await use(command, given, 'a --max-messages 3', { messages });
    expect(log).toEqual(['subscribe a', 'publish in.1 one', 'publish in.3 AB', 'unsubscribe', 'close']);
    expect(told.slice(1)).toEqual([
      'tell [#1] received on [a]: \'one\' {"subject":"a","reply":"in.1","data":"one"}',
      'note [#2] ignoring request on [a]: no reply subject',
      'tell [#3] received on [a]: \'AB\' {"subject":"a","reply":"in.3","data":"AB"}',
    ]);
    expect(target).toMatchObject({ clientName: 'nsc_reply', reconnects: true });
  });

  it('answers with a text, as a member of a queue group, until it is interrupted', async () => {
    const { log, result } = await use(command, given, 'a noon --queue workers', { messages, interrupt: 'later' });
    expect(log).toEqual(['subscribe a workers', 'publish in.1 noon', 'publish in.3 noon', 'unsubscribe', 'close']);
    expect(result).toEqual({ kind: 'told' });
  });

  it('answers with nothing where that is the text', async () => {
    const { log } = await use(command, given, "a '' --max-messages 1", { messages });
    expect(log).toContain('publish in.1 ');
  });

  it.each([
    ['a', 'answered requests on [a] with what they bring'],
    ['a x', 'answered requests on [a] with "x"'],
  ])('only tells what it would do in a dry run: %s', async (line, text) => {
    const { target, result } = await use(command, { ...given, dryRun: true }, line);
    expect(target).toBeUndefined();
    expect(result).toEqual({ kind: 'changed', steps: [{ level: 'ok', message: text }], dryRun: true });
  });

  itRefuses(command, given, {
    'no subject': ['', ['missing-option', 'the subject is missing']],
    'no message at all': ['a --max-messages 0', ['bad-value', '--max-messages: at least one message is needed']],
  });

  it('refuses an answer that is too long before it subscribes', async () => {
    const { log, result } = await use(command, given, 'a toolong', { maxPayload: 3 });
    expect(result).toMatchObject({ code: 'bad-value' });
    expect(log).toEqual(['close']);
  });
});
