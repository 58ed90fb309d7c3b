import { newGeneric } from '../../domain/claims/new.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import { encodeToken } from '../../domain/token/encode.js';
import type { Tree } from '../../domain/tree/tree.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import type { TaskContext } from '../command.js';

/** Seconds after which a request is void, for those that look (S-47). */
export const REQUEST_LIFETIME = 300;

/** Most accounts in a request to a server that says nothing about its bounds. */
const MOST_ACCOUNTS = 5000;

/** Bytes of a request beside its accounts, and for each of them: 56 letters, quotes and a comma, in base64 (S-7). */
const FRAME = 1024;
const PER_ACCOUNT = Math.ceil(((56 + 3) * 4) / 3);

/**
 * The operator key that signs requests to delete: what `-K` named; else the identity key, unless the operator is strict,
 * else a signing key (nsc-distribution.md §1.9).
 *
 * @throws NscError those of `chooseSigner`
 */
export const getRemovalSigner = ({ tree, signer }: Pick<TaskContext, 'signer'> & { readonly tree: Tree }): KeyPair =>
  chooseSigner({ tree, kind: 'account', requested: signer }).signer;

/**
 * A request to delete accounts. It says when it ends and what it is for, although no server up to 2.15 looks at that (S-47).
 *
 * @param accounts public keys
 * @param now Unix seconds
 */
export function requestDeletion(accounts: readonly string[], signer: KeyPair, now: number): string {
  const claims = {
    ...newGeneric(signer.publicKey, { accounts }),
    aud: '$SYS.REQ.CLAIMS.DELETE',
    exp: now + REQUEST_LIFETIME,
  };
  return encodeToken(claims, signer, now, 'generic').token;
}

/**
 * As many requests as it takes for each to be within the bound, and each account in one of them (S-7, S-18).
 *
 * @param accounts public keys, each once
 * @param maxRequest most bytes of one request; undefined where there is no bound
 */
export function deleteRequests(
  accounts: readonly string[],
  {
    signer,
    now,
    maxRequest,
  }: { readonly signer: KeyPair; readonly now: number; readonly maxRequest: number | undefined },
): string[] {
  const room = maxRequest === undefined ? MOST_ACCOUNTS : Math.floor((maxRequest - FRAME) / PER_ACCOUNT);
  const most = Math.min(Math.max(room, 1), MOST_ACCOUNTS);
  const requests: string[] = [];
  for (let from = 0; from < accounts.length; from += most) {
    requests.push(requestDeletion(accounts.slice(from, from + most), signer, now));
  }
  return requests;
}
