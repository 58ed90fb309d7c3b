import type { ClaimKind, ClaimsByKind } from '../claims/types.js';

/** Longer tokens are refused, when read and when written (jwt-nkeys.md §2.8). */
export const MAX_TOKEN_LENGTH = 1024 * 1024;

export interface Header {
  readonly typ: string;
  readonly alg: string;
}

/** A decoded token of one kind. Its signature may be wrong until it is verified. */
export interface TokenOf<Kind extends ClaimKind> {
  /** As given. One token has several spellings, so never use it as an identity (jwt-nkeys.md §2.5). */
  readonly text: string;
  readonly header: Header;
  readonly kind: Kind;
  /** 1 or 2; of authorization claims anything up to 2; −1 of generic ones, as Go counts. */
  readonly version: number;
  readonly claims: ClaimsByKind[Kind];
  /** The part of the text that is signed. */
  readonly signedText: string;
  readonly signature: Uint8Array;
}

export type Token = { [Kind in ClaimKind]: TokenOf<Kind> }[ClaimKind];
