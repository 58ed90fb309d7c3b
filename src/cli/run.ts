import type { Command, Place, PlanContext } from '../app/command.js';
import type { GlobalInput } from '../app/options/global.js';
import type { Ports } from '../app/ports.js';
import type { Result } from '../app/result.js';
import { type KeyInput, parseKeyInput } from '../domain/key-input.js';
import { keyPairFromRaw } from '../domain/nkey/key-pair.js';
import type { Tree } from '../domain/tree/tree.js';
import { EXIT_CODES } from '../errors.js';
import { randomSeed } from '../lib/ed25519.js';
import { OpenedFiles } from '../store/seal/opened-files.js';
import { canAsk } from './can-ask.js';
import { reportFailure, reportWarnings } from './failure.js';
import { globalsBeside } from './flags.js';
import { type Input, readInput, readOptions, resolveInput } from './input.js';
import { portsOf } from './ports.js';
import { concludeEmitted, type Presentation, present } from './present.js';
import { parseWords } from './program.js';
import type { Prompter } from './prompter.js';
import type { Route } from './route.js';
import { styleOf } from './style.js';
import { refusalOf, type Unsealing, withSeeds } from './unseal.js';
import { currentTree, directoriesOf, type OpenWorkspace, openWorkspaceOf } from './workspace.js';
import type { World } from './world.js';

/** What one command line came to: everything the stages after parsing need. */
export interface Invocation extends Unsealing {
  /** The command words. */
  readonly path: string;
  readonly ports: Ports;
  /** Whether questions can be asked: standard input and error are terminals and --no-input is absent. */
  readonly canAsk: boolean;
  /** What `-K` named. */
  readonly signer: KeyInput | undefined;
  loadPrompter(): Promise<Prompter>;
  /** A context over a freshly opened workspace; nothing is read before a command looks. */
  openContext(place?: Place): OpenContext;
}

export interface OpenContext extends PlanContext {
  readonly workspace: OpenWorkspace;
}

/**
 * The life of a command: parse, ask, resolve, then query, plan and commit, or task; then show the answer.
 *
 * @returns the exit code; never throws for what the person did wrong
 */
export async function run(world: World, { path, leaf, words }: Extract<Route, { kind: 'leaf' }>): Promise<number> {
  const { command } = await leaf.load();
  const parsed = parseWords(path, command.options, command.positional, words);
  const globals: Partial<GlobalInput> = readOptions(globalsBeside(command.options), parsed.global);
  let json = globals.json ?? parsed.own.has('json'); // until it is read, so that a mistake in another option is told as asked
  try {
    const given = readInput(command, parsed);
    json = globals.json ?? given.json === true;
    const invocation = invoke(world, path, globals, command);
    await reportWarnings(world, deprecations(command, given), globals);
    const { result, ...meta } = await perform(command, ...(await complete(command, given, invocation)));
    const how: Presentation = {
      ...meta,
      json,
      color: globals.color,
      files: invocation.ports.files,
      async checkFile(path, ownPlace) {
        (await import('./outside-files.js')).checkPlace(path, world, directoriesOf(world, globals), ownPlace);
      },
      dryRun: globals.dryRun ?? false,
    };
    await present(world, result, how);
    if (result.kind === 'emitted') await concludeEmitted(world, result, how);
    if ((result.kind === 'synced' || result.kind === 'changed') && result.failure) throw result.failure;
    return (result.kind === 'checked' || result.kind === 'explained') && !result.ok ? EXIT_CODES.check : 0;
  } catch (error) {
    return await reportFailure(world, refusalOf(error), { json, color: globals.color });
  }
}

/** Follows what values point at, and asks in interactive mode for what was not given. */
async function complete(command: Command, given: Input, invocation: Invocation): Promise<[Input, Invocation]> {
  const resolved = await resolveInput(command.options, given, invocation.ports);
  if (!invocation.globals.interactive) return [resolved, invocation];
  const { interview } = await import('./interactive.js');
  const { input, signer } = await interview(command, resolved, invocation);
  return [input, { ...invocation, signer }];
}

async function perform(command: Command, input: Input, invocation: Invocation): Promise<{ result: Result }> {
  switch (command.kind) {
    case 'query':
      return { result: await withSeeds(invocation, () => query(command, input, invocation)) };
    case 'task': {
      const { openTask } = await import('./task.js');
      const open = () => openTask(invocation, command.place?.(input));
      return { result: await withSeeds(invocation, () => command.run(open(), input)) };
    }
    case 'mutation': {
      const { mutate } = await import('./mutate.js');
      return mutate(command, input, invocation);
    }
  }
}

/** Rows are made while they are shown; what is encrypted among them has to be opened before the first one is. */
function query(command: Extract<Command, { kind: 'query' }>, input: Input, invocation: Invocation): Result {
  const answer = (context: OpenContext): Result => command.run(context, input);
  const context = invocation.openContext(command.place?.(input));
  const result = answer(context);
  if (result.kind !== 'listed' || context.workspace.seal === undefined) return result;
  for (const _ of result.rows);
  return answer(invocation.openContext(command.place?.(input)));
}

function invoke(world: World, path: string, globals: Partial<GlobalInput>, { needsNoSeeds }: Command): Invocation {
  const opened = new OpenedFiles();
  const ports = portsOf({ world, globals, opened });
  const signer: KeyInput | undefined = globals.privateKey
    ? parseKeyInput(globals.privateKey, (file) => ports.files.read(file))
    : undefined;
  const newKey: PlanContext['newKey'] = world.newKey ?? ((role) => keyPairFromRaw(role, randomSeed()));
  return {
    world,
    path,
    globals,
    opened,
    needsNoSeeds,
    ports,
    signer,
    get canAsk() {
      return canAsk(world, globals);
    },
    loadPrompter: () => world.loadPrompter(styleOf(world, 'stderr', globals.color)),
    openContext(place) {
      const { signer: named } = this;
      let workspace: OpenWorkspace | undefined;
      let tree: Tree | undefined;
      return {
        get workspace() {
          workspace ??= openWorkspaceOf(world, globals, { ...place, opened });
          return workspace;
        },
        get tree() {
          tree ??= currentTree(this.workspace);
          return tree;
        },
        now: world.now(),
        newKey,
        ...(named && { signer: named }),
      };
    },
  };
}

const deprecations = (command: Command, given: Input): string[] =>
  Object.entries(command.options).flatMap(([name, { long, deprecated }]) =>
    deprecated !== undefined && name in given ? [`--${long} is deprecated: use ${deprecated}`] : [],
  );
