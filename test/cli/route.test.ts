import { describe, expect, it } from 'vitest';
import { type Group, type Leaf, manifest } from '../../src/cli/manifest.js';
import { findRoute } from '../../src/cli/route.js';

const route = (line: string) => {
  const { kind, path, words, ...rest } = findRoute(manifest, line === '' ? [] : line.split(' '));
  const unknown = 'unknown' in rest ? { unknown: rest.unknown } : {};
  return { to: `${kind} ${path}`.trim(), words: words.join(' '), ...unknown };
};

describe('findRoute', () => {
  it.each([
    ['', 'group', ''],
    ['add', 'group add', ''],
    ['add account', 'leaf add account', ''],
    ['create account', 'leaf add account', ''],
    ['list key -A', 'leaf list keys', '-A'],
    ['add account A --x y', 'leaf add account', 'A --x y'],
    ['-K KEY add user u', 'leaf add user', '-K KEY u'],
    ['-KKEY add user u', 'leaf add user', '-KKEY u'],
    ['--private-key add add user', 'leaf add user', '--private-key add'],
    ['--private-key=add add user', 'leaf add user', '--private-key=add'],
    ['add -K KEY user', 'leaf add user', '-K KEY'],
    ['-i add user', 'leaf add user', '-i'],
    ['--json list users', 'leaf list users', '--json'],
    ['--dry-run --yes add user', 'leaf add user', '--dry-run --yes'],
    ['--name x add user', 'leaf add user', '--name x'],
    ['-n x add user', 'leaf add user', '-n x'],
    ['env account', 'leaf env', 'account'],
    ['-H dir env', 'leaf env', '-H dir'],
    ['-- add user', 'group', '-- add user'],
    ['add -- user', 'group add', '-- user'],
  ])('%s', (line, to, words) => {
    expect(route(line)).toEqual({ to, words });
  });

  it.each([
    ['nonsense', 'group', 'nonsense'],
    ['add nonsense --x', 'group add', 'nonsense'],
    ['-i ad user', 'group', 'ad'],
    ['constructor', 'group', 'constructor'],
  ])('%s names no command', (line, to, unknown) => {
    expect(route(line)).toMatchObject({ to, unknown });
  });
});

const leaves = (group: Group, path: string[] = []): [path: string, leaf: Leaf][] =>
  Object.entries(group.children).flatMap(([name, node]): [string, Leaf][] =>
    'children' in node ? leaves(node, [...path, name]) : [[[...path, name].join(' '), node]],
  );

describe('manifest', () => {
  it.each(leaves(manifest))('%s says of itself what its module says', async (_path, { summary, load }) => {
    const { command } = await load();
    expect(command.summary).toBe(summary);
  });
});
