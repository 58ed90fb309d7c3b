import { systemAccountName } from '../../domain/tree/lookup.js';
import { NscError } from '../../errors.js';
import { escapeForTerminal } from '../../lib/display.js';
import { plural } from '../../lib/plural.js';
import type { Announcement, TaskContext } from '../command.js';
import { withEnvironment } from '../options/reach.js';
import { ok, type Step } from '../result.js';
import { checkBeforePush } from './check-before-push.js';
import { connectAs } from './open-resolver.js';
import { pushAccounts } from './push-accounts.js';
import { failureOfPush } from './push-failure.js';
import { getResolverUrl } from './resolver-url.js';

/** What became of accounts that servers were to get. */
export interface Announced {
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
  /** Why not every server has every account. */
  readonly failure?: NscError;
}

/**
 * Sends accounts as the store has them to all servers, but for what those have already. Doing it again does no harm.
 *
 * What goes wrong is an answer and not an error, because the store has its change already.
 */
export async function announce(context: TaskContext, { accounts, reach }: Announcement): Promise<Announced> {
  // a plan knows no environment
  const known = { ...reach, tls: withEnvironment(reach.tls, context.ports.env) };
  const first = await attempt(context, accounts, known);
  return first.failure && throwsOut(context, accounts) ? attempt(context, accounts, known) : first;
}

/**
 * Whether servers may have taken what was sent and hung up on who sent it, because a key signed that user which the
 * system account lists no longer. The next one is signed by a key that they know by now.
 */
function throwsOut({ tree }: TaskContext, accounts: readonly string[]): boolean {
  const name = systemAccountName(tree);
  return name !== undefined && accounts.includes(name);
}

async function attempt(
  context: TaskContext,
  accounts: readonly string[],
  reach: Announcement['reach'],
): Promise<Announced> {
  try {
    return await send(context, accounts, reach);
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    return { steps: [], warnings: [], failure: afterCommit(error) };
  }
}

async function send(context: TaskContext, names: readonly string[], reach: Announcement['reach']): Promise<Announced> {
  const { tree, now, talk } = context;
  const url = getResolverUrl(tree, reach.url);
  const { accounts, warnings } = await checkBeforePush(tree, names, { url, now, force: false });
  const { resolver } = await connectAs(context, reach, 'nsc_push', 'changes');
  try {
    const pushed = await pushAccounts(context, resolver, accounts, { force: false, skipsSame: true, dryRun: false });
    const failure = failureOfPush({ resolver, ...pushed });
    if (failure) return { steps: [], warnings, failure: afterCommit(failure) };
    const { kind, servers } = resolver;
    const who = kind === 'http' ? escapeForTerminal(resolver.url) : plural(servers.length, 'server');
    const have = kind === 'http' || servers.length === 1 ? 'has' : 'have';
    const as = accounts.length === 1 ? 'as it is here' : 'as they are here';
    return { steps: [ok(`${who} ${have} ${plural(accounts.length, 'account')} ${as}`)], warnings };
  } finally {
    talk.progress(undefined);
    await resolver.close();
  }
}

/** The store has its change, now or from an earlier run, whatever servers say; and how they get the rest. */
const afterCommit = ({ code, message, hint, details }: NscError): NscError =>
  new NscError(code, `servers do not all have what the store has: ${message}`, {
    hint: `${hint === undefined ? '' : `${hint}; then `}send what differs with: nsc push --all`,
    details,
  });
