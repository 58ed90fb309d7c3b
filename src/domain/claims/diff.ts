/** One difference between two claims: a member that came, went or changed. */
export interface Difference {
  /** `nats.limits.conn`; elements of lists by what identifies them, as in `nats.exports[orders.>].token_req`. */
  readonly path: string;
  /** Absent when the member is new. */
  readonly before?: unknown;
  /** Absent when the member is gone. */
  readonly after?: unknown;
}

/** Members that every signing changes. */
const VOLATILE = new Set(['iat', 'jti']);

/** Members by which an element of a list is recognised, the first that it has. */
const IDENTITIES = ['key', 'local_subject', 'subject', 'start', 'name'];

/**
 * What an edit changes, member by member, for `--dry-run`. The order of lists does not count, as signing sorts them;
 * empty and absent are the same; `iat` and `jti` are left out.
 *
 * @param before undefined when the token is new
 * @param after undefined when the token is deleted
 */
export function diffClaims(before: object | undefined, after: object | undefined): Difference[] {
  return compareParts(membersOf(before), membersOf(after), (name) => (VOLATILE.has(name) ? undefined : name));
}

/** What an object or a list is made of, by name. */
type Parts = ReadonlyMap<string, unknown>;

/** @param pathOf undefined for what is not compared */
function compareParts(before: Parts, after: Parts, pathOf: (name: string) => string | undefined): Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const path = pathOf(name);
    return path === undefined ? [] : compare(path, before.get(name), after.get(name));
  });
}

function compare(path: string, before: unknown, after: unknown): Difference[] {
  if (before === after) return [];
  if (isList(before ?? after) && isList(after ?? before)) {
    return compareParts(elementsOf(before), elementsOf(after), (label) => `${path}[${label}]`);
  }
  if (isObject(before ?? after) && isObject(after ?? before)) {
    return compareParts(membersOf(before), membersOf(after), (name) => path + step(name));
  }
  return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

const isList = (value: unknown): boolean => Array.isArray(value);
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const membersOf = (object: unknown): Parts => new Map(Object.entries(object ?? {}));

/** The elements of a list by what identifies them; those that look alike get a number. */
function elementsOf(list: unknown): Parts {
  const elements = new Map<string, unknown>();
  for (const element of (list ?? []) as readonly unknown[]) {
    const label = labelOf(element);
    let unique = label;
    for (let count = 2; elements.has(unique); count += 1) unique = `${label}#${count}`;
    elements.set(unique, element);
  }
  return elements;
}

function labelOf(element: unknown): string {
  if (!isObject(element)) return String(element);
  const members = membersOf(element);
  const name = IDENTITIES.find((identity) => typeof members.get(identity) === 'string' && members.get(identity) !== '');
  const cluster = members.get('cluster');
  // mappings of one subject may differ by cluster only
  const place = typeof cluster === 'string' && cluster !== '' ? `@${cluster}` : '';
  return (name === undefined ? '' : String(members.get(name))) + place;
}

/** `.name`, or `["name"]` where the name holds anything but letters, digits, `_` and `-`. */
const step = (name: string): string => (/^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`);
