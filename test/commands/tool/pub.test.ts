import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/tool/pub.js';
import { NscError } from '../../../src/errors.js';
import { itRefuses } from '../../support/cases.js';
import { use } from './fake-nats.js';
import { given } from './world.js';

describe('pub', () => {
  it.each([
    ["orders.new 'one coffee'", 'publish orders.new one coffee', 'published [orders.new] : "one coffee"'],
    ['orders.new', 'publish orders.new ', 'published [orders.new] : ""'],
    ['--subject a --payload b', 'publish a b', 'published [a] : "b"'],
    ["a '\u001b[2J'", 'publish a \u001b[2J', 'published [a] : "\\u{1b}[2J"'],
  ])('publishes once: %s', async (line, sent, said) => {
    const { log, result, target } = await use(command, given, line);
    expect(log).toEqual([sent, 'close']);
    expect(result).toEqual({ kind: 'changed', steps: [{ level: 'ok', message: said }] });
    expect(target?.clientName).toBe('nsc_pub');
  });

  it('only tells what it would send in a dry run, without a connection', async () => {
    const { target, result } = await use(command, { ...given, dryRun: true }, 'a b');
    expect(target).toBeUndefined();
    expect(result).toMatchObject({ kind: 'changed', dryRun: true });
  });

  it('fails when the server refuses the message, and closes the connection', async () => {
    const refusal = new NscError('remote-failed', 'publishing to "a" is not allowed');
    const { log, result } = await use(command, given, 'a b', { refusal });
    expect(result).toBe(refusal);
    expect(log).toEqual(['publish a b', 'close']);
  });

  it('sends nothing that the server would hang up for', async () => {
    const { log, result } = await use(command, given, 'a äää', { maxPayload: 5 });
    expect(result).toMatchObject({
      code: 'bad-value',
      message: 'the payload has 6 bytes, and the server takes at most 5',
    });
    expect(log).toEqual(['close']);
  });

  itRefuses(command, given, {
    'no subject': ['', ['missing-option', 'the subject is missing']],
    'an empty subject': ["''", ['bad-value', '--subject: "" is not a subject']],
    'a subject with a line end in it, which would begin a line of the protocol': [
      "'a\r\nPUB b 0'",
      ['bad-value', '--subject: "a\\r\\nPUB b 0" is not a subject'],
    ],
    'a subject with a tab in it': ["'a\tb'", ['bad-value', '--subject: "a\\tb" is not a subject']],
    'a third argument': ['a b c', ['too-many-arguments', '"nsc test" takes at most 2 arguments, not 3']],
    'an option that says something else': [
      'a b --payload c',
      ['conflicting-options', '--payload and the argument name different things'],
    ],
  });
});
