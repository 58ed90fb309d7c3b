import { show } from '../claims/check/show.js';
import { isPublicKey } from '../nkey/codec.js';

/** What keeps servers from carrying messages over an import, or might. */
export type SharingCode =
  | 'unknown-exporter'
  | 'own-account'
  | 'export-missing'
  | 'kind-differs'
  | 'subject-not-covered'
  | 'token-position'
  | 'activation-missing'
  | 'activation-for-public'
  | 'activation-altered'
  | 'activation-wrong-signer'
  | 'activation-wrong-account'
  | 'activation-wrong-kind'
  | 'activation-wrong-subject'
  | 'activation-expired'
  | 'activation-not-yet-valid'
  | 'activation-revoked'
  | 'unchecked-token-url'
  | 'duplicate-import'
  | 'local-subject'
  | 'local-subject-taken'
  | 'cycle';

/** Servers drop an import with an `error`; a `warning` is what cannot be known here, or only surprises. */
export interface SharingProblem {
  readonly code: SharingCode;
  readonly level: 'error' | 'warning';
  /** Begins with the import it is about. */
  readonly message: string;
  /** What would mend it. */
  readonly hint?: string;
  /** The validation rule that says the same, where one does: whoever checks the claims has told it already. */
  readonly rule?: string;
}

/** A problem before it is said which import it is about. */
export type Found = Omit<SharingProblem, 'message'> & { readonly what: string };

/** What an import calls an account, for messages: a key as it is, any other text in quotes. */
export const accountText = (key: string): string => (isPublicKey(key, 'account') ? key : show(key));
