import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Session } from '../support/session.js';

async function store(): Promise<Session> {
  const session = new Session();
  for (const line of ['add operator -n O', 'add account A', 'add user alice', 'add user bob', 'add account B']) {
    await session.ok(line);
  }
  return session;
}

/** Candidates and the number at the end. */
async function complete(session: Session, ...words: string[]): Promise<{ values: string[]; files: string }> {
  const lines = (await session.ok(['__completeNoDesc', ...words])).trimEnd().split('\n');
  return { values: lines.slice(0, -1), files: lines.at(-1) ?? '' };
}

describe('completion', () => {
  it('offers commands', async () => {
    const session = new Session();
    expect((await complete(session, 'de')).values).toEqual(['delete', 'describe']);
    expect((await complete(session, 'add', '')).values).toEqual(
      expect.arrayContaining(['operator', 'account', 'user']),
    );
    expect((await complete(session, '-H', '/nowhere', 'create', 'ac')).values).toEqual(['account']);
    expect((await complete(session, 'help', 'sel')).values).toEqual(['select']);
    expect((await complete(session, 'nonsense', '')).values).toEqual([]);
  });

  it('describes them', async () => {
    const answer = await new Session().ok(['__complete', 'select', 'acc']);
    expect(answer).toBe('account\tSelect the account that commands work on\n:4\n');
  });

  it('offers flags, not those that are hidden', async () => {
    const session = new Session();
    expect((await complete(session, 'add', 'user', '--allow-p')).values).toEqual([
      '--allow-pub',
      '--allow-pubsub',
      '--allow-pub-response',
    ]);
    expect((await complete(session, 'add', 'user', '--max')).values).toEqual([]);
    expect((await complete(session, '--dry')).values).toEqual(['--dry-run']);
  });

  it('offers names of what is in the store', async () => {
    const session = await store();
    expect((await complete(session, 'describe', 'account', '')).values).toEqual(['A', 'B']);
    expect((await complete(session, 'describe', 'user', '-a', '')).values).toEqual(['A', 'B']);
    expect((await complete(session, 'describe', 'user', '--account=')).values).toEqual(['A', 'B']);
    expect((await complete(session, 'describe', 'user', '-a', 'A', 'al')).values).toEqual(['alice']);
    expect((await complete(session, 'describe', 'user', '--account', 'A', '-n', '')).values).toEqual(['alice', 'bob']);
    expect((await complete(session, 'select', 'operator', '')).values).toEqual(['O']);
  });

  it('offers keys by what people call them, and a role once while it is rotated', async () => {
    const session = await store();
    await session.ok('edit signing-key -a A --sk generate --role reader');
    const key = JSON.parse(await session.ok('describe account A --field nats.signing_keys[0].key')) as string;
    const identity = JSON.parse(await session.ok('describe operator --field sub')) as string;
    await session.ok(`keys alias ${identity} root`);
    await session.ok('rotate start -a A --role reader');
    const shown = await complete(session, 'keys', 'show', '-a', 'A', '');
    expect(shown.files).toBe(':0');
    expect(shown.values.slice(0, 2)).toEqual(['reader', 'root']);
    expect(shown.values).toContain(key);
    expect(shown.values).not.toContain(identity);
    expect((await complete(session, 'add', 'user', '-a', 'A', '--role', '')).values).toEqual(['reader']);
    expect((await complete(session, 'keys', 'list', '--state', 're')).values).toEqual(['retiring', 'removed']);
  });

  it('offers users of the system account to connect as', async () => {
    const session = await store();
    expect((await complete(session, 'push', '--system-user', '')).values).toEqual([]);
    await session.ok('edit operator --system-account A');
    expect((await complete(session, 'push', '-a', 'B', '--system-user', 'b')).values).toEqual(['bob']);
    expect((await complete(session, 'pull', '--system-account', 'B', '--system-user', '')).values).toEqual([]);
  });

  it('offers roles and keys', async () => {
    const session = await store();
    await session.ok('edit signing-key -a A --sk generate --role reader --description Readers');
    await session.ok('edit signing-key -a A --sk generate --role writer');
    const { values: keys } = await complete(session, 'edit', 'signing-key', '-a', 'A', 'A');
    expect(keys).toHaveLength(2);
    expect(await complete(session, 'add', 'user', '-a', 'A', '--role', '')).toEqual({
      values: ['reader', 'writer'],
      files: ':4',
    });
    expect((await complete(session, 'edit', 'user', '-a', 'A', '--role=w')).values).toEqual(['writer']);
    expect((await complete(session, 'describe', 'role', '-a', 'A', 'r')).values).toEqual(['reader']);
    expect((await complete(session, 'edit', 'signing-key', '-a', 'A', '')).values.sort()).toEqual(
      [...keys, 'reader', 'writer'].sort(),
    );
    const { values: signers, files } = await complete(session, 'add', 'user', '-a', 'A', '-K', '');
    expect(signers).toEqual(expect.arrayContaining(['reader', 'writer', ...keys]));
    expect(files).toBe(':0');
    expect(await session.ok(['__complete', 'add', 'user', '-a', 'A', '--role', 'r'])).toBe('reader\tReaders\n:4\n');
  });

  it('offers fixed values, and leaves files to the shell', async () => {
    const session = await store();
    expect(await complete(session, 'env', '--color', '')).toEqual({ values: ['auto', 'always', 'never'], files: ':4' });
    expect((await complete(session, 'env', '-s', '')).files).toBe(':16');
    expect((await complete(session, 'describe', 'jwt', '-f', '')).files).toBe(':0');
  });

  it('never fails', async () => {
    const session = new Session({ env: { XDG_CONFIG_HOME: '/dev/null' } });
    expect(await complete(session, 'describe', 'account', '')).toEqual({ values: [], files: ':4' });
    expect(await complete(session)).toMatchObject({ files: ':4' });
  });
});

describe('completion scripts', () => {
  it.each([
    ['bash', ['-n']],
    ['zsh', ['-n']],
    ['fish', ['--no-execute']],
  ])('%s can read its script', async (shell, check) => {
    if (spawnSync(shell, ['-c', 'true']).error) return;
    const session = new Session();
    const file = join(session.root, 'script');
    writeFileSync(file, await session.ok(['completion', shell]));
    expect(spawnSync(shell, [...check, file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('bash completes words, values after = and names with blanks', async () => {
    const session = new Session();
    const file = join(session.root, 'script');
    const fake = join(session.root, 'nsc');
    writeFileSync(file, await session.ok('completion bash'));
    writeFileSync(fake, `#!/bin/bash\nprintf '%s|' "$@" > ${session.root}/args\nprintf 'Alpha\\nAl pha\\n:4\\n'\n`, {
      mode: 0o755,
    });
    const reply = (words: string[]) => {
      const script = `source ${file}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
        _nsc; printf '%s\\n' "\${COMPREPLY[@]}"; cat ${session.root}/args`;
      return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.split('\n');
    };
    expect(reply([fake, 'add', 'user', 'Al'])).toEqual(['Alpha', 'Al\\ pha', '__completeNoDesc|add|user|Al|']);
    expect(reply([fake, 'add', '--account', '=', 'Al']).at(-1)).toBe('__completeNoDesc|add|--account=Al|');
    expect(reply([fake, 'add', '--account', '=']).at(-1)).toBe('__completeNoDesc|add|--account=|');
    expect(reply([fake, 'add', '']).at(-1)).toBe('__completeNoDesc|add||');
  });
});
