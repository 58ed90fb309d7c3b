import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decorateSeed, decorateToken, findSeed, formatCreds, parseDecorated } from '../../../src/domain/creds/creds.js';
import { keyPairFromRaw, keyPairFromSeed } from '../../../src/domain/nkey/key-pair.js';
import { Secret } from '../../../src/lib/secret.js';
import { RUNS } from '../../lib/property.js';
import { caught } from '../../support/caught.js';
import goReadings from '../../vectors/creds.json' with { type: 'json' };
import goFile from '../../vectors/creds-format.json' with { type: 'json' };
import { accountPair, goTokens, operatorPair, serverPair, userPair } from '../token/vectors.js';

const seed = new Secret(goFile.seed);

describe('formatCreds', () => {
  it('writes the file Go writes', () => {
    const file = formatCreds(goFile.jwt, seed);
    expect(file).toBeInstanceOf(Secret);
    expect(file.reveal()).toBe(goFile.content);
    expect(formatCreds(goFile.jwt, keyPairFromSeed(goFile.seed)).reveal()).toBe(goFile.content);
    const shape = goFile.content.replace(goFile.jwt, '<JWT>').replace(goFile.seed, '<SEED>');
    expect(createHash('sha256').update(shape).digest('hex')).toBe(
      'cee280525a4b6624f816be003c70c3c77df12842a721f40cb2f23aa4c75b5573',
    );
  });

  it('trims the seed', () => {
    expect(formatCreds(goFile.jwt, new Secret(`\n ${goFile.seed}\r\n`)).reveal()).toBe(goFile.content);
  });

  it('takes a user token and its own seed only, and never shows a seed', () => {
    const account = goTokens.find(({ name }) => name.startsWith('account defaults'))?.token ?? '';
    const refusals = [
      [account, seed, 'bad-token', 'the JWT is of the kind account, not user'],
      [
        goFile.jwt,
        accountPair,
        'wrong-key-kind',
        'a creds file holds the seed of a user, not of a key of the kind account',
      ],
      [goFile.jwt, new Secret('SUAX'), 'bad-key', 'not a valid seed'],
      ['x', seed, 'bad-token', 'the JWT does not have three parts'],
    ] as const;
    for (const [token, key, code, message] of refusals) {
      expect(caught(() => formatCreds(token, key))).toMatchObject({ code, message });
    }
    const other = keyPairFromRaw('user', new Uint8Array(32).fill(1));
    expect(caught(() => formatCreds(goFile.jwt, other))).toMatchObject({
      code: 'key-mismatch',
      message: `the seed of ${other.publicKey} does not belong to a JWT for ${userPair.publicKey}`,
    });
  });
});

describe('decorated texts', () => {
  it('say the kind of the token', () => {
    expect(decorateToken('T', 'authorization_response')).toBe(
      '-----BEGIN NATS AUTHORIZATION_RESPONSE JWT-----\nT\n------END NATS AUTHORIZATION_RESPONSE JWT------\n\n',
    );
  });

  it.each([
    ['OPERATOR', operatorPair],
    ['ACCOUNT', accountPair],
    ['USER', userPair],
  ])('say the kind of the seed: %s', (kind, pair) => {
    const text = decorateSeed(pair.seed).reveal();
    expect(text).toContain(
      `-----BEGIN ${kind} NKEY SEED-----\n${pair.seed.reveal()}\n------END ${kind} NKEY SEED------\n`,
    );
    expect(findSeed(text)?.reveal()).toBe(pair.seed.reveal());
  });

  it('are not made of other seeds', () => {
    for (const other of [serverPair.seed, new Secret(''), new Secret('S')]) {
      expect(caught(() => decorateSeed(other))).toMatchObject({ code: 'wrong-key-kind' });
    }
  });
});

describe('reading', () => {
  it.each(goReadings)('as Go: $name', ({ content, go_jwt, go_nkey_ok, go_nkey_public }) => {
    const { token, seed: found } = parseDecorated(content);
    expect(token).toBe(go_jwt);
    expect(found !== undefined).toBe(go_nkey_ok);
    expect(found ? keyPairFromSeed(found.reveal()).publicKey : '').toBe(go_nkey_public);
    expect(findSeed(content)?.reveal()).toBe(found?.reveal());
  });

  /** The expression of Go's reader. */
  const GO_BLOCK = /[\t\n\f\r ]*-{3,}[^\n]*-{3,}\r?\n([\w\-.=]+)\r?\n-{3,}[^\n]*-{3,}(?:\r?\n|$)/g;

  it('finds the blocks that the regular expression of Go finds', () => {
    const piece = fc.constantFrom(
      '-',
      '---',
      '------',
      '---B---',
      'T.x',
      'T',
      '\n',
      '\n',
      '\r\n',
      '\r',
      ' ',
      '---B---\nT\n---E---\n',
      '---E---',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const content = pieces.join('');
        const [first] = content.matchAll(GO_BLOCK);
        expect(parseDecorated(content).token).toBe(first?.[1] ?? content);
      }),
      { numRuns: RUNS * 3 },
    );
  });

  it('is not slowed down by a wall of dashes', () => {
    const started = performance.now();
    parseDecorated(`${'-'.repeat(200_000)}x\n`.repeat(5));
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('gives back what was written', () => {
    const { token, seed: found } = parseDecorated(formatCreds(goFile.jwt, seed).reveal());
    expect([token, found?.reveal()]).toEqual([goFile.jwt, goFile.seed]);
  });
});
