import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/tool/req.js';
import { itRefuses } from '../../support/cases.js';
import { message, use } from './fake-nats.js';
import { given } from './world.js';

const answered = { messages: [message('_INBOX.x', 'noon')], isUnheard: false };

describe('req', () => {
  it.each([
    ['time.now', 'request time.now  5000'],
    ["time.now 'in Bonn' --timeout 2", 'request time.now in Bonn 2000'],
  ])('tells the answer: %s', async (line, asked) => {
    const { log, told, result, target } = await use(command, given, line, { gathered: answered });
    expect(log).toEqual([asked, 'close']);
    expect(told.at(-1)).toBe('tell received reply: [_INBOX.x] : \'noon\' {"subject":"_INBOX.x","data":"noon"}');
    expect(told[0]).toMatch(/^note published request: \[time.now\] : '/);
    expect(result).toEqual({ kind: 'told' });
    expect(target).toMatchObject({ clientName: 'nsc_req', reconnects: false });
  });

  it('fails when no answer comes (S-29)', async () => {
    const { result, log } = await use(command, given, 'a --timeout 3');
    expect(result).toMatchObject({ code: 'remote-failed', message: 'no answer on "a" within 3 s', exitCode: 7 });
    expect(log).toEqual(['request a  3000', 'close']);
  });

  it('fails when nobody listens', async () => {
    const { result } = await use(command, given, 'a', { gathered: { messages: [], isUnheard: true } });
    expect(result).toMatchObject({ code: 'remote-failed', message: 'nobody listens on "a"', exitCode: 7 });
  });

  it('asks nobody in a dry run', async () => {
    const { target, result } = await use(command, { ...given, dryRun: true }, 'a b');
    expect(target).toBeUndefined();
    expect(result).toMatchObject({ kind: 'changed', dryRun: true });
  });

  itRefuses(command, given, {
    'no subject': ['', ['missing-option', 'the subject is missing']],
    'no time at all': ['a --timeout 0', ['bad-value', '--timeout: "0" is not an integer from 1 to 3600']],
    'encryption that discloses a seed (S-52)': [
      'a b --encrypt',
      [
        'policy-refused',
        '--encrypt is not there any more: it disclosed part of the seed of the account with every message',
      ],
    ],
  });
});
