import { jwtAuthenticator } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import {
  encodeToken,
  formatCreds,
  type KeyPair,
  keyPairFromRaw,
  newAccount,
  newOperator,
  newUser,
  parseDecorated,
  type Role,
  randomSeed,
  type UserClaims,
} from '../../src/index.js';
import { Client, refusalOf } from './client.js';
import { skipsServer } from './find-server.js';
import { clock, Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

const VIOLATION = 'Authorization Violation';

const newKey = (role: Role): KeyPair => keyPairFromRaw(role, randomSeed());

const start = async (hierarchy: Hierarchy): Promise<NatsServer> => NatsServer.start(await hierarchy.config());

/** Creds of a user nobody asked our program for. */
function forge(signer: KeyPair, nats: Partial<UserClaims['nats']> = {}): string {
  const key = newKey('user');
  const user = newUser(key.publicKey, 'mallory');
  const { token } = encodeToken({ ...user, nats: { ...user.nats, ...nats } }, signer, clock());
  return formatCreds(token, key.seed).reveal();
}

describe.skipIf(skipsServer)('a server lets in', () => {
  it('users signed by the identity key, by a signing key and by a scoped key', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user identity');
    await hierarchy.nsc('edit account A --sk generate');
    await hierarchy.nsc(['add', 'user', 'signing', '-K', await hierarchy.signingKey('A')]);
    await hierarchy.addRole('A', 'reader', '--allow-sub', '>');
    await hierarchy.nsc('add user scoped -K reader');

    const server = await start(hierarchy);
    for (const user of ['identity', 'signing', 'scoped']) await Client.connect(server, await hierarchy.creds(user));
  });

  it('users of an account that an operator signing key signed', async () => {
    const hierarchy = await Hierarchy.make('add operator O --generate-signing-key');
    await hierarchy.nsc(['add', 'account', 'A', '-K', await hierarchy.signingKey()]);
    await hierarchy.nsc('add user alice');
    expect(hierarchy.claims('A').iss).toBe(await hierarchy.signingKey());
    await Client.connect(await start(hierarchy), await hierarchy.creds('alice'));
  });

  it('a bearer without proof of its key, and nobody else', async () => {
    const hierarchy = await Hierarchy.make(
      'add operator O',
      'add account A',
      'add user alice',
      'add user bob --bearer',
    );
    const server = await start(hierarchy);
    const tokenOf = async (user: string) => parseDecorated(await hierarchy.creds(user)).token;
    await Client.connect(server, jwtAuthenticator(await tokenOf('bob')));
    expect(await refusalOf(server, jwtAuthenticator(await tokenOf('alice')))).toBe(VIOLATION);
  });
});

describe.skipIf(skipsServer)('a server refuses', () => {
  it('users signed by keys that the account does not list', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A');
    const server = await start(hierarchy);
    const stranger = newKey('account');
    expect(await refusalOf(server, forge(stranger))).toBe(VIOLATION);
    expect(await refusalOf(server, forge(stranger, { issuer_account: hierarchy.claims('A').sub ?? '' }))).toBe(
      VIOLATION,
    );
    await server.waitFor(/User JWT issuer is not known/i);
  });

  it('users of accounts that another operator signed', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user alice');
    const account = newKey('account');
    const operator = newKey('operator');
    hierarchy.writeAccount('Forged', newAccount(account.publicKey, 'Forged'), operator);
    const server = await start(hierarchy);
    expect(await refusalOf(server, forge(account))).toBe(VIOLATION);
    await Client.connect(server, await hierarchy.creds('alice'));

    const { token } = encodeToken(newOperator(operator.publicKey, 'O'), operator, clock());
    const usurped = (await hierarchy.config()).replace(/^operator: .*$/m, `operator: ${token}`);
    const other = await NatsServer.start(usurped);
    await Client.connect(other, forge(account));
    expect(await refusalOf(other, await hierarchy.creds('alice'))).toBe(VIOLATION);
  });

  it('a JWT with the seed of another user, and one with a changed letter', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user alice', 'add user bob');
    const server = await start(hierarchy);
    const alice = await hierarchy.creds('alice');
    const { token } = parseDecorated(alice);
    const seed = parseDecorated(await hierarchy.creds('bob')).seed?.reveal() ?? '';
    expect(await refusalOf(server, jwtAuthenticator(token, new TextEncoder().encode(seed)))).toBe(VIOLATION);

    const [header, payload = '', signature] = token.split('.');
    const claims = Buffer.from(payload, 'base64url').toString().replace('"alice"', '"admin"');
    const tampered = [header, Buffer.from(claims).toString('base64url'), signature].join('.');
    expect(await refusalOf(server, alice.replace(token, tampered))).toBe(VIOLATION);
    await Client.connect(server, alice);
  });

  it('users before and after they are valid', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A');
    await hierarchy.nsc('add user early --start 1h');
    await hierarchy.nsc('add user late --expiry 2020-01-01');
    await hierarchy.nsc('add user timely --start -1h --expiry 1h');
    const server = await start(hierarchy);
    expect(await refusalOf(server, await hierarchy.creds('early'))).toBe(VIOLATION);
    expect(await refusalOf(server, await hierarchy.creds('late'))).toBe(VIOLATION);
    await Client.connect(server, await hierarchy.creds('timely'));
  });

  it('a connected user from the moment it expires', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A');
    const server = await start(hierarchy);
    const expiry = (clock() + 3) * 1000;
    await hierarchy.nsc(['add', 'user', 'alice', '--expiry', new Date(expiry).toISOString()]);
    const alice = await Client.connect(server, await hierarchy.creds('alice'));
    expect(await alice.closing()).toMatch(/User Authentication Expired/i);
    // The second of its expiry still counts for those who come.
    await new Promise((resolve) => setTimeout(resolve, expiry + 1000 - Date.now()));
    expect(await refusalOf(server, await hierarchy.creds('alice'))).toBe(VIOLATION);
  });

  it('users of an account that has expired', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user alice');
    await hierarchy.nsc('edit account A --expiry 2020-01-01');
    expect(await refusalOf(await start(hierarchy), await hierarchy.creds('alice'))).toBe(VIOLATION);
  });

  it('accounts and users that the identity keys of a strict operator signed', async () => {
    const hierarchy = await Hierarchy.make(
      'add operator O --generate-signing-key',
      'edit operator --require-signing-keys',
    );
    await hierarchy.nsc('add account A');
    await hierarchy.nsc('edit account A --sk generate');
    await hierarchy.nsc('add user alice');
    const { sub = '' } = hierarchy.claims('A');
    const server = await start(hierarchy);
    await Client.connect(server, await hierarchy.creds('alice'));
    expect(await refusalOf(server, forge(hierarchy.pair(sub)))).toBe(VIOLATION);

    const identity = JSON.parse(await hierarchy.nsc('describe operator --field sub')) as string;
    hierarchy.writeAccount('A', hierarchy.claims('A'), hierarchy.pair(identity));
    expect(await refusalOf(await start(hierarchy), await hierarchy.creds('alice'))).toBe(VIOLATION);
  });

  it('users from other networks and of other connection types', async () => {
    const hierarchy = await Hierarchy.make(
      'add operator O',
      'add account A',
      'add user far --source-network 10.0.0.0/8',
    );
    await hierarchy.nsc('add user near --source-network 127.0.0.0/8');
    await hierarchy.nsc('add user web');
    await hierarchy.nsc('edit user web --conn-type WEBSOCKET');
    const server = await start(hierarchy);
    expect(await refusalOf(server, await hierarchy.creds('far'))).toBe(VIOLATION);
    expect(await refusalOf(server, await hierarchy.creds('web'))).toBe(VIOLATION);
    await Client.connect(server, await hierarchy.creds('near'));
  });
});
