import type { OptionSet } from '../app/option.js';
import { findNearest } from '../domain/tree/nearest.js';
import { NscError } from '../errors.js';
import { globalsBeside, readWords } from './flags.js';
import { manifest } from './manifest.js';
import { findChild, findRoute, type Route } from './route.js';
import type { World } from './world.js';

/**
 * Finds out what a command line asks for and hands over to it: a command, help, or completion.
 *
 * @param writeVersion answers `--version` where it does not come first
 * @returns the exit code; never throws
 */
export async function dispatch(world: World, writeVersion: (world: World) => number): Promise<number> {
  try {
    const [first, ...rest] = world.args;
    if (first === '__complete' || first === '__completeNoDesc') {
      const { complete } = await import('./complete.js');
      world.writeOut(await complete(world, rest, first === '__complete'));
      return 0;
    }
    if (first === 'help') return await help(world, findRoute(manifest, rest));
    const route = findRoute(manifest, world.args);
    if (route.kind === 'group') return await answerGroup(world, route, writeVersion);
    if (asksForHelp(route.words, (await route.leaf.load()).command.options)) return await help(world, route);
    const { run } = await import('./run.js');
    return await run(world, route);
  } catch (error) {
    const { reportFailure } = await import('./failure.js');
    return await reportFailure(world, error, { json: asksForJson(world.args) });
  }
}

type GroupRoute = Extract<Route, { kind: 'group' }>;

/** A bare group shows its commands; a word that names none of them is a mistake (E-53). */
async function answerGroup(world: World, route: GroupRoute, writeVersion: (world: World) => number): Promise<number> {
  if (route.path === '' && route.words.some((word) => word === '--version' || word === '-v')) {
    return writeVersion(world);
  }
  if (route.unknown === undefined && !asksForHelp(route.words) && route.words.length > 0) {
    const { parseWords } = await import('./program.js');
    parseWords(route.path, {}, undefined, route.words);
  }
  return help(world, route);
}

async function help(world: World, route: Route): Promise<number> {
  if (route.kind === 'group' && route.unknown !== undefined) throw unknownCommand(route, route.unknown);
  const { groupHelp, commandHelp } = await import('./help.js');
  const width = world.terminal.stdout ? world.terminal.columns : undefined;
  world.writeOut(
    route.kind === 'group'
      ? groupHelp(route.path, route.group, width)
      : commandHelp(route.path, (await route.leaf.load()).command, width),
  );
  return 0;
}

function unknownCommand({ path, group }: GroupRoute, word: string): NscError {
  const names = Object.entries(group.children).flatMap(([name, { aliases, hidden }]) =>
    hidden ? [] : [name, ...(aliases ?? [])],
  );
  const meant = findNearest(word, names) ?? names.find((name) => word !== '' && name.startsWith(word));
  const known = meant === undefined ? undefined : findChild(group, meant)?.[0];
  const at = ['nsc', path].filter((part) => part !== '').join(' ');
  return new NscError('unknown-command', `"${at}" has no command "${word}"`, {
    hint: known === undefined ? `${at} --help lists the commands` : `did you mean: ${at} ${known}`,
    details: { command: word },
  });
}

/** Whether help is asked for by a flag; a value that looks like one does not count. Help wins over mistakes. */
function asksForHelp(words: readonly string[], options: OptionSet = {}): boolean {
  if (!words.some((word) => word === '--help' || /^-[^-]*h/.test(word))) return false;
  const { flags } = readWords(words, { ...globalsBeside(options), ...options });
  return flags.some(({ name, text }) => name === 'help' && text === 'true');
}

const asksForJson = (args: readonly string[]): boolean => args.includes('--json') || args.includes('--json=true');
