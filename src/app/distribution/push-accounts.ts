import type { AccountEntry } from '../../domain/tree/tree.js';
import { quote, quoteSome } from '../../lib/display.js';
import { plural } from '../../lib/plural.js';
import type { TaskContext } from '../command.js';
import type { Holding, Resolver } from '../resolver.js';
import type { SyncedAccount } from '../result.js';
import { findChanged, type Intent } from './find-changed.js';
import { type Outgoing, type Sent, sendAccounts } from './send-accounts.js';
import { describeSent } from './sent-account.js';

/** How accounts are sent. */
export interface PushOptions {
  /** Sends what can be read, whatever servers have. */
  readonly force: boolean;
  /** Leaves out what every server has as it is here. */
  readonly skipsSame: boolean;
  readonly dryRun: boolean;
}

/** What became of accounts that were to be sent. */
export interface Pushed {
  /** In the order given. */
  readonly rows: readonly SyncedAccount[];
  readonly sent: readonly Sent[];
  /** Names of those that servers have as they are here. */
  readonly same: readonly string[];
}

/**
 * Finds out which accounts have to be sent, and sends them. That one takes the place of a later version is said and, on a
 * terminal, asked before (S-46).
 *
 * @throws NscError `remote-failed` when servers cannot be asked, `cancelled`, `interrupted`
 */
export async function pushAccounts(
  { tree, talk, interrupted }: Pick<TaskContext, 'tree' | 'talk' | 'interrupted'>,
  resolver: Resolver,
  accounts: readonly AccountEntry[],
  { force, skipsSame, dryRun }: PushOptions,
): Promise<Pushed> {
  const isBlind = force && !skipsSame;
  // a copy does not tell who lacks one
  const asksAll = skipsSame || accounts.length > 1;
  const holdings = asksAll && !isBlind ? await resolver.list() : undefined;
  const intents = isBlind
    ? accounts.map((account): Intent => ({ account, state: 'send', isOlder: false }))
    : await findChanged(resolver, accounts, {
        operator: tree.operator,
        skipsSame,
        interrupted,
        holdings,
        onProgress: (done) => talk.progress(`comparing ${done} of ${accounts.length} accounts`),
      });
  const wanted = hearFromAll(intents, resolver, holdings);
  const outgoing = wanted.filter(({ state }) => state === 'send').map(({ account }) => outgoingOf(account));
  const older = intents.filter(({ isOlder }) => isOlder && !force).map(({ account }) => account.name);
  if (older.length > 0) await confirmOlder(older, talk, dryRun);
  const sent = dryRun
    ? []
    : await sendAccounts(resolver, outgoing, {
        interrupted,
        onProgress: (done) => talk.progress(`pushing ${done} of ${outgoing.length} accounts`),
      });
  talk.progress(undefined);
  const results = new Map(sent.map((one) => [one.account.key, one]));
  return {
    rows: wanted.map((intent) => describe(intent, results, resolver)),
    sent,
    same: wanted.filter(({ state }) => state === 'same').map(({ account }) => account.name),
  };
}

/** An older version may lack revocations that servers know of. */
async function confirmOlder(names: readonly string[], talk: TaskContext['talk'], dryRun: boolean): Promise<void> {
  talk.progress(undefined);
  await talk.warn(
    `servers have a later version of account ${quoteSome(names)}, which what is here replaces; nsc diff shows what differs, nsc pull --all takes it over`,
  );
  if (!dryRun) await talk.agree(`Replace the later version of ${plural(names.length, 'account')} on the servers?`);
}

/**
 * A server that told nothing may keep nothing, or be stuck: where there is nothing to send, one account that all the
 * others have is sent again, to hear from it (S-10).
 */
function hearFromAll(
  intents: readonly Intent[],
  { servers }: Resolver,
  holdings: readonly Holding[] | undefined,
): readonly Intent[] {
  if (holdings === undefined || intents.some(({ state }) => state === 'send')) return intents;
  const told = new Set(holdings.map(({ server }) => server));
  if (servers.every(({ name }) => told.has(name))) return intents;
  const first = intents.findIndex(({ state }) => state === 'same');
  return intents.map((intent, index) => (index === first ? { ...intent, state: 'send' } : intent));
}

const outgoingOf = ({ name, token, claims }: AccountEntry): Outgoing => ({ name, key: claims.sub ?? '', token });

function describe(
  { account: { name, claims }, state, isOlder }: Intent,
  results: ReadonlyMap<string, Sent>,
  { servers, kind }: Resolver,
): SyncedAccount {
  const key = claims.sub ?? '';
  const sent = results.get(key);
  if (sent) return describeSent(sent, kind);
  const row = { name, key, state, level: 'ok' as const, answers: [] };
  if (state === 'same') {
    return {
      ...row,
      message: `${servers.length === 1 ? 'the server has' : 'servers have'} ${quote(name)} as it is here`,
    };
  }
  return { ...row, message: `would push ${quote(name)}${isOlder ? ', in place of a later version' : ''}` };
}
