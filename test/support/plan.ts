import { isDeepStrictEqual } from 'node:util';
import type { Command, Plan, Query, Task } from '../../src/app/command.js';
import type { OptionSet } from '../../src/app/option.js';
import type { Result } from '../../src/app/result.js';
import type { Workspace } from '../../src/app/workspace.js';
import { applyChanges } from '../../src/domain/apply.js';
import type { Change } from '../../src/domain/change.js';
import { keyPairFromSeed } from '../../src/domain/nkey/key-pair.js';
import { decodeVerified } from '../../src/domain/token/decode.js';
import { emptyTree } from '../../src/domain/tree/memory-tree.js';
import type { Tree } from '../../src/domain/tree/tree.js';
import { type LostTrust, lostTrust } from '../../src/domain/trust/blast-radius.js';
import { checkOutcome } from '../../src/domain/trust/check-outcome.js';
import { NscError } from '../../src/errors.js';
import { maskSeeds } from '../../src/lib/mask-seeds.js';
import { refuseSeeds } from './aliases.js';
import { FakeWorld, type Given, NOW } from './fake-world.js';
import { type Planned, showPlan } from './shown-plan.js';

/*
 * Runs the pure half of a command: words → options → plan → check of the outcome, on trees in memory. Nothing touches a
 * disk, the clock stands still, and new keys are `new1`, `new2`, … in the order in which they are asked for.
 */

export { type Given, NOW } from './fake-world.js';
export { added, type Planned, removed } from './shown-plan.js';

/** Code and message of a refusal, with the names of keys in the place of keys. */
export type Refused = readonly [code: string, message: string];

/** Plans a command line and checks what it leads to. */
export async function plan(command: Command, given: Given, line: string): Promise<Planned> {
  return (await planRaw(command, given, line)).shown;
}

/** The same, with the plan itself and the tree it leads to. */
export async function planRaw(
  command: Command,
  given: Given,
  line: string,
): Promise<{ plan: Plan; shown: Planned; after: Tree }> {
  if (command.kind !== 'mutation') throw new Error(`a ${command.kind} makes no plan`);
  const world = new FakeWorld(given);
  const { context, input } = await world.prepare(command, line);
  const made = command.plan(context, input, ...(command.fetch ? await command.fetch(context, input) : []));
  const known = findTree(made, context.workspace);
  const before = known ?? emptyTree(made.operator ?? '');
  const after = applyChanges(before, made.changes);
  const warnings = [...(made.warnings ?? []), ...outcome(made, () => checkOutcome(before, after, made.changes, NOW))];
  const lost = known ? lostTrust(before, after, made.changes, NOW) : [];
  for (const change of made.changes) checkChange(change);
  const shown = {
    ...showPlan(made, before, world.aliases),
    ...(warnings.length > 0 && { warnings: warnings.map(world.aliases.name) }),
    ...(lost.length > 0 && { lost: lost.map(placeOf) }),
  };
  refuseSeeds(shown);
  return { plan: made, shown, after };
}

/** The answer of a query or task, or what a mutation answers, as plain values. */
export async function answer(command: Command, given: Given, line: string): Promise<unknown> {
  const world = new FakeWorld(given);
  return world.aliases.plain(await run(command, world, line));
}

/** What a list shows a person: the cells of every row, and whether it is the selected one. */
export async function rowsOf(
  command: Command,
  given: Given,
  line: string,
): Promise<{ cells: string[]; current: boolean }[]> {
  const world = new FakeWorld(given);
  const result = await run(command, world, line);
  if (result.kind !== 'listed') throw new Error(`the answer is ${result.kind}`);
  return [...result.rows].map((row) => ({
    cells: result.columns.map(({ key, show }) => world.aliases.name(show ? show(row) : String(row[key] ?? ''))),
    current: result.isCurrent?.(row) ?? false,
  }));
}

/** How a command line is refused, while it is read, planned, or its outcome checked, as it is told to a person. */
export async function refusal(command: Command, given: Given, line: string): Promise<Refused> {
  try {
    await (command.kind === 'mutation' ? planRaw(command, given, line) : answer(command, given, line));
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    return [error.code, new FakeWorld({}).aliases.name(maskSeeds(error.message))];
  }
  throw new Error(`nothing refused: ${line}`);
}

async function run(command: Command, world: FakeWorld, line: string): Promise<Result> {
  const { context, input } = await world.prepare(command, line);
  if (command.kind === 'mutation') {
    return command.plan(context, input, ...(command.fetch ? await command.fetch(context, input) : [])).result;
  }
  return (command as Query<OptionSet> | Task<OptionSet>).run(context, input);
}

function findTree({ operator }: Plan, { selected, operatorNames, tree }: Workspace): Tree | undefined {
  const name = operator ?? selected.operator;
  return operatorNames().includes(name) ? tree(name) : undefined;
}

/** As the runner has it: where a person may insist, a bad outcome is a warning. */
function outcome({ force }: Plan, check: () => string[]): string[] {
  try {
    return check();
  } catch (error) {
    if (force && error instanceof NscError) return [error.message];
    throw error;
  }
}

const placeOf = ({ kind, account, name }: LostTrust): string => (kind === 'account' ? name : `${account}/${name}`);

/** What has to hold for every change, whatever the command. */
function checkChange(change: Change): void {
  if (change.type === 'put-seed') {
    const { publicKey } = keyPairFromSeed(change.seed.reveal());
    if (publicKey !== change.publicKey) throw new Error(`${change.publicKey} is stored with the seed of ${publicKey}`);
  }
  if (!('token' in change)) return;
  const { claims } = decodeVerified(change.token);
  if (!isDeepStrictEqual(claims, change.claims)) throw new Error('the claims are not those of the token');
}
