import { type KeyPair, keyPairFromSeed } from '../../../src/domain/nkey/key-pair.js';
import recorded from '../../vectors/go-json.json' with { type: 'json' };
import version1 from '../../vectors/go-jwt-v1.json' with { type: 'json' };
import version2 from '../../vectors/go-jwt-v2.json' with { type: 'json' };
import conformance from '../../vectors/jwt-decode.json' with { type: 'json' };

/** Tokens made by Go, with their exact payloads. */
export const goTokens = version2;

/** Version 1 tokens and the claims Go makes of them. */
export const oldTokens = version1;

interface Verdict {
  name: string;
  token: string;
  /** "accept", or anything else. */
  go_decode: string;
  go_decode_generic: string;
  /** The claims as Go writes them after `Decode`; '' when it can read but not write them. */
  go_remarshal?: string;
}

/** What Go says to tokens on the edge of the format. */
export const verdicts: Verdict[] = conformance;

interface Reading {
  token: string;
  /** Go's JSON after `Decode`; null = refused. */
  decoded: string | null;
  /** The same after `DecodeGeneric`; absent where Go would round integers or lose outer members. */
  generic?: string | null;
  /** The token Go makes of the decoded claims. */
  reencoded?: { seed: string; iat: number; token: string };
}

/** More of Go's readings: nulls, odd numbers, old versions, and random claims. */
export const readings: Reading[] = recorded;

/** The seeds of the keys in the vectors by public key; all are throw-away. */
const SEEDS = new Map(goTokens.map((vector) => [vector.signer_public, vector.signer_seed]));

/** A key pair of the vectors by the first letters of its public key. */
export function pairOf(prefix: string): KeyPair {
  const [, seed] = [...SEEDS].find(([publicKey]) => publicKey.startsWith(prefix)) ?? [];
  if (seed === undefined) throw new Error(`no such key in the vectors: ${prefix}`);
  return keyPairFromSeed(seed);
}

export const operatorPair = pairOf('OCFI');
export const accountPair = pairOf('ADWU');
export const signingPair = pairOf('ADFJ');
export const userPair = keyPairFromSeed('SUAAKBIFAUCQKBIFAUCQKBIFAUCQKBIFAUCQKBIFAUCQKBIFAUCQKBKDFQ');
export const serverPair = pairOf('N');

/** A token of any payload, signed as version 1 or 2 does it; nothing is checked. */
export function forge(payload: string, signer: KeyPair, options: { header?: string; version?: 1 | 2 } = {}): string {
  const encode = (text: string | Uint8Array) => Buffer.from(text).toString('base64url');
  const signed = [encode(options.header ?? '{"typ":"JWT","alg":"ed25519-nkey"}'), encode(payload)];
  const signature = signer.sign(options.version === 1 ? (signed[1] as string) : signed.join('.'));
  return [...signed, encode(signature)].join('.');
}

/** The payload of a token, as text. */
export function payloadOf(token: string): string {
  return Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
}
