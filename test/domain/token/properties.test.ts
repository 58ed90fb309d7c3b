import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyClaims, ClaimKind } from '../../../src/domain/claims/types.js';
import { decodeGeneric, decodeToken, decodeVerified, verifyToken } from '../../../src/domain/token/decode.js';
import { encodePayload, encodeToken } from '../../../src/domain/token/encode.js';
import { tokenId } from '../../../src/domain/token/jti.js';
import { encodeJson } from '../../../src/lib/canonical-json.js';
import { parseJson } from '../../../src/lib/int64-json.js';
import { RUNS } from '../../lib/property.js';
import { anyClaims, PARTIES, strangeName, strangeValue } from './arbitrary.js';
import { disturb } from './disturb.js';
import { forge, goTokens } from './vectors.js';

const NOW = 1_800_000_000;
const FEWER = Math.ceil(RUNS / 3);
const decode = (token: string, kind: ClaimKind) => (kind === 'generic' ? decodeGeneric(token) : decodeToken(token));

describe.each(Object.keys(PARTIES) as ClaimKind[])('%s claims', (kind) => {
  const { signer } = PARTIES[kind];

  it('come back as they went in', () => {
    fc.assert(
      fc.property(anyClaims(kind), (claims) => {
        const { token, claims: signed } = encodeToken(claims, signer, NOW);
        const decoded = decode(token, kind);
        const unsigned = { ...claims, iss: signer.publicKey, iat: NOW };
        expect(decoded.claims).toEqual({ ...unsigned, jti: tokenId(unsigned) });
        expect(decoded.claims).toEqual(signed);
        expect(verifyToken(decoded)).toBe(true);
      }),
      { numRuns: FEWER },
    );
  });

  it('are written the same again, whatever the order of members and the zero values in between', () => {
    fc.assert(
      fc.property(anyClaims(kind), fc.nat(), (claims, seed) => {
        const payload = encodePayload(claims, kind);
        expect(encodePayload(parseJson(payload) as AnyClaims, kind)).toBe(payload);
        expect(encodePayload(disturb(claims, kind, seed), kind)).toBe(payload);
      }),
      { numRuns: FEWER },
    );
  });
});

/** Maps of Go, whose members are sorted. */
const MAPS = new Set(['revocations', 'mappings', 'tiered_limits']);

describe('unknown members', () => {
  // this test keeps its payloads in objects, which would move names like 10
  const typed = goTokens
    .filter(({ name }) => !name.startsWith('generic'))
    .map(({ payload_json }) => payload_json.replace(/"(\d+)":\[/g, '"n$1":['));

  it('keep their places and bytes at every level', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...typed),
        fc.array(fc.tuple(fc.nat(), strangeName, strangeValue), { minLength: 1, maxLength: 6 }),
        (original, strangers) => {
          const payload = encodeJson(insert(parseJson(original), strangers));
          const decoded = decodeToken(forge(payload, PARTIES.operator.signer));
          expect(encodePayload(decoded.claims)).toBe(payload);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('survive signing and an edit beside them', () => {
    fc.assert(
      fc.property(anyClaims('user'), strangeName, strangeValue, (claims, name, value) => {
        const { signer } = PARTIES.user;
        const nats = Object.fromEntries([['bearer_token', true], [name, value], ...Object.entries(claims.nats ?? {})]);
        const first = decodeVerified(encodeToken({ ...claims, nats } as AnyClaims, signer, NOW).token);
        const edited = { ...first.claims, nats: { ...first.claims.nats, tags: ['new'] } } as AnyClaims;
        const second = decodeVerified(encodeToken(edited, signer, NOW).token);
        expect(Object.getOwnPropertyDescriptor(second.claims.nats, name)?.value).toEqual(value);
        expect(second.claims.nats?.tags).toEqual(['new']);
      }),
      { numRuns: FEWER },
    );
  });

  it('with names like numbers are in the order of a map of Go', () => {
    const body = '{"pub":{},"sub":{},"x":{"10":1,"2":2,"a":{"1":[]}},"type":"user","version":2}';
    const payload = `{"iss":"${PARTIES.user.signer.publicKey}","sub":"${PARTIES.user.sub}","nats":${body}}`;
    expect(encodePayload(decodeToken(forge(payload, PARTIES.user.signer)).claims)).toBe(payload);
  });
});

/** The value with unknown members put somewhere into its objects. */
function insert(value: unknown, strangers: readonly (readonly [number, string, unknown])[]): unknown {
  let objects = 0;
  function walk(item: unknown, name: string): unknown {
    if (Array.isArray(item)) return item.map((element) => walk(element, name));
    if (typeof item !== 'object' || item === null) return item;
    const entries = Object.entries(item).map(
      ([key, member]) => [key, walk(member, MAPS.has(name) ? '' : key)] as const,
    );
    if (MAPS.has(name)) return Object.fromEntries(entries);
    const here = strangers.filter((_, at) => at % 3 === objects % 3);
    objects += 1;
    for (const [where, key, member] of here) {
      if (!entries.some(([known]) => known === key)) entries.splice(where % (entries.length + 1), 0, [key, member]);
    }
    return Object.fromEntries(entries);
  }
  return walk(value, '');
}
