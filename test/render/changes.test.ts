import { expect, test } from 'vitest';
import type { Change } from '../../src/domain/change.js';
import type { Tree } from '../../src/domain/tree/tree.js';
import { NscError } from '../../src/errors.js';
import { Secret } from '../../src/lib/secret.js';
import { summarizeChanges } from '../../src/render/changes.js';

const account = { sub: 'AAA', iss: 'OOO', nats: { limits: { conn: -1 } } };

const before = {
  operator: { name: 'O', token: '', claims: { nats: {} } },
  findAccount: (name: string) => {
    if (name === 'Broken') throw new NscError('bad-token', 'unreadable');
    return name === 'A' ? { name, token: '', claims: account } : undefined;
  },
  findUser: () => undefined,
  hasSeed: (key: string) => key === 'UOLD',
  findCreds: () => undefined,
} as unknown as Tree;

const changes: Change[] = [
  { type: 'put-operator', name: 'O', token: '', claims: { sub: 'OOO', iss: 'OOO', nats: {} } },
  { type: 'put-account', name: 'A', token: '', claims: { ...account, nats: { limits: { conn: 5 } } } },
  { type: 'put-account', name: 'Broken', token: '', claims: account },
  { type: 'put-user', account: 'A', name: 'u', token: '', claims: { sub: 'UUU', iss: 'AAA', nats: {} } },
  { type: 'put-seed', publicKey: 'UUU', seed: new Secret('SU-NOT-SHOWN') },
  { type: 'put-seed', publicKey: 'UOLD', seed: new Secret('SU-NOT-SHOWN') },
  { type: 'put-creds', account: 'A', user: 'u', creds: new Secret('SU-NOT-SHOWN') },
  { type: 'delete-account', name: 'B' },
  { type: 'delete-user', account: 'A', name: 'v' },
  { type: 'delete-seed', publicKey: 'UVV' },
  { type: 'delete-creds', account: 'A', user: 'v' },
  {
    type: 'keep-version',
    kind: 'account',
    replaced: { name: 'A', token: '', claims: { ...account, iat: 1_700_000_000 } },
  },
  { type: 'select', operator: 'O', account: '' },
];

test('every change has a summary, and no secret is in it', () => {
  const summaries = summarizeChanges(changes, before);
  expect(summaries).toEqual([
    { action: 'update', type: 'operator', name: 'O', publicKey: 'OOO', issuer: 'OOO' },
    { action: 'update', type: 'account', name: 'A', publicKey: 'AAA', issuer: 'OOO' },
    { action: 'update', type: 'account', name: 'Broken', publicKey: 'AAA', issuer: 'OOO' },
    { action: 'create', type: 'user', name: 'u', account: 'A', publicKey: 'UUU', issuer: 'AAA' },
    { action: 'create', type: 'key', publicKey: 'UUU' },
    { action: 'update', type: 'key', publicKey: 'UOLD' },
    { action: 'create', type: 'creds', name: 'u', account: 'A' },
    { action: 'delete', type: 'account', name: 'B' },
    { action: 'delete', type: 'user', name: 'v', account: 'A' },
    { action: 'delete', type: 'key', publicKey: 'UVV' },
    { action: 'delete', type: 'creds', name: 'v', account: 'A' },
    {
      action: 'create',
      type: 'version',
      name: '2023-11-14 22:13:20 UTC',
      account: 'A',
      publicKey: 'AAA',
      issuer: 'OOO',
    },
    { action: 'select', type: 'operator', name: 'O' },
    { action: 'select', type: 'account', name: '' },
  ]);
});

test('without a tree everything is new', () => {
  expect(summarizeChanges(changes.slice(0, 2), undefined).map(({ action }) => action)).toEqual(['create', 'create']);
});

test('a selection says what it takes the place of', () => {
  const rename: Change = { type: 'select', account: 'New', insteadOf: 'Old' };
  expect(summarizeChanges([rename], before)).toEqual([
    { action: 'select', type: 'account', name: 'New', insteadOf: 'Old' },
  ]);
});

test('claims are compared on demand', () => {
  const [summary] = summarizeChanges(changes.slice(1, 2), before, { differences: true });
  expect(summary?.differences).toEqual([{ path: 'nats.limits.conn', before: -1, after: 5 }]);
});
