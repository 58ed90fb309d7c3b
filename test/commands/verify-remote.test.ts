import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Session, START } from '../support/session.js';

/*
 * Key sets from servers: one that is honest, and those that send something else, for ever, or somebody else's way. No
 * answer of theirs makes a token valid that the set does not vouch for.
 */

/** A session with creds of "alice", and the key set of its store. */
class Creds {
  readonly session = new Session();
  keySet = '';

  static async make(): Promise<Creds> {
    const creds = new Creds();
    const { session } = creds;
    for (const line of [
      'add operator O',
      'add account A',
      'add user alice',
      'generate creds -n alice -o alice.creds',
    ]) {
      await session.ok(line);
    }
    creds.keySet = await session.ok('generate jwks --all');
    return creds;
  }

  /** Verifies the creds with the set at a URL; exit code, and the rule or the code of the error. */
  async verify(url: string, options = ''): Promise<[exit: number, what: string, why?: unknown]> {
    const { exit, stdout, stderr } = await this.session.run(`verify alice.creds --jwks ${url} ${options} --json`);
    if (stdout !== '') return [exit, JSON.parse(stdout).rule ?? 'valid'];
    const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
    return [exit, error.code, error.details?.reason ?? error.message.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')];
  }
}

type Handler = (response: ServerResponse, request: IncomingMessage, keySet: string) => void;

async function serve({ keySet }: Creds, handler: Handler): Promise<string> {
  const server = createServer((request, response) => handler(response, request, keySet));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const JSON_TYPE = { 'content-type': 'application/jwk-set+json' };

const answer =
  (headers: Record<string, string>, text?: string): Handler =>
  (response, _request, keySet) =>
    response.writeHead(200, { ...JSON_TYPE, ...headers }).end(text ?? keySet);

const httpDate = (seconds: number): string => new Date(seconds * 1000).toUTCString();

async function flood(response: ServerResponse): Promise<void> {
  for (let sent = 0; sent < 100 && !response.destroyed; sent += 1) {
    if (!response.write('x'.repeat(1024 * 1024)))
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
  }
  response.end();
}

/** What a server does, and what comes of it. */
const SERVERS: Readonly<Record<string, [Handler, expected: [number, string, unknown?], options?: string]>> = {
  honest: [answer({}), [0, 'valid']],
  'with the type that most have': [answer({ 'content-type': 'application/json; charset=utf-8' }), [0, 'valid']],
  'that says no type': [(response, _request, keySet) => response.end(keySet), [0, 'valid']],
  'without the key': [answer({}, '{"keys":[]}'), [1, 'unknown-key']],
  'with a copy of an hour': [answer({ age: '3600' }), [0, 'valid']],
  'with a copy that is as old as it may be': [answer({ age: '60' }), [0, 'valid'], '--max-age 60'],
  'with a set that was dated a while ago': [answer({ date: httpDate(START - 60) }), [0, 'valid'], '--max-age 60'],
  'with a clock that is ahead': [answer({ date: httpDate(START + 600) }), [0, 'valid'], '--max-age 0'],
  'with an age that is none': [answer({ age: 'old' }), [0, 'valid'], '--max-age 0'],

  'with a copy that is too old': [answer({ age: '61' }), [7, 'untrusted-answer', 'age'], '--max-age 60'],
  'with a copy of two days': [answer({ age: '172800' }), [7, 'untrusted-answer', 'age']],
  'with a set that was dated long ago': [
    answer({ date: httpDate(START - 61), age: '5' }),
    [7, 'untrusted-answer', 'age'],
    '--max-age 60',
  ],
  'with an age beyond all counting': [answer({ age: '99999999999999999999' }), [7, 'untrusted-answer', 'age']],
  'with two ages': [answer({ age: '90000, 5' }), [7, 'untrusted-answer', 'age']],
  'with a page': [answer({ 'content-type': 'text/html' }), [7, 'untrusted-answer', 'content-type']],
  'with a type to be obeyed': [answer({ 'content-type': 'text/plain' }), [7, 'untrusted-answer', 'content-type']],
  'with no JSON': [answer({}, '<html>'), [7, 'untrusted-answer', 'no-key-set']],
  'with nothing': [answer({}, ''), [7, 'untrusted-answer', 'no-key-set']],
  'with a list': [answer({}, '[]'), [7, 'untrusted-answer', 'no-key-set']],
  'with nesting': [answer({}, `{"keys":${'['.repeat(200_000)}`), [7, 'untrusted-answer', 'no-key-set']],
  'with too much': [
    answer({}),
    [7, 'remote-failed', 'http://HOST/: the answer is larger than 100 bytes'],
    '--max-size 100',
  ],
  'that sends 100 MB': [
    (response) => void flood(response.writeHead(200, JSON_TYPE)),
    [7, 'remote-failed', 'http://HOST/: the answer is larger than 1048576 bytes'],
  ],
  'that drips': [
    (response) => {
      response.writeHead(200, JSON_TYPE);
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    },
    [7, 'remote-failed', 'http://HOST/: no answer within 1 s'],
    '--timeout 1',
  ],
  'that says nothing': [() => {}, [7, 'remote-failed', 'http://HOST/: no answer within 1 s'], '--timeout 1'],
  'that hangs up': [(response) => response.destroy(), [7, 'remote-failed', 'http://HOST/: socket hang up']],
  'that has none': [
    (response) => response.writeHead(404, JSON_TYPE).end('{"keys":[]}'),
    [7, 'remote-failed', 'http://HOST/: answered with status 404'],
  ],
  'that redirects for ever': [
    (response) => response.writeHead(302, { location: '/' }).end(),
    [7, 'remote-failed', 'http://HOST/: more than 5 redirects'],
  ],
  'that redirects to a file': [
    (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    [7, 'remote-failed', 'http://HOST/: redirects to what is no http or https URL'],
  ],
  'that redirects to another host': [
    (response) => response.writeHead(302, { location: 'https://other.example.com/keys' }).end(),
    [
      7,
      'remote-failed',
      'http://HOST/: redirects to https://other.example.com/keys, and host "other.example.com" is not allowed: the allowed ones are named with --allow-host',
    ],
  ],
  'that redirects to where nothing is encrypted, though the host may be asked': [
    (response) => response.writeHead(302, { location: 'http://other.example.com/keys' }).end(),
    [
      7,
      'remote-failed',
      'http://HOST/: redirects to http://other.example.com/keys, and "other.example.com" would be asked without encryption, which takes --allow-http',
    ],
    '--allow-host 127.0.0.1,other.example.com',
  ],
};

describe('a server', () => {
  it.each(Object.entries(SERVERS))('%s', async (_what, [handler, expected, options]) => {
    const creds = await Creds.make();
    expect(await creds.verify(await serve(creds, handler), options)).toEqual(expected);
  });

  it('is told how old a copy may be, and what is wanted', async () => {
    const creds = await Creds.make();
    let asked: IncomingMessage['headers'] = {};
    const url = await serve(creds, (response, { headers }, keySet) => {
      asked = headers;
      response.end(keySet);
    });
    expect(await creds.verify(url, '--max-age 30')).toEqual([0, 'valid']);
    expect(asked).toMatchObject({
      'cache-control': 'max-age=30',
      accept: 'application/jwk-set+json, application/json',
    });
  });

  it('may redirect on the same host, and elsewhere only where that is allowed', async () => {
    const creds = await Creds.make();
    const there = await serve(creds, answer({}));
    const here = await serve(creds, (response, { url }, keySet) => {
      if (url === '/moved') response.writeHead(200, JSON_TYPE).end(keySet);
      else response.writeHead(307, { location: url === '/away' ? there : '/moved' }).end();
    });
    expect(await creds.verify(`${here}/x`)).toEqual([0, 'valid']);
    // another port is another host unless it is named without one
    expect(await creds.verify(`${here}/away`)).toEqual([7, 'remote-failed', expect.stringContaining('is not allowed')]);
    expect(await creds.verify(`${here}/away`, '--allow-host 127.0.0.1')).toEqual([0, 'valid']);
    expect(
      await creds.verify(`${here}/away`, `--allow-host ${new URL(here).host} --allow-host ${new URL(there).host}`),
    ).toEqual([0, 'valid']);
    expect(await creds.verify(`${here}/x`, '--allow-host auth.example.com')).toEqual([
      2,
      'bad-value',
      expect.stringContaining('is not allowed'),
    ]);
  });
});

describe('a host is the same in whatever spelling', () => {
  // nobody listens there: what is allowed is asked in vain
  it.each<[host: string, url: string, expected: readonly [number, string]]>([
    ['127.0.0.1:1', 'http://127.0.0.1:1/', [7, 'remote-failed']],
    ['127.1', 'http://127.0.0.1:1/', [7, 'remote-failed']],
    ['[0:0:0:0:0:0:0:1]', 'http://[::1]:1/', [7, 'remote-failed']],
    ['LOCALHOST', 'http://localhost:1/', [7, 'remote-failed']],
    ['127.0.0.1:80', 'http://127.0.0.1/', [7, 'remote-failed']],
    ['127.0.0.1:443', 'https://127.0.0.1/', [7, 'remote-failed']],
    ['127.0.0.1:443', 'http://127.0.0.1/', [2, 'bad-value']],
    ['127.0.0.1:80', 'https://127.0.0.1/', [2, 'bad-value']],
    ['127.0.0.1:2', 'http://127.0.0.1:1/', [2, 'bad-value']],
    ['127.0.0.1:80', 'http://127.0.0.1:1/', [2, 'bad-value']],
    ['xn--bcher-kva.example', 'https://b\u00fccher.example.org/', [2, 'bad-value']],
  ])('%s allows %s or not', async (host, url, expected) => {
    const [exit, what] = await (await Creds.make()).verify(url, `--allow-host ${host} --timeout 2`);
    expect([exit, what]).toEqual(expected);
  });

  it.each(['a/b', 'me@host', 'host:', ':1', '[::1', ''])('%j is none', async (host) => {
    const [exit, what] = await (await Creds.make()).verify('http://127.0.0.1:1/', `--allow-host "${host}"`);
    expect([exit, what]).toEqual([2, 'bad-value']);
  });
});

describe('a URL that is not asked', () => {
  it.each<[string, [number, string, unknown?]]>([
    ['ftp://127.0.0.1/keys', [3, 'file-not-found', 'there is no file "ftp://127.0.0.1/keys"']],
    ['http://', [2, 'bad-value', 'only http and https URLs can be reached']],
    [
      'http://auth.example.com/keys',
      [2, 'bad-value', '"auth.example.com" would be asked without encryption, which takes --allow-http'],
    ],
    [
      'http://127.0.0.1.example.com/keys',
      [2, 'bad-value', '"127.0.0.1.example.com" would be asked without encryption, which takes --allow-http'],
    ],
  ])('%s', async (url, expected) => {
    expect(await (await Creds.make()).verify(url)).toEqual(expected);
  });

  it('user, password and query are shown to nobody', async () => {
    const { session } = await Creds.make();
    const { stderr, exit } = await session.run(
      'verify alice.creds --jwks http://me:secret@127.0.0.1:1/keys?token=secret',
    );
    expect([exit, stderr.includes('secret')]).toEqual([7, false]);
  });
});
