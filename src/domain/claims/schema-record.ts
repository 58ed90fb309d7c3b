import { encodeString } from '../../lib/canonical-json.js';
import type { JsonValue } from '../../lib/int64-json.js';
import { locate, Mismatch, requireObject, type Shape, writeUnknown } from './schema.js';

/** The shape of every member of T, in the order in which Go writes them. */
export type Members<T> = { readonly [Name in keyof T]-?: Shape<Exclude<T[Name], undefined>> };

interface Member {
  readonly name: string;
  /** `,"name":` */
  readonly label: string;
  readonly shape: Shape<unknown>;
}

/** Before the first known member. */
const START = '';

/**
 * An object with known members. Members it does not know are kept where they are: each is written after the known
 * member it followed in the object.
 *
 * Go matches names in any letter case, so a name that differs from a known one in case alone is refused: whoever read
 * it after us would see other claims (jwt-nkeys.md §8 item 15).
 *
 * A record is never zero: as a member it is either `always` written or, like a pointer of Go, written when present.
 */
export function record<T extends object>(members: Members<T>): Shape<T> {
  let table: ReadonlyMap<string, Member> | undefined;

  /** Made when it is first asked for: most runs meet two or three kinds of tokens. */
  function known(): ReadonlyMap<string, Member> {
    table ??= new Map(
      Object.entries<Shape<unknown>>(members as Record<string, Shape<unknown>>).map(([name, shape]) => [
        name,
        { name, label: `,"${name}":`, shape },
      ]),
    );
    return table;
  }

  /** Unknown members by the known member they follow. */
  function findStrangers(object: Readonly<Record<string, unknown>>): Map<string, string> | undefined {
    let strangers: Map<string, string> | undefined;
    let anchor = START;
    for (const name in object) {
      if (known().has(name)) anchor = name;
      else if (object[name] !== undefined) {
        strangers ??= new Map();
        const text = `,${encodeString(name)}:${writeMember(writeUnknown, object[name] as JsonValue, name)}`;
        strangers.set(anchor, (strangers.get(anchor) ?? '') + text);
      }
    }
    return strangers;
  }

  return {
    read: (value) => {
      const object = requireObject(value);
      for (const name in object) {
        const member = known().get(name);
        if (member === undefined) refuseOddCase(name, known());
        else readMember(object, name, member.shape);
      }
      return object;
    },

    write: (value) => {
      const object = requireObject(value) as Readonly<Record<string, unknown>>;
      const strangers = findStrangers(object);
      let text = strangers?.get(START) ?? '';
      for (const { name, label, shape } of known().values()) {
        const member = object[name] ?? (shape.always ? shape.zero() : undefined);
        if (member !== undefined && (shape.always || !shape.isZero(member))) {
          text += label + writeMember(shape.write, member, name);
        }
        if (strangers !== undefined) text += strangers.get(name) ?? '';
      }
      return `{${text.slice(1)}}`;
    },

    isZero: () => false,
    zero: () => ({}),
  };
}

function readMember(object: { [member: string]: JsonValue }, name: string, shape: Shape<unknown>): void {
  const member = object[name] as JsonValue;
  try {
    if (member === null && shape.refusesNull) throw new Mismatch('must not be null');
    const kept = member === null ? undefined : shape.read(member);
    if (kept === undefined) delete object[name];
    else if (kept !== member) object[name] = kept;
  } catch (error) {
    throw locate(error, name);
  }
}

function writeMember<T>(write: (value: T) => string, value: T, name: string): string {
  try {
    return write(value);
  } catch (error) {
    throw locate(error, name);
  }
}

function refuseOddCase(name: string, known: ReadonlyMap<string, unknown>): void {
  // beside ASCII, Go folds U+017F to s and U+212A to k; the latter is what toLowerCase does, too
  const folded = name.toLowerCase().replaceAll('\u017f', 's');
  if (known.has(folded)) {
    throw new Mismatch(`has a member ${encodeString(name)}, which other software reads as "${folded}"`);
  }
}
