import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mutation, query, task } from '../../src/app/command.js';
import { flag, list, text } from '../../src/app/option.js';
import { changed, ok } from '../../src/app/result.js';
import type { Leaf } from '../../src/cli/manifest.js';
import { run } from '../../src/cli/run.js';
import { account } from '../domain/trust/hierarchy.js';
import { Session } from '../support/session.js';

const leafOf = (command: unknown): Leaf => ({ summary: '', load: async () => ({ command: command as never }) });

/** Runs a command that is not in the manifest. */
function play(session: Session, command: unknown, ...words: string[]) {
  return session.runWith((world) => run(world, { kind: 'leaf', path: 'test it', leaf: leafOf(command), words }));
}

const echo = query({
  summary: 'Tell what was given',
  options: {
    name: text('name', {
      short: 'n',
      help: 'name',
      ask: { message: 'Name', type: 'input', default: () => 'Bob', takesDefault: true },
    }),
    old: text('old', { help: 'old', hidden: true, deprecated: '--name' }),
    many: list('many', { help: 'many' }),
    fail: text('fail', { help: 'fail' }),
  },
  positional: { option: 'name', max: 1, placeholder: 'NAME' },
  conflicts: [['name', 'old']],
  run: (_context, input) => {
    if (input.fail === 'bug') throw new TypeError('oops');
    return { kind: 'emitted', what: 'echo', content: JSON.stringify(input) };
  },
});

const check = query({
  summary: 'Say no',
  options: { json: flag('json', { short: 'J', help: 'as JSON' }) },
  run: () => ({ kind: 'checked', ok: false, sections: [{ title: 'all', findings: [] }] }),
});

describe('run', () => {
  it('hands over what was given', async () => {
    const ran = await play(new Session(), echo, 'a', '--many', 'x,y');
    expect(ran).toEqual({ exit: 0, stdout: '{"many":["x","y"],"name":"a"}\n', stderr: '' });
  });

  it('says no by its exit code', async () => {
    expect((await play(new Session(), check)).exit).toBe(1);
  });

  it('puts a notice about a deprecated option on standard error', async () => {
    const { stdout, stderr } = await play(new Session(), echo, '--old', 'x');
    expect(stdout).toBe('{"old":"x"}\n');
    expect(stderr).toBe('nsc: warning: --old is deprecated: use --name\n');
  });

  it('reports an error with a hint, or as one line of JSON', async () => {
    const session = new Session();
    expect(await play(session, echo, '-n', 'a', '--old', 'b')).toEqual({
      exit: 2,
      stdout: '',
      stderr: 'nsc: error: --name and --old exclude each other\nnsc: hint: give one of them\n',
    });
    const { stderr } = await play(session, echo, '-n', 'a', '--old', 'b', '--json');
    expect(JSON.parse(stderr)).toMatchObject({
      ok: false,
      error: { code: 'conflicting-options', hint: 'give one of them' },
    });
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it("takes a command's own --json for the form of errors too", async () => {
    const failing = {
      ...check,
      run: () => {
        throw new TypeError('oops');
      },
    };
    expect(JSON.parse((await play(new Session(), failing, '-J')).stderr)).toMatchObject({ error: { code: 'bug' } });
  });

  it('calls a mistake of its own a bug, and shows where only when asked', async () => {
    const quiet = await play(new Session(), echo, '--fail', 'bug');
    expect(quiet.exit).toBe(70);
    expect(quiet.stderr).toMatch(
      /^nsc: error: unexpected mistake in the program: TypeError: oops\nnsc: hint: set NSC_DEBUG=1/,
    );
    const loud = await play(new Session({ env: { NSC_DEBUG: '1' } }), echo, '--fail', 'bug');
    expect(loud.exit).toBe(70);
    expect(loud.stderr).toContain('run.test.ts');
  });

  it('colours errors when told to', async () => {
    const { stderr } = await play(new Session(), echo, '--color=always', 'a', '-n', 'b');
    expect(stderr).toContain('\u001b[31merror:');
    expect((await new Session().run('env --color sometimes')).stderr).toContain('is not one of auto, always, never');
  });

  it('asks on a terminal with -i, with what is given left out', async () => {
    const session = new Session({ terminal: { stdin: true, stderr: true } });
    session.answers.push('Eve');
    expect((await play(session, echo, '-i')).stdout).toBe('{"name":"Eve"}\n');
    expect((await play(session, echo, '-i', 'Joe')).stdout).toBe('{"name":"Joe"}\n');
    session.answers.push('');
    expect((await play(session, echo, '-i')).stdout).toBe('{"name":"Bob"}\n');
    expect(session.asked).toEqual(['Name', 'Name']);
  });

  it('without a terminal -i names the flags', async () => {
    expect(await play(new Session({ terminal: { stderr: true } }), echo, '-i')).toMatchObject({
      exit: 2,
      stderr: 'nsc: error: --interactive needs a terminal to ask on\nnsc: hint: give the values as options: --name\n',
    });
  });

  it('writes an answer that names a file there, for its owner alone', async () => {
    const session = new Session();
    const emit = query({
      summary: '',
      options: {},
      run: () => ({ kind: 'emitted', what: 'creds', content: 'secret', file: '~/out.creds' }),
    });
    expect((await play(session, emit)).stdout).toBe('[ OK ] wrote creds to `~/out.creds`\n');
    expect(existsSync(join(session.home, 'out.creds'))).toBe(true);
  });
});

describe('a task', () => {
  it('gets files, remote and environment', async () => {
    const remote = { get: async (url: string) => `<${url}>`, post: async () => ({ status: 200, text: '' }) };
    const session = new Session({ remote, env: { COLOUR: 'blue' } });
    writeFileSync(join(session.home, 'note'), 'note');
    const fetching = task({
      summary: '',
      options: {},
      run: async ({ ports: { files, remote, env } }) => {
        const page = await remote.get('http://x', { maxBytes: 1, timeoutMs: 1 });
        return {
          kind: 'emitted',
          what: 'x',
          content: `${files.read('~/note')} ${page} ${env.COLOUR} ${files.read('none')}`,
        };
      },
    });
    expect((await play(session, fetching)).stdout).toBe('note <http://x> blue undefined\n');
  });
});

describe('a mutation', () => {
  const made: string[] = [];
  const select = mutation({
    summary: '',
    options: { ask: flag('ask', { help: 'ask' }), changing: flag('changing', { help: 'another question each time' }) },
    plan: ({ workspace }, input) => {
      made.push(workspace.storeRoot);
      return {
        changes: [{ type: 'select', account: '' }],
        warnings: ['mind the gap'],
        result: changed(ok(`planned ${input.ask ? 'and asked' : ''}`)),
      };
    },
    confirm: (_context, input) => (input.ask ? `Sure${input.changing ? ` (${made.length})` : ''}?` : undefined),
  });
  const onTerminal = { stdin: true, stdout: false, stderr: true, columns: undefined };

  it('warns on standard error and answers on standard output', async () => {
    const session = new Session();
    await session.ok('add operator O');
    expect(await play(session, select)).toEqual({
      exit: 0,
      stdout: '[ OK ] planned \n',
      stderr: 'nsc: warning: mind the gap\n',
    });
  });

  it.each([
    [['--ask'], 0],
    [['--ask', '--no-input'], 0],
  ])('does not ask off a terminal: %j', async (words, exit) => {
    const session = new Session();
    await session.ok('add operator O');
    expect((await play(session, select, ...words)).exit).toBe(exit);
  });

  it.each(['--yes', '--no-input', '--dry-run'])('does not ask with %s', async (flagged) => {
    const session = new Session();
    await session.ok('add operator O');
    session.terminal = onTerminal;
    expect((await play(session, select, '--ask', flagged)).exit).toBe(0);
    expect(session.asked).toEqual([]);
  });

  it('asks on a terminal, says its warnings once, and does nothing without a yes', async () => {
    const session = new Session();
    await session.ok('add operator O');
    session.terminal = onTerminal;
    session.answers.push(true);
    expect(await play(session, select, '--ask')).toMatchObject({ exit: 0, stderr: 'nsc: warning: mind the gap\n' });
    session.answers.push(false);
    expect(await play(session, select, '--ask')).toMatchObject({ exit: 4, stdout: '' });
    expect(session.asked).toEqual(['Sure?', 'Sure?']);
  });

  it('asks again when the question has changed meanwhile', async () => {
    const session = new Session();
    await session.ok('add operator O');
    session.terminal = onTerminal;
    session.answers.push(true, true, false);
    expect((await play(session, select, '--ask', '--changing')).exit).toBe(4);
    expect(session.asked).toHaveLength(3);
  });

  it('does not hold the lock while it asks, and gives it back when refused', async () => {
    const session = new Session();
    await session.ok('add operator O');
    session.terminal = onTerminal;
    const lock = join(session.home, '.local/share/nats/nsc/stores/.nsc.lock');
    const locked: boolean[] = [];
    session.onQuestion = () => locked.push(existsSync(lock));
    session.answers.push(false);
    await play(session, select, '--ask');
    expect([...locked, existsSync(lock)]).toEqual([false, false]);
  });

  it('with a bad outcome is refused, unless its plan insists: then that is a warning', async () => {
    const session = new Session();
    await session.ok('add operator O');
    const entry = account('A', 'a1');
    const put = mutation({
      summary: '',
      options: { insist: flag('insist', { help: 'insist' }) },
      plan: (_context, { insist = false }) => ({
        changes: [{ type: 'put-account', ...entry }],
        force: insist,
        result: changed(ok('put')),
      }),
    });
    const place = join(session.home, '.local/share/nats/nsc/stores/O/accounts/A/A.jwt');
    const complaint = `account "A" is signed by ${entry.claims.iss}, which operator "O" does not list`;
    expect(await play(session, put)).toMatchObject({ exit: 4, stderr: expect.stringContaining(complaint) });
    expect(existsSync(place)).toBe(false);
    expect(await play(session, put, '--insist')).toMatchObject({ exit: 0, stderr: `nsc: warning: ${complaint}\n` });
    expect(existsSync(place)).toBe(true);
  });

  it('refused in an empty home leaves nothing behind', async () => {
    const session = new Session();
    expect((await session.run('add account A')).exit).toBe(3);
    expect(existsSync(join(session.home, '.local'))).toBe(false);
    expect(existsSync(join(session.home, '.config'))).toBe(false);
  });
});
