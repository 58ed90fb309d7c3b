import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSubject, isContained, isWildcard, toPattern } from '../../../../src/domain/claims/check/subject.js';
import { SubjectIndex } from '../../../../src/domain/claims/check/subject-index.js';
import { RUNS } from '../../../lib/property.js';
import { write } from './samples.js';

describe('checkSubject', () => {
  it('tells every fault, by the name it is given', () => {
    expect(write(checkSubject('..a b.', 'destination'))).toEqual([
      'S2 destination has a space in it',
      'S3 destination starts with a dot',
      'S4 destination has an empty token',
    ]);
  });
  it.each(['a', '*', '>', 'a.>', 'a>', '>.a', 'a*.b', '\t', '{{name()}}.>', 'ü.😀'])('accepts %j', (subject) => {
    expect(checkSubject(subject)).toEqual([]);
  });
});

describe('isWildcard', () => {
  it.each(['*', '>', 'a.*', 'a.>', '*.a', 'a.*.b', '*.*', '..*'])('%j is', (subject) => {
    expect(isWildcard(subject)).toBe(true);
  });
  it.each(['', 'a', 'a*', 'a>', '>.a', 'a.>.b', '**', 'a.b*.c', '.'])('%j is not', (subject) => {
    expect(isWildcard(subject)).toBe(false);
  });
});

describe('isContained', () => {
  it.each([
    ['a', 'a'],
    ['a.b', 'a.*'],
    ['a.>', 'a.*'],
    ['a.b.c', 'a.>'],
    ['a.*', 'a.>'],
    ['a.>', 'a.>'],
    ['*', '>'],
    ['', '>'],
    ['', '*'],
    ['>.a', '>.a'],
    ['a..b', 'a.*.b'],
  ])('%j is in %j', (inner, outer) => expect(isContained(inner, outer)).toBe(true));
  it.each([
    ['a', 'a.>'],
    ['a.b', 'a'],
    ['a', 'a.b'],
    ['a.*', 'a.b'],
    ['a.>', 'a.b'],
    ['a.b', '>.b'],
    ['a.b', 'A.b'],
    ['a.b.c', 'a.*'],
  ])('%j is not in %j', (inner, outer) => expect(isContained(inner, outer)).toBe(false));
});

describe('toPattern', () => {
  it.each([
    ['a.b', 'a.b'],
    ['a.$1.*', 'a.*.*'],
    ['$-1.$+02', '*.*'],
    ['$.$x.$1x.a$1', '$.$x.$1x.a$1'],
    ['$99999999999999999999', '$99999999999999999999'],
  ])('%j → %j', (local, pattern) => expect(toPattern(local)).toBe(pattern));
});

describe('SubjectIndex', () => {
  const subject = fc
    .array(fc.constantFrom('a', 'b', '*', '>', ''), { minLength: 1, maxLength: 4 })
    .map((tokens) => tokens.join('.'));

  it('finds what comparing with every subject finds, each once', () => {
    fc.assert(
      fc.property(fc.array(subject, { maxLength: 12 }), subject, (subjects, probe) => {
        const index = new SubjectIndex(subjects);
        const distinct = [...new Set(subjects)];
        expect([...index.containedIn(probe)].sort()).toEqual(distinct.filter((s) => isContained(s, probe)).sort());
        expect([...index.containing(probe)].sort()).toEqual(distinct.filter((s) => isContained(probe, s)).sort());
        expect(index.has(probe)).toBe(distinct.includes(probe));
      }),
      { numRuns: RUNS },
    );
  });
});
