import { newActivation } from '../claims/new.js';
import { issueTime } from '../claims/revocation.js';
import type { Export } from '../claims/types.js';
import type { KeyPair } from '../nkey/key-pair.js';
import { type Issued, issue } from '../token/issue.js';
import type { Exporter } from './exporters.js';

/** What an activation is for. */
export interface ActivationRequest {
  readonly exporter: Exporter;
  readonly entry: Export;
  /** Public key of the account that may import. */
  readonly target: string;
  /** The export's, or a part of it. */
  readonly subject: string;
  /** Unix seconds; absent = at once, for ever. */
  readonly nbf?: number;
  readonly exp?: number;
}

/**
 * Signs the right of an account to import a private export (nsc-distribution.md §2.2). It is dated after a revocation of
 * this moment (S-56), and names its account when a signing key signs it.
 *
 * @param now Unix seconds
 * @throws NscError those of `issue`
 */
export function issueActivation(
  { exporter, entry, target, subject, nbf, exp }: ActivationRequest,
  signer: KeyPair,
  now: number,
): Issued<'activation'> {
  const { sub: account = '' } = exporter.claims;
  const fresh = newActivation(target);
  const { type } = entry;
  const nats = {
    ...fresh.nats,
    subject,
    ...(type && { kind: type }),
    ...(signer.publicKey !== account && { issuer_account: account }),
  };
  const times = { ...(nbf && { nbf }), ...(exp && { exp }) };
  return issue('activation', { ...fresh, name: subject, ...times, nats }, signer, {
    now: issueTime(entry.revocations, target, now),
  });
}
