import { describe, expect, it } from 'vitest';
import { reachOf, reachOptions } from '../../../src/app/options/reach.js';
import type { Workspace } from '../../../src/app/workspace.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import { account, operator, pub, user } from '../../domain/trust/hierarchy.js';

const tree = memoryTree({
  operator: operator({ nats: { system_account: pub('a3'), account_server_url: 'nats://h:1' } }),
  accounts: [account('A', 'a1'), account('SYS', 'a3')],
  users: [user('SYS/sys', 'u3', { by: 'a3' })],
});
const workspace = { selected: { operator: 'O', account: 'A' }, tree: () => tree } as unknown as Workspace;

it('is patient as is usual, or from a second to a minute', () => {
  const patience = (timeout?: number) => reachOf({ timeout }, {}).timeoutMs;
  expect([undefined, -5, 0, 1, 7, 60, 61, 1e9].map(patience)).toEqual([
    undefined,
    1000,
    1000,
    1000,
    7000,
    60_000,
    60_000,
    60_000,
  ]);
});

it('leaves out what is empty', () => {
  expect(reachOf({ systemAccount: '', systemUser: '' }, { NATS_CA: '' }, '')).toEqual({
    timeoutMs: undefined,
    tls: { handshakeFirst: false, caFile: undefined, certFile: undefined, keyFile: undefined, curves: undefined },
  });
  expect(reachOf({ systemAccount: 'SYS', systemUser: 'sys' }, {}, 'nats://h')).toMatchObject({
    url: 'nats://h',
    systemAccount: 'SYS',
    systemUser: 'sys',
  });
});

it('takes each file from its own option, else from its own variable (S-30)', () => {
  const env = { NATS_CA: 'ca', NATS_CERT: 'cert', NATS_KEY: 'key' };
  expect(reachOf({}, env).tls).toMatchObject({ caFile: 'ca', certFile: 'cert', keyFile: 'key' });
  expect(reachOf({ clientCert: 'other' }, env).tls).toMatchObject({ caFile: 'ca', certFile: 'other', keyFile: 'key' });
});

describe('curves', () => {
  it.each([
    ['P256,P384,P521,X25519', ['P-256', 'P-384', 'P-521', 'X25519']],
    [' curvep256 , CurveX25519', ['P-256', 'X25519']],
    ['', undefined],
  ])('%j', (given, curves) => {
    expect(reachOptions.tlsCurves.read([given])).toEqual(curves);
  });

  it('that nobody knows are refused at once', () => {
    expect(() => reachOptions.tlsCurves.read(['P256,P257'])).toThrow('"P257" is none of the curves');
  });
});

describe('interactive mode', () => {
  it('offers the accounts, with the one of the operator first in line', () => {
    const { ask } = reachOptions.systemAccount;
    expect(ask?.choices?.(workspace, {})).toEqual(['A', 'SYS']);
    expect(ask?.default?.(workspace, {})).toBe('SYS');
  });

  it('offers the users of the system account, and none at all', () => {
    const { ask } = reachOptions.systemUser;
    const none = { value: '', label: 'one that is made for the occasion' };
    expect(ask?.choices?.(workspace, {})).toEqual([none, { value: 'sys', label: 'sys' }]);
    expect(ask?.choices?.(workspace, { systemAccount: 'A' })).toEqual([none]);
  });

  it('asks neither for account servers', () => {
    const asked = (input: object) =>
      [reachOptions.systemAccount, reachOptions.systemUser].map(({ ask }) => ask?.when?.(workspace, { ...input }));
    expect(asked({})).toEqual([true, true]);
    expect(asked({ url: 'https://h/jwt/v1' })).toEqual([false, false]);
  });
});
