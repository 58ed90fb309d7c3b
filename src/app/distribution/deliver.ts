import type { KeyPair } from '../../domain/nkey/key-pair.js';
import { NscError } from '../../errors.js';
import { escapeForTerminal, quote, quoteSome } from '../../lib/display.js';
import type { Delivery, TaskContext } from '../command.js';
import { withEnvironment } from '../options/reach.js';
import type { Holding, Resolver, ServerAnswer } from '../resolver.js';
import { ok, type Step } from '../result.js';
import { getRemovalSigner } from './delete-request.js';
import { openResolver } from './open-resolver.js';
import { refuseUndoing } from './refuse-undoing.js';
import { hintForDistrust, isForbidden } from './removal-failure.js';
import { holdersOf } from './removals.js';
import { removeAccounts } from './remove-accounts.js';
import { getResolverUrl, isAccountServerUrl } from './resolver-url.js';

/** What servers did, to be told before what is changed here. */
export interface Delivered {
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
}

/**
 * Carries out what a plan wants servers to do first. Every server that should be there has to take the account, and
 * delete it where that is asked for; one whose configuration forbids to delete keeps the account as it was sent.
 *
 * Doing it again does no harm, so a command that was refused or ended here is simply run again.
 *
 * @throws NscError `no-signer` and what else `chooseSigner` throws, before anything is sent; what `openResolver` throws;
 *   `policy-refused` when servers have a later version; `remote-failed` when no server did it, `remote-partial` when some
 *   did. Nothing must be committed then.
 */
export async function deliver(context: TaskContext, { account, deletes, reach }: Delivery): Promise<Delivered> {
  const { name, token, claims } = account;
  const key = claims.sub ?? '';
  const asksToDelete = deletes && !isAccountServerUrl(getResolverUrl(context.tree, reach.url));
  const signer = asksToDelete ? getRemovalSigner(context) : undefined;
  // a plan knows no environment
  const tls = withEnvironment(reach.tls, context.ports.env);
  const resolver = await openResolver(context, { ...reach, tls }, 'nsc_push');
  try {
    // what is to be deleted may be undone
    if (!deletes) await refuseUndoing(resolver, context.tree, account);
    const takers = requireAll(`account ${quote(name)}`, await resolver.update(key, token), resolver);
    const sent = ok(`sent account ${quote(name)} to ${nameServers(takers, resolver)}`);
    if (signer) {
      const { steps, warnings } = await remove(resolver, key, { signer, now: context.now });
      return { steps: [sent, ...steps], warnings };
    }
    const stays = `${escapeForTerminal(resolver.url)} deletes no accounts: ${key} stays there as sent`;
    return { steps: [sent], warnings: deletes ? [stays] : [] };
  } finally {
    await resolver.close();
  }
}

/**
 * Every server has to have said yes, and one at least has to keep what it was given.
 *
 * @returns those that keep it
 * @throws NscError `remote-failed`, `remote-partial`
 */
function requireAll(what: string, answers: readonly ServerAnswer[], { absent }: Pick<Resolver, 'absent'>): string[] {
  const takers = answers.flatMap(({ server, state }) => (state === 'taken' ? [server] : []));
  const failures = [
    ...answers.filter(({ state }) => state !== 'taken' && state !== 'ignored'),
    ...absent.map(({ name, reason }) => ({ server: name, state: 'absent', message: reason })),
  ];
  if (failures.length === 0 && takers.length > 0) return takers;
  throw notDone(what, 'taken', { takers, failures });
}

interface Halves {
  /** Names of servers that did it. */
  readonly takers: readonly string[];
  readonly failures: readonly { readonly server: string; readonly state: string; readonly message: string }[];
}

function notDone(what: string, done: 'taken' | 'deleted', { takers, failures }: Halves): NscError {
  const problems = failures.map(
    ({ server, state, message }) =>
      `${quote(server)} ${SAID[state] ?? state}${message === '' ? '' : `: ${quote(message)}`}`,
  );
  const why = problems.length > 0 ? problems.join(', ') : 'no server that answered keeps it';
  const some = takers.length > 0 ? `; ${quoteSome(takers)} ${takers.length > 1 ? 'have' : 'has'} done it` : '';
  return new NscError(
    takers.length > 0 ? 'remote-partial' : 'remote-failed',
    `${what} was not ${done} everywhere (${why})${some}; nothing was changed here`,
    {
      hint:
        hintForDistrust(failures) ??
        'run the same command again once the servers are as they should be: it goes on from there',
      details: { [done]: takers, failures: failures.map(({ server, state, message }) => ({ server, state, message })) },
    },
  );
}

const SAID: Readonly<Record<string, string>> = {
  refused: 'refused',
  silent: 'did not answer',
  pending: 'has to have it signed first',
  absent: 'is not there',
  kept: 'has it still',
};

/**
 * Asks those that hold the account, now that it has been sent, to delete it. Where the configuration forbids it, it
 * stays as it was sent, which is told.
 */
async function remove(
  resolver: Resolver,
  key: string,
  issuing: { readonly signer: KeyPair; readonly now: number },
): Promise<Delivered> {
  const holdings = await resolver.list();
  const { accounts } = await removeAccounts(resolver, [{ key, holders: holdersOf(holdings, key) }], issuing);
  const answers = accounts.flatMap((account) => account.answers);
  const forbidding = new Set(answers.filter(isForbidden).map(({ server = '' }) => server));
  const others = answers.filter(({ server = '' }) => !forbidding.has(server));
  const deleted = [...new Set(others.flatMap(({ server, state }) => (server && state === 'deleted' ? [server] : [])))];
  const failures = others
    .filter(({ state }) => state !== 'deleted')
    .map(({ server = '', state, message }) => ({ server, state, message }));
  const what = `account ${key}`;
  if (failures.length > 0) throw notDone(what, 'deleted', { takers: deleted, failures });
  return {
    steps: deleted.length === 0 ? [] : [ok(`deleted ${what} from ${quoteSome(deleted)}`)],
    warnings: [
      ...(forbidding.size === 0 ? [] : [describeForbidding([...forbidding], key)]),
      ...describeKeepless(resolver, holdings, key),
    ],
  };
}

const describeForbidding = (servers: readonly string[], key: string): string =>
  `${quoteSome(servers)} may not delete accounts: ${key} stays there as sent, without users; to be rid of it, put allow_delete: true into the resolver block of the configuration, and then: nsc push --account-removal ${key}`;

/** What is in a configuration comes back at the next start. */
function describeKeepless({ servers }: Resolver, holdings: readonly Holding[] = [], key: string): string[] {
  const keepers = new Set(holdings.flatMap(({ server, keeps }) => (keeps === 'none' ? [] : [server])));
  const keepless = servers.filter(({ name }) => !keepers.has(name)).map(({ name }) => name);
  if (keepless.length === 0) return [];
  const keep = keepless.length > 1 ? 'keep' : 'keeps';
  return [`${quoteSome(keepless)} ${keep} no accounts that are sent: take ${key} out of the configuration there`];
}

/** An account server has no name but its URL. */
const nameServers = (names: readonly string[], { kind, url }: Resolver): string =>
  kind === 'http' ? escapeForTerminal(url) : quoteSome(names);
