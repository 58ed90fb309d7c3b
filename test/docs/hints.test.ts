import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/app/command.js';
import { globalOptions } from '../../src/app/options/global.js';
import { globalsBeside, readWords } from '../../src/cli/flags.js';
import { manifest } from '../../src/cli/manifest.js';
import { findRoute } from '../../src/cli/route.js';
import { readSources } from '../support/imports.js';
import { findLeaves } from '../support/leaves.js';
import { textOf } from '../support/source-lines.js';
import { splitWords } from '../support/txtar.js';

/** Messages, hints and help name commands and flags that exist. */

const commands = new Map<string, Command>();
for (const [path, leaf] of findLeaves()) commands.set(path, (await leaf.load()).command);

/** What looks like a command and is none. */
const PROSE = /^nsc (before|candidates|completes|for|itself|version|wrote)\s/;

/** What `update` shows is for git and package managers. */
const OF_OTHERS = 'app/update/instructions.ts';

const texts = readSources().flatMap(({ path, tree }) => [...findTexts(tree)].map((text) => ({ path, text })));

it.each([
  ['with: nsc add user NAME --account "A" -K KEY, or --force', undefined],
  ['nsc list users shows them', undefined],
  ['nsc add usr NAME', 'no such command'],
  ['nsc add user NAME --acount "A"', '--acount'],
  ['nsc list operators NAME', 'takes no argument'],
])('judges %s', (text, fault) => {
  expect([...linesIn(text)].map(faultOf)).toEqual([fault]);
});

describe('every text in the source', () => {
  it('names commands that exist, and flags that these have', () => {
    const lines = texts.flatMap(({ path, text }) => [...linesIn(text)].map((line) => ({ path, line })));
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.flatMap(({ path, line }) => (faultOf(line) ? [`${path}: ${line}: ${faultOf(line)}`] : []))).toEqual(
      [],
    );
  });

  it('names flags that the command of the file has, or else any command', () => {
    const named = texts.flatMap(({ path, text }) => {
      const own = commands.get(/^commands\/(.*)\.ts$/.exec(path)?.[1]?.replaceAll('/', ' ') ?? '');
      const rest = own ? [...linesIn(text)].reduce((left, line) => left.replace(line, ''), text) : text;
      return flagsIn(rest).map((flag) => ({ path, flag, known: own ? flagsOf(own) : ANY }));
    });
    expect(named.length).toBeGreaterThan(100);
    const ours = named.filter(({ path }) => path !== OF_OTHERS);
    expect(ours.filter(({ flag, known }) => !known.has(flag)).map(({ path, flag }) => `${path}: ${flag}`)).toEqual([]);
  });
});

const flagsIn = (text: string): string[] =>
  [...text.matchAll(/(?<![\w-])--(?!VALUE)[a-zA-Z][\w-]*/g)].map(([flag]) => flag);

const flagsOf = ({ options }: Pick<Command, 'options'>): Set<string> =>
  new Set(Object.values({ ...globalOptions, ...options }).map(({ long }) => `--${long}`));

const ANY = new Set(['--version', '--flag', ...[...commands.values()].flatMap((command) => [...flagsOf(command)])]);

/** Literals of a file; those that are put together with `+` as one, with `VALUE` for what is filled in. */
function* findTexts(node: ts.Node): Generator<string> {
  const text = joined(node);
  if (text !== undefined) return yield text;
  for (const child of node.getChildren()) yield* findTexts(child);
}

function joined(node: ts.Node): string | undefined {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return textOf(node);
  const [left, right] = [joined(node.left), joined(node.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}

/** Command lines in a text, as far as they can be told from what stands around them. */
function* linesIn(text: string): Generator<string> {
  for (const [line] of text.matchAll(/\bnsc [a-z][^;:`()|]*/g)) {
    if (!PROSE.test(line)) yield line.replace(/(, |\. |\.$| and nsc ).*/s, '').trim();
  }
}

function faultOf(line: string): string | undefined {
  const [, ...words] = splitWords(line.replaceAll("'", '').replace(/(?<=[a-z])VALUE/g, ''));
  const route = findRoute(manifest, words);
  if (route.kind === 'group') return route.unknown === undefined ? undefined : 'no such command';
  const command = commands.get(route.path);
  if (!command) return 'no such command';
  const { unknown, positionals } = readWords(route.words, {
    ...globalsBeside(command.options),
    ...command.options,
  });
  // a word of lower case goes on with the sentence, and VALUE may be flags
  const [argument = ''] = positionals;
  if (/^(?!VALUE)["A-Z]/.test(argument) && !command.positional) return 'takes no argument';
  return unknown;
}
