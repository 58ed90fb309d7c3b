import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quoteSome } from '../../lib/display.js';
import type { Plan, PlanContext } from '../command.js';
import type { Synced } from '../result.js';
import type { Fetched } from './fetch-accounts.js';
import { takeOperator } from './take-operator.js';
import { foldName, type Taken, takeAccount, untouched } from './take-pulled.js';

/** What came, and as whom it was asked for. */
export interface Pulled extends Fetched {
  /** Absent where nobody had to be anybody. */
  readonly user?: string;
  /** Whether it only was asked for to tell what would become of it. */
  readonly dryRun?: boolean;
}

/**
 * What becomes of the store with what servers sent. Each account is judged by itself, under the operator that was pulled
 * where that is newer: what can be trusted is committed at once, and everything else is named (S-43, S-49).
 */
export function planPull(
  { tree, now, workspace }: Pick<PlanContext, 'tree' | 'now' | 'workspace'>,
  pulled: Pulled,
  overwriteNewer: boolean,
): Plan {
  const { url, isAll, accounts, dryRun = false } = pulled;
  const verb = dryRun ? 'would pull' : 'pulled';
  const first = pulled.operator && takeOperator(pulled.operator, { url, held: tree.operator, now, pulled: verb });
  const local = openLocal(tree, isAll);
  const names = new Map(tree.accountNames().map((name) => [foldName(name), name]));
  const operator = first?.operator ?? tree.operator;
  const taking = {
    tree,
    operator,
    findHeld: local.find,
    names,
    url,
    now,
    isAll,
    overwriteNewer,
    pulled: verb,
  } as const;
  const taken: Taken[] = [...(first ? [first] : []), ...accounts.map((arrival) => takeAccount(arrival, taking))];
  const changes = taken.flatMap((one) => one.changes);
  const seen = new Set(accounts.map(({ key }) => key));
  const rows = [
    ...taken.map(({ row }) => row),
    ...(isAll ? local.all().filter(({ claims }) => !seen.has(claims.sub ?? '')) : []).map(untouched),
  ];
  const failure = findFailure(taken);
  const keeps = changes.some(({ type }) => type === 'keep-version');
  const history =
    keeps && !dryRun ? `; what was replaced is in \`${workspace.operatorDir(tree.operator.name)}/.history\`` : '';
  const result: Synced = {
    kind: 'synced',
    title: `pulled from ${url}${pulled.user === undefined ? '' : ` as ${pulled.user}`}`,
    data: { action: 'pull', url },
    servers: pulled.servers,
    accounts: rows,
    summary: summarize(rows, dryRun) + history,
    ...(failure && { failure }),
  };
  return {
    changes,
    warnings: taken.flatMap(({ warnings }) => warnings),
    force: taken.some(({ mendsDamage }) => mendsDamage),
    isFetched: true,
    result,
  };
}

interface Local {
  find(key: string): AccountEntry | undefined;
  all(): readonly AccountEntry[];
}

/** A single account is looked up; of all of them an index is made. */
function openLocal(tree: Tree, isAll: boolean): Local {
  if (!isAll) return { find: (key) => tree.findAccountByKey(key), all: () => [] };
  const held = new Map<string, AccountEntry>();
  for (const name of tree.accountNames()) {
    const entry = findReadable(() => tree.findAccount(name));
    if (entry) held.set(entry.claims.sub ?? '', entry);
  }
  return { find: (key) => held.get(key), all: () => [...held.values()] };
}

function summarize(rows: Synced['accounts'], dryRun: boolean): string {
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts]
    .map(([state, count]) => `${count} ${state === 'stored' && dryRun ? 'to store' : (WORDS[state] ?? state)}`)
    .join(', ');
}

const WORDS: Readonly<Record<string, string>> = { same: 'the same', missing: 'on no server', kept: 'kept as here' };

/** The failure itself where there is but one thing to tell; otherwise how far it went. */
function findFailure(taken: readonly Taken[]): NscError | undefined {
  const failures = taken.flatMap(({ failure }) => failure ?? []);
  const [first] = failures;
  if (!first || (failures.length === 1 && taken.length === 1)) return first;
  const isPartial = taken.some(({ failure, row }) => !failure && (row.state === 'stored' || row.state === 'same'));
  const bad = taken.filter(({ failure }) => failure);
  const names = quoteSome(bad.map(({ row }) => row.name ?? row.key));
  const codes = new Set(failures.map(({ code }) => code));
  const code = isPartial ? 'remote-partial' : codes.size === 1 ? first.code : 'remote-failed';
  return new NscError(code, `not pulled: ${names}: ${first.message}`, {
    ...(first.hint !== undefined && { hint: first.hint }),
    details: {
      accounts: bad.map(({ row, failure }) => ({
        name: row.name,
        key: row.key,
        code: failure?.code,
        ...failure?.details,
      })),
    },
  });
}
