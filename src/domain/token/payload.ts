import { type JsonValue, parseJson } from '../../lib/int64-json.js';
import { Mismatch, requireObject } from '../claims/schema.js';
import { record } from '../claims/schema-record.js';
import { int64, list, text } from '../claims/schema-values.js';
import { kindOfType, schemaOf } from '../claims/schemas.js';
import type { AnyClaims, ClaimKind } from '../claims/types.js';
import { type MigratedKind, migrate } from '../claims/version-1.js';

/** The newest version there is. */
export const VERSION = 2;

export interface Payload {
  readonly kind: ClaimKind;
  /** As in {@link Token}. */
  readonly version: number;
  readonly claims: AnyClaims;
}

/**
 * Reads the JSON of a payload: what it is, whether every known member has its type, and version 1 turned into claims
 * (jwt-nkeys.md §2.5 steps 4–6, §2.6).
 *
 * @throws Mismatch, SyntaxError
 */
export function readPayload(json: string): Payload {
  return readJson(json, readClaims);
}

/** The JSON of a payload as generic claims, whatever it says it is (jwt-nkeys.md §2.5, generic decoder). */
export function readGenericPayload(json: string): { claims: AnyClaims; type?: string; tags?: string[] } {
  return readJson(json, (value) => {
    const { type, tags } = IDENTITY.read({ ...requireObject(value) }) as { type?: string; tags?: string[] };
    const claims = schemaOf('generic').read(value) as AnyClaims;
    return { claims, ...(type && { type }), ...(tags?.length && { tags }) };
  });
}

/** What Go looks for beside the registered claims to find out what a payload is. */
const IDENTITY = record({ tags: list(text), type: text, version: int64 });

const MIGRATED: readonly string[] = ['operator', 'account', 'user', 'activation'] satisfies MigratedKind[];

function readClaims(payload: JsonValue): Payload {
  const { type, version } = identify(requireObject(payload));
  if (version > VERSION) throw new Mismatch(`is of version ${version}, and the newest one known is ${VERSION}`);
  if (type === 'cluster' || type === 'server') throw new Mismatch(`is of the kind ${type}, which is no longer in use`);
  const kind = kindOfType(type);
  if (kind === 'generic') return { kind, version: -1, claims: readGeneric(payload) };
  if (MIGRATED.includes(kind)) {
    if (version === 1) return { kind, version, claims: migrate(kind as MigratedKind, payload) };
    if (version !== 2) throw new Mismatch(`is of version ${version}, which there never was`);
  }
  const claims = schemaOf(kind).read(payload) as AnyClaims;
  claims.nats ??= {};
  return { kind, version, claims };
}

/** The kind as text and the version: a `type` outside the body marks version 1. */
function identify(payload: { [member: string]: JsonValue }): { type: string; version: number } {
  const outer = payload.type ?? '';
  if (typeof outer !== 'string') throw new Mismatch('type must be a text');
  const { type = '', version = 0 } = payload.nats == null ? {} : requireObject(payload.nats);
  if (outer !== '') return { type: outer, version: 1 };
  if (type !== null && typeof type !== 'string') throw new Mismatch('nats.type must be a text');
  if (version !== null && !Number.isInteger(version)) throw new Mismatch('nats.version must be an integer');
  return { type: type ?? '', version: Number(version ?? 0) };
}

function readGeneric(payload: JsonValue): AnyClaims {
  const claims = schemaOf('generic').read(payload) as AnyClaims;
  IDENTITY.read({ ...(claims.nats as { [member: string]: JsonValue } | undefined) });
  return claims;
}

const JSON_TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * Go takes no `2.0` or `1e3` where it wants an integer, but both are fine in members it does not know. Once parsed,
 * they are no different from 2 and 1000; so a text with such numbers is read a first time with a half in their place.
 */
function readJson<T>(json: string, read: (value: JsonValue) => T): T {
  let value: JsonValue;
  try {
    value = parseJson(json, { plainIntegers: true });
  } catch {
    value = parseJson(json);
    read(parseJson(json.replace(JSON_TOKENS, (token) => (/^[-\d]+[.eE]/.test(token) ? '0.5' : token))));
  }
  return read(value);
}
