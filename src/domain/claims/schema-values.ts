import { compareBytes, encodeString } from '../../lib/canonical-json.js';
import type { JsonValue } from '../../lib/int64-json.js';
import { locate, Mismatch, requireObject, type Shape } from './schema.js';
import type { Int64 } from './types.js';

/** Texts, numbers, lists and maps of claims, by the rules of Go's encoding/json (jwt-nkeys.md §2.5, §2.7). */

export const text: Shape<string> = {
  read: requireText,
  write: (value) => encodeString(requireText(value)),
  isZero: (value) => value === '',
  zero: () => '',
};

function requireText(value: unknown): string {
  if (typeof value !== 'string') throw new Mismatch('must be a text');
  return value;
}

export const boolean: Shape<boolean> = {
  read: requireBoolean,
  write: (value) => String(requireBoolean(value)),
  isZero: (value) => value === false,
  zero: () => false,
};

function requireBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Mismatch('must be true or false');
  return value;
}

/** An integer within bounds, both inclusive. */
function integerBetween<T extends Int64>(min: bigint, max: bigint): Shape<T> {
  const [low, high] = [Number(min), Number(max)];
  const require = (value: unknown): T => {
    if (typeof value === 'bigint' ? value < min || value > max : !isWithin(value, low, high)) {
      throw new Mismatch(`must be an integer from ${min} to ${max}`);
    }
    return value as T;
  };
  return {
    read: require,
    // the number −0 prints as 0, as it should
    write: (value) => String(require(value)),
    isZero: (value) => value === 0 || value === 0n,
    zero: () => 0,
  };
}

function isWithin(value: unknown, low: number, high: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high;
}

export const int64 = integerBetween<Int64>(-(2n ** 63n), 2n ** 63n - 1n);
export const uint64 = integerBetween<Int64>(0n, 2n ** 64n - 1n);
export const uint8 = integerBetween<number>(0n, 255n);

/** One of a few texts; the empty text is left out but never read. */
export function oneOf<Word extends string>(...words: Word[]): Shape<Word> {
  const require = (value: unknown): Word => {
    if (!words.includes(value as Word)) throw new Mismatch(`must be ${words.map((word) => `"${word}"`).join(' or ')}`);
    return value as Word;
  };
  return {
    read: require,
    write: (value) => encodeString(require(value)),
    isZero: (value: string) => value === '',
    zero: () => '',
    refusesNull: true,
  };
}

/** A list. Empty and absent lists are both left out; a claims object may hold either. */
export function list<T>(element: Shape<T>): Shape<T[]> {
  return {
    read: (value) => {
      if (!Array.isArray(value)) throw new Mismatch('must be a list');
      for (let at = 0; at < value.length; at += 1) {
        const item = value[at] as JsonValue;
        const kept = item === null ? element.zero() : readInside(element, item, at);
        if (kept !== item) value[at] = kept;
      }
      return value;
    },
    write: (value) => {
      if (value === null) return 'null';
      if (!Array.isArray(value)) throw new Mismatch('must be a list');
      return `[${value.map((item, at) => writeInside(element, item, at)).join(',')}]`;
    },
    isZero: (value) => value.length === 0,
    zero: () => null,
  };
}

/** A map from texts, written in the order of its keys' bytes. */
export function mapOf<T>(element: Shape<T>): Shape<Record<string, T>> {
  return {
    read: (value) => {
      const map = requireObject(value);
      for (const key in map) {
        const item = map[key] as JsonValue;
        const kept = item === null ? element.zero() : readInside(element, item, key);
        if (kept !== item) map[key] = kept;
      }
      return map;
    },
    write: (value) => {
      requireObject(value);
      const keys = Object.keys(value).sort(compareBytes);
      return `{${keys.map((key) => `${encodeString(key)}:${writeInside(element, value[key] as T, key)}`).join(',')}}`;
    },
    isZero: (value) => Object.keys(value).length === 0,
    zero: () => null,
  };
}

function readInside(shape: Shape<never>, value: JsonValue, member: string | number): JsonValue {
  try {
    return shape.read(value) as JsonValue;
  } catch (error) {
    throw locate(error, member);
  }
}

function writeInside<T>(shape: Shape<T>, value: T, member: string | number): string {
  try {
    return shape.write(value);
  } catch (error) {
    throw locate(error, member);
  }
}
