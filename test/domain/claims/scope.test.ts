import { describe, expect, it } from 'vitest';
import { findScope, findScopeByRole, isScopedBodyEmpty, signingKeysOf } from '../../../src/domain/claims/scope.js';
import type { AccountClaims, UserBody, UserScope } from '../../../src/domain/claims/types.js';

const reader: UserScope = { kind: 'user_scope', key: 'AREADER', role: 'reader' };
const writer: UserScope = { kind: 'user_scope', key: 'AWRITER', role: 'writer' };
const account: AccountClaims = { nats: { signing_keys: ['APLAIN', reader, writer] } };

describe('signing keys', () => {
  it('are found by key and by role', () => {
    expect(signingKeysOf(account)).toEqual(['APLAIN', 'AREADER', 'AWRITER']);
    expect(findScope(account, 'AREADER')).toBe(reader);
    expect(findScopeByRole(account, 'writer')).toBe(writer);
  });

  it('have no scope when they are plain or not listed', () => {
    for (const key of ['APLAIN', 'AOTHER', '']) expect(findScope(account, key)).toBeUndefined();
    expect(findScopeByRole(account, 'other')).toBeUndefined();
    expect(signingKeysOf({ nats: {} })).toEqual([]);
    expect(findScope({ nats: {} }, 'A')).toBeUndefined();
  });
});

describe('isScopedBodyEmpty', () => {
  const empty: UserBody[] = [
    {},
    { pub: {}, sub: {} },
    { subs: 0, data: 0n, payload: 0, bearer_token: false, proxy_required: false, times_location: '' },
    { issuer_account: 'A', tags: ['t'], type: 'user', version: 2 },
  ];
  const own: UserBody[] = [
    { pub: { allow: [] } },
    { sub: { deny: ['a'] } },
    { resp: {} },
    { src: [] },
    { times: [] },
    { allowed_connection_types: [] },
    { subs: -1 },
    { data: 7 },
    { payload: 5n },
    { times_location: 'UTC' },
    { bearer_token: true },
    { proxy_required: true },
  ];

  it.each(empty.map((body) => [JSON.stringify(body, replaceBigInt), body] as const))('%s', (_, body) => {
    expect(isScopedBodyEmpty(body)).toBe(true);
  });

  it.each(own.map((body) => [JSON.stringify(body, replaceBigInt), body] as const))('not %s', (_, body) => {
    expect(isScopedBodyEmpty(body)).toBe(false);
  });
});

function replaceBigInt(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
