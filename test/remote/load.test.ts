import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { account, KEYS, operator, pub } from '../domain/trust/hierarchy.js';
import { Session } from '../support/session.js';

/** `nsc load` through a real HTTP server. */

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An account server with an operator; tells what it was asked for. */
async function accountServer(answer: { account?: string } = {}): Promise<{ base: string; asked: string[] }> {
  const asked: string[] = [];
  let base = '';
  base = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url === '/jwt/v2/operator') {
      response.end(operator({ nats: { account_server_url: `${base}/jwt/v1` } }).token);
    } else if (request.url === `/jwt/v1/accounts/${pub('a1')}`) {
      response.end(answer.account ?? account('A', 'a1').token);
    } else response.writeHead(404).end();
  });
  return { base, asked };
}

it('load fetches operator and account, and sends nothing (S-26, E-61)', async () => {
  const { base, asked } = await accountServer();
  const session = new Session();
  writeFileSync(join(session.cwd, 'a1.nk'), KEYS.a1.seed.reveal());
  const ran = await session.run(`load --url ${base}/jwt/v2/operator --seed a1.nk --user alice`);
  expect(ran).toMatchObject({ exit: 0, stderr: '' });
  expect(asked).toEqual(['GET /jwt/v2/operator', `GET /jwt/v1/accounts/${pub('a1')}`]);
  expect(ran.stdout).toContain('imported operator "O"');
  expect(ran.stdout).not.toContain('context');
  expect((await session.run('validate --all-accounts')).exit).toBe(0);
  expect(JSON.parse((await session.run('describe user alice --field iss')).stdout)).toBe(pub('a1'));
  expect((await session.run('generate creds -n alice')).exit).toBe(0);

  const again = await session.run(`load --url ${base}/jwt/v2/operator --seed a1.nk --user alice`);
  expect(again).toMatchObject({ exit: 0 });
  expect(again.stdout).toContain('user "alice" of account "A" exists already');
});

it('load follows a link, and shows its secret to nobody (S-48)', async () => {
  const { base } = await accountServer();
  const session = new Session({ env: { NSC_Here_OPERATOR: `${base}/jwt/v2/operator` } });
  const link = `nsc://here?secret=${KEYS.a1.seed.reveal()}&user=bob`;
  for (const line of [
    `load --profile ${link} --dry-run`,
    `load --profile ${link} --json`,
    `load --profile ${link}x%`,
  ]) {
    await session.run(line);
  }
  expect(session.transcript).toContain('imported operator');
  expect(session.transcript).not.toContain(KEYS.a1.seed.reveal());
  expect((await session.run('list users')).stdout).toContain('bob');
});

it.each([
  ['another account', account('B', 'b1').token, 'account "B" is about', 4],
  ['an account of somebody else', account('A', 'a1', { by: 'ox' }).token, 'which operator "O" does not list', 4],
  ['no token', '<html>', 'the JWT does not have three parts', 5],
  ['too much', 'x'.repeat(3 * 1024 * 1024), 'larger than', 7],
])('load keeps nothing when the account server answers with %s', async (_what, answer, message, exit) => {
  const { base } = await accountServer({ account: answer });
  const session = new Session();
  const ran = await session.run(`load --url ${base}/jwt/v2/operator --seed ${KEYS.a1.seed.reveal()}`);
  expect(ran).toMatchObject({ exit });
  expect(ran.stderr).toContain(message);
  expect(existsSync(join(session.home, '.local'))).toBe(false);
});
