import { describe, expect, it } from 'vitest';
import { newAccount, newActivation, newGeneric, newOperator, newUser } from '../../../src/domain/claims/new.js';
import type { AccountClaims, AnyClaims, ClaimKind, Export, UserClaims } from '../../../src/domain/claims/types.js';
import { keyPairFromRaw } from '../../../src/domain/nkey/key-pair.js';
import { decodeGeneric, decodeVerified, verifyToken } from '../../../src/domain/token/decode.js';
import { encodePayload, encodeToken } from '../../../src/domain/token/encode.js';
import { compareBytes } from '../../../src/lib/canonical-json.js';
import { caught } from '../../support/caught.js';
import { accountPair, operatorPair, payloadOf, serverPair, userPair } from './vectors.js';

const NOW = 1_800_000_000;
const curvePair = keyPairFromRaw('curve', new Uint8Array(32).fill(9));

const OWN_KEYS = { operator: operatorPair, account: accountPair, user: userPair, server: serverPair, curve: curvePair };

const account = (nats: AccountClaims['nats']): AccountClaims => ({
  sub: accountPair.publicKey,
  nats: { ...nats, type: 'account' },
});

describe('who may sign', () => {
  const samples: [ClaimKind, AnyClaims, (keyof typeof OWN_KEYS)[]][] = [
    ['operator', newOperator(operatorPair.publicKey, 'O'), ['operator']],
    ['account', newAccount(accountPair.publicKey, 'A'), ['operator', 'account']],
    ['user', newUser(userPair.publicKey, 'U'), ['account']],
    ['activation', newActivation(accountPair.publicKey), ['operator', 'account']],
    ['generic', newGeneric('anything', { a: 1 }), ['operator', 'account', 'user', 'server']],
    ['authorization_request', { sub: 'x', nats: { type: 'authorization_request' } }, ['server']],
    ['authorization_response', { sub: 'x', nats: { type: 'authorization_response' } }, ['account']],
  ];

  it.each(samples)('%s', (kind, claims, allowed) => {
    for (const [role, signer] of Object.entries(OWN_KEYS)) {
      if ((allowed as string[]).includes(role)) {
        const { token } = encodeToken(claims, signer, NOW);
        const decoded = kind === 'generic' ? decodeGeneric(token) : decodeVerified(token);
        expect(decoded).toMatchObject({ kind, claims: { iss: signer.publicKey, iat: NOW, nats: { version: 2 } } });
        expect(verifyToken(decoded)).toBe(true);
      } else {
        const refusal = caught(() => encodeToken(claims, signer, NOW));
        expect(refusal.code).toBe('wrong-key-kind');
        if (kind !== 'generic')
          expect(refusal.message).toBe(
            `${signer.publicKey} is a key of the kind ${role} and cannot sign ${kind} claims`,
          );
      }
    }
  });
});

describe('what can be signed', () => {
  const refusal = (claims: AnyClaims, signer = operatorPair, kind?: ClaimKind) => {
    const error = caught(() => encodeToken(claims, signer, NOW, kind));
    return { code: error.code, message: error.message };
  };

  it('has a subject of its kind', () => {
    expect(refusal({ ...newOperator(operatorPair.publicKey, 'O'), sub: accountPair.publicKey })).toEqual({
      code: 'invalid-claims',
      message: `operator claims need the public key of the operator as subject, not "${accountPair.publicKey}"`,
    });
    expect(refusal({ nats: { type: 'account' } }).message).toContain(
      'account claims need the public key of the account as subject',
    );
    expect(refusal(newActivation(userPair.publicKey), accountPair).code).toBe('invalid-claims');
    expect(refusal(newGeneric('')).message).toBe('generic claims need a subject, not ""');
  });

  it('has an account server URL with a scheme', () => {
    const operator = newOperator(operatorPair.publicKey, 'O');
    const at = (url: string) => ({ ...operator, nats: { ...operator.nats, account_server_url: url } });
    expect(refusal(at('host/jwt')).message).toContain('has no scheme');
    expect(refusal(at('http://[')).message).toContain('is not a URL');
    expect(encodeToken(at('http://host/jwt/v1'), operatorPair, NOW).claims.nats.account_server_url).toBe(
      'http://host/jwt/v1',
    );
  });

  it('fits the format', () => {
    const latency = (sampling: number | string) => account({ exports: [{ service_latency: { sampling } }] });
    for (const sampling of [-1, 101, 'all']) {
      expect(refusal(latency(sampling)).message).toBe(
        'the claims cannot be signed: nats.exports.0.service_latency.sampling must be "headers" or 1 to 100',
      );
    }
    expect(refusal(account({ limits: { subs: 1.5 } })).message).toContain('nats.limits.subs must be an integer');
    expect(refusal(account({ limits: { subs: 2n ** 63n } })).message).toContain('nats.limits.subs must be an integer');
    expect(refusal(account({ tags: [5] as unknown as string[] })).message).toContain('nats.tags.0 must be a text');
    expect(refusal(account({ tags: 'x' as unknown as string[] })).message).toContain('nats.tags must be a list');
    expect(refusal(account({ exports: [{ type: 'x' as 'stream' }] })).message).toContain(
      'must be "stream" or "service"',
    );
    expect(refusal({ ...newOperator(operatorPair.publicKey, 'O'), x: Number.NaN } as AnyClaims).message).toContain(
      'x cannot be written',
    );
    expect(refusal(newGeneric('x', { f: () => 1 })).message).toContain('nats cannot be written');
    expect(caught(() => encodeToken(account({}), operatorPair, 1.5)).code).toBe('invalid-claims');
  });
});

describe('encodeToken', () => {
  it('makes no token that could not be read, and repeats no seed', () => {
    const long = caught(() => encodeToken(account({ description: 'x'.repeat(800_000) }), operatorPair, NOW));
    expect(long).toMatchObject({
      code: 'invalid-claims',
      message: 'the claims cannot be signed: they make a token longer than 1048576 bytes',
    });
    const { message } = caught(() => encodeToken(newUser(userPair.seed.reveal(), 'u'), accountPair, NOW));
    expect(message).toBe('user claims need the public key of the user as subject, not (a seed)');
  });

  it('leaves the claims given to it alone and gives those of the token', () => {
    const given = account({ tags: [], exports: [{ subject: 'b' }, { subject: 'a' }], limits: { subs: 0 } });
    const copy = structuredClone(given);
    const { token, claims } = encodeToken(given, operatorPair, NOW);
    expect(given).toEqual(copy);
    expect(claims).toEqual(decodeVerified(token).claims);
    expect(claims.nats.exports).toEqual([{ subject: 'a' }, { subject: 'b' }]);
    expect(claims.nats).not.toHaveProperty('tags');
  });

  it('sets the kind it is told', () => {
    const bare: UserClaims = { sub: userPair.publicKey, nats: {} };
    expect(payloadOf(encodeToken(bare, accountPair, NOW, 'user').token)).toContain(
      '"nats":{"pub":{},"sub":{},"type":"user","version":2}',
    );
  });

  it('gives generic claims a version, but no body they do not have', () => {
    expect(payloadOf(encodeToken(newGeneric('x'), userPair, NOW).token)).toContain('"sub":"x","nats":{"version":2}}');
    expect(payloadOf(encodeToken({ sub: 'x' }, userPair, NOW).token)).toMatch(/"sub":"x"}$/);
  });

  it('puts exports and imports in order of their subjects, bytewise', () => {
    const subjects = ['b', 'a', '\u{10000}', '\uffff', '', 'ab', 'B'];
    const { claims } = encodeToken(account({ imports: subjects.map((subject) => ({ subject })) }), operatorPair, NOW);
    expect(claims.nats.imports?.map((entry) => entry?.subject ?? '')).toEqual([...subjects].sort(compareBytes));
  });

  it('keeps a list in order that is in order, however long', () => {
    const exports: Export[] = Array.from({ length: 50 }, (_, at) => ({
      name: `${at}`,
      subject: `s${Math.floor(at / 20)}`,
    }));
    const once = encodeToken(account({ exports }), operatorPair, NOW);
    expect(once.claims.nats.exports).toEqual(exports);
  });
});

describe('encodePayload', () => {
  it('changes nothing, not even the order of exports', () => {
    const claims = account({ exports: [{ subject: 'b' }, null, { subject: 'a' }], version: 1 });
    expect(encodePayload(claims)).toContain('"exports":[{"subject":"b"},null,{"subject":"a"}]');
    expect(encodePayload(claims)).toContain('"type":"account","version":1}');
  });

  it('sorts signing keys and lists a key once', () => {
    const scope = { kind: 'user_scope', key: 'B', role: 'r' } as const;
    expect(encodePayload(account({ signing_keys: ['C', 'B', scope, 'A', 'C'] }))).toContain(
      '"signing_keys":["A",{"kind":"user_scope","key":"B","role":"r","template":{"pub":{},"sub":{}},"description":""},"C"]',
    );
  });

  it('sorts the keys of maps by their bytes', () => {
    const revocations = { '2': 1, '10': 1, '*': 1, '\u{10000}': 1, '\uffff': 1 };
    expect(encodePayload(account({ revocations }))).toContain(
      '"revocations":{"*":1,"10":1,"2":1,"\uffff":1,"\u{10000}":1}',
    );
  });
});
