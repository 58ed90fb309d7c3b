import { always } from './schema.js';
import { record } from './schema-record.js';
import { list, mapOf, text, uint8 } from './schema-values.js';
import type { WeightedMapping } from './types.js';

/** Subject → destinations (jwt-nkeys.md §3.4). A source without destinations stays null, as in Go. */
export const MAPPINGS = mapOf<WeightedMapping[] | null>(
  list(record<WeightedMapping>({ subject: always(text), weight: uint8, cluster: text })),
);
