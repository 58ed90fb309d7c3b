import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeKeySet, jwkOf } from '../../../src/domain/jwks/jwk.js';
import { findKey, parseKeySet } from '../../../src/domain/jwks/key-set.js';
import { encodePublicKey } from '../../../src/domain/nkey/codec.js';
import { keyPairFromRaw } from '../../../src/domain/nkey/key-pair.js';
import { sha256 } from '../../../src/lib/ed25519.js';
import { RUNS } from '../../lib/property.js';
import { caught } from '../../support/caught.js';
import { type KeyName, pub } from '../trust/hierarchy.js';

const jwk = (name: KeyName): object => ({ ...jwkOf(pub(name), 'account') });
const A1 = jwk('a1');
const set = (...keys: unknown[]): string => JSON.stringify({ keys });
const find = (text: string, kid = pub('a1')) => findKey(parseKeySet(text), kid);
const faultOf = (text: string, kid?: string): string => {
  const found = find(text, kid);
  return 'fault' in found ? found.fault : 'found';
};

describe('the key of an id', () => {
  const rsa = { kty: 'RSA', kid: pub('a1'), n: 'AQAB', e: 'AQAB' };
  const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const { x } = A1 as { x: string };
  const small = new Uint8Array(32).fill(1, 0, 1);
  // the last character has two bits that nobody reads
  const respelled = x.slice(0, -1) + String.fromCharCode(x.charCodeAt(x.length - 1) + 1);
  const smallKey = encodePublicKey('account', small);

  it.each<[string, string, string]>([
    ['alone', set(A1), 'found'],
    ['among others', set(jwk('a2'), A1, jwk('a3')), 'found'],
    ['with members that nobody knows', set({ ...A1, x5t: 'x', nats: { a: [1] } }), 'found'],
    ['without use and algorithm', set({ ...A1, use: undefined, alg: undefined }), 'found'],
    ['with the other name of its algorithm (RFC 9864)', set({ ...A1, alg: 'Ed25519' }), 'found'],
    ['with operations', set({ ...A1, key_ops: ['verify'] }), 'found'],
    ['twice, the same', set(A1, A1), 'found'],
    ['twice, once for something else', set(A1, { ...A1, use: 'enc' }), 'found'],
    ['as one of another type, too', set(rsa, A1), 'found'],
    ['in a set that is written otherwise', ` {"x":1, "keys" :[ ${JSON.stringify(A1)} ] } `, 'found'],
    ['beside what is no key at all', set(1, null, 'x', [], {}, { kid: 1 }, { kid: null, kty: 'OKP' }, A1), 'found'],

    ['not there', set(jwk('a2')), 'unknown-key'],
    ['not there, nothing else either', set(), 'unknown-key'],
    ['there without its id', set({ ...A1, kid: undefined }), 'unknown-key'],
    ['there under another spelling of its id', set({ ...A1, kid: `${pub('a1')} ` }), 'unknown-key'],
    ['an id that is a number', set({ ...A1, kid: 7 }), 'unknown-key'],

    ['twice, with other keys behind it', set(A1, { ...jwk('a2'), kid: pub('a1') }), 'ambiguous-key'],
    ['twice, once without x', set(A1, { ...A1, x: undefined }), 'ambiguous-key'],
    ['another key behind it', set({ ...jwk('a2'), kid: pub('a1') }), 'mismatched-key'],

    ['with its private half', set({ ...A1, d: 'AAAA' }), 'private-key'],
    ['with its private half in a second member', set(A1, { ...A1, d: 'AAAA' }), 'private-key'],

    ['as an RSA key', set(rsa), 'unusable-key'],
    ['as a key of another type that claims the curve', set({ ...A1, kty: 'EC' }), 'unusable-key'],
    ['on another curve', set({ ...A1, crv: 'X25519' }), 'unusable-key'],
    ['for encryption', set({ ...A1, use: 'enc' }), 'unusable-key'],
    ['for another algorithm', set({ ...A1, alg: 'ES256' }), 'unusable-key'],
    ['to sign with alone', set({ ...A1, key_ops: ['sign'] }), 'unusable-key'],
    ['with operations that are no list', set({ ...A1, key_ops: 'verify' }), 'unusable-key'],
    ['with an x of 31 bytes', set({ ...A1, x: b64(new Uint8Array(31).fill(7)) }), 'unusable-key'],
    ['with an x of 33 bytes', set({ ...A1, x: b64(new Uint8Array(33).fill(7)) }), 'unusable-key'],
    ['with padding', set({ ...A1, x: `${b64(new Uint8Array(32).fill(7))}=` }), 'unusable-key'],
    ['with another spelling of x', set({ ...A1, x: respelled }), 'unusable-key'],
    ['with an x that is a number', set({ ...A1, x: 5 }), 'unusable-key'],
    ['with an x that is a list', set({ ...A1, x: ['A'.repeat(43)] }), 'unusable-key'],
    ['with an empty x', set({ ...A1, x: '' }), 'unusable-key'],
  ])('%s', (_what, text, expected) => {
    expect(faultOf(text)).toBe(expected);
  });

  it('one under which anybody can sign', () => {
    expect(faultOf(set({ ...A1, kid: smallKey, x: b64(small) }), smallKey)).toBe('unusable-key');
  });

  it.each(['__proto__', 'constructor', 'toString', 'keys', ''])('%s is an id like any other', (kid) => {
    expect(faultOf(set(A1), kid)).toBe('unknown-key');
    const text = `{"keys":[{"kid":${JSON.stringify(kid)},"kty":"OKP","crv":"Ed25519","x":"${'A'.repeat(42)}E"}]}`;
    expect(faultOf(text, kid)).toBe('mismatched-key');
  });

  it('members of a prototype are not members of a key', () => {
    const inherited = `{"keys":[{"kid":${JSON.stringify(pub('a1'))},"__proto__":${JSON.stringify(A1)}}]}`;
    expect(faultOf(inherited)).toBe('unusable-key');
    expect(caught(() => parseKeySet(`{"__proto__":{"keys":[]}}`)).code).toBe('bad-value');
  });
});

describe('what is no key set', () => {
  it.each<[string, string]>([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['a byte order mark', `\ufeff${set(A1)}`],
    ['JSON that goes on', `${set(A1)}x`],
    ['a list', JSON.stringify([A1])],
    ['a key', JSON.stringify(A1)],
    ['null', 'null'],
    ['keys that are an object', '{"keys":{"0":1,"length":1}}'],
    ['keys that are null', '{"keys":null}'],
    ['two lists of keys', `{"keys":[],"keys":[${JSON.stringify(A1)}]}`],
    ['a key with a member twice', `{"keys":[{"kid":"a","kid":"b"}]}`],
    ['nesting without end', `{"keys":${'['.repeat(500_000)}${']'.repeat(500_000)}}`],
    ['nesting that never ends', '['.repeat(1_000_000)],
  ])('%s', (_what, text) => {
    expect(caught(() => parseKeySet(text))).toMatchObject({
      code: 'bad-value',
      message: expect.stringMatching(/^it is no key set: /),
    });
  });
});

it('private keys of others are counted, and stop nobody', () => {
  const text = set(A1, { ...jwk('a2'), d: 'x' }, { kty: 'oct', k: 'secret' }, { kty: 'RSA', n: 'x', e: 'x', d: 'x' });
  expect(parseKeySet(text).privateKeys).toBe(3);
  expect(faultOf(text)).toBe('found');
});

it('10 000 keys take no time that anybody would notice', () => {
  const keys = Array.from({ length: 10_000 }, (_none, n) => {
    const { publicKey } = keyPairFromRaw('account', sha256(`key ${n}`));
    return jwkOf(publicKey, 'account') ?? [];
  }).flat();
  const text = encodeKeySet(keys);
  const last = keys.at(-1)?.kid ?? '';
  const before = performance.now();
  expect(find(text, last)).toEqual({ publicKey: last });
  expect(performance.now() - before).toBeLessThan(2000);
});

it('10 000 keys with the same id are one refusal', () => {
  const others = Array.from({ length: 10_000 }, (_none, n) => ({
    ...A1,
    x: Buffer.from(sha256(`${n}`)).toString('base64url'),
  }));
  expect(faultOf(set(A1, ...others))).toBe('ambiguous-key');
});

it('whatever a member is, it is found, refused, or passed over', () => {
  const kids = fc.constantFrom<unknown>(pub('a1'), pub('a2'), '__proto__', 5, null);
  const xs = fc.oneof(
    fc.constantFrom<unknown>(...[A1, jwk('a2')].map((key) => (key as { x: string }).x)),
    fc.jsonValue(),
  );
  const member = fc.record(
    {
      kty: fc.oneof(fc.constant<unknown>('OKP'), fc.jsonValue()),
      crv: fc.oneof(fc.constant<unknown>('Ed25519'), fc.jsonValue()),
      kid: kids,
      x: xs,
      use: fc.constantFrom<unknown>('sig', 'enc', 1),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(member, fc.jsonValue()), { maxLength: 5 }), (keys) => {
      const found = find(set(...keys));
      if ('fault' in found) return;
      expect(keys).toContainEqual(expect.objectContaining({ kid: pub('a1'), x: (A1 as { x: string }).x }));
    }),
    { numRuns: RUNS },
  );
});
