import type { Command } from '../app/command.js';
import type { Option, OptionSet } from '../app/option.js';
import { globalsBeside } from './flags.js';
import type { Group } from './manifest.js';

/** Columns of help that goes to something else than a terminal, and the most that is comfortable to read. */
const WIDTH = { piped: 80, most: 110, least: 40 };

/** Help for a group of commands, or for the whole program when `path` is empty. */
export function groupHelp(path: string, group: Group, columns: number | undefined): string {
  const width = fittedWidth(columns);
  const commands = Object.entries(group.children)
    .filter(([, { hidden }]) => !hidden)
    .map(
      ([name, node]): Row => [name, node.aliases ? `${node.summary} (also: ${node.aliases.join(', ')})` : node.summary],
    );
  const command = programWith(path);
  return sections([
    `Usage: ${command} COMMAND [OPTION]…`,
    wrap(`${group.summary}.`, width),
    titled('Commands', rows(commands, width)),
    ...(path === '' ? [titled('Options of every command', optionRows(globalsBeside({}), width))] : []),
    wrap(`${command} COMMAND --help describes a command. nsc --version prints the version.`, width),
  ]);
}

/** Help for one command. */
export function commandHelp(path: string, command: Command, columns: number | undefined): string {
  const width = fittedWidth(columns);
  const { summary, description, options, examples = [] } = command;
  return sections([
    `Usage: ${usageOf(path, command)}`,
    wrap(`${summary}.`, width),
    ...(description === undefined ? [] : [paragraphs(description, width)]),
    ...(Object.values(options).some(({ hidden }) => !hidden) ? [titled('Options', optionRows(options, width))] : []),
    titled('Options of every command', optionRows(globalsBeside(options), width)),
    ...(examples.length === 0
      ? []
      : [titled('Examples', examples.map(({ command: line, what }) => `  # ${what}\n  ${line}`).join('\n'))]),
  ]);
}

/** How a command is called, in one line. */
export function usageOf(path: string, { positional, options }: Command): string {
  const argument = positional ? ` ${argumentsOf(positional)}` : '';
  return `${programWith(path)}${argument}${Object.keys(options).length > 0 ? ' [OPTION]…' : ''}`;
}

/** Words of their own, such as `OLD NEW`, are each an argument that is needed. */
function argumentsOf({ placeholder, max }: NonNullable<Command['positional']>): string {
  if (placeholder.includes(' ')) return placeholder;
  return `[${placeholder}]${max > 1 ? '…' : ''}`;
}

/** An option as help and the documentation show it: how it is written, and what it does. */
export function describeOption(option: Option<unknown>): { flag: string; text: string } {
  const bare = option.valueWhenBare;
  const isSwitch = bare === 'true' && option.placeholder === undefined;
  const value = option.placeholder ?? 'VALUE';
  const shown = isSwitch ? '' : bare === undefined ? ` ${value}` : `[=${value}]`;
  const text = option.defaultText === undefined ? option.help : `${option.help} (default: ${option.defaultText})`;
  return { flag: `${option.short === undefined ? '    ' : `-${option.short}, `}--${option.long}${shown}`, text };
}

type Row = [term: string, text: string];

const programWith = (path: string): string => (path === '' ? 'nsc' : `nsc ${path}`);

const fittedWidth = (columns: number | undefined): number =>
  Math.max(WIDTH.least, Math.min(columns ?? WIDTH.piped, WIDTH.most));

const sections = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`;

const titled = (title: string, body: string): string => `${title}:\n${body}`;

const paragraphs = (text: string, width: number): string =>
  text
    .split('\n\n')
    .map((paragraph) => wrap(paragraph, width))
    .join('\n\n');

const optionRows = (options: OptionSet, width: number): string =>
  rows(
    Object.values(options)
      .filter(({ hidden }) => !hidden)
      .map(describeOption)
      .map(({ flag, text }): Row => [flag, text]),
    width,
  );

/** Two columns; a term too wide for its column stands on a line of its own. */
function rows(items: readonly Row[], width: number): string {
  const widest = Math.max(0, ...items.map(([term]) => term.length));
  const column = Math.min(widest, Math.floor(width / 2.6)) + 4;
  return items
    .map(([term, text]) => {
      const lines = wrap(text, width - column).split('\n');
      const indented = lines.map((line) => `${' '.repeat(column)}${line}`).join('\n');
      const head = `  ${term}`;
      return head.length + 2 > column ? `${head}\n${indented}` : `${head}${indented.slice(head.length)}`;
    })
    .join('\n');
}

/** Breaks at blanks; a word wider than the line stands alone. */
function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
