import { NscError } from '../../errors.js';
import { decodeBase64Url, encodeBase64Url } from '../../lib/base64url.js';
import { isSmallOrder } from '../../lib/ed25519.js';
import { type JsonValue, parseJson } from '../../lib/int64-json.js';
import { decodePublicKey } from '../nkey/codec.js';

/** A key set of somebody else (RFC 7517 §5), its members as they came. */
export interface KeySet {
  /** By key id. Members without one are of no use here, since keys are never tried. */
  readonly byId: ReadonlyMap<string, readonly Member[]>;
  readonly size: number;
  /** How many members have a private part, which nobody should hand out. */
  readonly privateKeys: number;
}

type Member = Readonly<Record<string, JsonValue | undefined>>;

/**
 * Reads a key set. Keys that are not understood are passed over (RFC 7517 §5): whether the one that is wanted can be
 * used, {@link findKey} tells.
 *
 * @throws NscError `bad-value` for what is no key set
 */
export function parseKeySet(text: string): KeySet {
  let json: JsonValue;
  try {
    json = parseJson(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new NscError('bad-value', 'it is no key set: it holds no valid JSON', { cause });
  }
  const keys = isObject(json) && Object.hasOwn(json, 'keys') ? json.keys : undefined;
  if (!Array.isArray(keys)) throw new NscError('bad-value', 'it is no key set: it has no list "keys"');
  const members = keys.filter(isObject);
  const byId = new Map<string, Member[]>();
  for (const member of members) {
    const kid = own(member, 'kid');
    if (typeof kid !== 'string') continue;
    const known = byId.get(kid);
    if (known) known.push(member);
    else byId.set(kid, [member]);
  }
  return { byId, size: keys.length, privateKeys: members.filter(isPrivate).length };
}

/** Why a key of a set is not used. */
export type KeyFault = 'unknown-key' | 'ambiguous-key' | 'unusable-key' | 'private-key' | 'mismatched-key';

export type FoundKey =
  | { readonly publicKey: string }
  | { readonly fault: KeyFault /** Goes on from "key KEY ". */; readonly what: string };

/**
 * The key with an id. It is never looked for by trying: there has to be one key of that id, it has to be for Ed25519
 * signatures, and since ids are nkeys, it has to be the very key that its id spells.
 *
 * @param kid a public nkey
 */
export function findKey({ byId }: KeySet, kid: string): FoundKey {
  const named = byId.get(kid) ?? [];
  if (named.length === 0) return { fault: 'unknown-key', what: 'is not in the key set' };
  const members = named.filter((member) => own(member, 'kty') === 'OKP' && own(member, 'crv') === 'Ed25519');
  const [first] = members;
  if (first === undefined) return { fault: 'unusable-key', what: 'is in the key set, but not as an Ed25519 key' };
  const x = own(first, 'x');
  if (members.some((member) => own(member, 'x') !== x)) {
    return { fault: 'ambiguous-key', what: 'is in the key set more than once, each time with another key behind it' };
  }
  if (named.some(isPrivate)) {
    return { fault: 'private-key', what: 'is in the key set with its private half, so anybody may sign with it' };
  }
  if (!members.some(isForSignatures))
    return { fault: 'unusable-key', what: 'is in the key set, but not to verify with' };
  const bytes = typeof x === 'string' ? readPoint(x) : undefined;
  if (bytes === undefined) return { fault: 'unusable-key', what: 'is in the key set without a usable x' };
  const decoded = decodePublicKey(kid);
  if (decoded === undefined || encodeBase64Url(decoded.bytes) !== x) {
    return { fault: 'mismatched-key', what: 'is the id of another key in the key set than it spells' };
  }
  return { publicKey: kid };
}

/** 32 bytes in their only spelling; undefined for others, and for a key under which anybody can sign. */
function readPoint(x: string): Uint8Array | undefined {
  const bytes = x.length === 43 ? decodeBase64Url(x) : undefined;
  return bytes && encodeBase64Url(bytes) === x && !isSmallOrder(bytes) ? bytes : undefined;
}

/** What a key is for, where it says so (RFC 7517 §4.2–4.4); RFC 9864 gave its algorithm a second name. */
function isForSignatures(member: Member): boolean {
  const [use, alg, operations] = [own(member, 'use'), own(member, 'alg'), own(member, 'key_ops')];
  return (
    (use === undefined || use === 'sig') &&
    (alg === undefined || alg === 'EdDSA' || alg === 'Ed25519') &&
    (operations === undefined || (Array.isArray(operations) && operations.includes('verify')))
  );
}

/** The private parts of all kinds of keys (RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2). */
const isPrivate = (member: Member): boolean => Object.hasOwn(member, 'd') || Object.hasOwn(member, 'k');

const own = (member: Member, name: string): JsonValue | undefined =>
  Object.hasOwn(member, name) ? member[name] : undefined;

const isObject = (value: JsonValue | undefined): value is { [member: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
