import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isContained } from '../../../src/domain/claims/check/subject.js';
import { covers } from '../../../src/domain/sharing/covers.js';

describe('an exported subject covers', () => {
  it.each([
    ['a.b', 'a.b'],
    ['a.*', 'a.b'],
    ['a.*', 'a.*'],
    ['a.>', 'a.b'],
    ['a.>', 'a.b.c'],
    ['a.>', 'a.*.c'],
    ['a.>', 'a.>'],
    ['>', 'a.b'],
    ['*.b.>', 'a.b.c'],
  ])('%s: %s', (exported, wanted) => {
    expect(covers(exported, wanted)).toBe(true);
  });
});

describe('an exported subject does not cover', () => {
  it.each([
    ['a.b', 'a.c'],
    ['a.b', 'a'],
    ['a', 'a.b'],
    ['a.b', 'a.*'],
    ['a.*', 'a.b.c'],
    ['a.>', 'a'],
    ['a.>', 'b.c'],
    ['a.b.>', 'a.>'],
  ])('%s: %s', (exported, wanted) => {
    expect(covers(exported, wanted)).toBe(false);
  });

  it('with a * what ends in >, although the validation rules allow it', () => {
    expect(covers('a.*', 'a.>')).toBe(false);
    expect(isContained('a.>', 'a.*')).toBe(true);
  });
});

describe('laws', () => {
  const token = fc.constantFrom('a', 'b', '*');
  const subject = fc
    .tuple(fc.array(token, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([tokens, tail]) => [...tokens, ...(tail ? ['>'] : [])].join('.'));
  /** A subject with some of its wildcards filled in. */
  const narrowed = (outer: string): fc.Arbitrary<string> =>
    fc
      .tuple(fc.array(token, { minLength: 5, maxLength: 5 }), fc.integer({ min: 1, max: 2 }), fc.boolean())
      .map(([fill, length, open]) =>
        outer
          .split('.')
          .flatMap((part, at) => {
            if (part === '>') return [...fill.slice(0, length), ...(open ? ['>'] : [])];
            return part === '*' ? [fill[at] ?? 'a'] : [part];
          })
          .join('.'),
      );

  it('a subject covers itself', () => {
    fc.assert(fc.property(subject, (one) => covers(one, one)));
  });

  it('a subject covers every narrower one, and what that one covers', () => {
    const chain = subject.chain((outer) =>
      narrowed(outer).chain((middle) => narrowed(middle).map((inner) => ({ outer, middle, inner }))),
    );
    fc.assert(
      fc.property(chain, ({ outer, middle, inner }) => {
        expect([covers(outer, middle), covers(middle, inner), covers(outer, inner)]).toEqual([true, true, true]);
      }),
    );
  });

  it('what is covered is contained by the validation rules, too', () => {
    fc.assert(fc.property(subject, subject, (outer, inner) => !covers(outer, inner) || isContained(inner, outer)));
  });
});
