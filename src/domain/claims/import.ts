import { record } from './schema-record.js';
import { boolean, oneOf, text } from './schema-values.js';
import type { Import, ShareType } from './types.js';

export const SHARE_TYPE = oneOf<ShareType>('stream', 'service');

/** jwt-nkeys.md §3.4 */
export const IMPORT = record<Import>({
  name: text,
  subject: text,
  account: text,
  token: text,
  to: text,
  local_subject: text,
  type: SHARE_TYPE,
  share: boolean,
  allow_trace: boolean,
});
