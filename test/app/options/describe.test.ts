import { expect, it } from 'vitest';
import { describeAs } from '../../../src/app/options/describe.js';
import { newUser } from '../../../src/domain/claims/new.js';
import { keyPairFromRaw } from '../../../src/domain/nkey/key-pair.js';
import { encodeToken } from '../../../src/domain/token/encode.js';

const account = keyPairFromRaw('account', new Uint8Array(32).fill(1));
const user = keyPairFromRaw('user', new Uint8Array(32).fill(2));
const signed = encodeToken(newUser(user.publicKey, 'u'), account, 1_700_000_000);
const altered = encodeToken(newUser(user.publicKey, 'admin'), account, 1_700_000_000).token.split('.')[1];
const forged = signed.token.replace(/\.[^.]+\./, `.${altered}.`);
const options = { json: true, longIds: undefined, raw: undefined, field: undefined, outputFile: undefined };
const describeToken = (token: string) =>
  describeAs({ type: 'user', token, claims: signed.claims, names: () => new Map() }, options);

it('describes what the issuer signed', () => {
  expect(describeToken(signed.token)).toMatchObject({ kind: 'described', view: 'json', claims: { name: 'u' } });
});

it('refuses a token that somebody altered', () => {
  expect(() => describeToken(forged)).toThrow(
    expect.objectContaining({ code: 'bad-token', message: 'the user JWT does not hold what its issuer signed' }),
  );
});
