import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newOperator } from '../../src/domain/claims/new.js';
import type { AccountClaims } from '../../src/domain/claims/types.js';
import { type KeyPair, keyPairFromRaw, keyPairFromSeed } from '../../src/domain/nkey/key-pair.js';
import { decodeKind } from '../../src/domain/token/decode.js';
import { issue } from '../../src/domain/token/issue.js';
import { sha256 } from '../../src/lib/ed25519.js';
import { FakeNatsServer, type Peer, type Script } from '../support/fake-nats-server.js';
import { Session, START } from '../support/session.js';

/*
 * Account servers and servers of NATS that give something else than what was asked for: each is told as what it is, and
 * not a byte on the disk changes (E-02, S-42, S-43, S-49, S-50).
 */

const STRANGER = keyPairFromRaw('operator', sha256('a stranger'));
const MEGABYTE = 'x'.repeat(1024 * 1024);

/** Operator "O" with system account, and accounts "A" and "B", on disk. */
class Store {
  readonly session = new Session();
  #before = '';

  static async make(): Promise<Store> {
    const store = new Store();
    for (const line of ['add operator O --sys', 'add account B', 'add account A']) await store.session.ok(line);
    store.session.advance(60);
    store.#before = store.#snapshot();
    return store;
  }

  get #directory(): string {
    return join(this.session.home, '.local/share/nats/nsc/stores/O');
  }

  token(name: string): string {
    return readFileSync(join(this.#directory, `accounts/${name}/${name}.jwt`), 'utf8');
  }

  claims(name: string): AccountClaims {
    return decodeKind(this.token(name), 'account').claims;
  }

  get operatorToken(): string {
    return readFileSync(join(this.#directory, 'O.jwt'), 'utf8');
  }

  get operatorKey(): KeyPair {
    const key = this.claims('A').iss ?? '';
    const path = join(this.session.home, '.local/share/nats/nsc/keys/keys/O', key.slice(1, 3), `${key}.nk`);
    return keyPairFromSeed(readFileSync(path, 'utf8'));
  }

  /** The account as the operator, or somebody else, signed it. */
  sign(name: string, changes: Partial<AccountClaims> = {}, by = this.operatorKey, at = START + 30): string {
    return issue('account', { ...this.claims(name), ...changes }, by, { now: at }).token;
  }

  /** Every directory and file of the home and the working directory, byte by byte. */
  #snapshot(): string {
    const { root } = this.session;
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((path) => {
        const stat = lstatSync(join(root, path));
        return `${path} ${stat.mode} ${stat.isFile() ? readFileSync(join(root, path), 'latin1') : ''}`;
      })
      .join('\n');
  }

  /** Runs a pull that has to fail, and gives the code of its error. */
  async refusal(line: string): Promise<{ code: string; reason: unknown }> {
    const { exit, stderr } = await this.session.run(`${line} --json`);
    expect(this.#snapshot()).toBe(this.#before);
    expect(exit).toBe(7);
    const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
    return { code: error.code, reason: error.details?.reason };
  }
}

type Handler = (store: Store, response: ServerResponse, request: IncomingMessage) => void;

async function serve(store: Store, handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    if (request.method === 'HEAD') response.writeHead(200).end();
    else handler(store, response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwt/v1`;
}

const body =
  (text: (store: Store) => string): Handler =>
  (store, response) =>
    response.end(text(store));

async function flood(response: ServerResponse): Promise<void> {
  for (let sent = 0; sent < 100 && !response.destroyed; sent += 1) {
    if (!response.write(MEGABYTE))
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
  }
  response.end();
}

/** What is wrong with an account, wherever it comes from. */
const ACCOUNTS: Readonly<Record<string, [reason: string, token: (store: Store) => string]>> = {
  "another account's JWT": ['subject-mismatch', (store) => store.token('B')],
  'an older one': ['older', (store) => store.sign('A', {}, store.operatorKey, START - 60)],
  'a self-signed one': ['self-signed', selfSigned],
  'one of a stranger': ['untrusted-issuer', (store) => store.sign('A', {}, STRANGER)],
  'a name with ../': ['name', (store) => store.sign('A', { name: '../../../../pwned' })],
  'an operator': ['kind', (store) => store.operatorToken],
  garbage: ['no-token', () => '\u001b[2J<html>'],
  nothing: ['no-token', () => ''],
  'an altered one': ['bad-signature', (store) => `${store.sign('A').slice(0, -4)}AAAA`],
};

describe('an account server', () => {
  it.each(Object.entries(ACCOUNTS))('that gives %s', async (_what, [reason, token]) => {
    const store = await Store.make();
    const url = await serve(store, body(token));
    expect(await store.refusal(`pull -a A -u ${url}`)).toEqual({ code: 'untrusted-answer', reason });
  });

  const replies: Readonly<Record<string, [code: string, handler: Handler]>> = {
    'that sends 100 MB': ['remote-failed', (_store, response) => void flood(response)],
    'that announces 100 MB': [
      'remote-failed',
      (_store, response) => response.writeHead(200, { 'content-length': 100_000_000 }).write('x'),
    ],
    'that drips': [
      'remote-failed',
      (_store, response) => {
        const timer = setInterval(() => response.write('e'), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
    'that says nothing': ['remote-failed', () => {}],
    'that redirects for ever': [
      'remote-failed',
      (_store, response, { url }) => response.writeHead(302, { location: `${url}` }).end(),
    ],
    'that redirects to a file': [
      'remote-failed',
      (_store, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    ],
    'that fails': ['remote-failed', (_store, response) => response.writeHead(500).end('\u001b[2Jno')],
    'that has nothing': ['remote-failed', (_store, response) => response.writeHead(404).end()],
    'that hangs up': ['remote-failed', (_store, response) => response.destroy()],
  };
  it.each(Object.entries(replies))('%s', async (_what, [code, handler]) => {
    const store = await Store.make();
    const url = await serve(store, handler);
    expect((await store.refusal(`pull -a A -u ${url} --timeout 1`)).code).toBe(code);
  });

  it('that gives another operator', async () => {
    const store = await Store.make();
    const swapped = issue('operator', newOperator(STRANGER.publicKey, 'O'), STRANGER, { now: START + 30 }).token;
    const url = await serve(store, (_store, response, { url = '' }) => {
      const name = ['A', 'B', 'SYS'].find((one) => url.endsWith(store.claims(one).sub ?? '?'));
      response.end(name === undefined ? swapped : store.token(name));
    });
    expect((await store.refusal(`pull -A -u ${url}`)).code).toBe('remote-partial');
  });
});

/** The account "A" signed with its own key. */
function selfSigned(store: Store): string {
  const key = store.claims('A').sub ?? '';
  const path = join(store.session.home, '.local/share/nats/nsc/keys/keys/A', key.slice(1, 3), `${key}.nk`);
  return store.sign('A', {}, keyPairFromSeed(readFileSync(path, 'utf8')));
}

/** A server of NATS that is alone, and keeps all accounts; what it answers about accounts is up to the test. */
function script(store: Store, answers: Script['onPublish']): Script {
  const server = { name: 'fake', id: 'NFAKE', host: '127.0.0.1', ver: '2.10.0' };
  const system = (): string => store.token('SYS');
  return {
    onPublish: (message, peer) => {
      const reply = message.reply ?? '';
      if (message.subject === '$SYS.REQ.SERVER.PING') {
        return peer.message(reply, JSON.stringify({ server, statsz: { active_servers: 1 } }));
      }
      if (message.subject === `$SYS.REQ.ACCOUNT.${store.claims('SYS').sub}.CLAIMS.LOOKUP`)
        return peer.message(reply, system());
      return answers?.(message, peer);
    },
  };
}

/** What a server of NATS may give when an account is looked up; silence means that it has none. */
const LOOKED_UP = Object.entries(ACCOUNTS).filter(([what]) => what !== 'nothing');

/** At the same time, because each server is waited for. */
async function refusals<Case>(
  cases: readonly (readonly [what: string, one: Case])[],
  pull: string,
  answer: (one: Case, store: Store) => Script['onPublish'],
): Promise<Record<string, string>> {
  const found = cases.map(async ([what, one]) => {
    const store = await Store.make();
    const server = await FakeNatsServer.start(script(store, answer(one, store)));
    const { code, reason } = await store.refusal(`${pull} -u ${server.url} --timeout 1`);
    return [what, reason === undefined ? code : `${code} ${reason}`] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

describe('a server of NATS', () => {
  it('that gives something else when an account is looked up', async () => {
    const found = await refusals(LOOKED_UP, 'pull -a A', ([, token], store) => {
      const text = token(store);
      return ({ subject, reply = '' }, peer) =>
        subject.endsWith('.CLAIMS.LOOKUP') ? peer.message(reply, text) : undefined;
    });
    expect(found).toEqual(
      Object.fromEntries(LOOKED_UP.map(([what, [reason]]) => [what, `untrusted-answer ${reason}`])),
    );
  });

  it('that hands out something else among others', async () => {
    const found = await refusals(LOOKED_UP, 'pull -A', ([, token], store) => {
      const [a, b] = ['A', 'B'].map((name) => store.claims(name).sub);
      const parts = [`${b}|${store.token('B')}`, `${a}|${token(store)}`, ''];
      return ({ subject, reply = '' }, peer) =>
        subject === '$SYS.REQ.CLAIMS.PACK' ? parts.map((part) => peer.message(reply, part)).join('') : undefined;
    });
    const garbage = { garbage: 'remote-failed' };
    expect(found).toEqual({ ...Object.fromEntries(LOOKED_UP.map(([what]) => [what, 'remote-partial'])), ...garbage });
  });

  type Pack = (reply: string, peer: Peer, store: Store) => string | undefined;
  const packs: Readonly<Record<string, Pack>> = {
    'that hands out garbage': (reply, peer) => peer.message(reply, 'garbage') + peer.message(reply, ''),
    'that hands out an account that is none': (reply, peer) =>
      peer.message(reply, '../../evil|x') + peer.message(reply, ''),
    'that sends 100 MB': (reply, peer) => {
      peer.write(peer.message(reply, '').replace(/ 0\r\n\r\n$/, ` ${100 * MEGABYTE.length}\r\n`));
      void peer.flood(100 * MEGABYTE.length);
      return undefined;
    },
    'that stops in the middle': (reply, peer, store) =>
      peer.message(reply, `${store.claims('B').sub}|${store.token('B')}`),
    'that says nothing': () => undefined,
    'that drips': (reply, peer) => {
      peer.drip(peer.message(reply, 'x'.repeat(1000)), 20);
      return undefined;
    },
  };
  it('that does not hand out what it has', async () => {
    const found = await refusals(
      Object.entries(packs),
      'pull -A',
      (pack, store) =>
        ({ subject, reply = '' }, peer) =>
          subject === '$SYS.REQ.CLAIMS.PACK' ? pack(reply, peer, store) : undefined,
    );
    expect(found).toEqual(Object.fromEntries(Object.keys(packs).map((what) => [what, 'remote-failed'])));
  });
});

it('a server that is honest changes what it should, and keeps what was', async () => {
  const store = await Store.make();
  const old = store.token('A');
  const fresh = store.sign('A', { exp: START + 1_000_000 });
  const url = await serve(
    store,
    body(() => fresh),
  );
  const { session } = store;
  await session.ok(`pull -a A -u ${url}`);
  expect(store.token('A')).toBe(fresh);
  const history = join(session.home, '.local/share/nats/nsc/stores/O/.history/accounts/A');
  const [kept = '', ...others] = readdirSync(history);
  expect(others).toEqual([]);
  expect(readFileSync(join(history, kept), 'utf8')).toBe(old);
  expect(lstatSync(join(history, kept)).mode & 0o777).toBe(0o600);
});

it('a file of the store that cannot be read gives way to what the server has, on demand', async () => {
  const store = await Store.make();
  const good = store.token('A');
  const key = store.claims('A').sub;
  const url = await serve(
    store,
    body(() => good),
  );
  const { session } = store;
  writeFileSync(join(session.home, '.local/share/nats/nsc/stores/O/accounts/A/A.jwt'), 'broken');
  expect((await session.run(`pull -a ${key} -u ${url}`)).exit).toBe(5);
  await session.ok(`pull -a ${key} -u ${url} -F`);
  expect(store.token('A')).toBe(good);
});
