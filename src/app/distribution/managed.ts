import type { Change } from '../../domain/change.js';
import { diffClaims } from '../../domain/claims/diff.js';
import type { AccountEntry, OperatorEntry, Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { encodeJson } from '../../lib/canonical-json.js';
import { escapeForTerminal, quote, quoteWord } from '../../lib/display.js';
import type { TaskContext } from '../command.js';
import type { Resolver, ServerAnswer } from '../resolver.js';
import { ok, type Step, warn } from '../result.js';
import { acceptAccount } from './accept-account.js';
import { untrusted } from './arrived.js';
import type { PutAccount, Waiting } from './waiting.js';

/** How long the account server is waited for at each request. */
const PATIENCE_MS = 10_000;

/** Differences that are told one by one. */
const TOLD = 20;

/** What became of accounts that the account server was to sign. */
export interface Signed {
  /** What is to be committed instead of those accounts; others are not in it. */
  readonly replaced: ReadonlyMap<Change, PutAccount>;
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
}

interface Sending {
  readonly resolver: Resolver;
  /** As it will be. */
  readonly operator: OperatorEntry;
  /** As the store is; undefined when the operator is new. */
  readonly before: Tree | undefined;
  readonly now: number;
}

/**
 * Sends accounts to the account server of an operator that is managed elsewhere, one after the other, and gets back what
 * its operator signed, which is held against what was sent: nothing is taken on trust (nsc-core.md §8, E-02, S-44). What
 * the server only took, to be signed later, stays as it is, with a warning.
 *
 * @throws NscError `remote-failed` when the server takes an account not at all, `untrusted-answer` for what it gives back
 *   instead; `remote-partial` where it has taken others before. Nothing must be committed then (E-19, S-19).
 */
export async function sendWaiting(
  { ports, now }: Pick<TaskContext, 'ports' | 'now'>,
  { accounts, url = '' }: Waiting,
  { before, after }: { readonly before: Tree | undefined; readonly after: Tree },
): Promise<Signed> {
  const resolver = await open(ports, url);
  const sending: Sending = { resolver, operator: after.operator, before, now };
  const replaced = new Map<Change, PutAccount>();
  const steps: Step[] = [];
  const warnings: string[] = [];
  const taken: string[] = [];
  try {
    for (const account of accounts) {
      const sent = await beside(taken, () => send(account, sending));
      if (sent.entry) replaced.set(account, { type: 'put-account', ...sent.entry });
      steps.push(...sent.steps);
      warnings.push(...sent.warnings);
      taken.push(account.name);
    }
  } finally {
    await resolver.close();
  }
  return { replaced, steps, warnings };
}

async function open(ports: TaskContext['ports'], url: string): Promise<Resolver> {
  try {
    return await ports.resolvers.open({
      url,
      clientName: 'nsc',
      identity: () => {
        throw new Error('an account server asks nobody who they are');
      },
      timeoutMs: PATIENCE_MS,
    });
  } catch (error) {
    if (!(error instanceof NscError) || error.code !== 'remote-failed') throw error;
    throw new NscError('remote-failed', `${error.message}; nothing was changed`, {
      hint: RETRY,
      details: { ...error.details, sent: [] },
      cause: error,
    });
  }
}

const RETRY = 'run the same command again once the account server of the operator can be reached';

interface SentAccount {
  /** As the operator signed it; absent where that is still to come. */
  readonly entry?: AccountEntry;
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
}

async function send(account: PutAccount, sending: Sending): Promise<SentAccount> {
  const { resolver, operator } = sending;
  const answer = await post(account, resolver);
  const url = escapeForTerminal(resolver.url);
  const name = quote(account.name);
  const said =
    answer.message.trim() === ''
      ? []
      : [`the account server says about account ${name}: ${quote(answer.message.trim())}`];
  const signed = answer.state === 'pending' ? undefined : await fetchSigned(account, sending);
  if (!signed) {
    const later = `the account server has account ${name}, and operator ${quote(operator.name)} has not signed it yet: servers accept it once that is done; get it then with: nsc pull --account ${quoteWord(account.name)}`;
    return { steps: [ok(`sent account ${name} to ${url}`)], warnings: [...said, later] };
  }
  const steps = [ok(`sent account ${name} to ${url}, where ${signed.entry.claims.iss} signed it`)];
  return {
    entry: signed.entry,
    steps: [...steps, ...tellDifferences(account, signed.entry)],
    warnings: [...said, ...signed.warnings],
  };
}

/** @throws NscError `remote-failed` unless the server takes the account */
async function post({ name, token, claims }: PutAccount, resolver: Resolver): Promise<ServerAnswer> {
  const [answer] = await resolver.update(claims.sub ?? '', token);
  const url = escapeForTerminal(resolver.url);
  const message = answer?.message.trim() ?? '';
  const why = message === '' ? '' : `: ${quote(message)}`;
  if (answer?.state === 'refused') {
    throw new NscError('remote-failed', `${url} refused account ${quote(name)}${why}; nothing was changed`, {
      hint: 'ask whoever runs the account server of the operator',
      details: { url: resolver.url, account: name, sent: [] },
    });
  }
  if (!answer || answer.state === 'silent') {
    // it may have the account all the same, so nobody may say that nothing was sent: keys made for it would go
    throw new NscError(
      'remote-failed',
      `${url} did not say that it took account ${quote(name)}${why}; nothing was changed here`,
      {
        hint: `see whether it has it with: nsc pull --account ${claims.sub}; if not, ${RETRY}`,
        details: { url: resolver.url, account: name },
      },
    );
  }
  return answer;
}

interface Accepted {
  readonly entry: AccountEntry;
  readonly warnings: readonly string[];
}

/** What the server has now; undefined while the operator has not signed it. */
async function fetchSigned(
  { name, token, claims }: PutAccount,
  { resolver, operator, before, now }: Sending,
): Promise<Accepted | undefined> {
  const key = claims.sub ?? '';
  const source = escapeForTerminal(resolver.url);
  const held = { name, token, claims };
  const [copy] = await afterwards(held, () => resolver.copies(key));
  if (!copy) return undefined;
  return afterwards(held, async () => {
    const { entry, age, warnings } = acceptAccount(copy.token, {
      source,
      subject: key,
      operator,
      held,
      now,
      takesOlder: true,
    });
    if (age === 'same') return undefined;
    const replacedAt = Number(before?.findAccountByKey(key)?.claims.iat ?? 0);
    const isStale = Number(entry.claims.iat ?? 0) < replacedAt || (age === 'older' && !isAsSent(held, entry));
    if (!isStale) return { entry, warnings };
    throw untrusted('older', 'it was issued before what was sent', { source, what: `account ${quote(name)}`, key });
  });
}

/** A clock that is behind explains a token that is older, but not one that says something else; limits are not ours. */
const isAsSent = (sent: AccountEntry, answer: AccountEntry): boolean =>
  diffClaims(sent.claims, answer.claims).every(({ path }) => path === 'iss' || path.startsWith('nats.limits'));

/** What the operator made of it, member by member. */
function tellDifferences(sent: PutAccount, answer: AccountEntry): Step[] {
  const differences = diffClaims(sent.claims, answer.claims).filter(({ path }) => path !== 'iss');
  const lines = differences.slice(0, TOLD).map(({ path, before, after }) => {
    const what = after === undefined ? 'left out' : shown(after);
    const asked = before === undefined ? '' : `, where ${shown(before)} was sent`;
    return warn(`account ${quote(sent.name)} came back with ${escapeForTerminal(path)} ${what}${asked}`);
  });
  const more = differences.length - lines.length;
  return more > 0 ? [...lines, warn(`… and ${more} more differences`)] : lines;
}

const shown = (value: unknown): string => escapeForTerminal(encodeJson(value, { escapeHtml: false }));

/** Says with a failure that the server has the account all the same. */
async function afterwards<Found>({ name, claims }: AccountEntry, action: () => Promise<Found>): Promise<Found> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    throw new NscError(
      error.code,
      `${error.message}; the account server has account ${quote(name)} as it was sent, and nothing was changed here`,
      {
        hint: `${error.hint === undefined ? '' : `${error.hint}; `}take what it has with: nsc pull --account ${claims.sub}`,
        details: { ...error.details, account: name, sent: [name] },
        cause: error,
      },
    );
  }
}

/** Says with a failure which accounts the server took before. */
async function beside<Found>(taken: readonly string[], action: () => Promise<Found>): Promise<Found> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof NscError) || taken.length === 0) throw error;
    const { message, hint, details, code } = error;
    const names = taken.map(quote).join(', ');
    throw new NscError(
      code === 'remote-failed' ? 'remote-partial' : code,
      `${message}; the account server has account${taken.length > 1 ? 's' : ''} ${names} already`,
      {
        ...(hint !== undefined && { hint }),
        details: { ...details, sent: [...taken, ...((details.sent as string[] | undefined) ?? [])] },
        cause: error,
      },
    );
  }
}
