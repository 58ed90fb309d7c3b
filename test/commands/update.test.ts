import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import { main } from '../../src/cli/main.js';
import { Session, type SessionOptions } from '../support/session.js';

const unreachable = async (): Promise<never> => {
  throw new Error('nobody is to be contacted');
};

/** A program that was unpacked, in a session in which every way out fails. */
function unpacked(options: SessionOptions = {}): Session {
  const session = new Session({
    remote: { get: unreachable, post: unreachable },
    nats: { connect: unreachable },
    ...options,
  });
  mkdirSync(join(session.root, 'program'));
  writeFileSync(join(session.root, 'program/package.json'), '{"name":"nsc","version":"0.1.0","private":true}');
  return session;
}

describe('update (S-51)', () => {
  it('says how, and neither looks for a version nor replaces anything', async () => {
    const session = unpacked();
    const directory = join(session.root, 'program');
    expect(await session.ok('update')).toBe(
      `nsc 0.1.0 is a copy in "${directory}" that no package manager knows of.\n` +
        'Replace that directory with one of the latest version.\n',
    );
  });

  it('shows the commands of a checkout, for the version that was asked for', async () => {
    const session = unpacked();
    const directory = join(session.root, 'program');
    mkdirSync(join(directory, '.git'));
    writeFileSync(join(directory, '.git/HEAD'), 'ref: refs/heads/main\n');
    expect(await session.ok('update --version v0.2.0')).toBe(
      [
        `nsc 0.1.0 runs from its source in "${directory}".`,
        'To update it:',
        `  git -C "${directory}" fetch --tags`,
        `  git -C "${directory}" checkout v0.2.0`,
        `  npm --prefix "${directory}" ci`,
        `  npm --prefix "${directory}" run build`,
        '',
      ].join('\n'),
    );
    expect(JSON.parse(await session.ok('update --json --version latest'))).toMatchObject({
      ok: true,
      what: 'how to update',
      version: '0.1.0',
      wanted: 'latest',
      installation: 'checkout',
      directory,
    });
  });

  it.each(['1', '1.2', 'x', '1.2.3;rm', '$(x)', '--'])('refuses %s, which is pasted into a shell', async (version) => {
    const { exit, stderr } = await unpacked().run(['update', `--version=${version}`]);
    expect(stderr).toContain(`--version: "${version}" is not a version`);
    expect(exit).toBe(2);
  });

  it('says of an executable that it is replaced', async () => {
    const session = new Session();
    const program = join(session.root, 'bin/nsc');
    const { stdout } = await session.runWith((world) => main({ ...world, program }), ['update', '--version', '1.2.3']);
    expect(stdout).toBe(
      `nsc ${version} is one executable file, "${program}", that no package manager knows of.\n` +
        'Replace that file with one of version 1.2.3: "npm run build:standalone" in its source makes one.\n',
    );
  });

  it('cannot tell without the package', async () => {
    const { exit, stderr } = await new Session().run('update');
    expect(stderr).toContain('there is no package around');
    expect(exit).toBe(3);
  });
});
