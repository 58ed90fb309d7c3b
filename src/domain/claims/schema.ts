import { compareBytes, encodeJson, encodeString } from '../../lib/canonical-json.js';
import type { JsonValue } from '../../lib/int64-json.js';

/**
 * What a value of the claims is in JSON: how one is checked when a token is read (the rules of jwt-nkeys.md §2.5) and
 * how Go writes it (§2.7). The tables in the sibling files are made of these.
 */
export interface Shape<T> {
  /**
   * Checks a value just parsed, never null, and gives it as claims hold it: usually the same object, tidied in place.
   * `undefined` takes the member away. Throws a {@link Mismatch}.
   */
  read(value: JsonValue): JsonValue | undefined;
  /** The bytes of a value. Throws a {@link Mismatch} for what the format cannot hold. */
  write(value: T): string;
  /** What Go's `omitempty` leaves out. */
  isZero(value: T): boolean;
  /** What null stands for in a list or map, and what is written for an absent member that is always written. */
  zero(): JsonValue;
  /** The member is written even when it is zero or absent. */
  readonly always?: boolean;
  /** The member may be absent but not null. */
  readonly refusesNull?: boolean;
}

/** A value does not fit its shape. The path is filled on the way out. */
export class Mismatch extends Error {
  readonly path: string[] = [];

  /** Like `nats.exports.2.type must be "stream" or "service"`. */
  describe(): string {
    return this.path.length === 0 ? this.message : `${this.path.join('.')} ${this.message}`;
  }
}

/** Notes that a mismatch happened inside this member. */
export function locate(error: unknown, member: string | number): unknown {
  if (error instanceof Mismatch) error.path.unshift(String(member));
  return error;
}

/** Written even when zero or absent: the structs of Go, and members without `omitempty`. */
export function always<T>(shape: Shape<T>): Shape<T> {
  return { ...shape, always: true };
}

/** Absent and zero differ, and both survive. */
export function keepZero<T>(shape: Shape<T>): Shape<T> {
  return { ...shape, isZero: () => false };
}

/** A list element that may be null and stays so (a pointer of Go). */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    ...shape,
    write: (value) => (value === null ? 'null' : shape.write(value)),
    isZero: () => false,
    zero: () => null,
  };
}

/** Checked when read, then taken away: members that only old tokens have. */
export function dropped<T>(shape: Shape<T>): Shape<T> {
  return {
    ...shape,
    read: (value) => {
      shape.read(value);
      return undefined;
    },
    isZero: () => true,
  };
}

/** Any JSON. */
export const anything: Shape<unknown> = {
  read: (value) => value,
  write: (value) => writeUnknown(value as JsonValue),
  isZero: () => false,
  zero: () => null,
};

/** Any JSON object, written as a map of Go at every level. */
export const anyObject: Shape<Record<string, unknown>> = {
  read: (value) => requireObject(value),
  write: (value) => encodeSafely(requireObject(value), true),
  isZero: (value) => Object.keys(value).length === 0,
  zero: () => ({}),
};

/** A value as an object. Throws a {@link Mismatch} for anything else. */
export function requireObject(value: unknown): { [member: string]: JsonValue } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Mismatch('must be an object');
  return value as { [member: string]: JsonValue };
}

/** What JavaScript moves to the front of an object, whatever the order in the text. */
const ARRAY_INDEX = /^(?:0|[1-9][0-9]{0,9})$/;

/**
 * The JSON of a member no table knows, in the order of its source. Objects with names like `10` have lost that order;
 * Go writes such names only from maps, which are sorted, so those objects are sorted.
 */
export function writeUnknown(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return encodeSafely(value, false);
  if (Array.isArray(value)) return `[${value.map(writeUnknown).join(',')}]`;
  const names = Object.keys(value);
  if (ARRAY_INDEX.test(names[0] ?? '')) names.sort(compareBytes);
  return `{${names.map((name) => `${encodeString(name)}:${writeUnknown(value[name] as JsonValue)}`).join(',')}}`;
}

function encodeSafely(value: unknown, sortKeys: boolean): string {
  try {
    return encodeJson(value, { sortKeys });
  } catch (error) {
    throw error instanceof TypeError ? new Mismatch(`cannot be written: ${error.message}`) : error;
  }
}
