import { describe, expect, it } from 'vitest';
import type { Export } from '../../../src/domain/claims/types.js';
import { exportsOf, findExport } from '../../../src/domain/sharing/find-export.js';
import { account } from '../trust/hierarchy.js';
import { service, stream } from './accounts.js';

const { claims } = account('A', 'a1', {
  nats: { exports: [stream('news.>'), stream('news.*.raw'), service('news.ask'), service('time.*')] },
});

describe('findExport', () => {
  const cases: [what: string, type: 'stream' | 'service', wanted: string, found: string | undefined][] = [
    ['the one of that subject', 'stream', 'news.*.raw', 'news.*.raw'],
    ['one that covers it', 'stream', 'news.eu', 'news.>'],
    ['the first of several that cover it', 'stream', 'news.eu.raw', 'news.*.raw'],
    ['one of that type only', 'service', 'news.ask', 'news.ask'],
    ['a service by its wildcard', 'service', 'time.now', 'time.*'],
    ['none of the other type', 'stream', 'time.now', undefined],
    ['none for more than is exported', 'service', 'time.>', undefined],
  ];
  it.each(cases)('gives %s', (_what, type, wanted, found) => {
    expect(findExport(claims, type, wanted)?.subject).toBe(found);
  });

  it('gives the export itself, so that it can be replaced', () => {
    expect(claims.nats.exports).toContain(findExport(claims, 'service', 'time.now'));
  });
});

it('exportsOf leaves out empty entries, which old tokens may have', () => {
  const entry: Export = stream('a');
  const entries = [null, entry];
  expect(exportsOf({ nats: { exports: entries } })).toEqual([entry]);
  expect(exportsOf({ nats: {} })).toEqual([]);
});
