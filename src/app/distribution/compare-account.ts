import { diffClaims } from '../../domain/claims/diff.js';
import { decodeKind } from '../../domain/token/decode.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, OperatorEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote, quoteSome } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';
import type { Copy } from '../resolver.js';
import type { SyncedAccount, SyncedAnswer } from '../result.js';
import { type AcceptedAccount, acceptAccount } from './accept-account.js';

/** What is known of one account here and there. */
export interface Sighting {
  /** Its public key. */
  readonly key: string;
  /** As the store has it. */
  readonly held?: AccountEntry | undefined;
  /** Servers that keep every account and said that they have this one, and those that said they don't. */
  readonly holders: readonly string[];
  readonly lacking: readonly string[];
  /** Servers that keep only some accounts and have this one. */
  readonly caches: readonly string[];
  readonly copies: readonly Copy[];
  /** Why the copies could not be had. */
  readonly problem?: NscError | undefined;
}

interface World {
  readonly operator: OperatorEntry;
  /** Unix seconds. */
  readonly now: number;
}

/** An answer, and how many servers it speaks for. */
type Counted = SyncedAnswer & { readonly count: number };

/** States of answers and accounts, the worst first. */
const GRAVITY = ['untrusted', 'failed', 'differs', 'missing', 'silent', 'extra', 'same'] as const;
type Grave = (typeof GRAVITY)[number];

/** What one copy is, beside the one here, for the account as a whole. */
const asWhole: Readonly<Record<string, Grave>> = { older: 'differs', newer: 'differs', other: 'differs' };

/**
 * Holds every copy of an account against the one in the store, member by member. A copy that the operator did not sign,
 * or that is about something else, is `untrusted`: servers keep whatever they were sent (S-46).
 */
export function compareAccount(sighting: Sighting, world: World): SyncedAccount {
  const { key, held, lacking, problem } = sighting;
  const answers: Counted[] = [
    ...(problem ? [failed(problem)] : findGroups(sighting).map((group) => judge(group, sighting, world))),
    ...silent(sighting),
    ...(held ? lacking.map(missing) : cached(sighting)),
  ];
  const states = answers.map(({ state }) => asWhole[state] ?? (state as Grave));
  const state = GRAVITY.find((grave) => states.includes(grave)) ?? 'missing';
  const count = (isMeant: (state: Grave) => boolean): number =>
    answers.reduce((sum, answer, index) => sum + (isMeant(states[index] ?? 'same') ? answer.count : 0), 0);
  const where = describePlace(
    count((one) => one === state),
    count(() => true),
  );
  return {
    ...(held && { name: held.name }),
    key,
    level: state === 'same' ? levelOfSame(answers) : state === 'untrusted' || state === 'failed' ? 'error' : 'warn',
    state,
    message: `${describeAccount(sighting)} ${VERDICTS[state]}${state === 'failed' ? '' : ` ${where}`}`,
    answers: answers.map(({ count: _count, ...answer }) => answer),
  };
}

const VERDICTS: Readonly<Record<Grave, string>> = {
  untrusted: 'is not to be trusted',
  failed: 'could not be compared',
  differs: 'differs',
  missing: 'is missing',
  silent: 'was not shown',
  extra: 'is not here, but',
  same: 'is the same',
};

const levelOfSame = (answers: readonly SyncedAnswer[]): 'ok' | 'warn' =>
  answers.some(({ level }) => level !== 'ok') ? 'warn' : 'ok';

/** The name of an account that is not here is what a server says. */
function describeAccount({ key, held, copies }: Sighting): string {
  if (held) return `account ${quote(held.name)}`;
  const [first] = copies;
  const name = first && findReadable(() => decodeKind(first.token, 'account'))?.claims.name;
  return `account ${key}${name ? ` (${quote(name)})` : ''}`;
}

function describePlace(meant: number, all: number): string {
  if (all <= 1) return all === 0 ? 'everywhere' : 'on the server';
  return meant === all ? `on all ${all} servers` : `on ${meant} of ${all} servers`;
}

/** Copies that are alike, and who has them as far as that is known. */
interface Group {
  readonly token: string;
  /** One of them, or all where they are as many as `count`. */
  readonly servers: readonly string[];
  readonly count: number;
}

function findGroups({ copies, holders }: Sighting): Group[] {
  const named = copies.filter(({ server }) => server !== undefined);
  const known = new Set(named.map(({ server }) => server));
  const others = holders.filter((server) => !known.has(server));
  const counts = new Map<string, number>();
  for (const { server, token } of copies) {
    if (server === undefined) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return [
    ...named.map(({ server = '', token }) => ({ token, servers: [server], count: 1 })),
    ...[...counts].flatMap(([token, count]) =>
      count === others.length
        ? others.map((server) => ({ token, servers: [server], count: 1 }))
        : [{ token, servers: others, count }],
    ),
  ];
}

/** Who is meant by `server` in an answer and `who` in a sentence. */
function whoHas({ servers, count }: Group): { readonly server?: string; readonly who: string } {
  const [only] = servers;
  if (only !== undefined && servers.length === 1) return { server: only, who: `server ${quote(only)}` };
  const some = servers.length === 0 ? 'some server' : `${count === 1 ? 'one' : count} of ${quoteSome(servers)}`;
  return { who: count > 1 && servers.length === 0 ? `${count} servers` : some };
}

function judge(group: Group, { key, held }: Sighting, { operator, now }: World): Counted {
  const { server, who } = whoHas(group);
  const answer = (level: 'ok' | 'warn' | 'error', state: string, said: string): Counted => ({
    ...(server !== undefined && { server }),
    level,
    state,
    message: said === '' || server !== undefined ? said : `${who}: ${said}`,
    count: group.count,
  });
  let accepted: AcceptedAccount;
  try {
    accepted = acceptAccount(group.token, { source: who, subject: key, operator, held, now, takesOlder: true });
  } catch (error) {
    if (!(error instanceof NscError) || error.code !== 'untrusted-answer') throw error;
    return answer('error', 'untrusted', `has a copy that is not to be trusted: ${error.details.problem}`);
  }
  const { age, entry, warnings } = accepted;
  if (!held) return answer('warn', 'extra', `has it, issued ${formatDate(entry.claims.iat ?? 0)}`);
  if (age === 'same') return answer(warnings.length > 0 ? 'warn' : 'ok', 'same', warnings.join('; '));
  const [theirs, ours] = [entry, held].map(({ claims }) => Number(claims.iat ?? 0)) as [number, number];
  const state = theirs < ours ? 'older' : theirs > ours ? 'newer' : 'other';
  const dates = theirs === ours ? ` ${formatDate(theirs)}` : ` ${formatDate(theirs)}, and ours ${formatDate(ours)}`;
  const differences = diffClaims(held.claims, entry.claims);
  return {
    ...answer(
      'warn',
      state,
      `has ${state === 'other' ? 'another' : `${state === 'older' ? 'an older' : 'a newer'}`} version, issued${dates}`,
    ),
    differences,
  };
}

/** Servers that said they have the account, and sent no copy of it. */
function silent({ holders, copies, problem }: Sighting): Counted[] {
  const known = new Set(copies.flatMap(({ server }) => server ?? []));
  const others = holders.filter((server) => !known.has(server));
  const count = others.length - copies.filter(({ server }) => server === undefined).length;
  if (count <= 0 || problem) return [];
  const { server, who } = whoHas({ token: '', servers: others, count });
  const said = 'has the account, and did not show its copy';
  if (count === others.length) {
    return others.map((name) => ({ server: name, level: 'warn', state: 'silent', message: said, count: 1 }));
  }
  return [
    {
      ...(server !== undefined && { server }),
      level: 'warn',
      state: 'silent',
      message: server === undefined ? `${who}: ${said}` : said,
      count,
    },
  ];
}

/** A cache that has what is not here, and did not show it. */
const cached = ({ caches, copies }: Sighting): Counted[] =>
  caches
    .filter((cache) => !copies.some(({ server }) => server === cache))
    .map((server) => ({ server, level: 'warn', state: 'extra', message: 'has it in use', count: 1 }));

const missing = (server: string): Counted => ({
  server,
  level: 'warn',
  state: 'missing',
  message: 'does not list it',
  count: 1,
});

const failed = ({ message }: NscError): Counted => ({ level: 'error', state: 'failed', message, count: 1 });
