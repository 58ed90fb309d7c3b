import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, encodeJson, encodeString } from '../../src/lib/canonical-json.js';
import { RUNS } from './property.js';

describe('encodeString', () => {
  it.each([
    ['plain', '"plain"'],
    ['a"b\\c/d', '"a\\"b\\\\c/d"'],
    ['\b\f\n\r\t', '"\\b\\f\\n\\r\\t"'],
    ['\0\x01\x1f\x7f', '"\\u0000\\u0001\\u001f\x7f"'],
    ['foo.> <&', '"foo.\\u003e \\u003c\\u0026"'],
    ['\u2028\u2029', '"\\u2028\\u2029"'],
    ['é\u{1f600}\ufffd', '"é\u{1f600}\ufffd"'],
    ['\ud800x\udc00', '"\\ufffdx\\ufffd"'],
    ['\\ud800', '"\\\\ud800"'],
  ])('writes %j as Go does', (text, json) => {
    expect(encodeString(text)).toBe(json);
  });

  it('can leave < > & alone', () => {
    expect(encodeString('<a>&"\u2028', false)).toBe('"<a>&\\"\\u2028"');
  });

  it('writes JSON that means the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, html) => {
        expect(JSON.parse(encodeString(text, html))).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('encodeJson', () => {
  it('keeps the order of members, drops undefined, writes no white space', () => {
    expect(encodeJson({ b: 1, a: [true, null, 'x'], gone: undefined, o: {}, l: [] })).toBe(
      '{"b":1,"a":[true,null,"x"],"o":{},"l":[]}',
    );
  });

  it('sorts names by UTF-8 bytes on every level', () => {
    const value = { '\u{1f600}': 1, '\uffee': 2, z: { b: 1, a: 2 }, '10': 1, '2': 2, '': 3 };
    expect(encodeJson(value, { sortKeys: true })).toBe(
      '{"":3,"10":1,"2":2,"z":{"a":2,"b":1},"\uffee":2,"\u{1f600}":1}',
    );
  });

  it.each([
    [0, '0'],
    [-0, '-0'],
    [-1, '-1'],
    [9223372036854775807n, '9223372036854775807'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [1.5, '1.5'],
  ])('writes the number %d as %s', (value, json) => {
    expect(encodeJson(value)).toBe(json);
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [undefined], [() => 0], [Symbol('s')], [[undefined]]])(
    'refuses %s',
    (value) => {
      expect(() => encodeJson(value)).toThrow(TypeError);
    },
  );

  it('indents as JSON.stringify does', () => {
    const value = { a: [1, { b: [] }, {}], c: 'x', d: [[1], []] };
    expect(encodeJson(value, { indent: 1 })).toBe(JSON.stringify(value, null, 1));
    expect(encodeJson(value, { indent: 4 })).toBe(JSON.stringify(value, null, 4));
  });
});

describe('compareBytes', () => {
  it('orders as the bytes of UTF-8 do', () => {
    const sign = (order: number) => Math.sign(order);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: RUNS },
    );
    expect(compareBytes('\u{10000}', '\uffff')).toBeGreaterThan(0);
    expect(compareBytes('\u{10000}', '\u{10001}')).toBeLessThan(0);
    expect(compareBytes('a', 'a')).toBe(0);
    expect(compareBytes('a', 'ab')).toBeLessThan(0);
  });
});
