import type { Command } from '../app/command.js';
import type { Completion, Option, OptionSet } from '../app/option.js';
import { escapeForTerminal } from '../lib/display.js';
import { findNames } from './complete-names.js';
import { globalsBeside, indexFlags, readWords } from './flags.js';
import { type Group, manifest } from './manifest.js';
import { findRoute } from './route.js';
import type { World } from './world.js';

/** What the shell may add to the candidates. */
const FILES = { may: 0, mayNot: 4, directories: 16 } as const;

interface Candidates {
  readonly values: readonly (readonly [value: string, description?: string])[];
  readonly files: (typeof FILES)[keyof typeof FILES];
}

/**
 * Answers the hidden command that completion scripts call: candidates for the last word, one per line, then `:N`
 * (see `completion-scripts`). It never fails: what cannot be found out is not offered.
 *
 * @param words the words before the cursor; the last one is being typed and may be empty
 */
export async function complete(world: World, words: readonly string[], describe: boolean): Promise<string> {
  const current = words[words.length - 1] ?? '';
  const { values, files } = await findCandidates(world, words.slice(0, -1), current).catch(() => NOTHING);
  const prefix = current.startsWith('--') && current.includes('=') ? current.slice(current.indexOf('=') + 1) : current;
  const lines = values
    .filter(([value]) => value.startsWith(prefix))
    .map(([value, description]) => (describe && description ? `${value}\t${description}` : value))
    .map((line) => line.split('\t').map(escapeForTerminal).join('\t'));
  return `${[...lines, `:${files}`].join('\n')}\n`;
}

/** What a key is may be in a file. */
const KEYS: readonly Completion[] = ['key', 'known-key', 'signing-key', 'signer'];

const NOTHING: Candidates = { values: [], files: FILES.mayNot };

async function findCandidates(world: World, before: readonly string[], current: string): Promise<Candidates> {
  const [first] = before;
  const route = findRoute(manifest, first === 'help' ? before.slice(1) : before);
  if (route.kind === 'group') {
    if (route.unknown !== undefined) return NOTHING;
    return (await completeFlag(world, {}, route.words, current)) ?? commandsOf(route.group, route.path === '');
  }
  if (first === 'help') return NOTHING;
  const { command } = await route.leaf.load();
  return (
    (await completeFlag(world, command.options, route.words, current)) ?? completeArgument(world, command, route.words)
  );
}

const commandsOf = (group: Group, isRoot: boolean): Candidates => ({
  values: [
    ...Object.entries(group.children).flatMap(([name, { summary, hidden }]) =>
      hidden ? [] : [[name, summary] as const],
    ),
    ...(isRoot ? [['help', 'Describe a command'] as const] : []),
  ],
  files: FILES.mayNot,
});

/** Candidates for a flag or the value of a flag; undefined where an argument or a command is being typed. */
async function completeFlag(
  world: World,
  options: OptionSet,
  words: readonly string[],
  current: string,
): Promise<Candidates | undefined> {
  if (words.includes('--')) return undefined;
  const all = { ...options, ...globalsBeside(options) };
  const byName = indexFlags(all);
  const open = openFlag(words, all);
  if (open) return completeValue(world, open, options, words.slice(0, -1));
  if (!current.startsWith('-')) return undefined;
  const equals = current.indexOf('=');
  if (equals > 0) {
    const option = byName.get(current.slice(0, equals))?.option;
    return option ? completeValue(world, option, options, words) : NOTHING;
  }
  const flags = Object.values(all).filter(({ hidden, deprecated }) => !hidden && deprecated === undefined);
  return {
    values: flags.flatMap(({ long, short, help }) => [
      [`--${long}`, help] as const,
      ...(short !== undefined && current === `-${short}` ? [[`-${short}`, help] as const] : []),
    ]),
    files: FILES.mayNot,
  };
}

/** The option whose value the next word is. */
function openFlag(words: readonly string[], options: OptionSet): Option<unknown> | undefined {
  const { unfinished } = readWords(words, options);
  return unfinished === undefined ? undefined : options[unfinished];
}

function completeArgument(world: World, command: Command, words: readonly string[]): Promise<Candidates> | Candidates {
  const option = command.positional && command.options[command.positional.option];
  return option ? completeValue(world, option, command.options, words) : NOTHING;
}

async function completeValue(
  world: World,
  option: Option<unknown>,
  options: OptionSet,
  words: readonly string[],
): Promise<Candidates> {
  const source: Completion | undefined = option.complete;
  if (source === 'file') return { values: [], files: FILES.may };
  if (source === 'directory') return { values: [], files: FILES.directories };
  if (source === undefined) {
    const isSwitch = option.valueWhenBare === 'true';
    return { values: isSwitch ? [['true'], ['false']] : [], files: FILES.mayNot };
  }
  if (typeof source !== 'string') return { values: source.map((value) => [value]), files: FILES.mayNot };
  const names = await findNames(world, source, options, words);
  return {
    values: names,
    files: KEYS.includes(source) ? FILES.may : FILES.mayNot,
  };
}
