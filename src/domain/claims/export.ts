import { SHARE_TYPE } from './import.js';
import { always, Mismatch, type Shape } from './schema.js';
import { record } from './schema-record.js';
import { boolean, int64, mapOf, text, uint64 } from './schema-values.js';
import type { Export, Int64, ServiceLatency } from './types.js';

const isHeaders = (value: unknown): boolean => typeof value === 'string' && value.toLowerCase() === 'headers';

/** Any integer is read, but only "headers" (0) and 1 to 100 can be written (jwt-nkeys.md §3.4). */
const SAMPLING: Shape<Int64 | string> = {
  read: (value) => (isHeaders(value) ? value : int64.read(value)),
  write: (value) => {
    if (isHeaders(value) || (typeof value !== 'string' && int64.isZero(value))) return '"headers"';
    if (typeof value === 'string' || value < 1 || value > 100) throw new Mismatch('must be "headers" or 1 to 100');
    return int64.write(value);
  },
  isZero: () => false,
  zero: () => 0,
};

/** jwt-nkeys.md §3.4 */
export const EXPORT = record<Export>({
  name: text,
  subject: text,
  type: SHARE_TYPE,
  token_req: boolean,
  revocations: mapOf(int64),
  response_type: text,
  response_threshold: int64,
  service_latency: record<ServiceLatency>({ sampling: always(SAMPLING), results: always(text) }),
  account_token_position: uint64,
  advertise: boolean,
  allow_trace: boolean,
  description: text,
  info_url: text,
});
