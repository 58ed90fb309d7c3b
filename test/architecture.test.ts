import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { findIdentifiers, readSources, type SourceFile } from './support/imports.js';

/** What each layer may import besides itself. `docs/architecture.md` says why. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  lib: ['errors.ts'],
  domain: ['errors.ts', 'lib'],
  app: ['errors.ts', 'lib', 'domain'],
  commands: ['errors.ts', 'lib', 'domain', 'app'],
  store: ['errors.ts', 'lib', 'domain', 'app'],
  remote: ['errors.ts', 'lib', 'domain', 'app'],
  render: ['errors.ts', 'lib', 'domain', 'app'],
  cli: ['errors.ts', 'lib', 'domain', 'app', 'commands', 'store', 'remote', 'render'],
  'index.ts': ['errors.ts', 'lib', 'domain'],
};

/** Packages and where alone they may be imported. */
const DOORS: readonly [specifier: RegExp, allowed: RegExp][] = [
  [/^(chalk|cli-table3)$/, /^render\//],
  [/^@inquirer\//, /^cli\/node-io/],
  [/^@nats-io\/transport-node$/, /^remote\//],
  [/^@nats-io\/nkeys$/, /^domain\/nkey\/curve\.ts$/],
  [/^ws$/, /^remote\/nats-transport/],
  [/^age-encryption$/, /^store\/seal\/age\.ts$/],
  [/^(node:)?child_process$/, /^cli\/node-io/],
  [/^(node:)?fs(\/.*)?$/, /^(store\/|cli\/node-io)/],
  [/^(node:)?crypto$/, /^lib\/ed25519\.ts$/],
  [/^(node:)?(http|https|net|tls|dns)$/, /^remote\//],
  [/^(node:)?process$/, /^$/],
  [/^(node:)?(path|os)$/, /^(store|cli)\//],
];

const KNOWN_PACKAGES =
  /^(age-encryption|chalk|cli-table3|@inquirer\/prompts|ws|@nats-io\/(nkeys|transport-node)|node:[\w/]+)$/;
const PURE = /^(lib|domain|app|commands)\//;

const sources = readSources();
const byPath = new Map(sources.map((source) => [source.path, source]));
const layerOf = (path: string): string => path.split('/')[0] ?? '';

describe('architecture', () => {
  it('imports point one way', () => {
    const wrong = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target !== undefined && !target.startsWith('..'))
        .filter(({ target = '' }) => layerOf(target) !== layerOf(path))
        .filter(({ target = '' }) => !LAYERS[layerOf(path)]?.includes(layerOf(target)))
        .map(({ target }) => `${path} → ${target}`),
    );
    expect(wrong).toEqual([]);
    expect([...new Set(sources.map(({ path }) => layerOf(path)))].filter((layer) => !(layer in LAYERS))).toEqual([]);
  });

  it('every import leads to a file of src', () => {
    const isThere = (target: string | undefined) =>
      target === undefined || byPath.has(target) || target === '../package.json';
    const broken = sources.flatMap(({ path, imports }) =>
      imports.filter(({ target }) => !isThere(target)).map(({ specifier }) => `${path}: ${specifier}`),
    );
    expect(broken).toEqual([]);
  });

  it('packages come in through their doors', () => {
    const packages = sources.flatMap(({ path, imports }) =>
      imports.filter(({ target }) => target === undefined).map(({ specifier }) => ({ path, specifier })),
    );
    const wrong = packages.filter(({ path, specifier }) =>
      DOORS.some(([door, allowed]) => door.test(specifier) && !allowed.test(path)),
    );
    expect(wrong).toEqual([]);
    expect(packages.filter(({ specifier }) => !KNOWN_PACKAGES.test(specifier))).toEqual([]);
  });

  it('only the process boundary touches the process', () => {
    const allowed = /^(cli\/node-io|lib\/ed25519\.ts$)/; // the latter asks it for node:crypto, on demand
    const wrong = sources.filter(({ path, tree }) => !allowed.test(path) && uses(tree, 'process'));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('pure code reads neither clock nor randomness', () => {
    const wrong = sources.filter(({ path, tree }) => PURE.test(path) && readsClockOrRandomness(tree));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('there are no cycles, types included', () => {
    expect(findCycle()).toEqual([]);
  });

  it('files are short', () => {
    expect(sources.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it('starting loads no command, renderer, store or library', () => {
    const { files, packages } = loadedBy('cli/main.ts');
    expect(files.filter((path) => /^(commands|render|store|remote|domain|app|lib)\//.test(path))).toEqual([]);
    expect(packages.filter((specifier) => !/^node:(fs|os)$/.test(specifier))).toEqual([]);
  });

  it('finding out which command is meant loads no command, renderer, store or library', () => {
    const { files, packages } = loadedBy('cli/dispatch.ts');
    expect(files.filter((path) => /^(commands|render|store|remote)\//.test(path))).toEqual([]);
    expect(packages.filter((specifier) => !specifier.startsWith('node:'))).toEqual([]);
  });

  it('no barrels inside src', () => {
    expect(sources.filter(({ path }) => path !== 'index.ts' && /(^|\/)index\.ts$/.test(path))).toEqual([]);
  });
});

const uses = (tree: ts.SourceFile, name: string): boolean => !findIdentifiers(tree, name).next().done;

function readsClockOrRandomness(tree: ts.SourceFile): boolean {
  const isMember = ({ parent }: ts.Identifier, member: string) =>
    ts.isPropertyAccessExpression(parent) && parent.name.text === member;
  const isBareDate = ({ parent }: ts.Identifier) => ts.isNewExpression(parent) && (parent.arguments?.length ?? 0) === 0;
  return (
    [...findIdentifiers(tree, 'Date')].some((use) => isMember(use, 'now') || isBareDate(use)) ||
    [...findIdentifiers(tree, 'Math')].some((use) => isMember(use, 'random')) ||
    uses(tree, 'performance')
  );
}

/** What importing a file loads at once: its files and packages. */
function loadedBy(entry: string): { files: string[]; packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    for (const { target, specifier, lazy, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (lazy || typeOnly) continue;
      if (target === undefined) packages.add(specifier);
      else visit(target);
    }
  };
  visit(entry);
  return { files: [...files], packages: [...packages] };
}

/** The files of one cycle of imports, or none. What is loaded on demand makes no cycle. */
function findCycle(): string[] {
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = ({ path, imports }: SourceFile): string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return [];
    trail.push(path);
    for (const { target, lazy } of imports) {
      const next = lazy || target === undefined ? undefined : byPath.get(target);
      const cycle = next ? visit(next) : [];
      if (cycle.length > 0) return cycle;
    }
    trail.pop();
    done.add(path);
    return [];
  };
  for (const source of sources) {
    const cycle = visit(source);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
