import { BODY_TAIL } from './body-tail.js';
import { SHARE_TYPE } from './import.js';
import { record } from './schema-record.js';
import { text } from './schema-values.js';
import type { ActivationBody } from './types.js';

/** The body of activation claims (jwt-nkeys.md §3.6). */
export const ACTIVATION_BODY = record<ActivationBody>({
  subject: text,
  kind: SHARE_TYPE,
  issuer_account: text,
  ...BODY_TAIL,
});
