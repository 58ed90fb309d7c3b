import type { ClaimKind } from '../claims/types.js';
import type { Role } from '../nkey/prefix.js';

/** Whose keys may sign what, and what each kind is about (jwt-nkeys.md §2.4). Absent = anything. */

export const ISSUER_ROLES: { readonly [Kind in ClaimKind]?: readonly Role[] } = {
  operator: ['operator'],
  account: ['account', 'operator'],
  user: ['account'],
  activation: ['account', 'operator'],
  authorization_request: ['server'],
  authorization_response: ['account'],
};

export const SUBJECT_ROLE: { readonly [Kind in ClaimKind]?: Role } = {
  operator: 'operator',
  account: 'account',
  user: 'user',
  activation: 'account',
};
