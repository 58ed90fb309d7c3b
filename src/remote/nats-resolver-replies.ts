import type { NatsMessage } from '../app/nats.js';
import type { ServerAnswer } from '../app/resolver.js';
import { isPublicKey } from '../domain/nkey/codec.js';
import { MAX_TOKEN_LENGTH } from '../domain/token/token.js';
import { quote } from '../lib/display.js';

/*
 * What servers answer (reference: nsc-distribution.md §1.6), read without trust: who writes what is no JSON, or something
 * else than was asked for, is told so, and nothing else happens (S-58, S-59). Members that nobody asks for don't matter.
 */

type Members = Readonly<Record<string, unknown>>;

/** A server, as it says who it is. */
export interface Speaker {
  readonly name: string;
  readonly id: string | undefined;
  readonly version: string | undefined;
}

/** An answer of a server, or what is wrong with what came. */
export interface Envelope {
  /** Undefined when it does not say who it is. */
  readonly speaker: Speaker | undefined;
  readonly body: Members;
  readonly problem: string | undefined;
}

/** Most bytes of an answer: a list of accounts has 59 for each. */
export const MOST_ANSWER_BYTES = 16 * 1024 * 1024;

/** Most objects and lists in an answer. They take far more room than what they are written with. */
const MOST_PARTS = 100_000;

/** Longest name or text of a server that is kept. */
const MOST_TEXT = 500;

/** Reads what all answers have in common: JSON in which the server says who it is. */
export function readEnvelope(message: NatsMessage): Envelope {
  const body = parseMembers(message);
  if (typeof body === 'string') return { speaker: undefined, body: {}, problem: body };
  const speaker = readSpeaker(body.server);
  return { speaker, body, problem: speaker ? undefined : 'its answer does not say which server it is' };
}

function parseMembers(message: NatsMessage): Members | string {
  const { length } = message.data;
  if (length > MOST_ANSWER_BYTES) return `its answer has ${length} bytes`;
  if (countParts(message.data) > MOST_PARTS) return `its answer has more than ${MOST_PARTS} parts`;
  const text = message.text();
  try {
    const value: unknown = JSON.parse(text);
    if (isMembers(value)) return value;
  } catch {
    // told below
  }
  return `its answer is no JSON object: ${quote(text.slice(0, 80))}`;
}

/** Counts what opens objects and lists, also within texts. */
function countParts(json: Uint8Array): number {
  let parts = 0;
  for (const byte of json) if (byte === 0x5b || byte === 0x7b) parts += 1;
  return parts;
}

function readSpeaker(server: unknown): Speaker | undefined {
  if (!isMembers(server)) return undefined;
  const name = readText(server.name);
  const id = readText(server.id);
  if (name === undefined && id === undefined) return undefined;
  return { name: name ?? id ?? '', id, version: readText(server.ver) };
}

/** What a server says of itself and the others (STATSZ). */
export interface Status {
  /** Itself and those that it has heard of, dead ones for a while; 1 when it does not say. */
  readonly activeServers: number;
  /** Milliseconds since 1970 when it was started; 0 when it does not say. */
  readonly startedAt: number;
  /** Names of the servers that it has a connection to. */
  readonly routes: readonly string[];
}

export function readStatus({ body }: Envelope): Status {
  const status = isMembers(body.statsz) ? body.statsz : {};
  const { active_servers: active, start, routes } = status;
  return {
    activeServers: typeof active === 'number' && active >= 1 && active <= MOST_SERVERS ? Math.floor(active) : 1,
    startedAt: (typeof start === 'string' && Date.parse(start)) || 0,
    routes: Array.isArray(routes)
      ? routes.slice(0, MOST_SERVERS).flatMap((route) => (isMembers(route) ? (readText(route.name) ?? []) : []))
      : [],
  };
}

/** More servers than any cluster has. */
export const MOST_SERVERS = 10_000;

/** What a server made of an account that was sent to it. */
export function readUpdate(envelope: Envelope, account: string): Verdict {
  return readVerdict(envelope, ({ account: about }) =>
    about === undefined || about === account ? undefined : `its answer is about ${shownValue(about)}`,
  );
}

/** What a server made of a request to delete accounts. */
export const readRemoval = (envelope: Envelope): Verdict => readVerdict(envelope, () => undefined);

export type Verdict = Pick<ServerAnswer, 'state' | 'message'>;

/** Why an answer is none; undefined when it is one. */
export function readProblem({ body, problem }: Envelope): string | undefined {
  if (problem !== undefined) return problem;
  const { error } = body;
  return error === undefined || error === null ? undefined : readError(error);
}

function readVerdict({ body, problem }: Envelope, check: (data: Members) => string | undefined): Verdict {
  if (problem !== undefined) return refused(problem);
  const { error, data } = body;
  if (error !== undefined && error !== null) return refused(readError(error));
  if (!isMembers(data)) return refused('its answer has neither data nor an error');
  const { code = 200, message } = data;
  const text = typeof message === 'string' ? clip(message) : '';
  const wrong = check(data);
  if (wrong !== undefined) return refused(wrong);
  if (code !== 200) return refused(`code ${shownValue(code)}${text && `: ${text}`}`);
  // A server that has no use for the account says so with a good code (S-11).
  return { state: /\bskipped\b/.test(text) ? 'ignored' : 'taken', message: text };
}

const refused = (message: string): Verdict => ({ state: 'refused', message });

function readError(error: unknown): string {
  if (!isMembers(error)) return `error ${shownValue(error)}`;
  const { code, description } = error;
  const text = typeof description === 'string' ? clip(description) : '';
  return text || `error${code === undefined ? '' : ` ${shownValue(code)}`} without a description`;
}

/**
 * The accounts that a server lists. What is no public key of an account is left out: it is a file that somebody put
 * beside them.
 *
 * @returns undefined for an answer that is no list
 */
export function readList({ body, problem }: Envelope): Set<string> | undefined {
  if (problem !== undefined || !Array.isArray(body.data)) return undefined;
  const { data } = body as { readonly data: readonly unknown[] };
  return new Set(data.filter((key): key is string => typeof key === 'string' && isPublicKey(key, 'account')));
}

/** The JWT that a server uses for an account (ACCOUNTZ); undefined when it does not know the account. */
export function readTokenInUse({ body }: Envelope, account: string): string | undefined {
  const { data } = body;
  const detail = isMembers(data) ? data.account_detail : undefined;
  if (!isMembers(detail) || detail.account_name !== account || typeof detail.jwt !== 'string') return undefined;
  return detail.jwt === '' ? undefined : detail.jwt.slice(0, MAX_TOKEN_LENGTH + 1);
}

/** Line of a pack message, `A…|eyJ…`; undefined when it is something else. */
export function readPacked(line: string): { readonly account: string; readonly token: string } | undefined {
  const [, account = '', token = ''] = /^(A[A-Z2-7]{55})\|([\w.-]+)$/.exec(line.trimEnd()) ?? [];
  return isPublicKey(account, 'account') && token.length <= MAX_TOKEN_LENGTH ? { account, token } : undefined;
}

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text that is not empty, cut to a bearable length. */
export const readText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? clip(value) : undefined;

const clip = (text: string): string => text.slice(0, MOST_TEXT);

const shownValue = (value: unknown): string =>
  typeof value === 'object' && value !== null ? 'something else' : quote(clip(String(value)));
