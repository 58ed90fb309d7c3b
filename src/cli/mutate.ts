import type { Mutation, Plan } from '../app/command.js';
import type { OptionSet } from '../app/option.js';
import type { Result } from '../app/result.js';
import { applyChanges } from '../domain/apply.js';
import type { Change } from '../domain/change.js';
import { emptyTree } from '../domain/tree/memory-tree.js';
import type { Tree } from '../domain/tree/tree.js';
import { type LostTrust, lostTrust } from '../domain/trust/blast-radius.js';
import { checkOutcome } from '../domain/trust/check-outcome.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { type ChangeSummary, summarizeChanges } from '../render/changes.js';
import { commitChanges } from '../store/commit.js';
import type { OutsideWrite } from '../store/outside-files.js';
import { reportWarnings } from './failure.js';
import type { Input } from './input.js';
import { lockStore } from './lock-store.js';
import { planFiles, summarizeFiles, writeFiles } from './outside-files.js';
import type { Invocation, OpenContext } from './run.js';
import { lostTrustWarnings, refuseLostTrust } from './trust-loss.js';

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
  const open = (): OpenContext => invocation.openContext(command.place?.(input));
  const job: Job = { command, input, invocation, open };
  const tell = teller(invocation);
  if (command.readsOnly?.(input)) return leaveStore(job, tell);
  if (globals.dryRun) {
    const draft = prepare(job);
    await tell(draft.warnings);
    return rehearsed(draft);
  }

  refuseUnconfirmed(job);
  const { workspace } = job.open();
  // a refused command leaves nothing behind, not even the directory that the lock would make
  if (workspace.selected.operator === '' && workspace.operatorNames().length === 0) prepare(job);
  let agreedTo: string | undefined;
  const isAgreed = (question: string | undefined): boolean =>
    question === undefined || question === agreedTo || globals.yes === true || !invocation.canAsk;
  for (;;) {
    const { done, question } = await attemptCommit(job, workspace.storeRoot, { tell, isAgreed });
    if (done) return done;
    const prompter = await invocation.loadPrompter();
    if (!(await prompter.confirm({ message: question ?? '', default: false }))) {
      throw new NscError('cancelled', 'nothing was changed');
    }
    agreedTo = question;
  }
}

type AnyMutation = Mutation<OptionSet>;

interface Job {
  readonly command: AnyMutation;
  readonly input: Input;
  readonly invocation: Invocation;
  /** The store as it is at this moment. */
  open(): OpenContext;
}

interface Draft {
  readonly context: OpenContext;
  readonly plan: Plan;
  /** To be written beside the store. */
  readonly files: readonly OutsideWrite[];
  /** Absent when the operator is new, or there is none. */
  readonly before: Tree | undefined;
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
): Promise<{ done?: Mutated; question?: string | undefined }> {
  const release = await lockStore(storeRoot, job.invocation.path, job.invocation.world, job.invocation.globals);
  try {
    const draft = prepare(job);
    const { context, plan, files, before, warnings, question } = draft;
    await tell(warnings);
    if (!isAgreed(question)) return { question };
    const changes = asksForJson(job) ? [...summarizeChanges(plan.changes, before), ...summarizeFiles(files)] : [];
    const operator = plan.operator ?? context.workspace.selected.operator;
    writeFiles(files);
    if (plan.changes.length > 0) commitChanges(context.workspace, { operator }, plan.changes);
    return { done: { result: plan.result, changes, warnings } };
  } finally {
    release();
  }
}

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
function prepare({ command, input, invocation, open }: Job): Draft {
  const { world, globals } = invocation;
  const context = open();
  const plan = command.plan(context, input);
  const files = planFiles(plan.files, world, context);
  const before = findTree(plan, context);
  const warnings = [...(plan.warnings ?? [])];
  let lost: readonly LostTrust[] = [];
  if (plan.changes.some(({ type }) => TOKEN_CHANGES.has(type))) {
    if (before && !plan.force && !command.upgrades) refuseVersion1(before);
    const origin = before ?? emptyTree(plan.operator ?? '');
    const after = applyChanges(origin, plan.changes);
    warnings.push(...outcome(plan, () => checkOutcome(origin, after, plan.changes, world.now())));
    lost = before ? loss(plan, () => lostTrust(before, after, plan.changes, world.now())) : [];
  }
  if (globals.keepValid) refuseLostTrust(lost);
  warnings.push(...lostTrustWarnings(lost));
  const question = command.confirm?.(context, input, plan) ?? (lost.length > 0 ? 'Go on?' : undefined);
  return { context, plan, files, before, warnings, question };
}

const TOKEN_CHANGES: ReadonlySet<string> = new Set<Change['type']>([
  'put-operator',
  'put-account',
  'put-user',
  'delete-account',
  'delete-user',
]);

function findTree({ operator }: Plan, context: OpenContext): Tree | undefined {
  const { workspace } = context;
  const { selected } = workspace;
  if ((operator ?? selected.operator) === selected.operator) return selected.operator === '' ? undefined : context.tree;
  return operator && workspace.operatorNames().includes(operator) ? workspace.tree(operator) : undefined;
}

/** A version 1 operator cannot vouch for what we would sign (nsc-core.md §1.3). */
function refuseVersion1({ operator, managed }: Tree): void {
  if (operator.claims.nats.version !== 1) return;
  throw new NscError('old-jwt-version', `operator ${quote(operator.name)} has a JWT of version 1`, {
    hint: managed ? 'import a newer one with: nsc add operator --url FILE --force' : 'upgrade it with: nsc upgrade-jwt',
    details: { operator: operator.name },
  });
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

/** Where a person may insist, a bad outcome is a warning. */
function outcome(plan: Plan, check: () => string[]): string[] {
  try {
    return check();
  } catch (error) {
    if (plan.force && error instanceof NscError) return [error.message];
    throw error;
  }
}

/** Where a person replaces a token that cannot be read, nobody can tell what trusted it. */
function loss(plan: Plan, find: () => LostTrust[]): LostTrust[] {
  try {
    return find();
  } catch (error) {
    if (plan.force && error instanceof NscError) return [];
    throw error;
  }
}

/** A dry run answers with what would change, whatever the command would have answered. */
function rehearsed({ plan, files, before, warnings }: Draft): Mutated {
  const steps = plan.result.kind === 'changed' ? plan.result.steps : [];
  const changes = [...summarizeChanges(plan.changes, before, { differences: true }), ...summarizeFiles(files)];
  return { result: { kind: 'changed', steps, dryRun: true }, changes, warnings };
}
