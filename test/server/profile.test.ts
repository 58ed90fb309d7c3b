import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { runBin } from '../support/bin.js';
import { programOf } from '../support/programs.js';
import { skipsServer } from './find-server.js';
import { NatsServer } from './nats-server.js';

/*
 * What the `nats` tool does with a context of ours: it runs `nsc generate profile` with the URL of the context, newer
 * versions without `nsc://`, reads both streams of it as one JSON document, and connects with what that says.
 */

const hasNats = spawnSync('nats', ['--version']).status === 0;

let home = '';
const nsc = (...args: string[]) => runBin(args, { env: { HOME: home }, cwd: home });

/** The context of a user of a running server, as it was written. */
async function makeContext(): Promise<{ nsc: string; creds: string; url: string }> {
  for (const line of ['add operator O --sys', 'add account A', 'add user u']) nscOk(...line.split(' '));
  const server = await NatsServer.start(nscOk('generate', 'config', '--mem-resolver'));
  nscOk('edit', 'operator', '--service-url', server.url);
  nscOk('generate', 'context', '--account', 'A', '--user', 'u', '--context', 'dev');
  return JSON.parse(readFileSync(join(home, '.config/nats/context/dev.json'), 'utf8'));
}

function nscOk(...args: string[]): string {
  const { exit, stdout, stderr } = nsc(...args);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return stdout;
}

describe.skipIf(skipsServer)('a context of the nats tool', () => {
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'nsc-context-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  });

  it('leads to creds and servers, with and without the scheme', async () => {
    const context = await makeContext();
    expect(context.nsc).toBe('nsc://O/A/u');
    for (const url of [context.nsc, context.nsc.replace('nsc://', '')]) {
      const { exit, stdout, stderr } = nsc('generate', 'profile', url);
      const profile = JSON.parse(stdout + stderr) as { user_creds: string; operator: { service: string[] } };
      expect({ exit, profile }).toEqual({
        exit: 0,
        profile: { user_creds: context.creds, operator: { service: [context.url] } },
      });
      const connection = await connect({
        servers: profile.operator.service.join(','),
        authenticator: credsAuthenticator(readFileSync(profile.user_creds)),
      });
      await connection.flush();
      await connection.close();
    }
  });

  it.skipIf(!hasNats)('is taken by the nats tool itself', async () => {
    await makeContext();
    const programs = join(home, 'bin');
    mkdirSync(programs);
    const nsc = programOf('nsc').map((word) => `"${word}"`);
    writeFileSync(join(programs, 'nsc'), `#!/bin/sh\nexec ${nsc.join(' ')} "$@"\n`);
    chmodSync(join(programs, 'nsc'), 0o755);
    const PATH = `${programs}${delimiter}${process.env.PATH}`;
    const { status, stderr } = spawnSync('nats', ['--context', 'dev', 'pub', 'greeting', 'hello'], {
      env: { PATH, HOME: home },
      encoding: 'utf8',
    });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });
});
