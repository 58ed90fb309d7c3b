import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/describe/jwt.js';
import type { AnyClaims, ClaimKind } from '../../../src/domain/claims/types.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { encodeToken } from '../../../src/domain/token/encode.js';
import { account, KEYS, NOW, pub, user } from '../../domain/trust/hierarchy.js';
import { Aliases } from '../../support/aliases.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { plainClaims } from '../../support/plain-claims.js';
import { answer, type Given, refusal } from '../../support/plan.js';
import { Session } from '../../support/session.js';

const A = account('A', 'a1');
const u = user('A/u', 'u1');
const given: Given = {
  files: {
    'a.jwt': `${A.token}\n`,
    'decorated.jwt': `-----BEGIN NATS ACCOUNT JWT-----\n${A.token}\n------END NATS ACCOUNT JWT------\n`,
    'u.creds': formatCreds(u.token, KEYS.u1.seed).reveal(),
    junk: 'junk',
    'bad.jwt': A.token.replace(/.{10}$/, 'AAAAAAAAAA'),
  },
  urls: { 'https://h/a': A.token },
};

const described = {
  kind: 'described',
  type: 'account',
  token: '<account A by o1>',
  claims: plainClaims(A),
  view: 'table',
  names: {},
};

/** A token of any kind by a key of the hierarchy, and the claims in it. */
function signed(kind: ClaimKind, by: 'a1' | 'n1', claims: AnyClaims): string {
  return encodeToken(claims, KEYS[by], NOW, kind).token;
}

const ofEveryKind: Readonly<Record<string, readonly [ClaimKind, 'a1' | 'n1', AnyClaims]>> = {
  activation: ['activation', 'a1', { sub: pub('b1'), name: 'a', nats: { subject: 'a.*', kind: 'stream' } }],
  generic: ['generic', 'a1', { sub: 'anything', nats: { accounts: ['x'] } }],
  request: [
    'authorization_request',
    'n1',
    { sub: pub('u1'), aud: 'nats-authorization-request', nats: { user_nkey: 'U' } },
  ],
  response: ['authorization_response', 'a1', { sub: pub('u1'), aud: pub('n1'), nats: { error: 'no' } }],
};

describe.each(Object.entries(ofEveryKind))('a JWT of the kind %s', (_name, [kind, by, claims]) => {
  const world: Given = { files: { 'x.jwt': signed(kind, by, claims) } };

  it('is described as what it is', async () => {
    const described = (await answer(command, world, '-f x.jwt')) as { type: string; claims: AnyClaims };
    expect(described).toMatchObject({ kind: 'described', type: kind, view: 'table' });
    expect(described.claims.nats).toMatchObject(new Aliases().plain(claims.nats) as object);
  });

  it('is shown as a table and as JSON', async () => {
    const session = new Session();
    writeFileSync(join(session.cwd, 'x.jwt'), signed(kind, by, claims));
    expect(await session.ok('describe jwt --file x.jwt')).toContain(KEYS[by].publicKey);
    expect(JSON.parse(await session.ok('describe jwt --file x.jwt --json'))).toMatchObject({ iss: KEYS[by].publicKey });
  });

  it('is refused when it was tampered with', async () => {
    const tampered = signed(kind, by, claims).replace(/.{10}$/, 'AAAAAAAAAA');
    expect(await refusal(command, { files: { 'x.jwt': tampered } }, '-f x.jwt')).toEqual([
      'bad-token',
      '"x.jwt": the JWT has a wrong signature',
    ]);
  });
});

describe('a JWT', () => {
  itAnswers(command, given, {
    'from a file': ['-f a.jwt', described],
    'from a decorated file': ['--file decorated.jwt', described],
    'from a URL': ['-f https://h/a', described],
    'from creds': ['-f u.creds', { ...described, type: 'user', token: '<user u by a1>', claims: plainClaims(u) }],
    'as JWT': [
      '-f u.creds -R',
      { ...described, type: 'user', token: '<user u by a1>', claims: plainClaims(u), view: 'raw' },
    ],
    'as one claim': ['-f a.jwt -F name', { ...described, view: { field: 'name' } }],
  });
  itRefuses(command, given, {
    'that is not named': ['', ['missing-option', 'no JWT to describe was given']],
    'that is not there': ['-f nowhere', ['file-not-found', '--file: there is no file "nowhere"']],
    'that is none': ['-f junk', ['bad-token', '"junk": the JWT does not have three parts']],
    'that was tampered with': ['-f bad.jwt', ['bad-token', '"bad.jwt": the JWT has a wrong signature']],
    'as argument': ['a.jwt', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});
