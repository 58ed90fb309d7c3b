import { ownerOf, type Slot, slotId } from '../../domain/keyring/slot.js';
import { keysInSlot } from '../../domain/keyring/state.js';
import { importsOf } from '../../domain/sharing/imports.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { escapeForTerminal, quote } from '../../lib/display.js';
import type { TaskContext } from '../command.js';
import { isExpired } from '../distribution/compare.js';
import { inFlight, mostInFlight } from '../distribution/in-flight.js';
import { connectAs } from '../distribution/open-resolver.js';
import { withEnvironment } from '../options/reach.js';
import type { Reach } from '../reach.js';
import type { Copy, Holding, Resolver } from '../resolver.js';
import { judgeCopy } from './judge-copy.js';
import { getSlotAccount, isOperatorSlot } from './rotate/slot-keys.js';
import { absentReasons, attempt, reason, type ServerReason } from './server-reason.js';
import { findDistrust } from './trusted-operators.js';

/** A step that is not to be taken before servers are ready for it. */
export interface Awaited {
  readonly slot: Slot;
  readonly step: 'activate' | 'finish';
}

/** What servers said. */
export interface Readiness {
  /**
   * Why they are not ready; none where they are. Undefined for what nobody asked about: another step, or one of other
   * keys.
   */
  reasonsFor(tree: Tree, awaited: Awaited): readonly ServerReason[] | undefined;
  /** What could not be asked. */
  readonly warnings: readonly string[];
}

/**
 * Asks whether servers are ready for steps: before a key signs, every server has to have the account that lists it, or the
 * JWT of the operator that does; before an old one goes, no account of this store that a server holds may depend on it.
 * Who is absent or silent is not ready. An account server is asked for accounts alone.
 *
 * @throws NscError what `connectAs` throws, and `remote-failed` when the connection ends
 */
export async function askReadiness(context: TaskContext, steps: readonly Awaited[], reach: Reach): Promise<Readiness> {
  const { tree, ports, talk } = context;
  const asked = steps.map((awaited) => identify(tree, awaited));
  const known = new Map(asked.map(({ id }): [string, readonly ServerReason[]] => [id, []]));
  const reasonsFor: Readiness['reasonsFor'] = (later, awaited) => known.get(identify(later, awaited).id);
  const questions = withAccounts(tree, asked);
  if (questions.length === 0) return { reasonsFor, warnings: [] };

  const tls = withEnvironment(reach.tls, ports.env);
  const { resolver } = await connectAs(context, { ...reach, tls }, 'nsc_rotate', 'inspects');
  try {
    talk.progress('asking servers whether they are ready');
    const keys = [...new Set(questions.flatMap(({ operatorKeys }) => operatorKeys))];
    const distrust = keys.length > 0 ? await findDistrust(resolver, keys) : undefined;
    const accounts = [...new Map(questions.flatMap((one) => one.accounts.map((of) => [of.name, of]))).values()];
    const sightings = await sightAccounts(context, resolver, accounts);
    for (const question of questions) {
      known.set(question.id, [
        ...absentReasons(resolver.absent),
        ...question.operatorKeys.flatMap((key) => distrust?.get(key) ?? []),
        ...question.accounts.flatMap((account) => judge(context, question, sightings.get(account.name))),
      ]);
    }
    return { reasonsFor, warnings: unasked(resolver, keys.length > 0 && !distrust) };
  } finally {
    talk.progress(undefined);
    await resolver.close();
  }
}

/** The keys that a step is about. */
interface Identified extends Awaited {
  readonly id: string;
  /** Those that servers have to know. */
  readonly listed: readonly string[];
  /** Those that nothing may depend on. */
  readonly gone: readonly string[];
}

function identify(tree: Tree, { slot, step }: Awaited): Identified {
  const keys = keysInSlot(tree, slot);
  const inState = (state: string): string[] => keys.filter((info) => info.state === state).map(({ key }) => key);
  const gone = step === 'finish' ? inState('retiring') : [];
  const successors = keys.flatMap(({ key, record }) => (gone.includes(key) ? (record?.replacedBy ?? []) : []));
  const listed = step === 'finish' ? successors : inState('next');
  return { slot, step, listed, gone, id: [step, slotId(slot), ...listed, ...gone].join(' ') };
}

/** What has to be known before a step. */
interface Question extends Identified {
  readonly operatorKeys: readonly string[];
  /** Those whose copies have to be looked at. */
  readonly accounts: readonly AccountEntry[];
}

/** Without those for which nothing has to be known. */
function withAccounts(tree: Tree, asked: readonly Identified[]): Question[] {
  const everyAccount = once(() => readableAccounts(tree));
  return asked
    .map((one): Question => {
      const isOperator = isOperatorSlot(one.slot);
      return {
        ...one,
        operatorKeys: isOperator ? one.listed : [],
        accounts: isOperator ? (one.step === 'finish' ? everyAccount() : []) : accountsOf(tree, one, everyAccount),
      };
    })
    .filter(({ operatorKeys, accounts }) => operatorKeys.length + accounts.length > 0);
}

function once<Found>(find: () => Found): () => Found {
  let found: { readonly value: Found } | undefined;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}

/** The account, and those that import from it by activations of the old key. Users are in creds, and on no server. */
function accountsOf(
  tree: Tree,
  { slot, step, listed }: Identified,
  everyAccount: () => readonly AccountEntry[],
): AccountEntry[] {
  const account = getSlotAccount(tree, slot);
  const { sub, nats } = account.claims;
  if (slot.kind === 'user') {
    const callout = nats.authorization?.auth_users ?? [];
    return step === 'activate' && listed.some((key) => callout.includes(key)) ? [account] : [];
  }
  if (step === 'activate') return [account];
  const importers = everyAccount().filter(({ claims }) =>
    importsOf(claims).some((found) => found.account === sub && found.token),
  );
  return [account, ...importers.filter(({ name }) => name !== account.name)];
}

const readableAccounts = (tree: Tree): AccountEntry[] =>
  tree.accountNames().flatMap((name) => findReadable(() => tree.findAccount(name)) ?? []);

/** What servers have of an account. */
interface Sighting {
  readonly account: AccountEntry;
  readonly copies: readonly Copy[];
  /** Why not all that they have is known. */
  readonly unknown: readonly ServerReason[];
  /** Servers that keep all accounts, and do not have this one. */
  readonly lacking: readonly string[];
}

async function sightAccounts(
  { talk }: TaskContext,
  resolver: Resolver,
  accounts: readonly AccountEntry[],
): Promise<ReadonlyMap<string, Sighting>> {
  if (accounts.length === 0) return new Map();
  const holdings = await resolver.list();
  const mute = muteServers(resolver, holdings);
  let done = 0;
  const sightings = await inFlight(
    accounts,
    async (account) => {
      const sighting = await sight(resolver, holdings, account);
      done += 1;
      talk.progress(`looked at ${done} of ${accounts.length} accounts`);
      return { ...sighting, unknown: [...mute, ...sighting.unknown] };
    },
    mostInFlight(resolver),
  );
  return new Map(sightings.map((sighting) => [sighting.account.name, sighting]));
}

/** Those that should have said which accounts they keep. */
function muteServers({ servers }: Resolver, holdings: readonly Holding[] | undefined): ServerReason[] {
  if (!holdings) return [];
  const told = new Set(holdings.map(({ server }) => server));
  return servers
    .filter(({ name }) => !told.has(name))
    .map(({ name }) => reason('silence', `${escapeForTerminal(name)}: it did not say which accounts it has`));
}

/** Caches ask for what they lack, so only servers that keep all accounts count. */
async function sight(
  resolver: Resolver,
  holdings: readonly Holding[] | undefined,
  account: AccountEntry,
): Promise<Sighting> {
  const key = account.claims.sub ?? '';
  const keepers = holdings?.filter(({ keeps }) => keeps === 'all') ?? resolver.servers.map(({ name }) => name);
  const lackers = holdings?.filter(({ keeps, accounts }) => keeps === 'all' && !accounts.has(key)) ?? [];
  const holders = keepers.length - lackers.length;
  const nowhere = { account, copies: [], unknown: [], lacking: resolver.servers.map(({ name }) => name) };
  if (holders === 0) return nowhere;
  const copies = await attempt(() => resolver.copies(key));
  const what = `account ${quote(account.name)}`;
  if (typeof copies === 'string')
    return { ...nowhere, lacking: [], unknown: [reason('silence', `${what}: ${copies}`)] };
  if (!holdings && copies.length === 0) return nowhere;
  const missing = holders - copies.length;
  return {
    account,
    copies,
    unknown: missing > 0 ? [reason('silence', `${missing} of ${holders} servers did not show ${what}`)] : [],
    lacking: lackers.map(({ server }) => server),
  };
}

function judge(
  { tree, now }: TaskContext,
  { slot, listed, gone, step }: Question,
  sighting: Sighting | undefined,
): ServerReason[] {
  if (!sighting) return [];
  const { account, copies, unknown, lacking } = sighting;
  const key = account.claims.sub ?? '';
  const listing = ownerOf(slot) === key ? new Set(listed) : new Set<string>();
  const expected = { tree, now, keys: new Set(gone), listed: new Map([[key, listing]]) };
  const found = copies.flatMap(({ server, token }) =>
    judgeCopy(key, token, expected).map((why) => `${escapeForTerminal(server ?? 'a server')}: ${why}`),
  );
  return [
    ...unknown,
    // they do not list what has expired
    ...(step === 'activate' && !isExpired(account, now) ? lacking : []).map((server) =>
      reason('account', `${escapeForTerminal(server)}: it does not have account ${quote(account.name)}`),
    ),
    ...[...new Set(found)].map((text) => reason('account', text)),
  ];
}

function unasked({ kind }: Resolver, isAboutOperator: boolean): string[] {
  if (isAboutOperator) {
    return ['nobody asked the servers which keys of the operator they trust: an account server does not know'];
  }
  return kind === 'http'
    ? ['only the account server was asked, and not the servers that have accounts from it: see that they know the key']
    : [];
}
