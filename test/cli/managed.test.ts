import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Resolvers } from '../../src/app/resolver.js';
import type { AccountClaims } from '../../src/domain/claims/types.js';
import { decodeKind, decodeToken } from '../../src/domain/token/decode.js';
import { issue } from '../../src/domain/token/issue.js';
import { resolversOf } from '../../src/remote/resolvers.js';
import { account, KEYS, operator, pub } from '../domain/trust/hierarchy.js';
import { AccountServer, type Reply } from '../support/account-server.js';
import { Session, START } from '../support/session.js';

/** What happens to accounts in a store whose operator is managed elsewhere, with a real account server (E-02, E-19, S-19, S-44). */

/** As the program has them, but not as patient. */
const impatient: Resolvers = {
  open: (target) => {
    const nats = { connect: () => Promise.reject(new Error('nobody speaks NATS here')) };
    return resolversOf({ nats }).open({ ...target, timeoutMs: 300 });
  },
};

interface Managed {
  readonly session: Session;
  readonly server: AccountServer;
}

/** A store with operator "O" of an account server. */
async function joined(): Promise<Managed> {
  const server = await AccountServer.start();
  const session = new Session({ resolvers: impatient });
  writeFileSync(join(session.cwd, 'O.jwt'), server.operator);
  await session.ok('add operator --url O.jwt');
  return { session, server };
}

/** The same with an account "A" that the operator signed. */
async function withAccount(): Promise<Managed> {
  const managed = await joined();
  await managed.session.ok(`add account A -k ${KEYS.a1.seed.reveal()}`);
  managed.server.requests.length = 0;
  return managed;
}

const fileOf = ({ session }: Managed, name = 'A'): string =>
  join(session.home, `.local/share/nats/nsc/stores/O/accounts/${name}/${name}.jwt`);
const tokenOf = (managed: Managed, name?: string): string => readFileSync(fileOf(managed, name), 'utf8');
const claimsOf = (managed: Managed, name?: string): AccountClaims =>
  decodeKind(tokenOf(managed, name), 'account').claims;
const posts = ({ server }: Managed): string[] => server.requests.filter((line) => line.startsWith('POST'));

describe('an account that is changed under a managed operator', () => {
  it('is sent, and comes back signed by the operator', async () => {
    const managed = await joined();
    const { session, server } = managed;
    const told = await session.ok('add account A');
    expect(claimsOf(managed)).toMatchObject({ iss: pub('o1'), name: 'A' });
    expect(tokenOf(managed)).toBe(server.accounts.get(claimsOf(managed).sub ?? ''));
    expect(told).toContain(`[ OK ] sent account "A" to ${server.url}, where ${pub('o1')} signed it`);
    expect(session.transcript).not.toContain('warning');
    expect((await session.run('validate --all-accounts')).exit).toBe(0);
  });

  const EXPORT = 'add export -a A -n news -s news.> --private';
  const LINES: readonly [line: string, before: readonly string[]][] = [
    ['edit account A --conns 5', []],
    [EXPORT, []],
    ['edit export -a A -s news.> --description d', [EXPORT]],
    ['delete export -a A -s news.>', [EXPORT]],
    [
      'add import -a B --src-account A --remote-subject jobs --service',
      ['add account B', 'add export -a A -s jobs --service'],
    ],
    ['add mapping -a A --from a --to b', []],
    ['delete mapping -a A --from a', ['add mapping -a A --from a --to b']],
    ['edit signing-key -a A --sk generate --role reader --allow-pub x', []],
    ['edit authcallout -a A --auth-user u', ['add user -a A u']],
    ['revocations add-user -a A -n u', ['add user -a A u']],
    ['revocations delete-user -a A -n u', ['add user -a A u', 'revocations add-user -a A -n u']],
    ['delete user -a A u --revoke', ['add user -a A u']],
    ['rename account A New --OK', []],
  ];
  it.each(LINES)('whichever command does it: %s', async (line, before) => {
    const managed = await withAccount();
    const { session } = managed;
    for (const other of before) await session.ok(other);
    managed.server.requests.length = 0;
    session.advance(1);
    const document = JSON.parse(await session.ok(`${line} --json`));
    const name = line.startsWith('rename') ? 'New' : line.includes('-a B') ? 'B' : 'A';
    expect(posts(managed)).toEqual([`POST /jwt/v1/accounts/${claimsOf(managed, name).sub}`]);
    expect(claimsOf(managed, name).iss).toBe(pub('o1'));
    expect(document.changes).toContainEqual({
      action: 'send',
      type: 'account',
      name,
      publicKey: claimsOf(managed, name).sub,
      servers: managed.server.url,
    });
    expect(document.changes).toContainEqual(
      expect.objectContaining({
        type: 'account',
        name,
        issuer: pub('o1'),
        action: name === 'New' ? 'create' : 'update',
      }),
    );
    expect((await session.run('validate --all-accounts')).exit).toBe(0);
  });

  it('is not sent by a dry run, which says where it would go', async () => {
    const managed = await withAccount();
    const { session, server } = managed;
    const before = tokenOf(managed);
    expect(await session.ok('edit account A --conns 5 --dry-run')).toContain(`> account "A" to ${server.url}\n`);
    const { changes } = JSON.parse(await session.ok('edit account A --conns 5 --dry-run --json'));
    expect(changes[0]).toEqual({
      action: 'send',
      type: 'account',
      name: 'A',
      publicKey: claimsOf(managed).sub,
      servers: server.url,
    });
    expect(server.requests).toEqual([]);
    expect(tokenOf(managed)).toBe(before);
  });

  it('comes back with limits of the operator, which are told', async () => {
    const managed = await withAccount();
    const { session, server } = managed;
    server.post = (token) => {
      server.keep(token, (claims) => ({
        ...claims,
        nats: { ...claims.nats, limits: { ...claims.nats.limits, conn: 10, leaf: 0 } },
      }));
      return { body: 'plan: free\u001b[2J' };
    };
    const { stdout, stderr } = await session.run('edit account A --conns 500 --tag x');
    expect(stdout).toContain('[WARN] account "A" came back with nats.limits.conn 10, where 500 was sent\n');
    expect(stdout).toContain('[WARN] account "A" came back with nats.limits.leaf left out, where -1 was sent\n');
    expect(stderr).toContain('the account server says about account "A": "plan: free\\u{1b}[2J"');
    expect(claimsOf(managed).nats).toMatchObject({ limits: { conn: 10 }, tags: ['x'] });
  });

  it('comes back with much that is different, of which some is told', async () => {
    const { session, server } = await withAccount();
    server.post = (token) => {
      const tags = Array.from({ length: 25 }, (_, index) => `t${index}`);
      server.keep(token, (claims) => ({ ...claims, nats: { ...claims.nats, tags } }));
      return {};
    };
    const told = await session.ok('edit account A --conns 5');
    expect(told.match(/came back with nats\.tags/g)).toHaveLength(20);
    expect(told).toContain('[WARN] … and 5 more differences\n');
  });

  it('keeps its name here when the operator gives it another', async () => {
    const managed = await withAccount();
    const { session, server } = managed;
    server.post = (token) => {
      server.keep(token, (claims) => ({ ...claims, name: 'Other' }));
      return {};
    };
    const { exit, stderr } = await session.run('edit account A --tag x');
    expect(exit).toBe(0);
    expect(stderr).toContain('has account "A" under the name "Other"; here it keeps its own');
    expect(claimsOf(managed)).toMatchObject({ name: 'Other', nats: { tags: ['x'] } });
  });

  it('takes its users along: what they are signed by has to come back', async () => {
    const managed = await withAccount();
    const { session, server } = managed;
    await session.ok('edit account A --sk generate');
    const [key = ''] = JSON.parse(await session.ok('describe account A --field nats.signing_keys'));
    await session.ok(`add user -a A u -K ${key}`);
    const before = tokenOf(managed);
    server.post = (token) => {
      server.keep(token, ({ nats: { signing_keys: _gone, ...nats }, ...claims }) => ({ ...claims, nats }));
      return {};
    };
    const kept = await session.run('edit account A --tag x --keep-valid');
    expect(kept.exit).toBe(4);
    expect(kept.stderr).toMatch(/user "u" of account "A" would no longer be accepted; servers have what was sent/);
    expect(tokenOf(managed)).toBe(before);
    const told = await session.run('edit account A --tag x');
    expect(told).toMatchObject({ exit: 0 });
    expect(told.stderr).toContain('user "u" of account "A" will no longer be accepted');
  });

  it('may be dated by a clock that is behind, but not be something else then', async () => {
    const managed = await withAccount();
    const { session, server } = managed;
    session.advance(100);
    const late = (token: string, change: Partial<AccountClaims['nats']>, now = START + 50): Reply => {
      const { claims } = decodeKind(token, 'account');
      const { previous: _own, ...nats } = { previous: 0, ...claims.nats, ...change };
      server.accounts.set(claims.sub ?? '', issue('account', { ...claims, nats }, KEYS.o1, { now }).token);
      return {};
    };
    server.post = (token) => late(token, { limits: { conn: 10 } });
    await session.ok('edit account A --tag x');
    expect(claimsOf(managed)).toMatchObject({ iat: START + 50, nats: { tags: ['x'], limits: { conn: 10 } } });
    server.post = (token) => late(token, {}, START + 49);
    expect((await session.run('edit account A --tag z')).stderr).toContain('it was issued before what was sent');
    server.post = (token) => late(token, { tags: ['y'] });
    const { exit, stderr } = await session.run('edit account A --tag z');
    expect(exit).toBe(7);
    expect(stderr).toContain('is not kept: it was issued before what was sent');
    expect(claimsOf(managed).nats.tags).toEqual(['x']);
  });
});

describe('an account that the operator signs later', () => {
  it.each([
    [202, 'in review'],
    [201, ''],
  ])('stays as it is, with a warning, at status %s', async (status, body) => {
    const managed = await withAccount();
    const { session, server } = managed;
    server.post = () => ({ status, body });
    const { exit, stdout, stderr } = await session.run('edit account A --tag x');
    expect(exit).toBe(0);
    expect(stdout).toContain(`[ OK ] sent account "A" to ${server.url}\n`);
    expect(stderr).toContain('operator "O" has not signed it yet');
    if (body !== '') expect(stderr).toContain('the account server says about account "A": "in review"');
    expect(claimsOf(managed)).toMatchObject({ iss: claimsOf(managed).sub, nats: { tags: ['x'] } });
    expect(server.requests.filter((line) => line.startsWith('GET'))).toEqual([]);
  });

  it.each([
    ['gives back what it was sent', true],
    ['does not have it yet', false],
  ])('stays as it is when the server %s', async (_what, keeps) => {
    const managed = await withAccount();
    const { session, server } = managed;
    server.post = (token, key) => {
      if (keeps) server.accounts.set(key, token);
      else server.accounts.delete(key);
      return {};
    };
    const { exit, stderr } = await session.run('edit account A --tag x');
    expect(exit).toBe(0);
    expect(stderr).toContain('operator "O" has not signed it yet');
    expect(claimsOf(managed)).toMatchObject({ iss: claimsOf(managed).sub, nats: { tags: ['x'] } });
  });
});

describe('nothing changes here', () => {
  /** Runs an edit that has to fail, and gives what it said. */
  async function fails(managed: Managed, exit = 7, line = 'edit account A --tag x'): Promise<string> {
    const before = tokenOf(managed);
    const ran = await managed.session.run(line);
    expect(ran).toMatchObject({ exit, stdout: '' });
    expect(tokenOf(managed)).toBe(before);
    return ran.stderr;
  }

  it.each([
    [400, 'bad\u001b[31m request', 'status 400: bad\\u{1b}[31m request'],
    [500, '', 'status 500'],
    [302, '', 'status 302'],
  ])('when the account server answers with %s (E-19, S-19)', async (status, body, said) => {
    const managed = await withAccount();
    managed.server.post = () => ({ status, body, headers: { location: 'http://127.0.0.1:1/' } });
    const message = await fails(managed);
    expect(message).toContain(`refused account "A": "${said}"; nothing was changed`);
  });

  it('when nobody listens, and the same command works once somebody does', async () => {
    const managed = await withAccount();
    await managed.server.down();
    expect(await fails(managed)).toMatch(
      /(ECONNREFUSED|socket hang up).*; nothing was changed\nnsc: hint: run the same command again/,
    );
    await managed.server.up();
    expect(await managed.session.ok('edit account A --tag x')).toContain('sent account "A"');
  });

  it('not even a new account, when it is refused', async () => {
    const managed = await joined();
    managed.server.post = () => ({ status: 500 });
    expect(await managed.session.run('add account A')).toMatchObject({ exit: 7 });
    expect(existsSync(fileOf(managed))).toBe(false);
    expect(await managed.session.ok('list keys --all')).not.toMatch(/\bA[A-Z2-7]{55}/);
  });

  it.each([
    ['hangs', (): Reply => () => {}],
    ['hangs up', (): Reply => (response) => response.destroy()],
  ])('when it %s', async (_what, reply) => {
    const managed = await withAccount();
    managed.server.post = reply;
    expect(await fails(managed)).toContain('did not say that it took account "A"');
  });

  const answers: readonly [what: string, get: (server: AccountServer, sent: string) => Reply, message: string][] = [
    ['another account', () => ({ body: account('A', 'b1').token }), `it is about ${pub('b1')}`],
    ['an older one', (server, sent) => ({ body: older(server, sent) }), 'it was issued before what was sent'],
    ['one that signed itself', (_server, sent) => ({ body: selfSigned(sent) }), 'it is signed by its own key'],
    ['one of another operator', (_server, sent) => ({ body: resign(sent, 'ox') }), 'which operator "O" does not list'],
    [
      'an altered one',
      (server, sent) => ({ body: `${server.sign(claims(sent)).slice(0, -8)}AAAAAAAA` }),
      'does not hold what its issuer signed',
    ],
    [
      'a name that leads out of the store',
      (server, sent) => ({ body: server.sign(claims(sent), { name: '../../x' }) }),
      'is not kept',
    ],
    ['one that breaks a rule', (server, sent) => ({ body: server.sign(broken(sent)) }), 'it breaks a rule'],
    ['an operator', () => ({ body: operator().token }), 'of the kind operator'],
    ['garbage', () => ({ body: '<html>\u001b[2J' }), 'is not kept'],
    ['nothing', () => ({ body: '' }), 'is not kept'],
    ['too much', () => ({ body: 'x'.repeat(3 * 1024 * 1024) }), 'larger than'],
    ['a slow drip', () => drip, 'no answer within'],
    [
      'a redirect to itself',
      (server, sent) => ({ status: 302, headers: { location: `${server.url}/accounts/${claims(sent).sub}` } }),
      'more than 5 redirects',
    ],
    ['an error', () => ({ status: 500 }), 'status 500'],
  ];
  it.each(answers)('when it took the account and gives back %s (E-02, S-44)', async (_what, get, message) => {
    const managed = await withAccount();
    const { server } = managed;
    let sent = '';
    server.post = (token) => {
      sent = token;
      return {};
    };
    server.get = () => get(server, sent);
    const said = await fails(managed);
    expect(said).toContain(message);
    expect(said).toContain('the account server has account "A" as it was sent, and nothing was changed here');
    expect(said).not.toContain('\u001b');
    expect(existsSync(join(managed.session.root, 'x'))).toBe(false);
  });

  it('but that the key of a new account is kept once the account server has it', async () => {
    const managed = await joined();
    const { session, server } = managed;
    server.get = () => ({ status: 500 });
    const { exit, stderr } = await session.run('add account A --json');
    const { error } = JSON.parse(stderr);
    expect([exit, existsSync(fileOf(managed))]).toEqual([7, false]);
    const [key] = [...server.accounts.keys()];
    expect(error.details).toMatchObject({ sent: ['A'], keys: [key] });
    expect(error.message).toContain(`the keystore has what was made for it: ${key}`);
    expect(error.hint).toContain(`nsc pull --account ${key}`);
    // and it is good for the account once it can be had
    server.get = (account) => ({ body: server.accounts.get(account) ?? '' });
    await session.ok(`pull --account ${key}`);
    await session.ok('add user u --account A');
  });

  it('but that the key of a new account is kept where nobody knows whether the account server has it', async () => {
    const managed = await joined();
    const { session, server } = managed;
    server.post = (token) => {
      server.keep(token);
      return (response) => response.destroy();
    };
    const { exit, stderr } = await session.run('add account A --json');
    const { error } = JSON.parse(stderr);
    expect([exit, existsSync(fileOf(managed))]).toEqual([7, false]);
    const [key] = [...server.accounts.keys()];
    expect(error.details).toMatchObject({ keys: [key] });
    await session.ok(`pull --account ${key}`);
    await session.ok('add user u --account A');
  });

  it('when the disk fails after the account server took it, which is told', async () => {
    const managed = await withAccount();
    const { server, session } = managed;
    const { post } = server;
    server.post = (token, key) => {
      rmSync(dirname(fileOf(managed)), { recursive: true });
      writeFileSync(dirname(fileOf(managed)), '');
      return post(token, key);
    };
    const { exit, stderr } = await session.run('edit account A --tag x --json');
    expect(exit).toBe(5);
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({ code: 'store-io', details: { sent: ['A'] } });
    expect(error.message).toContain('servers have what was sent all the same, and nothing was changed here');
  });

  it('says by its code what was wrong', async () => {
    const managed = await withAccount();
    managed.server.get = () => ({ body: account('A', 'b1').token });
    const { stderr } = await managed.session.run('edit account A --tag x --json');
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'untrusted-answer',
      details: { reason: 'subject-mismatch', account: 'A', sent: ['A'] },
    });
  });
});

const claims = (token: string): AccountClaims => decodeKind(token, 'account').claims;
const resign = (token: string, by: keyof typeof KEYS): string =>
  issue('account', claims(token), KEYS[by], { now: START }).token;
const older = ({ accounts }: AccountServer, sent: string): string => accounts.get(claims(sent).sub ?? '') ?? '';
const broken = (token: string): AccountClaims => {
  const { nats, ...rest } = claims(token);
  return { ...rest, nats: { ...nats, exports: [{ subject: 'a b', type: 'stream' }] } };
};
/** Another one than was sent. */
const selfSigned = (token: string): string =>
  issue('account', claims(token), KEYS.a1, { now: START, previous: claims(token) }).token;
const drip: Reply = (response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write('x'), 20);
  response.once('close', () => clearInterval(timer));
};

describe('several accounts of one command', () => {
  /** The store of another operator with accounts "One" and "Two". */
  async function other(session: Session): Promise<void> {
    const { home } = session;
    for (const line of ['add operator P', 'add account One', 'add account Two', 'add account Three'])
      await session.ok(line);
    await session.ok('select operator O');
    session.cwd = join(home, '.local/share/nats/nsc/stores');
  }

  it('are all sent, and come back', async () => {
    const managed = await joined();
    await other(managed.session);
    const told = await managed.session.ok('migrate --operator-dir P');
    for (const name of ['One', 'Two', 'Three']) {
      expect(claimsOf(managed, name).iss).toBe(pub('o1'));
      expect(told).toContain(`sent account "${name}"`);
    }
    expect(managed.session.transcript).not.toContain('nothing was sent');
  });

  it('stay away all of them when one is refused, and those that the server has are named', async () => {
    const managed = await joined();
    await other(managed.session);
    const { server } = managed;
    server.post = (token) => {
      if (claims(token).name === 'Two') return { status: 400, body: 'no room' };
      server.keep(token);
      return {};
    };
    const { exit, stderr } = await managed.session.run('migrate --operator-dir P --json');
    expect(exit).toBe(7);
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({ code: 'remote-partial', details: { account: 'Two', sent: ['One', 'Three'] } });
    expect(error.message).toContain('the account server has accounts "One", "Three" already');
    for (const name of ['One', 'Two', 'Three']) expect(existsSync(fileOf(managed, name))).toBe(false);
  });

  it('stay away all of them when one comes back as something else, which the server has, too', async () => {
    const managed = await joined();
    await other(managed.session);
    const { server } = managed;
    server.get = (key) => {
      const token = server.accounts.get(key) ?? '';
      return { body: claims(token).name === 'Three' ? account('A', 'b1').token : token };
    };
    const { exit, stderr } = await managed.session.run('migrate --operator-dir P --json');
    expect(exit).toBe(7);
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({
      code: 'untrusted-answer',
      hint: expect.stringMatching(/nsc pull --account A[A-Z2-7]{55}$/),
      details: { reason: 'subject-mismatch', account: 'Three', sent: ['One', 'Three'] },
    });
    expect(error.message).toContain('the account server has account "One" already');
    for (const name of ['One', 'Two', 'Three']) expect(existsSync(fileOf(managed, name))).toBe(false);
  });
});

describe('where no account server signs', () => {
  it.each([
    ['names no account server', ''],
    ['names "nats://host:4222", where nothing can be signed,', 'nats://user:pw@host:4222'],
  ])('the operator %s: accounts stay as they are, and that is told', async (what, url) => {
    const session = new Session({ resolvers: impatient });
    const nats = url === '' ? {} : { account_server_url: url };
    writeFileSync(join(session.cwd, 'O.jwt'), operator({ nats }).token);
    const ran = await session.run('init --url O.jwt -n Mine');
    const warning = `operator "O" is managed elsewhere and ${what} so nothing was sent: the operator has to sign account "Mine" before servers accept it`;
    expect(ran).toMatchObject({ exit: 0 });
    expect(ran.stderr).toContain(warning);
    expect((await session.run('edit account Mine --tag x')).stderr).toContain(warning);
    expect((await session.run('edit account Mine --tag y --dry-run')).stderr).toContain(warning);
    expect((await session.run('add user Mine2 -a Mine')).stderr).toBe('');
  });
});

it('several accounts that nobody signs are told together', async () => {
  const session = new Session({ resolvers: impatient });
  writeFileSync(join(session.cwd, 'O.jwt'), operator().token);
  for (const line of ['add operator P', 'add account One', 'add account Two', 'add operator --url O.jwt']) {
    await session.ok(line);
  }
  session.cwd = join(session.home, '.local/share/nats/nsc/stores');
  expect((await session.run('migrate --operator-dir P')).stderr).toContain(
    'nothing was sent: the operator has to sign accounts "One", "Two" before servers accept them',
  );
});

describe('other ways in', () => {
  it('init under a managed operator sends the account it makes, and users are never sent', async () => {
    const server = await AccountServer.start();
    const session = new Session({ resolvers: impatient });
    const bodies: string[] = [];
    server.post = (token) => {
      bodies.push(token);
      server.keep(token);
      return {};
    };
    const ran = await session.run(`init --url ${server.url}/operator -n Mine`);
    expect(ran).toMatchObject({ exit: 0, stderr: '' });
    expect(bodies.map((token) => decodeToken(token).kind)).toEqual(['account']);
    expect(claimsOf({ session, server }, 'Mine').iss).toBe(pub('o1'));
    expect((await session.run('validate --all-accounts')).exit).toBe(0);
  });

  it('a key of the operator that is here, too, signs at once, and nothing is sent', async () => {
    const managed = await withAccount();
    await managed.session.ok(`edit account A --tag x -K ${KEYS.o1.seed.reveal()}`);
    expect(posts(managed)).toEqual([]);
    expect(claimsOf(managed).iss).toBe(pub('o1'));
  });

  it('load takes in an account that waits, and does not send it back; the next change does (S-26)', async () => {
    const server = await AccountServer.start();
    const session = new Session({ resolvers: impatient });
    writeFileSync(join(session.cwd, 'a1.nk'), KEYS.a1.seed.reveal());
    server.accounts.set(pub('a1'), account('A', 'a1', { by: 'a1' }).token);
    const ran = await session.run(`load --url ${server.url}/operator --seed a1.nk --user alice`);
    expect(ran).toMatchObject({ exit: 0 });
    expect(ran.stderr).toContain('account "A" is signed by its own key');
    expect(posts({ session, server })).toEqual([]);

    session.advance(1);
    await session.ok('add export -s news.>');
    expect(posts({ session, server })).toEqual([`POST /jwt/v1/accounts/${pub('a1')}`]);
    expect(claimsOf({ session, server }).iss).toBe(pub('o1'));
    expect((await session.run('validate --all-accounts')).exit).toBe(0);
  });
});
