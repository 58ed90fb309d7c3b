import type { Announcement, Mutation, Place, Plan, PlanContext, TaskContext } from '../app/command.js';
import type { OptionSet } from '../app/option.js';
import type { Result } from '../app/result.js';
import type { Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { type ChangeSummary, summarizeChanges } from '../render/changes.js';
import type { OutsideWrite } from '../store/outside-files.js';
import { commit } from './commit.js';
import { reportWarnings } from './failure.js';
import type { Input } from './input.js';
import { judge } from './judge.js';
import { lockStore } from './lock-store.js';
import { withSeedsStored } from './new-seeds.js';
import { planFiles, summarizeFiles, writeFiles } from './outside-files.js';
import type { Invocation, OpenContext } from './run.js';
import { knowingSent, type Outgoing, send, sendsSomething, summarizeSends } from './send.js';
import { lostTrustWarnings, refuseLostTrust } from './trust-loss.js';
import { withSeeds } from './unseal.js';

/** What a mutation came to. */
export interface Mutated {
  readonly result: Result;
  readonly changes?: readonly ChangeSummary[];
  readonly warnings?: readonly string[];
}

/**
 * Plans, checks the outcome, and commits, under the lock of the store from load to commit.
 *
 * A question is asked without holding the lock; afterwards everything is planned anew, and asked anew should the
 * question have changed meanwhile.
 *
 * @throws NscError what the plan refuses, `invalid-claims`, `broken-chain`, `would-lose-trust`, `cancelled`,
 *   `store-locked` and what the store refuses
 */
export async function mutate(command: AnyMutation, input: Input, invocation: Invocation): Promise<Mutated> {
  const { globals } = invocation;
  const place = command.place?.(input);
  const { fetch } = command;
  const fetched = fetch ? await withSeeds(invocation, async () => fetch(await loadTask(invocation, place), input)) : [];
  const job: Job = {
    command,
    input,
    invocation,
    open: () => invocation.openContext(place),
    task: () => loadTask(invocation, place),
    plan: (context) => command.plan(context, input, ...fetched),
  };
  const tell = teller(invocation);
  if (command.readsOnly?.(input)) return withSeeds(invocation, () => leaveStore(job, tell));
  if (globals.dryRun) {
    const { warnings, shown } = await withSeeds(invocation, () => rehearse(job));
    await tell(warnings);
    return shown;
  }

  refuseUnconfirmed(job);
  const { workspace } = job.open();
  // a refused command leaves nothing behind, not even the directory that the lock would make
  if (workspace.selected.operator === '' && workspace.operatorNames().length === 0) {
    await withSeeds(invocation, () => prepare(job));
  }
  let agreedTo: string | undefined;
  const isAgreed = (question: string | undefined): boolean =>
    question === undefined || question === agreedTo || globals.yes === true || !invocation.canAsk;
  for (;;) {
    // what opens seeds is asked for without the lock, too
    const attempt = () => attemptCommit(job, workspace.storeRoot, { tell, isAgreed });
    const { done, push, question } = await withSeeds(invocation, attempt);
    if (done) return push ? await announceDone(job, done, { push, tell }) : done;
    const prompter = await invocation.loadPrompter();
    if (!(await prompter.confirm({ message: question ?? '', default: false }))) {
      throw new NscError('cancelled', 'nothing was changed');
    }
    agreedTo = question;
  }
}

/**
 * Commits what a task has planned, under the lock; nothing is asked.
 *
 * @throws NscError as {@link mutate}
 */
export async function commitPlan(
  plan: (context: PlanContext) => Plan,
  invocation: Invocation,
  place: Place | undefined,
): Promise<void> {
  const command: AnyMutation = { kind: 'mutation', summary: '', options: {}, plan };
  const open = (): OpenContext => invocation.openContext(place);
  const task = (): Promise<TaskContext> => loadTask(invocation, place);
  const job: Job = { command, input: {}, invocation, open, task, plan };
  const how = { tell: teller(invocation), isAgreed: () => true };
  await withSeeds(invocation, () => attemptCommit(job, open().workspace.storeRoot, how));
}

const loadTask = async (invocation: Invocation, place: Place | undefined): Promise<TaskContext> =>
  (await import('./task.js')).openTask(invocation, place);

// biome-ignore lint/suspicious/noExplicitAny: only the command itself knows what it fetches
type AnyMutation = Mutation<OptionSet, any>;

interface Job {
  readonly command: AnyMutation;
  readonly input: Input;
  readonly invocation: Invocation;
  /** The store as it is at this moment. */
  open(): OpenContext;
  /** What sends to servers. */
  task(): Promise<TaskContext>;
  plan(context: OpenContext): Plan;
}

interface Draft extends Outgoing {
  readonly context: OpenContext;
  /** To be written beside the store. */
  readonly files: readonly OutsideWrite[];
  readonly warnings: readonly string[];
  /** To be asked on a terminal before it is committed. */
  readonly question: string | undefined;
}

/** Without the lock: a store that nothing changes in may be one that cannot be written. */
async function leaveStore(job: Job, tell: Teller): Promise<Mutated> {
  const draft = prepare(job);
  const { plan, files, warnings } = draft;
  if (files.length === 0) return { result: plan.result };
  await tell(warnings);
  if (job.invocation.globals.dryRun) return rehearsed(draft);
  writeFiles(files);
  return { result: plan.result, changes: summarizeFiles(files), warnings };
}

/** Under the lock: prepares, says what is to be said, and commits unless a question stands in the way. */
async function attemptCommit(
  job: Job,
  storeRoot: string,
  { tell, isAgreed }: { tell: Teller; isAgreed(question: string | undefined): boolean },
): Promise<{ done?: Mutated; push?: Announcement | undefined; question?: string | undefined }> {
  const release = await lockStore(storeRoot, job.invocation.path, job.invocation.world, job.invocation.globals);
  try {
    const draft = prepare(job);
    await tell(draft.warnings);
    if (!isAgreed(draft.question)) return { question: draft.question };
    const settled = sendsSomething(draft) ? await sendFirst(job, draft) : draft;
    const { context, plan, files, warnings } = settled;
    await tell(warnings);
    const changes = asksForJson(job) ? await withSeeds(job.invocation, () => summarize(draft, plan)) : [];
    const operator = plan.operator ?? context.workspace.selected.operator;
    const { workspace } = context;
    await commit(job.invocation, { workspace, target: { operator }, changes: plan.changes }, (commitNow) =>
      knowingSent(draft, () => {
        writeFiles(files);
        if (plan.changes.length > 0) commitNow();
      }),
    );
    return { done: { result: plan.result, changes, warnings }, push: plan.push };
  } finally {
    release();
  }
}

/** Sends what was committed, without the lock: servers may take their time. */
async function announceDone(
  job: Job,
  done: Mutated,
  { push, tell }: { readonly push: Announcement; readonly tell: Teller },
): Promise<Mutated> {
  const { result, warnings = [] } = done;
  if (result.kind !== 'changed') throw new NscError('bug', `a plan that pushes answers with ${result.kind}`);
  const { announce } = await import('../app/distribution/announce.js');
  const announcing = withSeeds(job.invocation, async () => announce(await job.task(), push));
  const { steps, warnings: told, failure } = await announcing;
  await tell(told);
  const answer = { ...result, steps: [...result.steps, ...steps], ...(failure && { failure }) };
  return { ...done, result: answer, warnings: [...warnings, ...told] };
}

/**
 * Sends what servers have to take before anything is committed; what comes back is judged as the plan was.
 *
 * @returns what is to be committed, with all warnings there are
 */
async function sendFirst(job: Job, draft: Draft): Promise<Draft> {
  const { command, invocation } = job;
  const task = await job.task();
  const sent = await withSeedsStored(invocation, draft, () => withSeeds(invocation, () => send(task, draft)));
  const { before } = draft;
  const now = invocation.world.now();
  const { plan } = sent;
  const told = knowingSent(draft, () => {
    const { warnings, lost } = judge({ plan, before, now, upgrades: command.upgrades ?? false });
    if (invocation.globals.keepValid) refuseLostTrust(lost);
    return [...warnings, ...lostTrustWarnings(lost)];
  });
  return { ...draft, plan, warnings: [...new Set([...draft.warnings, ...told, ...sent.warnings])] };
}

const summarize = (draft: Draft, plan: Plan, options?: { readonly differences: boolean }): readonly ChangeSummary[] => [
  ...summarizeSends(draft),
  ...summarizeChanges(plan.changes, draft.before, options),
  ...summarizeFiles(draft.files),
];

/** Only then are the changes told; to find out what they do to which file takes a while. */
const asksForJson = ({ input, invocation }: Job): boolean => invocation.globals.json ?? input.json === true;

type Teller = (warnings: readonly string[]) => Promise<void>;

/** Says every warning once, however often the plan is made. */
function teller({ world, globals }: Invocation): Teller {
  const told = new Set<string>();
  return async (warnings) => {
    const fresh = warnings.filter((warning) => !told.has(warning));
    for (const warning of fresh) told.add(warning);
    await reportWarnings(world, fresh, globals);
  };
}

/** Plans on the store as it is now, and checks what would come of it. */
function prepare({ command, input, invocation, open, plan: makePlan }: Job): Draft {
  const { world, globals } = invocation;
  const context = open();
  const plan = makePlan(context);
  const files = planFiles(plan.files, world, context);
  const before = findTree(plan, context);
  const verdict = judge({ plan, before, now: world.now(), upgrades: command.upgrades ?? false });
  const { after, lost, waiting } = verdict;
  const told = plan.lost ?? [];
  if (globals.keepValid) refuseLostTrust([...lost, ...told]);
  const warnings = [...(plan.warnings ?? []), ...verdict.warnings, ...lostTrustWarnings(lost)];
  const question = command.confirm?.(context, input, plan) ?? (lost.length + told.length > 0 ? 'Go on?' : undefined);
  return { context, plan, files, before, after, waiting, warnings, question };
}

function findTree({ operator }: Plan, context: OpenContext): Tree | undefined {
  const { workspace } = context;
  const { selected } = workspace;
  if ((operator ?? selected.operator) === selected.operator) return selected.operator === '' ? undefined : context.tree;
  return operator && workspace.operatorNames().includes(operator) ? workspace.tree(operator) : undefined;
}

/** Some commands do nothing on the silence of a script. */
function refuseUnconfirmed({ command: { confirmedBy, options }, input, invocation }: Job): void {
  if (confirmedBy === undefined || input[confirmedBy] === true) return;
  if (invocation.globals.yes || invocation.canAsk) return;
  const flag = `--${options[confirmedBy]?.long}`;
  throw new NscError('missing-option', `nsc ${invocation.path} needs ${flag} where nobody can be asked`, {
    hint: `give ${flag} if that is what you want; --dry-run shows what it would do`,
  });
}

function rehearse(job: Job): { readonly warnings: readonly string[]; readonly shown: Mutated } {
  const draft = prepare(job);
  return { warnings: draft.warnings, shown: rehearsed(draft) };
}

/** A dry run answers with what would change, whatever the command would have answered. */
function rehearsed(draft: Draft): Mutated {
  const { plan, warnings } = draft;
  const changes = summarize(draft, plan, { differences: true });
  if (plan.result.kind === 'synced') return { result: { ...plan.result, dryRun: true }, changes, warnings };
  const { steps, data, failure } = plan.result.kind === 'changed' ? plan.result : { steps: [] };
  const told = { ...(data && { data }), ...(failure && { failure }) };
  return { result: { kind: 'changed', steps, ...told, dryRun: true }, changes, warnings };
}
