import {
  Algorithms,
  decode,
  encodeAccount,
  encodeActivation,
  encodeAuthorizationResponse,
  encodeGeneric,
  encodeOperator,
  encodeUser,
  fmtCreds,
  parseCreds,
} from '@nats-io/jwt';
import { fromSeed } from '@nats-io/nkeys';
import { describe, expect, it } from 'vitest';
import { formatCreds, parseDecorated } from '../../../src/domain/creds/creds.js';
import type { KeyPair } from '../../../src/domain/nkey/key-pair.js';
import { decodeGeneric, decodeVerified, verifyToken } from '../../../src/domain/token/decode.js';
import { encodeToken } from '../../../src/domain/token/encode.js';
import { accountPair, goTokens, operatorPair, serverPair, signingPair, userPair } from './vectors.js';

/** The same key for the other library. */
const theirs = (pair: KeyPair) => fromSeed(new TextEncoder().encode(pair.seed.reveal()));

const [operator, account, signing, user, server] = [operatorPair, accountPair, signingPair, userPair, serverPair].map(
  theirs,
) as [
  ReturnType<typeof theirs>,
  ReturnType<typeof theirs>,
  ReturnType<typeof theirs>,
  ReturnType<typeof theirs>,
  ReturnType<typeof theirs>,
];

describe('@nats-io/jwt', () => {
  it('reads our tokens', () => {
    for (const { name, token } of goTokens.filter((vector) => !/generic|escapes|extremes/.test(vector.name))) {
      const { claims, kind } = decodeVerified(token);
      const signer = [operatorPair, accountPair, signingPair, serverPair].find(
        ({ publicKey }) => publicKey === claims.iss,
      );
      if (!signer) continue;
      const ours = encodeToken(claims, signer, 1_800_000_000, kind);
      expect(decode(ours.token), name).toEqual(JSON.parse(JSON.stringify(ours.claims)));
    }
  });

  it('writes tokens we read', async () => {
    const allowed = { allow: ['a.>'], deny: [] };
    const tokens = [
      ['operator', await encodeOperator('O', operator, { signing_keys: [operatorPair.publicKey] })],
      ['account', await encodeAccount('A', account, { tags: ['t'] }, { signer: operator })],
      ['user', await encodeUser('U', user, account, { pub: allowed, bearer_token: true })],
      ['user', await encodeUser('U', user, signing, {}, { signer: signing, scopedUser: true })],
      ['activation', await encodeActivation('x', account, signing, 'stream', { subject: 'a' })],
      ['authorization_response', await encodeAuthorizationResponse(user, server, account, { jwt: 'x' }, {})],
      ['user', await encodeUser('U', user, account, {}, { algorithm: Algorithms.v1 })],
    ] as const;
    for (const [kind, token] of tokens) {
      const decoded = decodeVerified(token);
      expect(decoded.kind).toBe(kind);
      const signer = [operatorPair, accountPair, signingPair].find(
        ({ publicKey }) => publicKey === decoded.claims.iss,
      ) as KeyPair;
      expect(decodeVerified(encodeToken(decoded.claims, signer, 1_800_000_000, kind).token).claims.sub).toBe(
        decoded.claims.sub,
      );
    }
    const generic = decodeGeneric(await encodeGeneric('g', account, 'mine', { a: 1 } as object));
    expect(verifyToken(generic)).toBe(true);
    expect(generic.claims.nats).toMatchObject({ a: 1, type: 'mine' });
  });

  it('reads our creds files, and we read its', async () => {
    const token = goTokens.find(({ name }) => name === 'user defaults')?.token ?? '';
    const seed = userPair.seed;
    const file = formatCreds(token, seed).reveal();
    expect(await parseCreds(new TextEncoder().encode(file))).toMatchObject({
      key: seed.reveal(),
      jwt: token,
      aid: accountPair.publicKey,
    });
    const read = parseDecorated(new TextDecoder().decode(fmtCreds(token, user)));
    expect([read.token, read.seed?.reveal()]).toEqual([token, seed.reveal()]);
  });
});
