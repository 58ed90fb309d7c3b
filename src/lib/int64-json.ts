/**
 * JSON with 64-bit integers, strict about what tokens may hold (jwt-nkeys.md §2.5, §8 items 3 and 15).
 */

/** A JSON integer of up to 64 bits: `bigint` only outside ±(2^53 − 1). */
export type Int64 = number | bigint;

export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | { [member: string]: JsonValue };

export interface ParseOptions {
  /** Refuse whole numbers written with a fraction or an exponent (`2.0`, `1e3`), as Go does where it wants an integer. */
  readonly plainIntegers?: boolean;
}

/** Deeper nesting is refused; nothing real comes near it and recursion stays safe. */
const MAX_DEPTH = 1000;

/** Integers with fewer digits than this are exact as a number. */
const MAX_SAFE_DIGITS = 15;

const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;

/**
 * Parses one JSON value that is the whole text.
 *
 * Integers outside ±(2^53 − 1) become bigint. Unpaired surrogates become U+FFFD. A member named `__proto__` is an
 * ordinary own property.
 *
 * @throws SyntaxError for anything that is not JSON (RFC 8259), a byte order mark, text after the value, a member name
 * that occurs twice in one object, a number too big for a double, or nesting deeper than 1000
 */
export function parseJson(text: string, options: ParseOptions = {}): JsonValue {
  const value = JSON.parse(text) as JsonValue;
  const survey = surveyJson(text, options.plainIntegers === true);
  if (survey.longInteger || survey.members !== countMembers(value) || hasSurrogate(text)) return readExactly(text);
  return value;
}

/** What the fast path cannot represent, found in one pass over a text that is known to be JSON. */
function surveyJson(text: string, plainIntegers: boolean): { members: number; longInteger: boolean } {
  let members = 0;
  let longInteger = false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at) - 1;
        break;
      case 0x3a: // :
        members += 1;
        break;
      case 0x7b: // {
      case 0x5b: // [
        depth += 1;
        if (depth > MAX_DEPTH) throw new SyntaxError(`JSON is nested deeper than ${MAX_DEPTH}`);
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth -= 1;
        break;
      case 0x2d: // -
      case 0x30:
      case 0x31:
      case 0x32:
      case 0x33:
      case 0x34:
      case 0x35:
      case 0x36:
      case 0x37:
      case 0x38:
      case 0x39: {
        const end = endOfNumber(text, at);
        if (end - at > MAX_SAFE_DIGITS || isWrittenOut(text, at, end)) {
          checkNumber(text.slice(at, end), plainIntegers);
          longInteger = true;
        }
        at = end - 1;
      }
    }
  }
  return { members, longInteger };
}

/** The position after the closing quote of the string that opens at `open`. */
function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  for (;;) {
    let escapes = close;
    while (text.charCodeAt(escapes - 1) === 0x5c) escapes -= 1;
    if ((close - escapes) % 2 === 0) return close + 1;
    close = text.indexOf('"', close + 1);
  }
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // digits + - . e E
    if (
      !(
        (code >= 0x30 && code <= 0x39) ||
        code === 0x2e ||
        code === 0x65 ||
        code === 0x45 ||
        code === 0x2b ||
        code === 0x2d
      )
    )
      break;
  }
  return at;
}

/** Whether a number has a fraction or an exponent. */
function isWrittenOut(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2e || code === 0x65 || code === 0x45) return true;
  }
  return false;
}

function checkNumber(number: string, plainIntegers: boolean): void {
  if (!isWrittenOut(number, 0, number.length)) return;
  if (!Number.isFinite(Number(number))) throw new SyntaxError(`the number ${number} is too big`);
  if (plainIntegers && Number.isInteger(Number(number))) {
    throw new SyntaxError(`the integer ${number} is written with a fraction or an exponent`);
  }
}

function countMembers(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const element of value) if (typeof element === 'object') count += countMembers(element);
    return count;
  }
  for (const name in value) {
    const member = value[name];
    count += typeof member === 'object' ? 1 + countMembers(member) : 1;
  }
  return count;
}

function hasSurrogate(text: string): boolean {
  return (text.includes('\\u') && ESCAPED_SURROGATE.test(text)) || !text.isWellFormed();
}

/** The slow way for texts with long integers, surrogates or duplicates; the text is known to be JSON. */
function readExactly(text: string): JsonValue {
  let at = 0;

  function skipSpace(): void {
    while (text.charCodeAt(at) <= 0x20) at += 1;
  }

  function readString(): string {
    const start = at;
    at = endOfString(text, at);
    return (JSON.parse(text.slice(start, at)) as string).toWellFormed();
  }

  function readObject(): JsonValue {
    const object: { [member: string]: JsonValue } = {};
    at += 1;
    for (skipSpace(); text[at] !== '}'; skipSpace()) {
      if (text[at] === ',') {
        at += 1;
        skipSpace();
      }
      const name = readString();
      if (Object.hasOwn(object, name))
        throw new SyntaxError(`the member ${JSON.stringify(name)} occurs twice in one object`);
      skipSpace();
      at += 1;
      Object.defineProperty(object, name, { value: readValue(), writable: true, enumerable: true, configurable: true });
    }
    at += 1;
    return object;
  }

  function readArray(): JsonValue {
    const array: JsonValue[] = [];
    at += 1;
    for (skipSpace(); text[at] !== ']'; skipSpace()) {
      if (text[at] === ',') at += 1;
      array.push(readValue());
    }
    at += 1;
    return array;
  }

  function readValue(): JsonValue {
    skipSpace();
    switch (text[at]) {
      case '{':
        return readObject();
      case '[':
        return readArray();
      case '"':
        return readString();
      case 't':
        at += 4;
        return true;
      case 'f':
        at += 5;
        return false;
      case 'n':
        at += 4;
        return null;
      default: {
        const start = at;
        at = endOfNumber(text, at);
        return readNumber(text.slice(start, at));
      }
    }
  }

  return readValue();
}

function readNumber(text: string): Int64 {
  const number = Number(text);
  return isWrittenOut(text, 0, text.length) || Number.isSafeInteger(number) ? number : BigInt(text);
}
