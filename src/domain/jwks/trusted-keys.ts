import type { AccountEntry, Tree } from '../tree/tree.js';
import { inTurn, listCandidates, type Signing } from '../trust/candidates.js';
import { type Jwk, jwkOf } from './jwk.js';

/*
 * What a verifier is to trust: every key that may sign below an operator or an account. The key that signs now comes
 * first, then those that are announced, then those that retire. Keys that are no longer listed, and compromised ones, are
 * not there, and neither is the identity of a strict operator or of its accounts: it signs nothing below itself.
 */

/** What signs accounts. */
export const operatorJwks = (tree: Tree): Jwk[] => jwksOf({ tree, kind: 'account' }, 'operator');

/** What signs users and activations of an account, scoped keys after the others. */
export const accountJwks = (tree: Tree, account: AccountEntry): Jwk[] =>
  jwksOf({ tree, kind: 'user', account }, 'account');

function jwksOf(signing: Signing, role: 'operator' | 'account'): Jwk[] {
  const candidates = listCandidates(signing);
  const inState = (state: 'next' | 'retiring') => candidates.filter((candidate) => candidate.state === state);
  const ordered = [...inTurn(signing, candidates, {}), ...inState('next'), ...inState('retiring')];
  return [...new Set(ordered.map(({ publicKey }) => publicKey))].flatMap((key) => jwkOf(key, role) ?? []);
}
