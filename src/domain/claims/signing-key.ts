import { compareBytes, encodeString } from '../../lib/canonical-json.js';
import type { JsonValue } from '../../lib/int64-json.js';
import { always, keepZero, locate, Mismatch, type Shape } from './schema.js';
import { record } from './schema-record.js';
import { int64, oneOf, text } from './schema-values.js';
import type { UserPermissionLimits, UserScope } from './types.js';
import { USER_PERMISSION_LIMITS_MEMBERS } from './user.js';

/** A signing key of an account: the key itself, or a scope that names it. */
export type SigningKey = string | UserScope;

/** The public key of a signing key. */
export function keyOf(entry: SigningKey): string {
  return typeof entry === 'string' ? entry : (entry.key ?? '');
}

/**
 * Here, and only here, a missing number means −1. So a 0 is written: left out, as Go does, it would come back as
 * unlimited (E-15).
 */
const TEMPLATE = record<UserPermissionLimits>({
  ...USER_PERMISSION_LIMITS_MEMBERS,
  subs: keepZero(int64),
  data: keepZero(int64),
  payload: keepZero(int64),
});

const SCOPE = record<UserScope>({
  kind: always(oneOf('user_scope')),
  key: always(text),
  role: always(text),
  template: always(TEMPLATE),
  description: always(text),
});

function readScope(value: JsonValue): JsonValue {
  const scope = SCOPE.read(value) as Partial<UserScope>;
  if (scope.kind === undefined) throw new Mismatch('must have the kind "user_scope"');
  const { template } = scope;
  scope.key ??= '';
  scope.template = {
    ...template,
    subs: template?.subs ?? -1,
    data: template?.data ?? -1,
    payload: template?.payload ?? -1,
  };
  return scope as JsonValue;
}

/**
 * The signing keys of an account: a map in Go, so a key is there once (the last entry counts) and the order is that
 * of the keys' bytes (jwt-nkeys.md §2.7 item 6, §3.4).
 */
export const SIGNING_KEYS: Shape<SigningKey[]> = {
  read: (value) => {
    if (!Array.isArray(value)) throw new Mismatch('must be a list');
    const entries: JsonValue[] = [];
    value.forEach((entry, at) => {
      try {
        if (typeof entry === 'string') entries.push(entry);
        else if (typeof entry === 'object' && entry !== null && !Array.isArray(entry)) entries.push(readScope(entry));
        // Go ignores everything else
      } catch (error) {
        throw locate(error, at);
      }
    });
    return dropRepeated(entries as SigningKey[]) as JsonValue;
  },
  write: (value) => {
    const entries = dropRepeated(value).sort((a, b) => compareBytes(keyOf(a), keyOf(b)));
    return `[${entries.map((entry) => (typeof entry === 'string' ? encodeString(entry) : SCOPE.write(entry))).join(',')}]`;
  },
  isZero: (value) => value.length === 0,
  zero: () => [],
};

function dropRepeated(entries: readonly SigningKey[]): SigningKey[] {
  return [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()];
}
