import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Command } from '../../src/app/command.js';
import { globalsBeside, readWords } from '../../src/cli/flags.js';
import { manifest } from '../../src/cli/manifest.js';
import { findRoute } from '../../src/cli/route.js';
import { ROOT } from '../support/imports.js';
import { findLeaves } from '../support/leaves.js';
import { findLines, type Line } from '../support/source-lines.js';
import { parseTxtar, splitWords } from '../support/txtar.js';
import reference from './flags.json' with { type: 'json' };
import { MISSING } from './missing-flags.js';

/** Counts where tests use the flags of nsc (nsc-core.md appendix F): every command with every flag at least once. */

const commands = new Map<string, Command>();
for (const [path, leaf] of findLeaves()) commands.set(path, (await leaf.load()).command);

it('every flag of every command of nsc is used by a test', () => {
  const counts = count(readLines());
  const unused: string[] = [];
  const rows = Object.entries(reference).map(([path, flags]) => {
    const wanted = Object.keys(flags).filter((flag) => MISSING[`${path} --${flag}`] === undefined);
    const uses = wanted.map((flag) => counts.get(`${path} --${flag}`) ?? 0);
    const idle = wanted.filter((_flag, at) => uses[at] === 0).map((flag) => `--${flag}`);
    const built = commands.has(path);
    unused.push(...(built ? idle : ['(no such command)']).map((flag) => `${path} ${flag}`));
    const total = uses.reduce((sum, use) => sum + use, 0);
    return [
      path,
      wanted.length,
      total,
      wanted.length === 0 ? '' : Math.min(...uses),
      built ? idle.join(' ') : 'not built',
    ];
  });
  const sum = (column: 1 | 2): number => rows.reduce((all, row) => all + Number(row[column]), 0);
  console.log(
    table([
      ['command', 'flags', 'uses', 'least', 'unused'],
      ...rows,
      [`${rows.length} commands`, sum(1), sum(2), '', unused.length === 0 ? 'none' : unused.length],
    ]),
  );
  expect(unused).toEqual([]);
});

it('finds lines however they are written', () => {
  const source = `
    import { command } from '../../src/commands/add/user.js';
    itPlans(command, given, { 'what -p it says': ['bob --allow-pub a -k $u1', { steps: ['--bearer'] }] });
    await plan(command, given, \`bob --tag \${tag}\`);
    await session.ok('edit account A --conns 5');
    await nsc(['create', 'account', name, '-n', other, ...more]);
    expect(line).toEqual('edit account A --data 5');
    const hint = 'nsc edit account A --subscriptions 5';
  `;
  const found = count(findLines(join(ROOT, 'test/commands/x.test.ts'), source, splitWords));
  expect([...found].sort()).toEqual([
    ['add account --name', 1],
    ['add user --allow-pub', 1],
    ['add user --public-key', 1],
    ['add user --tag', 1],
    ['edit account --conns', 1],
  ]);
});

/** Command lines of scripts, of recorded scenarios, and in the source of tests. */
function readLines(): Line[] {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).map((path) =>
    join(ROOT, 'test', path),
  );
  const read = (path: string): string => readFileSync(path, 'utf8');
  const scripts = files.filter((path) => path.endsWith('.txtar')).flatMap((path) => linesOfScript(read(path)));
  const recorded = files
    .filter((path) => /conformance.corpus.[^/\\]+\.json$/.test(path))
    .flatMap((path) => (JSON.parse(read(path)) as { steps: { argv?: string[] }[] }).steps)
    .flatMap(({ argv }) => (argv ? [{ words: argv }] : []));
  const sources = files.filter((path) => path.endsWith('.ts') && path !== import.meta.filename);
  return [...scripts, ...recorded, ...sources.flatMap((path) => findLines(path, read(path), splitWords))];
}

const linesOfScript = (text: string): Line[] =>
  parseTxtar(text)
    .script.split('\n')
    .map((line) => splitWords(line).filter((word, at) => at > 0 || word !== '!'))
    .filter(([first]) => first === 'nsc')
    .map(([, ...words]) => ({ words }));

/** How often each flag of each command is used, as `add user --name`; by its short name too. */
function count(lines: readonly Line[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { words, of } of lines) {
    const [path, rest] = of === undefined ? route(words) : [route(of.split('/'))[0], words];
    const command = commands.get(path);
    if (!command) continue;
    const { flags, positionals, unknown, unfinished } = readWords(rest, {
      ...globalsBeside(command.options),
      ...command.options,
    });
    // a sentence is no command line
    if (unknown !== undefined || unfinished !== undefined || positionals.length > (command.positional?.max ?? 0) + 1)
      continue;
    for (const { name } of flags) {
      const option = command.options[name];
      const key = `${path} --${option?.long}`;
      if (option) found.set(key, (found.get(key) ?? 0) + 1);
    }
  }
  return found;
}

function route(words: readonly string[]): [path: string, rest: readonly string[]] {
  const found = findRoute(manifest, words);
  return found.kind === 'leaf' ? [found.path, found.words] : ['', []];
}

function table(rows: readonly (readonly unknown[])[]): string {
  const texts = rows.map((row) => row.map(String));
  const widths = texts[0]?.map((_title, at) => Math.max(...texts.map((row) => row[at]?.length ?? 0))) ?? [];
  return texts
    .map((row) =>
      row
        .map((cell, at) => (at === 0 || at > 3 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
