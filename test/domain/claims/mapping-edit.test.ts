import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mappings, putMapping, remainderOf, removeMapping } from '../../../src/domain/claims/mapping-edit.js';
import { RUNS } from '../../lib/property.js';

describe('an entry', () => {
  const three: Mappings = {
    a: [
      { subject: 'b', weight: 10 },
      { subject: 'c', weight: 20 },
      { subject: 'c', cluster: 'east' },
    ],
    x: [{ subject: 'y' }],
  };

  it('comes last among those of its source', () => {
    expect(putMapping(three, 'x', { subject: 'z', weight: 5, cluster: 'west' })).toEqual({
      mappings: { ...three, x: [{ subject: 'y' }, { subject: 'z', weight: 5, cluster: 'west' }] },
    });
  });

  it('is the first of a new source', () => {
    expect(putMapping({}, 'a', { subject: 'b', weight: 0, cluster: '' })).toEqual({
      mappings: { a: [{ subject: 'b' }] },
    });
  });

  it('replaces the one with its destination and cluster where it stands, and keeps what we do not know of it', () => {
    const strange = { subject: 'c', weight: 20, colour: 'red' };
    const { mappings, replaced } = putMapping({ a: [{ subject: 'b' }, strange, { subject: 'd' }] }, 'a', {
      subject: 'c',
      weight: 30,
    });
    expect(mappings).toEqual({ a: [{ subject: 'b' }, { subject: 'c', weight: 30, colour: 'red' }, { subject: 'd' }] });
    expect(replaced).toBe(strange);
  });

  it('without a weight replaces one that has a weight', () => {
    const { mappings } = putMapping(three, 'a', { subject: 'b' });
    expect(mappings.a?.[0]).toEqual({ subject: 'b' });
  });

  it('may have a source that every object has', () => {
    expect(putMapping({}, 'constructor', { subject: 'b' }).mappings).toEqual({ constructor: [{ subject: 'b' }] });
    expect(removeMapping({}, 'toString', {})).toEqual({ mappings: {}, removed: [] });
  });

  const removals: [what: string, of: Parameters<typeof removeMapping>[2], left: Mappings['a'] | undefined][] = [
    ['goes alone, the others stay (E-35)', { subject: 'c' }, [three.a?.[0] as object, three.a?.[2] as object]],
    ['of a cluster goes alone', { subject: 'c', cluster: 'east' }, three.a?.slice(0, 2)],
    ['goes with all others of its cluster', { cluster: 'east' }, three.a?.slice(0, 2)],
    ['goes with all others that have no cluster', { cluster: '' }, three.a?.slice(2)],
    ['goes with all of its source', {}, undefined],
    ['of another cluster is not there', { subject: 'b', cluster: 'east' }, three.a ?? []],
  ];
  it.each(removals)('%s', (_what, of, left) => {
    const { mappings, removed } = removeMapping(three, 'a', of);
    expect(mappings).toEqual(left === undefined ? { x: three.x } : { ...three, a: left });
    expect(removed).toEqual(three.a?.filter((entry) => !left?.includes(entry)));
  });

  it('can be none at all for a source', () => {
    expect(removeMapping({ a: null }, 'a', {})).toEqual({ mappings: {}, removed: [] });
    expect(removeMapping({ a: null }, 'a', { subject: 'b' })).toEqual({ mappings: { a: null }, removed: [] });
  });
});

describe('what no destination takes', () => {
  const cases: [what: string, mappings: Mappings, cluster: string | undefined, expected: object][] = [
    ['is nothing', { a: [{ subject: 'b', weight: 0 }] }, undefined, { percent: 0, fate: 'kept' }],
    ['keeps its subject', { a: [{ subject: 'b', weight: 10 }] }, undefined, { percent: 90, fate: 'kept' }],
    [
      'is lost',
      {
        a: [
          { subject: 'b', weight: 10 },
          { subject: 'a', weight: 5 },
        ],
      },
      undefined,
      { percent: 85, fate: 'lost' },
    ],
    [
      'is counted for a cluster',
      { a: [{ subject: 'b' }, { subject: 'c', cluster: 'x', weight: 7 }] },
      'x',
      { percent: 93, fate: 'kept' },
    ],
    ['is everything without a mapping', {}, undefined, { percent: 100, fate: 'kept' }],
  ];
  it.each(cases)('%s', (_what, mappings, cluster, expected) => {
    expect(remainderOf(mappings, 'a', cluster)).toEqual(expected);
  });
});

const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const cluster = fc.constantFrom('', 'east', 'west');
const entry = fc.record({ subject: name, weight: fc.integer({ min: 0, max: 100 }), cluster });
const edits = fc.array(fc.tuple(name, entry), { maxLength: 8 });

const build = (steps: readonly (readonly [string, { subject: string; weight: number; cluster: string }])[]): Mappings =>
  steps.reduce<Mappings>((mappings, [source, added]) => putMapping(mappings, source, added).mappings, {});

it('deleting what was added gives the old mappings', () => {
  fc.assert(
    fc.property(edits, name, entry, (steps, source, added) => {
      const before = build(steps);
      const { mappings, replaced } = putMapping(before, source, added);
      fc.pre(replaced === undefined);
      const { mappings: after, removed } = removeMapping(mappings, source, added);
      expect(after).toEqual(before);
      expect(removed).toHaveLength(1);
    }),
    { numRuns: RUNS },
  );
});

it('adding twice is adding the second time, and there is one entry for each destination and cluster', () => {
  fc.assert(
    fc.property(edits, name, entry, entry, (steps, source, first, { weight }) => {
      const before = build(steps);
      const second = { ...first, weight };
      const twice = putMapping(putMapping(before, source, first).mappings, source, second).mappings;
      expect(twice).toEqual(putMapping(before, source, second).mappings);
      for (const entries of Object.values(twice)) {
        const names = (entries ?? []).map(({ subject, cluster: where }) => `${subject} ${where ?? ''}`);
        expect(new Set(names).size).toBe(names.length);
      }
    }),
    { numRuns: RUNS },
  );
});
