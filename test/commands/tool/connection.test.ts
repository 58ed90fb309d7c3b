import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/tool/rtt.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import type { NscError } from '../../../src/errors.js';
import { account, NOW as ISSUED, KEYS, operator, user } from '../../domain/trust/hierarchy.js';
import { itRefuses } from '../../support/cases.js';
import { alter } from '../../support/forged-token.js';
import { type Given, NOW } from '../../support/plan.js';
import { use } from './fake-nats.js';
import { given, u } from './world.js';

/** As whom and where every tool connects (nsc-distribution.md §4.1), told by the one that only does that. */

const [first] = given.operators ?? [];
const world = (changes: Partial<NonNullable<typeof first>>, more: Given = {}): Given => ({
  ...more,
  operators: first ? [{ ...first, ...changes }] : [],
});

describe('a tool connects', () => {
  it('to the servers of the operator, as the only user of the selected account', async () => {
    const { target, log, told } = await use(command, given, '');
    expect(target).toMatchObject({
      servers: ['nats://one:4222', 'tls://two:4222'],
      clientName: 'nsc_rtt',
      timeoutMs: 5000,
      reconnects: false,
    });
    expect(target?.identity?.()).toMatchObject({ token: u.token, pair: { publicKey: KEYS.u1.publicKey } });
    expect(log).toEqual(['close']);
    expect(told).toEqual([
      'tell round trip time to [nats://127.0.0.1:4222] = 3.71ms {"url":"nats://127.0.0.1:4222","server":"S1","roundTripMicros":3712}',
    ]);
  });

  it.each([
    ['-a B -u w', 'u3'],
    ['--account $b1 --user $u2', 'u2'],
  ] as const)('as another user: %s', async (line, key) => {
    const { target } = await use(command, given, line);
    expect(target?.identity?.().pair.publicKey).toBe(KEYS[key].publicKey);
  });

  it.each([
    ['--nats nats://host:4222', ['nats://host:4222']],
    ['--nats host:4222,wss://other', ['nats://host:4222', 'wss://other']],
  ])('to other servers: %s', async (line, servers) => {
    expect((await use(command, given, line)).target?.servers).toEqual(servers);
  });

  it('with what the options say about TLS, and else the environment (S-30)', async () => {
    const line = '--tls-first --ca-cert ca.pem --client-cert cert.pem --client-key key.pem --tls-curves p256,X25519';
    const ofOptions = { handshakeFirst: true, caFile: 'ca.pem', certFile: 'cert.pem', keyFile: 'key.pem' };
    expect((await use(command, given, line)).target?.tls).toEqual({ ...ofOptions, curves: ['P-256', 'X25519'] });
    const env = { NATS_CA: 'a', NATS_CERT: 'b', NATS_KEY: 'c' };
    const ofEnvironment = { handshakeFirst: false, caFile: 'a', certFile: 'b', keyFile: 'c' };
    expect((await use(command, { ...given, env }, '')).target?.tls).toMatchObject(ofEnvironment);
    expect((await use(command, { ...given, env }, line)).target?.tls).toMatchObject(ofOptions);
  });

  it('with the seed of the creds file when it is not in the keystore', async () => {
    const creds = [{ account: 'A', user: 'u', creds: formatCreds(u.token, KEYS.u1.seed) }];
    const { target } = await use(command, world({ creds } as never, { stored: ['o1', 'a1'] }), '');
    expect(target?.identity?.().pair.publicKey).toBe(KEYS.u1.publicKey);
  });

  it('and says before what servers have against the user', async () => {
    const late = world({ users: [user('A/late', 'u1', { exp: ISSUED - 1 })] });
    expect((await use(command, late, '')).told[0]).toBe('warn user "late" has expired: servers refuse these creds');
    const revoked = world({ accounts: [account('A', 'a1', { nats: { revocations: { '*': NOW } } })] });
    expect((await use(command, revoked, '')).told[0]).toMatch(
      /^warn user "u" .*revoked.*: servers refuse these creds$/,
    );
  });
});

describe('a tool does not connect', () => {
  itRefuses(command, given, {
    'without a server': [
      '',
      ['missing-option', 'operator "O" names no servers to connect to'],
      world({ operator: operator() }),
    ],
    'when the URL is empty': ["--nats ''", ['missing-option', 'operator "O" names no servers to connect to']],
    'as one of several users': ['-a B', ['missing-option', 'a user of account "B" is needed']],
    'as a user that is not there': ['-u x', ['user-not-found', 'user "x" does not exist in account "A"']],
    'without the seed': [
      '',
      ['key-not-found', 'user "u" has no creds, and its seed [u1] is not in the keystore'],
      { ...given, stored: ['o1', 'a1'] },
    ],
    'with the seed of somebody else': [
      '',
      ['key-not-found', 'user "u" has no creds, and its seed [u1] is not in the keystore'],
      world(
        { creds: [{ account: 'A', user: 'u', creds: formatCreds(user('A/x', 'u2').token, KEYS.u2.seed) }] } as never,
        {
          stored: ['o1', 'a1'],
        },
      ),
    ],
    'as a user that was altered': [
      '',
      ['bad-token', 'the JWT of user "u" does not hold what its issuer signed'],
      world({ users: [alter(u)] }),
    ],
    'with a curve that is none': [
      '--tls-curves p1',
      ['bad-value', '--tls-curves: "p1" is none of the curves P256, P384, P521 and X25519'],
    ],
  });

  it('and names the flag that mends it', async () => {
    const { result } = await use(command, given, '-a B');
    expect((result as NscError).hint).toMatch(/^name one with --user NAME/);
  });
});

it('measures as often as it is told to, and shows short times in microseconds', async () => {
  expect((await use(command, given, '--count 3')).told).toHaveLength(3);
  expect((await use(command, given, '--count 0')).result).toMatchObject({ code: 'bad-value' });
});
