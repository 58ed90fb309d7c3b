import { describe, expect, it } from 'vitest';
import { importedActivations } from '../../../src/domain/sharing/imported-activations.js';
import { findImporters } from '../../../src/domain/sharing/importers.js';
import { remoteSubject } from '../../../src/domain/sharing/remote-subject.js';
import { FakeWorld } from '../../support/fake-world.js';
import {
  accounts,
  activation,
  operator,
  pub,
  service,
  serviceFrom,
  sharingTree,
  stream,
  streamFrom,
} from './accounts.js';

const shared = {
  A: { exports: [stream('news.>'), service('ask.*')] },
  B: {
    imports: [
      streamFrom('a1', 'news.eu', { token: activation('news.eu') }),
      streamFrom('a1', 'news.us'),
      streamFrom('a3', 'news.x'),
      serviceFrom('a1', 'ask.me'),
    ],
  },
  C: { imports: [streamFrom('a1', 'other'), serviceFrom('a1', 'mine', { to: 'ask.me' })] },
  D: { imports: [streamFrom('a1', 'news.>', { token: 'https://host/activation.jwt' })] },
};
const tree = sharingTree(shared);
const found = (entry: Parameters<typeof findImporters>[2], from = tree) =>
  findImporters(from, pub('a1'), entry).map(({ account, import: one }) => `${account.name} ${remoteSubject(one)}`);

describe('findImporters', () => {
  it('gives every import that an export covers, of the same account and type', () => {
    expect(found(stream('news.>'))).toEqual(['B news.eu', 'B news.us', 'D news.>']);
  });

  it('knows that old imports of services have the remote subject elsewhere', () => {
    expect(found(service('ask.*'))).toEqual(['B ask.me', 'C ask.me']);
  });

  it('gives all imports from an account when no export is named', () => {
    expect(found(undefined).sort()).toEqual(['B ask.me', 'B news.eu', 'B news.us', 'C ask.me', 'C other', 'D news.>']);
  });

  it('gives none for what nobody imports', () => {
    expect(found(stream('else'))).toEqual([]);
  });

  it('passes over accounts that cannot be read', () => {
    const { workspace } = new FakeWorld({
      operators: [{ operator: operator(), accounts: accounts(shared) }],
      unreadable: ['B'],
    });
    expect(found(stream('news.>'), workspace.tree('O'))).toEqual(['D news.>']);
  });
});

describe('remoteSubject', () => {
  it.each([
    ['of a stream with a prefix', { type: 'stream', subject: 'a', to: 'b' }, 'a'],
    ['of an old service', { type: 'service', subject: 'a', to: 'b' }, 'b'],
    ['of a service with a local subject', { type: 'service', subject: 'a', to: 'b', local_subject: 'c' }, 'a'],
    ['of nothing', {}, ''],
  ] as const)('%s', (_what, entry, expected) => {
    expect(remoteSubject(entry)).toBe(expected);
  });
});

describe('importedActivations', () => {
  it('gives the activations that can be read', () => {
    const activations = importedActivations(findImporters(tree, pub('a1'), stream('news.>')));
    expect(activations.map(({ account, activation: { sub, nats } }) => [account.name, sub, nats.subject])).toEqual([
      ['B', pub('b1'), 'news.eu'],
    ]);
  });
});
