import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { AccountClaims, OperatorClaims, UserClaims } from '../claims/types.js';
import { findSeed, parseDecorated } from '../creds/creds.js';
import { decodeSeed } from '../nkey/codec.js';
import { type KeyPair, keyPairFromSeed } from '../nkey/key-pair.js';
import { decodeVerified } from '../token/decode.js';

/** A file that may hold a part of a store. */
export interface ScatteredFile {
  readonly path: string;
  /** Absent when it could not be read. */
  readonly content?: string;
  /** Why not. */
  readonly problem?: string;
}

/** A token that holds what its issuer signed, and where it was found. */
export interface Piece<Claims> {
  readonly path: string;
  readonly token: string;
  readonly claims: Claims;
}

/** Everything that was found, whether it fits together or not. */
export interface Pieces {
  readonly operators: Piece<OperatorClaims>[];
  readonly accounts: Piece<AccountClaims>[];
  readonly users: Piece<UserClaims>[];
  /** By public key. */
  readonly pairs: Map<string, KeyPair>;
  /** Files that are of no use, and why. */
  readonly warnings: string[];
}

/** The files a store is made of, by the ending of their names. */
export const PIECE_FILE = /\.(nk|jwt|creds)$/;

/**
 * Reads seeds (`.nk`), tokens (`.jwt`) and creds (`.creds`), each plain or between banners. Every signature is
 * verified; whether the issuer is to be trusted shows when the pieces are put together.
 */
export function collectPieces(files: Iterable<ScatteredFile>): Pieces {
  const pieces: Pieces = { operators: [], accounts: [], users: [], pairs: new Map(), warnings: [] };
  for (const { path, content, problem } of files) {
    const wrong = content === undefined ? (problem ?? 'it is gone') : takePiece(pieces, path, content);
    if (wrong !== undefined) pieces.warnings.push(`${quote(path)} is left out: ${wrong}`);
  }
  return pieces;
}

/** @returns what is wrong with the file */
function takePiece(pieces: Pieces, path: string, content: string): string | undefined {
  if (path.endsWith('.jwt')) return takeToken(pieces, path, content);
  const pair = readPair(content);
  if (pair) pieces.pairs.set(pair.publicKey, pair);
  if (path.endsWith('.creds')) return takeToken(pieces, path, content);
  return pair ? undefined : 'it holds no seed';
}

function readPair(content: string): KeyPair | undefined {
  const text = content.trim();
  const seed = decodeSeed(text) ? text : findSeed(content)?.reveal();
  return seed === undefined ? undefined : keyPairFromSeed(seed);
}

function takeToken({ operators, accounts, users }: Pieces, path: string, content: string): string | undefined {
  try {
    const decoded = decodeVerified(parseDecorated(content).token.trim());
    const { kind, text: token } = decoded;
    if (kind === 'operator') operators.push({ path, token, claims: decoded.claims });
    else if (kind === 'account') accounts.push({ path, token, claims: decoded.claims });
    else if (kind === 'user') users.push({ path, token, claims: decoded.claims });
    else return `a store has no place for a JWT of the kind ${kind}`;
    return undefined;
  } catch (error) {
    if (error instanceof NscError) return error.message;
    throw error;
  }
}
