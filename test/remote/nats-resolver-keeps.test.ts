import { describe, expect, it } from 'vitest';
import type { Keeps } from '../../src/app/resolver.js';
import { findKeeps } from '../../src/remote/nats-resolver-keeps.js';

/** `S1: A B` lists; the names of those that keep every account, which only the test knows. */
async function tell(lines: readonly string[], full: readonly string[], known: Readonly<Record<string, Keeps>> = {}) {
  const lists = new Map(
    lines.map((line) => {
      const [server = '', accounts = ''] = line.split(':');
      return [server, new Set(accounts.split(' ').filter(Boolean))] as const;
    }),
  );
  const asked: string[] = [];
  const count = async (account: string): Promise<number> => {
    asked.push(account);
    return full.filter((server) => lists.get(server)?.has(account)).length;
  };
  const { keeps, isCertain } = await findKeeps(lists, { full: full.length, count }, new Map(Object.entries(known)));
  const all = [...keeps].filter(([, verdict]) => verdict === 'all').map(([server]) => server);
  return { all: all.join(' '), isCertain, asked: asked.length };
}

describe('which servers keep every account', () => {
  it.each<[why: string, lines: string[], full: string[], expected: unknown]>([
    ['all with a list', ['S1: A', 'S2:'], ['S1', 'S2'], { all: 'S1 S2', isCertain: true, asked: 0 }],
    ['none of them', ['S1: A', 'S2:'], [], { all: '', isCertain: true, asked: 0 }],
    ['the one that has more', ['S1: A', 'S2: A B'], ['S2'], { all: 'S2', isCertain: true, asked: 1 }],
    ['the one that has less', ['S1: A', 'S2: A B'], ['S1'], { all: 'S1', isCertain: true, asked: 1 }],
    [
      'those that have what all of them have',
      ['S1: A', 'S2: A B', 'S3: A B'],
      ['S2', 'S3'],
      { all: 'S2 S3', isCertain: true, asked: 1 },
    ],
    ['those left when caches are known', ['S1: A B', 'S2: A', 'S3: A C'], ['S1'], { all: 'S1', isCertain: true }],
    ['as many as there are, when nothing tells', ['S1: A', 'S2: A'], ['S2'], { all: 'S1', isCertain: false, asked: 0 }],
    ['nobody where there is no list', [], [], { all: '', isCertain: true, asked: 0 }],
  ])('is %s', async (_why, lines, full, expected) => {
    expect(await tell(lines, full)).toMatchObject(expected as object);
  });

  it('follows from what is known already', async () => {
    expect(await tell(['S1: A', 'S2: A'], ['S2'], { S1: 'some', S9: 'all' })).toEqual({
      all: 'S2',
      isCertain: true,
      asked: 0,
    });
  });

  it('is found out with few questions, however many accounts there are', async () => {
    const many = Array.from({ length: 1000 }, (_, at) => `A${at}`).join(' ');
    expect(await tell([`S1: A ${many}`, `S2: A B ${many}`, 'S3: A'], ['S1', 'S2'])).toMatchObject({
      all: 'S1 S2',
      isCertain: true,
      asked: 1,
    });
  });
});
