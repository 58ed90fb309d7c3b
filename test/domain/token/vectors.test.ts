import { describe, expect, it } from 'vitest';
import type { AnyClaims } from '../../../src/domain/claims/types.js';
import { keyPairFromSeed } from '../../../src/domain/nkey/key-pair.js';
import {
  decodeGeneric,
  decodeToken,
  decodeVerified,
  verifyToken,
  verifyTokenAsync,
} from '../../../src/domain/token/decode.js';
import { encodePayload, encodeToken } from '../../../src/domain/token/encode.js';
import { tokenId } from '../../../src/domain/token/jti.js';
import type { Token } from '../../../src/domain/token/token.js';
import { disturb } from './disturb.js';
import { forge, goTokens, oldTokens, payloadOf, readings, verdicts } from './vectors.js';

/** Version 2 generic tokens cannot be read by Go's `Decode` at all. */
function decode(token: string, name: string): Token {
  return name.startsWith('generic') ? decodeGeneric(token) : decodeToken(token);
}

describe.each(goTokens)('a token of Go: $name', (vector) => {
  const signer = keyPairFromSeed(vector.signer_seed);
  const read = () => decode(vector.token, vector.name);

  it('is decoded and verified', async () => {
    const token = read();
    expect(token).toMatchObject({ text: vector.token, header: { typ: 'JWT', alg: 'ed25519-nkey' }, version: 2 });
    expect(token.claims.iss).toBe(signer.publicKey);
    expect(verifyToken(token)).toBe(true);
    expect(await verifyTokenAsync(token)).toBe(true);
    expect(verifyToken({ ...token, signedText: `${token.signedText}A` })).toBe(false);
  });

  it('keeps its payload byte for byte', () => {
    const token = read();
    expect(encodePayload(token.claims, token.kind)).toBe(vector.payload_json);
  });

  it('keeps its jti', () => {
    expect(tokenId(read().claims)).toBe(vector.jti);
  });

  it('is the same token when its claims are signed again in the same second', () => {
    const { claims, kind } = read();
    const frozen = deepFreeze(claims);
    const again = encodeToken(frozen, signer, Number(claims.iat), kind);
    expect(again.token).toBe(vector.token);
    expect(again.claims).toEqual(claims);
  });

  it.each([1, 2, 3, 4, 5])('comes from claims with members in any order and zero values in between (%i)', (seed) => {
    const token = read();
    const claims = disturb(token.claims, token.kind, seed);
    expect(encodePayload(claims, token.kind)).toBe(vector.payload_json);
    const { jti: _jti, iss: _iss, ...unsigned } = claims;
    expect(encodeToken(unsigned as AnyClaims, signer, Number(claims.iat), token.kind).token).toBe(vector.token);
    const forged = forge(JSON.stringify(claims, replaceBigInt).replace(/"#(-?\d+)"/g, '$1'), signer);
    expect(encodePayload(decode(forged, vector.name).claims, token.kind)).toBe(vector.payload_json);
  });
});

describe('version 1', () => {
  it.each(oldTokens)('$name becomes what Go makes of it', (vector) => {
    const token = decodeVerified(vector.token);
    expect(token.version).toBe(1);
    expect(token.signedText).toBe(vector.token.split('.')[1]);
    expect(encodePayload(token.claims)).toBe(vector.migrated_json);
    const again = encodeToken(token.claims, keyPairFromSeed(vector.signer_seed), Number(token.claims.iat));
    const upgraded = decodeVerified(again.token);
    expect(upgraded).toMatchObject({ kind: token.kind, version: 2, claims: { nats: { version: 2 } } });
    expect(upgraded.claims.jti).toBe(tokenId(token.claims));
  });
});

/** Where we answer otherwise than Go, and why. */
const STRICTER: Readonly<Record<string, string>> = {
  'keys in other letter case': 'two readers could see different claims in one token',
  'duplicate keys': 'two readers could see different claims in one token',
  'issuer followed by newline': 'a key has one spelling; nothing writes this one',
};
const OTHERWISE: Readonly<Record<string, { why: string; remarshal(go: string): string }>> = {
  'unknown member': {
    why: 'unknown members survive',
    remarshal: (go) => go.replace('"version":2}', '"version":2,"foo":{"a":1}}'),
  },
  'account signing_keys mixed': {
    why: 'integers in scopes keep their precision, as everywhere',
    remarshal: (go) => go.replace('9007199254740992', '9007199254740993'),
  },
};

describe('verdicts', () => {
  it('knows every exception by name', () => {
    const names = verdicts.map(({ name }) => name);
    expect(verdicts).toHaveLength(72);
    expect(names).toEqual(expect.arrayContaining([...Object.keys(STRICTER), ...Object.keys(OTHERWISE)]));
  });

  it.each(verdicts)('Decode: $name', ({ name, token, go_decode, go_remarshal = '' }) => {
    const written = attempt(() => decodeVerified(token));
    const accepted = go_decode === 'accept' && !(name in STRICTER);
    expect(written !== undefined).toBe(accepted);
    if (written === undefined) return;
    const expected = OTHERWISE[name]?.remarshal(go_remarshal) ?? go_remarshal;
    expect(attempt(() => encodePayload(written.claims, written.kind)) ?? '').toBe(expected);
  });

  it.each(verdicts)('DecodeGeneric: $name', ({ name, token, go_decode_generic }) => {
    const read = attempt(() => decodeGeneric(token));
    expect(read !== undefined && verifyToken(read)).toBe(go_decode_generic === 'accept' && !(name in STRICTER));
  });
});

describe('more readings of Go', () => {
  it.each(readings.map((reading) => [payloadOf(reading.token).slice(0, 300), reading] as const))(
    '%s',
    (_, { token, decoded, generic, reencoded }) => {
      const read = attempt(() => decodeVerified(token));
      expect(read ? encodePayload(read.claims, read.kind) : null).toBe(decoded);
      if (generic !== undefined) {
        const loose = attempt(() => decodeGeneric(token));
        expect(loose && verifyToken(loose) ? encodePayload(loose.claims, 'generic') : null).toBe(generic);
      }
      if (read && reencoded) {
        const again = encodeToken(read.claims, keyPairFromSeed(reencoded.seed), reencoded.iat, read.kind);
        expect(again.token).toBe(reencoded.token);
        expect(again.claims).toEqual(decode(again.token, read.kind).claims);
      }
    },
  );
});

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    expect(error).toMatchObject({ name: 'NscError', code: expect.stringMatching(/^(bad-token|invalid-claims)$/) });
    return undefined;
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

const replaceBigInt = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `#${value}` : value);
