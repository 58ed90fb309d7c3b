import { quote } from '../../lib/display.js';
import type { AccountEntry, OperatorEntry, UserEntry } from '../tree/tree.js';

/** Why a token is not trusted. */
export type RefusalCode =
  | 'bad-signature'
  | 'subject-mismatch'
  | 'untrusted-issuer'
  | 'identity-key-not-allowed'
  | 'issuer-account-missing'
  | 'issuer-account-mismatch'
  | 'scope-violation'
  | 'template-refused'
  | 'bearer-not-allowed'
  | 'not-yet-valid'
  | 'expired'
  | 'revoked';

/** One end of a link of the chain. */
export interface LinkEnd {
  readonly kind: 'operator' | 'account' | 'user';
  readonly name: string;
  /** Public identity key. */
  readonly key: string;
}

/** A token and the one that has to vouch for it. An operator vouches for itself. */
export interface Link {
  readonly child: LinkEnd;
  readonly parent: LinkEnd;
}

/** The first rule a token breaks, and where the chain is broken. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly link: Link;
}

export const operatorEnd = ({ name, claims }: OperatorEntry): LinkEnd => ({
  kind: 'operator',
  name,
  key: claims.sub ?? '',
});
export const accountEnd = ({ name, claims }: AccountEntry): LinkEnd => ({
  kind: 'account',
  name,
  key: claims.sub ?? '',
});
export const userEnd = ({ name, claims }: UserEntry): LinkEnd => ({ kind: 'user', name, key: claims.sub ?? '' });

/** `account "A"`, safe for a terminal. */
export const describeEnd = ({ kind, name }: LinkEnd): string => `${kind} ${quote(name)}`;
