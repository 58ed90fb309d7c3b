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
import { reportWarnings } from './failure.js';
import type { Input } from './input.js';
import { lockStore } from './lock-store.js';
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
  const { world, globals } = invocation;
  const job: Job = { command, input, invocation, open: () => invocation.openContext(command.storeRoot?.(input)) };
  if (command.readsOnly?.(input)) return { result: prepare(job).plan.result };

  const tell = teller(invocation);
  if (globals.dryRun) {
    const draft = prepare(job);
    await tell(draft.warnings);
    return rehearsed(draft);
  }

  const { workspace } = job.open();
  // a refused command leaves nothing behind, not even the directory that the lock would make
  if (workspace.selected.operator === '' && workspace.operatorNames().length === 0) prepare(job);
  let agreedTo: string | undefined;
  const isAgreed = (question: string | undefined): boolean =>
    question === undefined || question === agreedTo || globals.yes === true || !invocation.canAsk;
  for (;;) {
    const { done, question } = await attemptCommit(job, workspace.storeRoot, { tell, isAgreed });
    if (done) return done;
    const prompter = await world.loadPrompter();
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
  /** Absent when the operator is new, or there is none. */
  readonly before: Tree | undefined;
  readonly warnings: readonly string[];
  /** To be asked on a terminal before it is committed. */
  readonly question: string | undefined;
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
    const { context, plan, before, warnings, question } = draft;
    await tell(warnings);
    if (!isAgreed(question)) return { question };
    const changes = asksForJson(job) ? summarizeChanges(plan.changes, before) : [];
    const operator = plan.operator ?? context.workspace.selected.operator;
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
  const before = findTree(plan, context);
  const warnings = [...(plan.warnings ?? [])];
  let lost: readonly LostTrust[] = [];
  if (plan.changes.some(({ type }) => TOKEN_CHANGES.has(type))) {
    if (before && !plan.force) refuseVersion1(before);
    const origin = before ?? emptyTree(plan.operator ?? '');
    const after = applyChanges(origin, plan.changes);
    warnings.push(...outcome(plan, () => checkOutcome(origin, after, plan.changes, world.now())));
    lost = before ? lostTrust(before, after, plan.changes, world.now()) : [];
  }
  if (globals.keepValid) refuseLostTrust(lost);
  warnings.push(...lostTrustWarnings(lost));
  const question = command.confirm?.(context, input, plan) ?? (lost.length > 0 ? 'Go on?' : undefined);
  return { context, plan, before, warnings, question };
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
function refuseVersion1({ operator }: Tree): void {
  if (operator.claims.nats.version !== 1) return;
  throw new NscError('old-jwt-version', `operator ${quote(operator.name)} has a JWT of version 1`, {
    hint: 'import a newer one with: nsc add operator --url FILE --force',
    details: { operator: operator.name },
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

/** A dry run answers with what would change, whatever the command would have answered. */
function rehearsed({ plan, before, warnings }: Draft): Mutated {
  const steps = plan.result.kind === 'changed' ? plan.result.steps : [];
  const changes = summarizeChanges(plan.changes, before, { differences: true });
  return { result: { kind: 'changed', steps, dryRun: true }, changes, warnings };
}
