import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/generate/context.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { account, KEYS, NOW, operator, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import type { Given } from '../../support/plan.js';
import { Session } from '../../support/session.js';

const u = user('A/u', 'u1');
const ofU = { account: 'A', user: 'u', creds: formatCreds(u.token, KEYS.u1.seed) };
const older = { ...ofU, creds: formatCreds(user('A/u', 'u1', { tags: ['old'] } as object).token, KEYS.u1.seed) };
const content = {
  operator: operator({ nats: { operator_service_urls: ['nats://one:4222', 'nats://two:4222'] } }),
  accounts: [account('A', 'a1'), account('B', 'b1', { nats: { limits: { disallow_bearer: false } } })],
  users: [
    u,
    user('B/v?1%', 'u2', { by: 'b1', nats: { pub: {}, sub: {}, subs: -1, data: -1, payload: -1, bearer_token: true } }),
    user('B/late', 'u3', { by: 'b1', exp: NOW - 1 }),
  ],
};
const given: Given = { operators: [{ ...content, creds: [ofU] }] };

const file = '~/.config/nats/context/dev.json';
const expected = {
  files: [`${file}: {"nsc":"nsc://O/A/u","url":"nats://one:4222","creds":"/keys/creds/O/A/u.creds"}`],
  changes: [],
  steps: [`wrote nats cli context file to \`${file}\``],
};
const writesCreds = {
  changes: ['put-creds A/u'],
  steps: ['generated user creds file `/keys/creds/O/A/u.creds`', ...expected.steps],
};

describe('a context', () => {
  itPlans(command, given, {
    'of the only user of the selected account': ['--context dev', expected],
    'of a user by name': ['--context dev.json --user u', expected],
    'of a user and account by key': ['--context dev -a $a1 -u $u1', expected, { ...given, selected: { account: 'B' } }],
    'of an operator without service URLs': [
      '--context dev',
      { ...expected, files: [`${file}: {"nsc":"nsc://O/A/u","creds":"/keys/creds/O/A/u.creds"}`] },
      { operators: [{ ...content, operator: operator(), creds: [ofU] }] },
    ],
    'with creds that were missing (S-31)': ['--context dev', { ...expected, ...writesCreds }, { operators: [content] }],
    'with creds that held an older JWT': [
      '--context dev',
      { ...expected, ...writesCreds },
      { operators: [{ ...content, creds: [older] }] },
    ],
    'with creds that hold an older JWT, and no seed at hand': [
      '--context dev',
      { ...expected, warnings: ['`/keys/creds/O/A/u.creds` does not hold the JWT of user "u"'] },
      { operators: [{ ...content, creds: [older] }], stored: [] },
    ],
    'of a bearer user whose name has marks, with a warning (S-53)': [
      "--context dev --account B --user 'v?1%'",
      {
        changes: ['put-creds B/v?1%'],
        files: [`${file}: {"nsc":"nsc://O/B/v%3F1%25","url":"nats://one:4222","creds":"/keys/creds/O/B/v?1%.creds"}`],
        steps: ['generated user creds file `/keys/creds/O/B/v?1%.creds`', ...expected.steps],
        warnings: ['user "v?1%" has a bearer token: whoever sees the JWT can connect without the seed'],
      },
    ],
    'with every service URL': [
      '--context dev --all-urls',
      { ...expected, files: expected.files.map((text) => text.replace('nats://one:4222', '$&,nats://two:4222')) },
    ],
    'that is the selected one from now on': [
      '--context dev.json --select',
      {
        ...expected,
        files: [...expected.files, '~/.config/nats/context.txt: dev (may replace)'],
        steps: [...expected.steps, 'selected nats cli context "dev"'],
      },
    ],
    'of a user that has expired, with a warning': [
      '-a B -u late --context dev',
      {
        changes: ['put-creds B/late'],
        files: [`${file}: {"nsc":"nsc://O/B/late","url":"nats://one:4222","creds":"/keys/creds/O/B/late.creds"}`],
        steps: ['generated user creds file `/keys/creds/O/B/late.creds`', ...expected.steps],
        warnings: ['user "late" has expired: servers refuse these creds'],
      },
    ],
  });

  itRefuses(command, given, {
    'without a name': ['-u u', ['missing-option', 'the context has no name']],
    'with an empty name': ['--context .json', ['bad-value', '--context: ".json" cannot be the name of a context']],
    'with a separator in the name': [
      '--context a/b',
      ['bad-value', '--context: "a/b" cannot be the name of a context'],
    ],
    'that would lead elsewhere': ['--context ..', ['bad-value', '--context: ".." cannot be the name of a context']],
    'of none of several users': ['-a B --context x', ['missing-option', 'a user of account "B" is needed']],
    'of a user that is not there': ['-u x --context x', ['user-not-found', 'user "x" does not exist in account "A"']],
    'of an account that is not there': [
      '-a X --context x',
      ['account-not-found', 'account "X" does not exist under operator "O"'],
    ],
    'without creds and seed': [
      '--context x',
      ['key-not-found', 'user "u" has no creds, and its seed [u1] is not in the keystore'],
      { operators: [content], stored: [] },
    ],
  });
});

describe('in the program', () => {
  async function start(session = new Session()): Promise<Session> {
    await session.ok('add operator O');
    await session.ok('add account A');
    await session.ok('add user u');
    return session;
  }
  const line = 'generate context --context dev';

  it('is a file for its owner alone, and none is replaced (S-14)', async () => {
    const session = await start();
    const file = join(session.home, '.config/nats/context/dev.json');
    expect(await session.ok(line)).toBe('[ OK ] wrote nats cli context file to `~/.config/nats/context/dev.json`\n');
    const creds = join(session.home, '.local/share/nats/nsc/keys/creds/O/A/u.creds');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ nsc: 'nsc://O/A/u', creds });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const again of [line, `${line} --dry-run`]) {
      expect(await session.run(again)).toEqual({
        exit: 4,
        stdout: '',
        stderr: `nsc: error: file "${file}" already exists\nnsc: hint: choose another --context, or remove the file\n`,
      });
    }
  });

  it('is selected in the place of another one', async () => {
    const session = await start();
    await session.ok(`${line} --select`);
    await session.ok('generate context --context other --select');
    expect(readFileSync(join(session.home, '.config/nats/context.txt'), 'utf8')).toBe('other');
    expect((await session.run(`${line} --select`)).exit).toBe(4);
    expect(readFileSync(join(session.home, '.config/nats/context.txt'), 'utf8')).toBe('other');
  });

  it('stands where XDG_CONFIG_HOME says', async () => {
    const session = new Session();
    session.env.XDG_CONFIG_HOME = join(session.root, 'config');
    await start(session);
    await session.ok(line);
    expect(existsSync(join(session.root, 'config/nats/context/dev.json'))).toBe(true);
  });

  it('brings the creds it names, and a dry run tells of both files and writes neither', async () => {
    const session = await start();
    const creds = join(session.home, '.local/share/nats/nsc/keys/creds/O/A/u.creds');
    const file = join(session.home, '.config/nats/context/dev.json');
    rmSync(creds);
    expect(await session.ok(`${line} --dry-run`)).toBe(
      `dry run: nothing is written\n+ creds "u" of account "A"\n+ file "${file}"\n`,
    );
    expect([existsSync(creds), existsSync(file)]).toEqual([false, false]);
    const told = JSON.parse(await session.ok(`${line} --json`));
    expect(told.changes).toEqual([
      { action: 'create', type: 'creds', name: 'u', account: 'A' },
      { action: 'create', type: 'file', name: file },
    ]);
    expect(existsSync(creds)).toBe(true);
    expect(readFileSync(creds, 'utf8')).toContain('BEGIN USER NKEY SEED');
  });
});
