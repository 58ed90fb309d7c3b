import { NscError } from '../../errors.js';
import { goTrim } from '../../lib/go-lower.js';
import { Secret } from '../../lib/secret.js';
import { decodeSeed } from '../nkey/codec.js';
import { type KeyPair, keyPairFromSeed } from '../nkey/key-pair.js';
import { decodeKind } from '../token/decode.js';
import { findBlocks } from './blocks.js';

/** Creds files: a user's token and seed between banners (jwt-nkeys.md §1.6). */

const KINDS: Readonly<Record<string, string>> = { SU: 'USER', SA: 'ACCOUNT', SO: 'OPERATOR' };

/**
 * The creds file of a user. The token's own signature is not checked again.
 *
 * @param key the user's seed, or its key pair, which spares deriving the public key
 * @throws NscError `bad-token`, `bad-key`, `wrong-key-kind`; `key-mismatch` when the key is not the token's subject
 */
export function formatCreds(token: string, key: Secret | KeyPair): Secret {
  const pair = key instanceof Secret ? keyPairFromSeed(goTrim(key.reveal())) : key;
  if (pair.role !== 'user')
    throw new NscError(
      'wrong-key-kind',
      `a creds file holds the seed of a user, not of a key of the kind ${pair.role}`,
    );
  const { sub = '' } = decodeKind(token, 'user').claims;
  if (pair.publicKey !== sub) {
    throw new NscError('key-mismatch', `the seed of ${pair.publicKey} does not belong to a JWT for ${sub}`);
  }
  return new Secret(decorateToken(token, 'user') + decorateSeed(pair.seed).reveal());
}

/** A token between banners that name its kind; nothing is checked. */
export function decorateToken(token: string, kind: string): string {
  const what = `${kind.toUpperCase()} JWT`;
  return `-----BEGIN NATS ${what}-----\n${token}\n------END NATS ${what}------\n\n`;
}

/**
 * A seed between banners, with a warning to the reader.
 *
 * @throws NscError `wrong-key-kind` unless it is the seed of an operator, account or user
 */
export function decorateSeed(seed: Secret): Secret {
  const text = goTrim(seed.reveal());
  const kind = KINDS[text.slice(0, 2)];
  if (kind === undefined) {
    throw new NscError('wrong-key-kind', 'only the seed of an operator, an account or a user can be written this way');
  }
  const what = `${kind} NKEY SEED`;
  const stars = '*'.repeat(25);
  return new Secret(
    [
      `${stars} IMPORTANT ${stars}`,
      'NKEY Seed printed below can be used to sign and prove identity.',
      'NKEYs are sensitive and should be treated as secrets.',
      '',
      `-----BEGIN ${what}-----`,
      text,
      `------END ${what}------`,
      '',
      '*'.repeat(61),
      '',
    ].join('\n'),
  );
}

/**
 * The token of a file, and its seed if there is a valid one. Without banners the whole content is the token, as it is;
 * whether it is one shows when it is decoded.
 */
export function parseDecorated(content: string): { token: string; seed?: Secret } {
  const blocks = findBlocks(content);
  const seed = readSeed(content, blocks);
  return { token: blocks[0] ?? content, ...(seed && { seed }) };
}

/**
 * The seed of an operator, account or user in a file: the second block, or without two blocks the first line that
 * looks like one. Undefined when that is not a valid seed.
 */
export function findSeed(content: string): Secret | undefined {
  return readSeed(content, findBlocks(content));
}

function readSeed(content: string, blocks: readonly string[]): Secret | undefined {
  const found = blocks.length > 1 ? blocks[1] : content.split('\n').find((line) => startsLikeSeed(goTrim(line)));
  const text = found?.replace(/\r$/, '') ?? '';
  return startsLikeSeed(text) && decodeSeed(text) ? new Secret(text) : undefined;
}

function startsLikeSeed(text: string): boolean {
  return Object.hasOwn(KINDS, text.slice(0, 2));
}
