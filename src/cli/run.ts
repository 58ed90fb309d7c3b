import type { Command, PlanContext, TaskContext } from '../app/command.js';
import { type GlobalInput, globalOptions } from '../app/options/global.js';
import type { Ports } from '../app/ports.js';
import type { Result } from '../app/result.js';
import { type KeyInput, parseKeyInput } from '../domain/key-input.js';
import { keyPairFromRaw } from '../domain/nkey/key-pair.js';
import type { Tree } from '../domain/tree/tree.js';
import { EXIT_CODES, NscError } from '../errors.js';
import { randomSeed } from '../lib/ed25519.js';
import { reportFailure, reportWarnings } from './failure.js';
import { globalsBeside } from './flags.js';
import { type Input, readInput, readOptions, resolveInput } from './input.js';
import { nodeFiles } from './node-io-files.js';
import { present } from './present.js';
import { parseWords } from './program.js';
import type { Route } from './route.js';
import { currentTree, type OpenWorkspace, openWorkspaceOf } from './workspace.js';
import type { World } from './world.js';

/** What one command line came to: everything the stages after parsing need. */
export interface Invocation {
  readonly world: World;
  /** The command words. */
  readonly path: string;
  readonly globals: Partial<GlobalInput>;
  readonly ports: Ports;
  /** Whether questions can be asked: standard input and error are terminals and --no-input is absent. */
  readonly canAsk: boolean;
  /** A context over a freshly opened workspace; nothing is read before a command looks. */
  openContext(storeRoot?: string): OpenContext;
}

export interface OpenContext extends PlanContext, TaskContext {
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
    const invocation = invoke(world, path, globals);
    await reportWarnings(world, deprecations(command, given), globals);
    const asked = globals.interactive ? await ask(command, given, invocation) : given;
    const input = await resolveInput(command.options, asked, invocation.ports);
    const { result, ...meta } = await perform(command, input, invocation);
    await present(world, result, {
      ...meta,
      json,
      color: globals.color,
      files: invocation.ports.files,
      dryRun: globals.dryRun ?? false,
    });
    return result.kind === 'checked' && !result.ok ? EXIT_CODES.check : 0;
  } catch (error) {
    return await reportFailure(world, error, { json, color: globals.color });
  }
}

async function perform(command: Command, input: Input, invocation: Invocation): Promise<{ result: Result }> {
  switch (command.kind) {
    case 'query':
      return { result: command.run(invocation.openContext(), input) };
    case 'task':
      return { result: await command.run(invocation.openContext(), input) };
    case 'mutation': {
      const { mutate } = await import('./mutate.js');
      return mutate(command, input, invocation);
    }
  }
}

function invoke(world: World, path: string, globals: Partial<GlobalInput>): Invocation {
  const ports: Ports = {
    files: nodeFiles(world),
    remote: world.remote ?? httpOnDemand,
    oldKeystore: oldKeystoreOf(world, globals),
    env: world.env,
  };
  const signer: KeyInput | undefined = globals.privateKey
    ? parseKeyInput(globals.privateKey, (file) => ports.files.read(file))
    : undefined;
  const newKey: PlanContext['newKey'] = world.newKey ?? ((role) => keyPairFromRaw(role, randomSeed()));
  return {
    world,
    path,
    globals,
    ports,
    get canAsk() {
      return !globals.noInput && world.terminal.stdin && world.terminal.stderr;
    },
    openContext(storeRoot) {
      let opened: OpenWorkspace | undefined;
      let tree: Tree | undefined;
      return {
        get workspace() {
          opened ??= openWorkspaceOf(world, globals, { storeRoot });
          return opened;
        },
        get tree() {
          tree ??= currentTree(this.workspace);
          return tree;
        },
        now: world.now(),
        newKey,
        ports,
        dryRun: globals.dryRun ?? false,
        ...(signer && { signer }),
      };
    },
  };
}

const httpOnDemand: Ports['remote'] = {
  get: async (url, limits) => (await import('../remote/http.js')).httpRemote.get(url, limits),
};

const oldKeystoreOf = (world: World, globals: Partial<GlobalInput>): Ports['oldKeystore'] => ({
  async migrate({ rehearse }) {
    const { migrateKeystore } = await import('../store/migrate-keystore.js');
    const { keystoreDir, storeRoot } = openWorkspaceOf(world, globals, { allowOldKeystore: true });
    if (rehearse) return migrateKeystore(keystoreDir, { rehearse });
    const { lockStore } = await import('./lock-store.js');
    const release = await lockStore(storeRoot, 'keys migrate', world, globals);
    try {
      return migrateKeystore(keystoreDir);
    } finally {
      release();
    }
  },
});

/** Interactive mode (`-i`). Off a terminal it names the flags that would have to be given. */
async function ask(command: Command, given: Input, invocation: Invocation): Promise<Input> {
  const { world, openContext } = invocation;
  const { askForMissing, unanswered } = await import('./ask.js');
  const open = unanswered(command.options, given);
  if (open.length === 0) return given;
  if (!invocation.canAsk) {
    throw new NscError('missing-option', `--${globalOptions.interactive.long} needs a terminal to ask on`, {
      hint: `give the values as options: ${open.join(', ')}`,
    });
  }
  return askForMissing(command.options, given, openContext().workspace, await world.loadPrompter());
}

const deprecations = (command: Command, given: Input): string[] =>
  Object.entries(command.options).flatMap(([name, { long, deprecated }]) =>
    deprecated !== undefined && name in given ? [`--${long} is deprecated: use ${deprecated}`] : [],
  );
