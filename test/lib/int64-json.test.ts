import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeJson } from '../../src/lib/canonical-json.js';
import { type JsonValue, parseJson } from '../../src/lib/int64-json.js';
import { RUNS } from './property.js';

describe('parseJson', () => {
  it.each([
    'null',
    ' true ',
    '-0',
    '1.5e3',
    '"a\\u00e9\\n\\"\\\\"',
    '[]',
    '[1,[2,{"a":[]}],"x:y{}[],"]',
    '{}',
    '{"a":1,"b":{"a":1,"c":[{"a":1},{"a":2}]}}\n',
    '{"a":{},"a\\\\":2,"\\"":3}',
    '{"2":1,"1":2}',
    '{"emoji":"\u{1f600}","escaped":"\\ud83d\\ude00"}',
    '{"t":true,"e":"1e5","n":null}',
  ])('reads %s as JSON.parse does', (text) => {
    expect(parseJson(text)).toStrictEqual(JSON.parse(text));
  });

  it.each([
    ['', 'nothing'],
    ['{"a":1}{}', 'text after the value'],
    ['{"a":1} x', 'a word after the value'],
    ['\ufeff{}', 'a byte order mark'],
    ['{"a":1,}', 'a trailing comma'],
    ["{'a':1}", 'single quotes'],
    ['{"a":01}', 'a leading zero'],
    ['[1', 'an unfinished array'],
    ['"a', 'an unfinished string'],
    ['"a\\"', 'a string that ends in an escape'],
    ['"\n"', 'a raw control character'],
    ['NaN', 'NaN'],
    ['{"a":1e400}', 'a number too big for a double'],
  ])('refuses %j: %s', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['18446744073709551616', 18446744073709551616n],
    ['0.1234567890123456789', 0.12345678901234568],
    ['123456789012345678e0', 123456789012345680],
  ])('keeps the number %s', (text, value) => {
    expect(parseJson(text)).toBe(value);
    expect(parseJson(` { "a" : [ ${text} , "x" ] } `)).toStrictEqual({ a: [value, 'x'] });
  });

  it('keeps everything else beside a long integer', () => {
    const text = '{"n":9007199254740993,"a":[true,false,null,"\\u0041\\\\",{},[],[[]],-1.5e-3], "o" : {"x":{"y":"}"}}}';
    expect(parseJson(text)).toStrictEqual({
      n: 9007199254740993n,
      a: [true, false, null, 'A\\', {}, [], [[]], -0.0015],
      o: { x: { y: '}' } },
    });
  });

  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"b":{"c":1,"d":2,"c":3}}',
    '[{"a":1},{"a":1,"\\u0061":2}]',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"1":1,"1":1}',
    '{"\\ud800":1,"\\udfff":1}',
  ])('refuses the duplicate member of %s and names it', (text) => {
    expect(() => parseJson(text)).toThrow(/the member ".*" occurs twice in one object/);
  });

  it.each(['{"__proto__":{"polluted":1},"a":1}', '{"__proto__":{"polluted":1},"a":9007199254740993}'])(
    'takes __proto__ as an ordinary member in %s',
    (text) => {
      const value = parseJson(text) as Record<string, JsonValue>;
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(Object.keys(value)).toEqual(['__proto__', 'a']);
      expect(encodeJson(value)).toBe(text);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );

  it.each([
    ['"\\ud800x"', '\ufffdx'],
    ['"\\udc00\\ud800"', '\ufffd\ufffd'],
    ['"\\uD83D\\uDE00"', '\u{1f600}'],
    ['"\\\\ud800"', '\\ud800'],
    ['"\ud800"', '\ufffd'],
  ])('makes %j well-formed', (text, value) => {
    expect(parseJson(text)).toBe(value);
  });

  it('makes member names well-formed', () => {
    expect(parseJson('{"\\ud800":1}')).toStrictEqual({ '\ufffd': 1 });
  });

  it('refuses nesting that only an attacker writes', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(() => parseJson(nested(1000))).not.toThrow();
    expect(() => parseJson(nested(1001))).toThrow(/deeper than 1000/);
    expect(() => parseJson(nested(400_000))).toThrow();
  });

  it.each(['2.0', '1e3', '-5E+2', '100e-2', '0.0'])('with plainIntegers refuses %s', (text) => {
    expect(parseJson(text)).toBe(Number(text));
    expect(() => parseJson(`{"a":${text}}`, { plainIntegers: true })).toThrow(/fraction or an exponent/);
  });

  it.each(['2', '-0', '1.5', '9223372036854775807', '"2.0"', '1.5e-7'])('with plainIntegers takes %s', (text) => {
    expect(parseJson(text, { plainIntegers: true })).toStrictEqual(parseJson(text));
  });

  it('agrees with JSON.parse on every JSON text without duplicates', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toStrictEqual(plain(JSON.parse(text)));
      }),
      { numRuns: RUNS },
    );
  });

  it('reads back what encodeJson wrote, with integers of any size', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'grapheme' }),
        fc.boolean(),
        fc.constant(null),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.maxSafeInteger(),
        fc.bigInt().filter((n) => !Number.isSafeInteger(Number(n))),
        fc.array(tie('any')),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('any'), { noNullPrototype: true }),
      ),
    })).any;
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 3 }), fc.boolean(), (json, indent, escapeHtml) => {
        expect(parseJson(encodeJson(json, { indent, escapeHtml }))).toStrictEqual(plain(json));
      }),
      { numRuns: RUNS },
    );
  });
});

/** Whole doubles beyond 2^53 come back as bigint, because JSON has no other way to write them than integers. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') {
    return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21
      ? BigInt(String(value))
      : value;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const copy = {};
  for (const [name, member] of Object.entries(value)) {
    Object.defineProperty(copy, name, { value: plain(member), enumerable: true, writable: true, configurable: true });
  }
  return copy;
}
