import { describe, expect, it } from 'vitest';
import { sortLikeGo } from '../../src/lib/go-sort.js';
import vectors from '../vectors/go-sort.json' with { type: 'json' };

interface Item {
  key: number;
  at: number;
}

const byKey = (a: Item, b: Item): boolean => a.key < b.key;

describe('sortLikeGo', () => {
  it.each(vectors.map((vector) => [`${vector.pattern} of ${vector.keys.length}`, vector] as const))(
    'leaves ties where Go leaves them: %s',
    (_, { keys, order }) => {
      const sorted = sortLikeGo(
        keys.map((key, at) => ({ key, at })),
        byKey,
      );
      expect(sorted.map(({ at }) => at)).toEqual(order);
    },
  );

  it('leaves its argument alone', () => {
    const list = [3, 1, 2];
    expect(sortLikeGo(list, (a, b) => a < b)).toEqual([1, 2, 3]);
    expect(list).toEqual([3, 1, 2]);
    expect(sortLikeGo([], () => false)).toEqual([]);
  });

  it('does not move what is sorted already', () => {
    const list = Array.from({ length: 40 }, (_, at) => ({ key: at >> 3, at }));
    expect(sortLikeGo(list, byKey)).toEqual(list);
  });
});
