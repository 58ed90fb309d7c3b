import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newAccount } from '../../src/domain/claims/new.js';
import { keyPairFromRaw } from '../../src/domain/nkey/key-pair.js';
import { issue } from '../../src/domain/token/issue.js';
import { sha256 } from '../../src/lib/ed25519.js';
import { RunningBin, runBin } from '../support/bin.js';
import { readSeed } from '../support/keystore.js';
import { Session } from '../support/session.js';

/** `nsc serve` of the program, for a store that others change meanwhile. */
class Served {
  readonly session = new Session({ now: Math.floor(Date.now() / 1000) });
  url = '';
  #bin: RunningBin | undefined;

  static async start(prepare: (session: Session) => Promise<void> = async () => {}): Promise<Served> {
    const served = new Served();
    const { session } = served;
    for (const line of ['add operator O', 'add account A', 'add user alice']) await session.ok(line);
    await prepare(session);
    served.#bin = new RunningBin(['serve', '--listen', '127.0.0.1:0'], session.env, session.cwd);
    const [, url = ''] = await served.#bin.said(/listening on (http:\S+) with/);
    return Object.assign(served, { url });
  }

  get(path = '/.well-known/jwks.json', init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, init);
  }

  async kids(path?: string): Promise<string[]> {
    const response = await this.get(path);
    expect(response.status).toBe(200);
    const { keys } = (await response.json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  }

  /** A command in a process of its own, as others run it. */
  async nsc(line: string): Promise<string> {
    const { exit, stdout, stderr } = await new RunningBin(line.split(' '), this.session.env, this.session.cwd).ended;
    if (exit !== 0) throw new Error(`nsc ${line}: ${stderr}`);
    return stdout;
  }

  async field(what: string, field: string): Promise<unknown> {
    return JSON.parse(await this.session.ok(`describe ${what} --field ${field}`));
  }
}

describe('a set that is served', () => {
  it('is what nsc generate jwks writes, and is read by nsc verify', async () => {
    const served = await Served.start();
    const { session, url } = served;
    const response = await served.get();
    expect(response.headers.get('content-type')).toBe('application/jwk-set+json');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toBe(await session.ok('generate jwks --all'));
    const key = await served.field('account A', 'sub');
    expect(await (await served.get(`/.well-known/jwks.json?account=${key}`)).text()).toBe(
      await session.ok('generate jwks --account A'),
    );
    await session.ok('generate creds -n alice -o alice.creds');
    const lone = { env: { HOME: session.cwd }, cwd: session.cwd };
    const verify = (...more: string[]) => runBin(['verify', 'alice.creds', ...more], lone);
    expect(verify('--jwks', `${url}/.well-known/jwks.json`)).toMatchObject({ exit: 0, stderr: '' });
    expect(verify('--jwks', `${url}/jwt/v1/operator/jwks.json`)).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining('unknown-key'),
    });
    expect(verify('--jwks', `${url}/jwt/v1/accounts/${key}/jwks.json`).exit).toBe(0);
    const creds = await session.ok('generate creds -n alice');
    const piped = runBin(['verify', '-', '--jwks', `${url}/.well-known/jwks.json`], { ...lone, input: creds });
    expect(piped).toMatchObject({ exit: 0, stderr: '' });
  });

  it('HEAD and If-None-Match send nothing', async () => {
    const served = await Served.start();
    const head = await served.get(undefined, { method: 'HEAD' });
    const [etag = '', length] = [head.headers.get('etag') ?? '', head.headers.get('content-length')];
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(Number(length)).toBeGreaterThan(100);
    const again = await served.get(undefined, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text(), again.headers.get('cache-control')]).toEqual([
      304,
      '',
      'max-age=60, stale-if-error=3600',
    ]);
  });

  it('follows keys that come and go, and never leaves out one that is trusted', async () => {
    const served = await Served.start();
    const operator = String(await served.field('operator', 'sub'));
    const account = String(await served.field('account A', 'sub'));
    expect(await served.kids()).toEqual([operator, account]);
    let busy = true;
    let answers = 0;
    const readers = Array.from({ length: 5 }, async () => {
      for (; busy; answers += 1) expect(await served.kids()).toEqual(expect.arrayContaining([operator, account]));
    });
    const seen: string[][] = [];
    const rotate = async (): Promise<void> => {
      for (let round = 0; round < 4; round += 1) {
        await served.nsc('edit account A --sk generate');
        const [key] = (await served.field('account A', 'nats.signing_keys')) as string[];
        expect(await served.kids()).toEqual([operator, account, key]);
        await served.nsc('edit operator --sk generate');
        const [signer] = (await served.field('operator', 'nats.signing_keys')) as string[];
        expect(await served.kids()).toEqual([operator, signer, account, key]);
        await served.nsc(`edit account A --rm-sk ${key} -K ${operator}`);
        await served.nsc(`edit operator --rm-sk ${signer}`);
        seen.push(await served.kids());
      }
    };
    await Promise.all([rotate().finally(() => (busy = false)), ...readers]);
    expect(seen).toEqual(Array(4).fill([operator, account]));
    expect(answers).toBeGreaterThan(10);
  });

  it('a new identity of the operator leaves out no account, at any moment', async () => {
    const served = await Served.start(async (session) => {
      for (let n = 0; n < 40; n += 1) await session.ok(`add account N${n}`);
    });
    let busy = true;
    const counts = new Set<number>();
    const readers = Array.from({ length: 5 }, async () => {
      while (busy) counts.add((await served.kids()).length);
    });
    const change = async (): Promise<void> => {
      for (let round = 0; round < 4; round += 1) await served.nsc('reissue operator');
    };
    await Promise.all([change().finally(() => (busy = false)), ...readers]);
    expect([...counts]).toEqual([42]);
  });

  it('of 1 000 accounts is answered to 200 at once, and a change costs little', async () => {
    const served = await Served.start(async (session) => {
      const signer = readSeed(session, JSON.parse(await session.ok('describe operator --field sub')));
      for (let n = 0; n < 1000; n += 1) {
        const { publicKey } = keyPairFromRaw('account', sha256(`account ${n}`));
        const { token } = issue('account', newAccount(publicKey, `N${n}`), signer, { now: session.now });
        const directory = join(session.home, `.local/share/nats/nsc/stores/O/accounts/N${n}`);
        mkdirSync(directory);
        writeFileSync(join(directory, `N${n}.jwt`), token);
      }
    });
    const timed = async (count: number): Promise<number> => {
      const start = performance.now();
      const sets = await Promise.all(Array.from({ length: count }, () => served.kids()));
      expect(new Set(sets.map((kids) => kids.length))).toEqual(new Set([1002]));
      return performance.now() - start;
    };
    const first = await timed(1);
    const many = await timed(200);
    await served.nsc('edit account N7 --sk generate');
    const kids = await served.kids();
    expect(kids).toHaveLength(1003);
    expect(kids).toContain(((await served.field('account N7', 'nats.signing_keys')) as string[])[0]);
    console.log(`1 000 accounts: first ${first.toFixed(0)} ms, then 200 at once in ${many.toFixed(0)} ms`);
    expect(many).toBeLessThan(20_000);
  });
});
