import { Mismatch } from '../../domain/claims/schema.js';
import { findBlocks } from '../../domain/creds/blocks.js';
import { parseDecorated } from '../../domain/creds/creds.js';
import { keyPairFromSeed } from '../../domain/nkey/key-pair.js';
import { decodeGeneric, decodeToken, verifyToken } from '../../domain/token/decode.js';
import { readHeader } from '../../domain/token/header.js';
import { MAX_TOKEN_LENGTH, type Token } from '../../domain/token/token.js';
import { NscError } from '../../errors.js';
import { decodeBase64Url } from '../../lib/base64url.js';
import { quote } from '../../lib/display.js';
import { decodeUtf8 } from '../../lib/go-utf8.js';
import type { Files } from '../ports.js';
import type { Failure } from './rules.js';

/** What a person gave to verify: a bare or decorated JWT, or creds. */
export interface Given {
  readonly token: string;
  /** Of the seed that stands beside it; `unusable` for something else in its place, absent without one. */
  readonly seedOf?: string | 'unusable';
}

const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Reads what is named: a file, `-` for standard input, or the text of a JWT itself.
 *
 * @throws NscError `file-not-found`, `bad-token` where nothing stands, and what reading throws
 */
export function readGiven(given: string, files: Files): Given {
  const content = given === '-' ? readInput(files) : (files.read(given) ?? textOf(given));
  if (content === undefined) throw new NscError('file-not-found', `there is no file ${quote(given)}`);
  const { token, seed } = parseDecorated(content);
  if (token.trim() === '') throw new NscError('bad-token', 'there is no JWT: what was given is empty');
  if (seed) return { token: token.trim(), seedOf: keyPairFromSeed(seed.reveal()).publicKey };
  return { token: token.trim(), ...(findBlocks(content).length > 1 && { seedOf: 'unusable' }) };
}

/** More than a token can have, and what may stand around it: that is told as a token that is too long. */
const MOST_INPUT = 2 * MAX_TOKEN_LENGTH;

function readInput(files: Files): string {
  const bytes = files.readBytes('-', MOST_INPUT) ?? new Uint8Array();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

const textOf = (given: string): string | undefined => (TOKEN.test(given.trim()) ? given : undefined);

/** The token, or which rule keeps it from being one. Whether its signature is right is another question. */
export function readToken(text: string): Token | Failure {
  try {
    return decodeToken(text);
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    return { rule: isHeaderWrong(text) ? 'wrong-header' : 'undecodable', message: error.message };
  }
}

/** Whether there is a header, and it is not that of a NATS JWT: another type, or another algorithm (jwt-nkeys.md §2.1). */
function isHeaderWrong(text: string): boolean {
  const [header = ''] = text.split('.');
  const bytes = decodeBase64Url(header);
  if (bytes === undefined) return false;
  try {
    readHeader(header, () => decodeUtf8(bytes));
    return false;
  } catch (error) {
    return error instanceof Mismatch;
  }
}

/** The token as its issuer signed it: a generic one of version 2 is signed otherwise than it is read (jwt-nkeys.md §2.5). */
export function findAuthentic(token: Token): Token | undefined {
  if (verifyToken(token)) return token;
  const generic = token.kind === 'generic' ? decodeGeneric(token.text) : undefined;
  return generic && verifyToken(generic) ? generic : undefined;
}

/** Whether the seed beside a token is the one of its subject, and that of a user stands beside the token of a user. */
export function checkSeed({ seedOf }: Given, { kind, claims: { sub = '' } }: Token): Failure | undefined {
  if (seedOf?.startsWith('U') && kind !== 'user') {
    return { rule: 'wrong-kind', message: `the seed is that of a user, and the JWT beside it is of kind ${kind}` };
  }
  if (seedOf === undefined || seedOf === sub) return undefined;
  if (seedOf === 'unusable') return { rule: 'unusable-seed', message: 'what stands in the place of the seed is none' };
  return { rule: 'wrong-seed', message: `the seed is that of ${seedOf}, and the JWT is about ${sub}` };
}
