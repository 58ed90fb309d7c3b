import { describe, expect, it } from 'vitest';
import {
  decodeGeneric,
  decodeKind,
  decodeToken,
  decodeVerified,
  verifyToken,
} from '../../../src/domain/token/decode.js';
import { encodePayload } from '../../../src/domain/token/encode.js';
import { caught } from '../../support/caught.js';
import { accountPair, forge, goTokens, operatorPair, payloadOf, serverPair, signingPair, userPair } from './vectors.js';

const user = goTokens.find(({ name }) => name === 'user defaults')?.token ?? '';

/** A user token with these members in its body, signed by the account. */
const userWith = (members: string, options = {}): string =>
  forge(
    `{"iss":"${accountPair.publicKey}","sub":"${userPair.publicKey}","nats":{${members}"type":"user","version":2}}`,
    accountPair,
    options,
  );

const accountWith = (members: string): string =>
  forge(
    `{"iss":"${operatorPair.publicKey}","sub":"${accountPair.publicKey}","nats":{${members}"type":"account","version":2}}`,
    operatorPair,
  );

const problemOf = (token: string): string => {
  const refusal = caught(() => decodeToken(token));
  expect(refusal.code).toBe('bad-token');
  return refusal.message;
};

describe('decodeToken', () => {
  it('names the member that is wrong', () => {
    expect(problemOf(userWith('"pub":{"allow":["a",5]},'))).toBe('the JWT nats.pub.allow.1 must be a text');
    expect(problemOf(userWith('"subs":"5",'))).toBe(
      'the JWT nats.subs must be an integer from -9223372036854775808 to 9223372036854775807',
    );
    expect(problemOf(userWith('"bearer_token":1,'))).toBe('the JWT nats.bearer_token must be true or false');
    expect(problemOf(userWith('"tags":"x",'))).toBe('the JWT nats.tags must be a list');
    expect(problemOf(accountWith('"exports":[{"type":"stream"},{"type":null}],'))).toBe(
      'the JWT nats.exports.1.type must not be null',
    );
    expect(problemOf(accountWith('"exports":[{"type":""}],'))).toBe(
      'the JWT nats.exports.0.type must be "stream" or "service"',
    );
    expect(problemOf(accountWith('"mappings":{"a.b":[{"weight":256}]},'))).toBe(
      'the JWT nats.mappings.a.b.0.weight must be an integer from 0 to 255',
    );
    expect(problemOf(accountWith('"signing_keys":["A",{"key":"A"}],'))).toBe(
      'the JWT nats.signing_keys.1 must have the kind "user_scope"',
    );
    expect(problemOf(accountWith('"limits":[],'))).toBe('the JWT nats.limits must be an object');
  });

  it('refuses names that others read as the ones we know', () => {
    expect(problemOf(userWith('"Subs":1,'))).toBe(
      'the JWT nats has a member "Subs", which other software reads as "subs"',
    );
    expect(problemOf(userWith('"\u017fubs":1,'))).toContain('which other software reads as "subs"');
    expect(problemOf(userWith('"pub":{"ALLOW":[]},'))).toContain('nats.pub has a member "ALLOW"');
    const outer = `{"iss":"${accountPair.publicKey}","sub":"x","Type":"user","nats":{"type":"user","version":2}}`;
    expect(problemOf(forge(outer, accountPair))).toContain('a member "Type"');
    expect(problemOf(forge('{"sub":"x","nats":{"Type":"user"}}', accountPair))).toContain('a member "Type"');
  });

  it('refuses what is no token, without repeating it', () => {
    expect(problemOf('')).toBe('the JWT does not have three parts');
    expect(problemOf(userPair.seed.reveal())).toBe('the JWT does not have three parts');
    expect(problemOf('a.b.c.d')).toBe('the JWT does not have three parts');
    expect(problemOf(`${user}=`)).toBe('the JWT is not base64url');
    expect(problemOf(user.replace('.', '.!'))).toBe('the JWT is not base64url');
    expect(problemOf(forge('[]', accountPair))).toBe('the JWT must be an object');
    expect(problemOf(forge('null', accountPair))).toBe('the JWT must be an object');
    expect(problemOf(userWith('', { header: '{"typ":"JWS","alg":"ed25519-nkey"}' }))).toBe(
      'the JWT is not of the type JWT',
    );
    expect(problemOf(userWith('', { header: '{"typ":"JWT"}' }))).toBe('the JWT is not signed with ed25519-nkey');
    expect(problemOf(userWith('"subs":1,"subs":2,'))).toBe('the JWT holds no valid JSON');
    expect(caught(() => decodeToken(userWith('"subs":1,"subs":2,'))).details).toEqual({
      reason: expect.stringContaining('twice'),
    });
  });

  it('takes a token of a MiB and no longer one', () => {
    const most = 1024 * 1024;
    const padded = (length: number) => `${'e'.repeat(length - 2)}.e`;
    expect(problemOf(padded(most + 1))).toBe('the JWT is longer than 1048576 bytes');
    expect(problemOf(padded(most))).toBe('the JWT does not have three parts');
  });

  it('refuses nesting that could exhaust the stack', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(problemOf(userWith(`"x":${deep},`))).toBe('the JWT holds no valid JSON');
  });

  it('tells versions apart', () => {
    const body = (version: string) =>
      `{"iss":"${accountPair.publicKey}","sub":"x","nats":{"type":"user","version":${version}}}`;
    expect(problemOf(forge(body('3'), accountPair))).toBe('the JWT is of version 3, and the newest one known is 2');
    expect(problemOf(forge(body('0'), accountPair))).toBe('the JWT is of version 0, which there never was');
    expect(problemOf(forge(body('"2"'), accountPair))).toBe('the JWT nats.version must be an integer');
    expect(decodeToken(forge(body('1'), accountPair)).version).toBe(1);
    const cluster = `{"iss":"${accountPair.publicKey}","sub":"x","nats":{"type":"cluster","version":2}}`;
    expect(problemOf(forge(cluster, accountPair))).toBe('the JWT is of the kind cluster, which is no longer in use');
  });

  it('wants the right kind of issuer', () => {
    const from = (issuer: string) => `{"iss":"${issuer}","sub":"x","nats":{"type":"user","version":2}}`;
    expect(problemOf(forge(from(operatorPair.publicKey), operatorPair))).toBe(
      'the JWT is of the kind user and not issued by an account key',
    );
    expect(problemOf(forge(from(''), accountPair))).toContain('not issued by an account key');
  });

  it('keeps integers of 64 bits, unknown members and the difference between absent and empty', () => {
    const text = '"subs":9223372036854775807,"x":{"deep":[18446744073709551616,1.5]},"src":[],';
    const token = decodeVerified(userWith(text));
    expect(token.claims.nats).toEqual({
      subs: 9223372036854775807n,
      x: { deep: [18446744073709551616n, 1.5] },
      src: [],
      type: 'user',
      version: 2,
    });
  });

  it('takes fractions and exponents where it knows no member, and nowhere else', () => {
    const token = decodeToken(userWith('"subs":5,"x":[1.0,1e3,1e+21,"2.0 \\" 1e5"],'));
    expect(encodePayload(token.claims)).toContain('"subs":5,"x":[1,1000,1e+21,"2.0 \\" 1e5"]');
    expect(problemOf(userWith('"subs":5.0,"x":1,'))).toContain('nats.subs must be an integer');
    expect(problemOf(userWith('"subs":1e3,"x":1e3,'))).toContain('nats.subs must be an integer');
    expect(problemOf(userWith('"resp":{"max":1.0},'))).toContain('nats.resp.max must be an integer');
    // Go forgives this one; nothing writes it
    const scope = '"signing_keys":[{"kind":"user_scope","key":"K","template":{"data":1.0}}],';
    expect(problemOf(accountWith(scope))).toContain('nats.signing_keys.0.template.data must be an integer');
    expect(problemOf(userWith('"x":1e999,'))).toBe('the JWT holds no valid JSON');
  });

  it('is not led astray by names of JavaScript', () => {
    const token = decodeToken(userWith('"__proto__":{"subs":5},"constructor":1,"toString":2,'));
    expect(Object.getPrototypeOf(token.claims.nats)).toBe(Object.prototype);
    expect(token.claims).not.toHaveProperty('nats.subs');
    expect(encodePayload(token.claims)).toBe(
      payloadOf(userWith('"__proto__":{"subs":5},"constructor":1,"toString":2,"pub":{},"sub":{},')),
    );
  });

  it('completes the template of a scope, where a missing number means unlimited', () => {
    const token = decodeKind(
      accountWith('"signing_keys":[{"kind":"user_scope","key":"K","template":{"subs":0}}],'),
      'account',
    );
    expect(token.claims.nats.signing_keys).toEqual([
      { kind: 'user_scope', key: 'K', template: { subs: 0, data: -1, payload: -1 } },
    ]);
    // E-15: left out, the 0 would come back as unlimited
    expect(encodePayload(token.claims)).toContain('"template":{"pub":{},"sub":{},"subs":0,"data":-1,"payload":-1}');
  });
});

describe('generic tokens', () => {
  const payload = `{"iss":"${operatorPair.publicKey}","sub":"x","nats":{"accounts":["a"],"version":2}}`;

  it('of version 2 are read by decodeGeneric alone', () => {
    const token = forge(payload, operatorPair);
    expect(decodeToken(token)).toMatchObject({ kind: 'generic', version: -1 });
    expect(caught(() => decodeVerified(token))).toMatchObject({
      code: 'bad-token',
      message: 'the JWT has a wrong signature',
    });
    const generic = decodeGeneric(token);
    expect(verifyToken(generic)).toBe(true);
    expect(generic.claims.nats).toEqual({ accounts: ['a'], version: 2 });
    expect(encodePayload(generic.claims, 'generic')).toBe(payload);
  });

  it('of version 1 take type and tags from outside the body', () => {
    const old = `{"tags":["t"],"type":"mine","iss":"${operatorPair.publicKey}","sub":"x","nats":{"a":1}}`;
    const token = forge(old, operatorPair, { header: '{"typ":"jwt","alg":"ed25519"}', version: 1 });
    expect(decodeVerified(token).claims.nats).toEqual({ a: 1 });
    const generic = decodeGeneric(token);
    expect(generic.version).toBe(1);
    expect(verifyToken(generic)).toBe(true);
    expect(generic.claims).toEqual({
      iss: operatorPair.publicKey,
      sub: 'x',
      nats: { a: 1, type: 'mine', tags: ['t'] },
    });
  });

  it('can be made of any token', () => {
    expect(decodeGeneric(user).claims.nats).toMatchObject({ type: 'user', subs: -1 });
    expect(verifyToken(decodeGeneric(user))).toBe(true);
  });
});

describe('decodeKind and decodeVerified', () => {
  it('refuse another kind', () => {
    expect(decodeKind(user, 'user').claims.nats.subs).toBe(-1);
    expect(caught(() => decodeKind(user, 'account'))).toMatchObject({
      code: 'bad-token',
      message: 'the JWT is of the kind user, not account',
    });
  });

  it('refuse a signature by another key', () => {
    expect(decodeVerified(user).kind).toBe('user');
    const payload = payloadOf(user);
    for (const signer of [signingPair, serverPair]) {
      expect(caught(() => decodeVerified(forge(payload, signer))).message).toBe('the JWT has a wrong signature');
    }
  });
});
