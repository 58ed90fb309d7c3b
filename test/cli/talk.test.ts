import { describe, expect, it } from 'vitest';
import type { Talk } from '../../src/app/ports.js';
import type { Invocation } from '../../src/cli/run.js';
import { talkOf } from '../../src/cli/talk.js';
import { KEYS } from '../domain/trust/hierarchy.js';

interface Setting {
  readonly terminal?: boolean;
  readonly env?: Record<string, string>;
  readonly globals?: Invocation['globals'];
  readonly canAsk?: boolean;
  readonly answer?: boolean;
}

/** What a task says in a setting, by stream. */
function listen({ terminal = true, env = {}, globals = {}, canAsk = terminal, answer = true }: Setting): {
  talk: Talk;
  heard: string[];
} {
  const heard: string[] = [];
  const invocation = {
    world: {
      env: { NO_COLOR: '1', ...env },
      home: '/home/u',
      now: () => 0,
      terminal: { stdin: terminal, stdout: terminal, stderr: terminal, columns: 20 },
      writeOut: (text: string) => heard.push(`out ${text}`),
      writeErr: (text: string) => heard.push(`err ${text}`),
    },
    globals,
    canAsk,
    loadPrompter: async () => ({
      confirm: async ({ message }: { message: string }) => {
        heard.push(`asked ${message}`);
        return answer;
      },
    }),
  };
  return { talk: talkOf(invocation as unknown as Invocation), heard };
}

const SEED = KEYS.a1.seed.reveal();

const ERASED = 'err \r\u001b[K';

describe('what a task says while it runs', () => {
  it('logs lines of JSON that a terminal obeys in nothing, and no seeds', () => {
    const { talk, heard } = listen({});
    talk.log(JSON.stringify({ reason: '\u202e\u009b31m', path: `/${SEED}` }));
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain('{"reason":"\\u202e\\u009b31m","path":"/');
    expect(heard[0]).not.toContain(SEED);
  });

  it('replaces its line of progress, cut to the terminal, and takes it away before anything else', async () => {
    const { talk, heard } = listen({});
    talk.progress('1 of 2');
    talk.progress('2 of 2 with \u001b[2J and more');
    talk.say('answer\n');
    talk.say('more\n');
    talk.progress('3');
    await talk.warn('beware');
    expect(heard).toEqual([
      'err 1 of 2',
      ERASED,
      'err 2 of 2 with \\u{1b}[',
      ERASED,
      'out answer\n',
      'out more\n',
      'err 3',
      ERASED,
      expect.stringMatching(/^err .*beware\n$/),
    ]);
  });

  it.each([
    ['no terminal', { terminal: false }],
    ['a dumb terminal', { env: { TERM: 'dumb' } }],
    ['an answer in JSON', { globals: { json: true } }],
  ])('shows no progress on %s', (_what, setting: Setting) => {
    const { talk, heard } = listen(setting);
    talk.progress('1 of 2');
    talk.progress(undefined);
    expect([talk.isLive, heard]).toEqual([false, []]);
  });

  it.each([
    ['takes a yes for a yes', { answer: true }, ['asked Go on?'], undefined],
    ['ends with a no', { answer: false }, ['asked Go on?'], 'cancelled'],
    ['asks nothing after --yes', { globals: { yes: true }, answer: false }, [], undefined],
    ['asks nothing where nobody can be asked', { canAsk: false, answer: false }, [], undefined],
  ])('%s', async (_what, setting: Setting, asked, code) => {
    const { talk, heard } = listen(setting);
    const error = await talk.agree('Go on?').catch((error: unknown) => error);
    expect(heard).toEqual(asked);
    expect((error as { code?: string } | undefined)?.code).toBe(code);
  });
});
