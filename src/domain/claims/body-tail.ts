import { int64, list, text } from './schema-values.js';

/** The last members of every body but the generic one (jwt-nkeys.md §3.2). */
export const BODY_TAIL = { tags: list(text), type: text, version: int64 };
