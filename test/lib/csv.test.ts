import { describe, expect, it } from 'vitest';
import { splitCsv } from '../../src/lib/csv.js';

describe('a comma list', () => {
  it.each([
    ['', []],
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [' a , b', [' a ', ' b']],
    ['"a,b"', ['a,b']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi"""', ['say "hi"']],
    ['a,', ['a', '']],
    [',', ['', '']],
    ['""', ['']],
  ])('%j is %j', (record, elements) => {
    expect(splitCsv(record)).toEqual(elements);
  });

  it.each(['"a', 'a"b', '"a"b', 'a,"b', '"a" ,b'])('%j is refused', (record) => {
    expect(() => splitCsv(record)).toThrow(expect.objectContaining({ code: 'bad-value' }));
  });
});
