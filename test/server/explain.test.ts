import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeKind, issue, type KeyPair, type UserClaims } from '../../src/index.js';
import { Client } from './client.js';
import { skipsServer } from './find-server.js';
import { clock, Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

/** `explain creds` says what a real server does, whoever connects. */

const tokenOf = (creds: string): string => creds.split('\n')[1] ?? '';
const claimsOf = (creds: string): UserClaims => decodeKind(tokenOf(creds), 'user').claims;

/** The creds with another JWT, as somebody would sign it who does not care about rules. */
function forge(creds: string, signer: KeyPair, edit: (claims: UserClaims) => UserClaims): string {
  const { token } = issue('user', edit(claimsOf(creds)), signer, { now: clock() });
  return creds.replace(tokenOf(creds), token);
}

const within = (claims: UserClaims, nats: Partial<UserClaims['nats']>): UserClaims => ({
  ...claims,
  nats: { ...claims.nats, ...nats },
});

/** Whether a server lets somebody in and keeps them. */
async function isAccepted(server: NatsServer, creds: string): Promise<boolean> {
  try {
    const { connection } = await Client.connect(server, creds);
    const patience = new Promise<'stays'>((resolve) => setTimeout(() => resolve('stays'), 250));
    return (await Promise.race([connection.closed(), patience])) === 'stays';
  } catch {
    return false;
  }
}

/** What the command says of creds: the check that refuses, or `accepted`. */
async function explained({ session }: Hierarchy, creds: string): Promise<string> {
  writeFileSync(join(session.cwd, 'x.creds'), creds);
  const { exit, stdout } = await session.run('explain creds x.creds --source 127.0.0.1 --json');
  const { ok, failed } = JSON.parse(stdout) as { ok: boolean; failed?: string };
  expect(exit).toBe(ok ? 0 : 1);
  return failed ?? 'accepted';
}

/** Hours of the day in UTC, from some hours from now on. */
const hours = (from: number, until: number): string =>
  [from, until]
    .map((offset) => `${String((Math.floor(clock() / 3600) + offset) % 24).padStart(2, '0')}:00:00`)
    .join('-');

const isLate = (): boolean => new Date(clock() * 1000).getUTCHours() >= 21;

async function makeCreds(
  hierarchy: Hierarchy,
): Promise<Readonly<Record<string, readonly [creds: string, expected: string]>>> {
  const { session } = hierarchy;
  const nsc = (line: string) => hierarchy.nsc(line);
  const creds = (user: string, account = 'A') => hierarchy.creds(user, account);
  const key = await hierarchy.signingKey('A');
  const role = await hierarchy.addRole('A', 'reader', '--allow-sub', 'x.{{name()}}');
  const denying = await hierarchy.addRole('A', 'denying', '--deny-pub', 'x.{{tag(team)}}');

  const users: Readonly<Record<string, string>> = {
    good: '',
    other: '',
    revoked: '',
    'revoked-once': '',
    everywhere: '--source-network 127.0.0.0/8',
    elsewhere: '--source-network 192.0.2.0/24',
    plain: '--conn-type standard',
    web: '--conn-type websocket',
    open: `--time ${hours(0, 2)} --locale UTC`,
    closed: `--time ${hours(3, 5)} --locale UTC`,
    ...(isLate() ? {} : { yesterday: `--time ${hours(3, 1)} --locale UTC` }),
    later: '--start 1h',
    bearer: '--bearer',
  };
  for (const [name, options] of Object.entries(users)) {
    await nsc(`add user -a A ${name} -K ${key}`);
    if (options !== '') await nsc(`edit user -a A ${name} -K ${key} ${options}`);
  }
  for (const line of ['scoped --role reader', 'tagged --role denying --tag team:a']) {
    await nsc(`add user -a A ${line}`);
  }
  session.advance(-3600);
  await nsc(`add user -a A expired -K ${key} --expiry 5m`);
  session.advance(3600);
  const [good, other, revoked, once] = await Promise.all(
    ['good', 'other', 'revoked', 'revoked-once'].map((name) => creds(name)),
  );
  const scoped = await creds('scoped');
  await nsc('revocations add-user -a A -n revoked');
  await nsc('revocations add-user -a A -n revoked-once');
  session.advance(2);
  await nsc(`edit user -a A revoked-once --tag again -K ${key}`);
  const pair = hierarchy.pair(key);

  const gone = (await nsc('generate nkey --account --store')).match(/A[A-Z2-7]{55}/)?.[0] ?? '';
  await nsc(`edit account A --sk ${gone}`);
  await nsc(`add user -a A by-gone -K ${gone}`);
  const byGone = await creds('by-gone');
  await nsc(`edit account A --rm-sk ${gone}`);

  for (const name of ['Bearer', 'Deleted', 'Untrusted', 'Expired', 'NoConnections', 'NoSubscriptions']) {
    await nsc(`add account ${name}`);
    await nsc(`add user -a ${name} u`);
  }
  await nsc('add user -a Bearer b --bearer');
  const operator = hierarchy.pair(JSON.parse(await nsc('describe operator --field sub')) as string);
  const stranger = hierarchy.pair((await nsc('generate nkey --operator --store')).match(/O[A-Z2-7]{55}/)?.[0] ?? '');
  const bearer = await creds('b', 'Bearer');
  const ofAccounts = Object.fromEntries(
    await Promise.all(
      ['Bearer', 'Deleted', 'Untrusted', 'Expired', 'NoConnections', 'NoSubscriptions'].map(
        async (name) => [name, await creds('u', name)] as const,
      ),
    ),
  );
  const rewrite = (name: string, limits: object, signer = operator, exp?: number) => {
    const claims = hierarchy.claims(name);
    const nats = { ...claims.nats, limits: { ...claims.nats.limits, ...limits } };
    hierarchy.writeAccount(name, { ...claims, ...(exp !== undefined && { exp }), nats }, signer);
  };
  rewrite('Bearer', { disallow_bearer: true });
  rewrite('Untrusted', {}, stranger);
  rewrite('Expired', {}, operator, clock() - 10);
  rewrite('NoConnections', { conn: 0 });
  rewrite('NoSubscriptions', { subs: 0 });
  hierarchy.removeAccount('Deleted');

  const of = (name: string): string => ofAccounts[name] ?? '';
  const seedOf = (text = ''): string => text.match(/SU[A-Z2-7]{56}/)?.[0] ?? '';
  return {
    good: [good ?? '', 'accepted'],
    'signed by the identity key': [of('Bearer'), 'accepted'],
    scoped: [scoped, 'accepted'],
    'a template that fits': [await creds('tagged'), 'accepted'],
    'a bearer token': [await creds('bearer'), 'accepted'],
    'revoked, and signed again': [await creds('revoked-once'), 'accepted'],
    'the right network': [await creds('everywhere'), 'accepted'],
    'the right kind of connection': [await creds('plain'), 'accepted'],
    'the right time of day': [await creds('open'), 'accepted'],
    'another seed': [(good ?? '').replace(seedOf(good), seedOf(other)), 'seed'],
    altered: [(good ?? '').replace(tokenOf(good ?? ''), tokenOf(good ?? '').replace(/.{4}$/, 'AAAA')), 'signature'],
    expired: [await creds('expired'), 'validity'],
    'not yet valid': [await creds('later'), 'validity'],
    revoked: [revoked ?? '', 'revocation'],
    'revoked, and signed before': [once ?? '', 'revocation'],
    'a signing key that was removed': [byGone, 'issuer'],
    'a signing key without its account': [
      forge(good ?? '', pair, (claims) => within(claims, { issuer_account: '' })),
      'account',
    ],
    'a broken rule': [forge(good ?? '', pair, (claims) => within(claims, { src: ['nowhere'] })), 'rules'],
    'permissions of its own under a role': [
      forge(scoped, hierarchy.pair(role), (claims) => within(claims, { pub: { allow: ['>'] } })),
      'scope',
    ],
    'a template that comes to nothing': [
      forge(await creds('tagged'), hierarchy.pair(denying), (claims) => within(claims, { tags: [] })),
      'scope',
    ],
    'a bearer token where there may be none': [bearer, 'bearer'],
    'another network': [await creds('elsewhere'), 'source'],
    'another kind of connection': [await creds('web'), 'connection-type'],
    'another kind of connection that nobody knows': [
      forge(good ?? '', pair, (claims) => within(claims, { allowed_connection_types: ['CARRIER_PIGEON'] })),
      'connection-type',
    ],
    'another time of day': [await creds('closed'), 'hours'],
    // servers look only at ranges that begin today; late in the day there is no such range to try
    ...(isLate() ? {} : { 'a range that began yesterday': [await creds('yesterday'), 'hours'] }),
    'no subscriptions': [forge(good ?? '', pair, (claims) => within(claims, { subs: 0 })), 'limits'],
    'an account that is gone': [of('Deleted'), 'account'],
    'an account that the operator did not sign': [of('Untrusted'), 'account-trust'],
    'an expired account': [of('Expired'), 'account-validity'],
    'an account without connections': [of('NoConnections'), 'limits'],
    'an account without subscriptions': [of('NoSubscriptions'), 'limits'],
  };
}

describe.skipIf(skipsServer)('explain creds', () => {
  it('says that somebody is accepted exactly when a server lets them in', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'edit account A --sk generate');
    const cases = await makeCreds(hierarchy);
    const server = await NatsServer.start(await hierarchy.config());
    const found: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const [what, [creds, check]] of Object.entries(cases)) {
      found[what] = [await explained(hierarchy, creds), await isAccepted(server, creds)];
      expected[what] = [check, check === 'accepted'];
    }
    expect(found).toEqual(expected);
  });

  it('knows what an operator who requires signing keys does to identity keys', async () => {
    const hierarchy = await Hierarchy.make(
      ...['add operator O --sys', 'edit operator --sk generate', 'add account A', 'edit account A --sk generate'],
      'add user -a A by-identity',
    );
    const byIdentity = await hierarchy.creds('by-identity');
    const key = await hierarchy.signingKey('A');
    await hierarchy.nsc(`add user -a A by-signing-key -K ${key}`);
    const bySigningKey = await hierarchy.creds('by-signing-key');
    await hierarchy.nsc('delete user -a A by-identity');
    const operator = await hierarchy.signingKey();
    for (const account of ['A', 'SYS']) await hierarchy.nsc(`edit account ${account} --tag x -K ${operator}`);
    await hierarchy.nsc('delete user -a SYS sys');
    await hierarchy.nsc('edit operator --require-signing-keys');
    const server = await NatsServer.start(await hierarchy.config());
    expect([await explained(hierarchy, byIdentity), await isAccepted(server, byIdentity)]).toEqual(['issuer', false]);
    expect([await explained(hierarchy, bySigningKey), await isAccepted(server, bySigningKey)]).toEqual([
      'accepted',
      true,
    ]);
  });

  it('and the command in its hint mends it', async () => {
    const hierarchy = await Hierarchy.make(
      'add operator O --sys',
      'add account A',
      'add user -a A u --source-network 192.0.2.0/24',
    );
    const before = await hierarchy.creds('u');
    writeFileSync(join(hierarchy.session.cwd, 'x.creds'), before);
    const { stdout } = await hierarchy.session.run('explain creds x.creds --source 127.0.0.1 --json');
    const { checks } = JSON.parse(stdout) as { checks: { state: string; hint?: string }[] };
    const hint = checks.find(({ state }) => state === 'failed')?.hint ?? '';
    for (const command of hint.split(', then ')) {
      await hierarchy.nsc(
        command.replace(/^nsc /, '').replaceAll('"', '').replace('CIDR', '127.0.0.0/8').replace('FILE', 'x.creds'),
      );
    }
    const server = await NatsServer.start(await hierarchy.config());
    const after = await hierarchy.creds('u');
    expect([await isAccepted(server, before), await isAccepted(server, after)]).toEqual([false, true]);
    expect(await explained(hierarchy, after)).toBe('accepted');
  });
});
