import { statSync } from 'node:fs';
import { join } from 'node:path';
import { checkName, type NamedKind } from '../domain/name.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { GIT_IGNORE, JOURNAL, LOCK, OPERATOR_INFO, type Roots, SETTINGS } from './layout.js';
import { listNames } from './read-file.js';

/** An entity that is about to get a name nobody has yet. */
export interface NewName {
  readonly kind: NamedKind;
  readonly name: string;
  /** Where the names it must differ from are. */
  readonly directory: string;
  /** For operators, which share their directory with files of ours. */
  readonly roots?: Roots;
}

/**
 * Refuses new names that are no names, that belong to files of the store, or that differ from an existing one only in
 * letter case or in the way accents are composed: on some file systems they would be one file (E-01, E-03, E-44).
 *
 * @param leaves whether a name that is there goes in the same commit, so that nothing clashes with it
 * @throws NscError `bad-name`, `already-exists`
 */
export function refuseClashes(newNames: readonly NewName[], leaves: (entity: NewName) => boolean): void {
  const byDirectory = new Map<string, NewName[]>();
  for (const entity of newNames) {
    checkName(entity.kind, entity.name);
    if (entity.roots && reservedNames(entity.roots).has(fold(entity.name))) throw taken(entity, entity.name);
    const others = byDirectory.get(entity.directory);
    if (others) others.push(entity);
    else byDirectory.set(entity.directory, [entity]);
  }
  for (const [directory, entities] of byDirectory) {
    const seen = new Map(namesToCompare(directory, entities).map((name) => [fold(name), name]));
    for (const entity of entities) {
      const other = seen.get(fold(entity.name));
      const isOther = other !== undefined && other !== entity.name;
      if (isOther && !leaves({ ...entity, name: other })) throw taken(entity, other);
      seen.set(fold(entity.name), entity.name);
    }
  }
}

/**
 * Refuses to put a file where one that is removed would take it along: names that differ in letter case only are one
 * file on some file systems.
 *
 * @throws NscError `policy-refused`
 */
export function refuseSameFiles(written: readonly string[], removed: readonly string[]): void {
  if (removed.length === 0) return;
  const folded = new Map(written.map((path) => [fold(path), path]));
  for (const path of removed) {
    const other = folded.get(fold(path));
    if (other === undefined || !isSameFile(path, other)) continue;
    throw new NscError('policy-refused', `to this file system ${quote(path)} and ${quote(other)} are one file`, {
      hint: 'go by way of a third name',
      details: { path, other },
    });
  }
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false, bigint: true }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}

const fold = (name: string): string => name.normalize('NFC').toLowerCase();

function taken({ kind, name, directory }: NewName, other: string): NscError {
  const message =
    other === name
      ? `${kind} ${quote(name)} cannot have a name that is in use in ${directory}`
      : `${kind} ${quote(name)} would differ from ${quote(other)} only in the case of letters`;
  return new NscError('already-exists', message, { hint: 'choose another name', details: { kind, name, other } });
}

/** With `-H` the keystore and the settings share the directory of the operators. */
function reservedNames({ storeRoot, keystoreDir, configDir }: Roots): Set<string> {
  return new Set([
    OPERATOR_INFO,
    JOURNAL,
    LOCK,
    ...(keystoreDir === storeRoot ? ['keys', 'creds', GIT_IGNORE] : []),
    ...(configDir === storeRoot ? [SETTINGS] : []),
  ]);
}

/** Directories up to this size, some thousand names, are listed for one new name. */
const CHEAP_DIRECTORY_BYTES = 128 * 1024;

/** So many new names pay for listing a directory of any size. */
const MANY_NAMES = 32;

/**
 * The existing names that new ones may clash with. Listing a directory of 100 000 users costs more than a whole run
 * (performance.md §3.2), so for a few new users in a big account only the likely spellings are looked up. A file
 * system that ignores case finds every spelling this way.
 */
function namesToCompare(directory: string, entities: readonly NewName[]): string[] {
  const isUsers = entities[0]?.kind === 'user';
  if (!isUsers) return listNames(directory);
  if (entities.length >= MANY_NAMES || isCheap(directory)) return listNames(directory).map(withoutEnding);
  return entities.flatMap(({ name }) =>
    spellings(name).filter((spelling) => exists(join(directory, `${spelling}.jwt`))),
  );
}

function isCheap(directory: string): boolean {
  const size = statSync(directory, { throwIfNoEntry: false })?.size ?? 0;
  return size <= CHEAP_DIRECTORY_BYTES;
}

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;
const withoutEnding = (file: string): string => file.replace(/\.jwt$/, '');

function spellings(name: string): string[] {
  const lower = name.toLowerCase();
  const all = [lower, name.toUpperCase(), lower.charAt(0).toUpperCase() + lower.slice(1), name.normalize('NFD')];
  return all.filter((spelling) => spelling !== name);
}
