import type { KeyFault } from '../../domain/jwks/key-set.js';
import type { RefusalCode } from '../../domain/trust/refusal.js';

/** The rules of `nsc verify`: names that scripts branch on. Those of the chain of trust are {@link RefusalCode}. */
export type VerifyRule =
  | 'undecodable'
  | 'wrong-header'
  | 'wrong-kind'
  | 'wrong-issuer'
  | 'unknown-account'
  | 'compromised-key'
  | 'invalid-claims'
  | 'unusable-seed'
  | 'wrong-seed'
  | KeyFault
  | RefusalCode;

/** The first rule that a token breaks. */
export interface Failure {
  readonly rule: VerifyRule;
  readonly message: string;
}
