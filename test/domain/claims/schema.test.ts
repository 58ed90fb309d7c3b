import { describe, expect, it } from 'vitest';
import {
  newAccount,
  newActivation,
  newGeneric,
  newOperator,
  newScopedUser,
  newUser,
} from '../../../src/domain/claims/new.js';
import { always, anyObject, keepZero, Mismatch, nullable } from '../../../src/domain/claims/schema.js';
import { record } from '../../../src/domain/claims/schema-record.js';
import { boolean, int64, list, mapOf, oneOf, text, uint8, uint64 } from '../../../src/domain/claims/schema-values.js';
import { kindOf, kindOfType } from '../../../src/domain/claims/schemas.js';
import { isScopedBodyEmpty } from '../../../src/domain/claims/scope.js';
import type { AnyClaims, Int64 } from '../../../src/domain/claims/types.js';
import { encodeToken } from '../../../src/domain/token/encode.js';
import { accountPair, goTokens, operatorPair, payloadOf, signingPair, userPair } from '../token/vectors.js';

function problem(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Mismatch) return error.describe();
    throw error;
  }
  return '';
}

describe('integers', () => {
  it('are whole and within their bounds', () => {
    const cases: [typeof int64, Int64[], unknown[]][] = [
      [
        int64,
        [0, -0, -1, 2 ** 53 - 1, 2n ** 63n - 1n, -(2n ** 63n)],
        [2n ** 63n, -(2n ** 63n) - 1n, 0.5, 2 ** 53, Number.NaN, '1', true],
      ],
      [uint64, [0, 1, 2n ** 64n - 1n], [-1, 2n ** 64n, -1n]],
      [uint8 as typeof int64, [0, 255], [256, -1, 1.5]],
    ];
    for (const [shape, good, bad] of cases) {
      for (const value of good) expect(shape.write(shape.read(value as number) as Int64)).toBe(String(value));
      for (const value of bad) expect(problem(() => shape.read(value as number))).toMatch(/^must be an integer from/);
    }
  });
});

describe('a record', () => {
  const INNER = record<{ n?: Int64 | null }>({ n: int64 as never });
  const SAMPLE = record<{
    b?: string;
    a: boolean;
    list?: (object | null)[];
    map?: Record<string, string[] | null>;
    inner: object;
    kept?: Int64;
    word?: string;
  }>({
    b: text,
    a: always(boolean),
    list: list(nullable(INNER)),
    map: mapOf<string[] | null>(list(text) as never),
    inner: always(INNER),
    kept: keepZero(int64),
    word: oneOf('x', 'y'),
  });
  const rewrite = (json: string) => SAMPLE.write(SAMPLE.read(JSON.parse(json)) as never);

  it('is written in the order of its table, with what is always there', () => {
    expect(SAMPLE.write({} as never)).toBe('{"a":false,"inner":{}}');
    expect(rewrite('{"word":"x","inner":{"n":1},"kept":0,"a":true,"b":"c"}')).toBe(
      '{"b":"c","a":true,"inner":{"n":1},"kept":0,"word":"x"}',
    );
  });

  it('treats null as absent, but not in lists and maps', () => {
    expect(SAMPLE.read(JSON.parse('{"b":null,"a":null,"list":null,"inner":null}'))).toEqual({});
    expect(rewrite('{"list":[null,{"n":null}],"map":{"k":null,"j":[null]}}')).toBe(
      '{"a":false,"list":[null,{}],"map":{"j":[""],"k":null},"inner":{}}',
    );
    expect(problem(() => rewrite('{"word":null}'))).toBe('word must not be null');
  });

  it('writes unknown members after the known one they followed', () => {
    expect(rewrite('{"x1":1,"inner":{},"x2":{"b":1,"a":2},"b":"c","x3":[],"x4":null}')).toBe(
      '{"x1":1,"b":"c","x3":[],"x4":null,"a":false,"inner":{},"x2":{"b":1,"a":2}}',
    );
    // the member before it is left out, its place is not
    expect(rewrite('{"b":"","x":1,"a":true}')).toBe('{"x":1,"a":true,"inner":{}}');
  });

  it('says where a value is wrong, when reading and when writing', () => {
    expect(problem(() => rewrite('{"list":[{"n":1},{"n":"1"}]}'))).toMatch(/^list\.1\.n must be an integer/);
    expect(problem(() => rewrite('{"map":{"k":["a",1]}}'))).toBe('map.k.1 must be a text');
    expect(problem(() => rewrite('{"list":{}}'))).toBe('list must be a list');
    expect(problem(() => rewrite('{"word":"z"}'))).toBe('word must be "x" or "y"');
    expect(problem(() => rewrite('{"A":true}'))).toBe('has a member "A", which other software reads as "a"');
    expect(problem(() => SAMPLE.write({ list: [{ n: 'x' }] } as never))).toMatch(/^list\.0\.n must be an integer/);
    expect(problem(() => SAMPLE.write({ map: { k: [1] } } as never))).toBe('map.k.0 must be a text');
    expect(problem(() => SAMPLE.write(null as never))).toBe('must be an object');
    expect(problem(() => anyObject.read([]))).toBe('must be an object');
  });
});

describe('kinds', () => {
  it('are what the type says, and generic otherwise', () => {
    expect(kindOfType('user')).toBe('user');
    for (const type of ['User', '', 'mine', 'constructor', '__proto__']) expect(kindOfType(type)).toBe('generic');
    expect(kindOf({ nats: { type: 'account' } } as AnyClaims)).toBe('account');
    expect(kindOf({ sub: 'x' })).toBe('generic');
    expect(kindOf({ nats: { type: 5 } } as AnyClaims)).toBe('generic');
  });
});

describe('new claims', () => {
  const payload = (name: string) => goTokens.find((vector) => vector.name === name)?.payload_json;
  const cases = [
    ['operator minimal', newOperator(operatorPair.publicKey, ''), operatorPair],
    ['account defaults signed by operator', newAccount(accountPair.publicKey, ''), operatorPair],
    ['user defaults', newUser(userPair.publicKey, ''), accountPair],
    ['generic minimal', newGeneric(accountPair.publicKey), accountPair],
    ['activation minimal (errors)', newActivation(accountPair.publicKey), operatorPair],
  ] as const;

  it.each(cases)('are those of Go: %s', (name, claims, signer) => {
    const expected = payload(name) ?? '';
    const iat = Number(/"iat":(\d+)/.exec(expected)?.[1]);
    expect(payloadOf(encodeToken(claims as AnyClaims, signer, iat).token)).toBe(expected);
  });

  it('leave everything to the scope of a scoped user', () => {
    const user = newScopedUser(userPair.publicKey, 'u');
    expect(isScopedBodyEmpty(user.nats)).toBe(true);
    expect(payloadOf(encodeToken(user, signingPair, 1).token)).toContain('"name":"u","sub":"U');
    expect(payloadOf(encodeToken(user, signingPair, 1).token)).toContain(
      '"nats":{"pub":{},"sub":{},"type":"user","version":2}',
    );
  });
});
