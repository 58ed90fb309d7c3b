import { goLower, goTrim } from '../../lib/go-lower.js';
import { BODY_TAIL } from './body-tail.js';
import { NATS_LIMITS_MEMBERS } from './limits.js';
import { PERMISSIONS_MEMBERS } from './permissions.js';
import type { Shape } from './schema.js';
import { record } from './schema-record.js';
import { boolean, list, text } from './schema-values.js';
import type { TimeRange, UserBody } from './types.js';

const TEXTS = list(text);

/** A list, or one text with commas that is lower-cased, trimmed and freed of duplicates (jwt-nkeys.md §3.5). */
const SOURCES: Shape<string[]> = {
  ...TEXTS,
  read: (value) => (typeof value === 'string' ? splitSources(value) : TEXTS.read(value)),
};

function splitSources(sources: string): string[] {
  const trimmed = goLower(sources).split(',').map(goTrim);
  return [...new Set(trimmed)].filter((source) => source !== '');
}

/** Members 1–10, which users have since version 1. */
export const USER_LIMITS_MEMBERS = {
  ...PERMISSIONS_MEMBERS,
  src: SOURCES,
  times: list(record<TimeRange>({ start: text, end: text })),
  times_location: text,
  ...NATS_LIMITS_MEMBERS,
  bearer_token: boolean,
};

/** Members 1–12: what a user may do, and what a scope may give. */
export const USER_PERMISSION_LIMITS_MEMBERS = {
  ...USER_LIMITS_MEMBERS,
  proxy_required: boolean,
  allowed_connection_types: list(text),
};

/** The body of user claims (jwt-nkeys.md §3.5). */
export const USER_BODY = record<UserBody>({
  ...USER_PERMISSION_LIMITS_MEMBERS,
  issuer_account: text,
  ...BODY_TAIL,
});
