import { readFileSync } from 'node:fs';
import type { Role } from '../../../src/domain/nkey/prefix.js';

/** The first letter of a public key, and the second of a seed. */
export const LETTER: Readonly<Record<Role, string>> = {
  operator: 'O',
  account: 'A',
  user: 'U',
  server: 'N',
  cluster: 'C',
  curve: 'X',
};

export interface SignatureVector {
  kind: string;
  seed: string;
  public_key: string;
  raw_seed_hex: string;
  raw_public_hex: string;
  payload_hex: string;
  signature_hex: string;
  signature_b64url: string;
}

export interface BoxVector {
  sender_seed: string;
  sender_public: string;
  recipient_seed: string;
  recipient_public: string;
  nonce_hex: string;
  plaintext_hex: string;
  sealed_hex: string;
}

/** A text and what Go's nkeys library says of it. */
export interface KeyVector {
  name: string;
  key: string;
  go: { public_key: boolean; account_key: boolean; seed: boolean };
}

const read = (name: string) => JSON.parse(readFileSync(`test/vectors/${name}.json`, 'utf8'));

export const signatureVectors: SignatureVector[] = read('signatures');
export const boxVectors: BoxVector[] = read('xkv1');
export const keyVectors: KeyVector[] = read('nkeys');

export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
export const toHex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
