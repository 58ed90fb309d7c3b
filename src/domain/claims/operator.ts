import { BODY_TAIL } from './body-tail.js';
import { record } from './schema-record.js';
import { boolean, list, text } from './schema-values.js';
import type { OperatorBody } from './types.js';

/** The body of operator claims (jwt-nkeys.md §3.3). */
export const OPERATOR_BODY = record<OperatorBody>({
  signing_keys: list(text),
  account_server_url: text,
  operator_service_urls: list(text),
  system_account: text,
  assert_server_version: text,
  strict_signing_key_usage: boolean,
  ...BODY_TAIL,
});
