import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planOutsideFiles, writeOutsideFiles } from '../../src/store/outside-files.js';
import { caught } from '../support/caught.js';

let root: string;
let keystoreDir: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'nsc-outside-')));
  keystoreDir = join(root, 'keystore');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (path: string): string => join(root, path);
const plan = (files: Record<string, string | Uint8Array>, replace = false) =>
  planOutsideFiles(
    Object.entries(files).map(([path, content]) => ({ path: at(path), content, replace })),
    { keystoreDir, configDir: at('config') },
  );
const modeOf = (path: string): number => statSync(at(path)).mode & 0o777;
const read = (path: string): string => readFileSync(at(path), 'utf8');

describe('files beside the store', () => {
  it('are for their owner alone, with the directories they need', () => {
    writeOutsideFiles(plan({ 'a/b/one': 'seed', 'a/two': new Uint8Array([0, 255]) }));
    expect(read('a/b/one')).toBe('seed');
    expect([...readFileSync(at('a/two'))]).toEqual([0, 255]);
    expect(['a', 'a/b', 'a/b/one', 'a/two'].map(modeOf)).toEqual([0o700, 0o700, 0o600, 0o600]);
    expect(readdirSync(at('a')).sort()).toEqual(['b', 'two']);
  });

  it('replace others where they may, and are never left more open than new ones', () => {
    writeFileSync(at('one'), 'old');
    chmodSync(at('one'), 0o644);
    const [write] = plan({ one: 'new' }, true);
    expect(write).toMatchObject({ replaces: true });
    writeOutsideFiles(write ? [write] : []);
    expect([read('one'), modeOf('one')]).toEqual(['new', 0o600]);
  });

  it('replace a link instead of following it', () => {
    writeFileSync(at('victim'), 'precious');
    symlinkSync(at('victim'), at('one'));
    writeOutsideFiles(plan({ one: 'seed' }, true));
    expect([read('victim'), read('one')]).toEqual(['precious', 'seed']);
  });

  it('are written where a link of a directory leads', () => {
    mkdirSync(at('real'));
    symlinkSync(at('real'), at('link'));
    writeOutsideFiles(plan({ 'link/one': 'seed' }));
    expect(read('real/one')).toBe('seed');
  });
});

describe('nothing is written', () => {
  it('when one of them is there: all are named', () => {
    writeFileSync(at('one'), 'old');
    writeFileSync(at('two'), 'old');
    expect(caught(() => plan({ zero: '', one: '', two: '' }))).toMatchObject({
      code: 'already-exists',
      message: `file "${at('one')}" already exists (and 1 more)`,
      details: { files: [at('one'), at('two')] },
    });
  });

  it('when a link that leads nowhere is in the way', () => {
    symlinkSync(at('nowhere'), at('one'));
    expect(caught(() => plan({ one: 'seed' }))).toMatchObject({ code: 'already-exists' });
  });

  it.each(['keystore/keys', 'keystore/keys/A/BC', 'keystore/creds/O', 'link/A/BC'])(
    'into the keystore, where a copy would be the key itself: %s',
    (directory) => {
      mkdirSync(at('keystore/keys'), { recursive: true });
      symlinkSync(at('keystore/keys'), at('link'));
      expect(caught(() => plan({ [`${directory}/x.nk`]: 'seed' }, true))).toMatchObject({ code: 'bad-value' });
    },
  );

  it('when a directory is in the way', () => {
    mkdirSync(at('two'));
    const writes = plan({ 'new/one': 'seed', two: 'seed' }, true);
    expect(caught(() => writeOutsideFiles(writes))).toMatchObject({ code: 'store-io' });
    expect(readdirSync(root)).toEqual(['two']);
  });

  it('when a file is where a directory should be', () => {
    writeFileSync(at('file'), 'old');
    const writes = plan({ 'new/one': 'seed', 'file/two': 'seed' });
    expect(caught(() => writeOutsideFiles(writes))).toMatchObject({ code: 'store-io' });
    expect(readdirSync(root)).toEqual(['file']);
  });

  it('over what came in the way since it was looked', () => {
    const writes = plan({ 'd/one': 'seed', 'd/two': 'seed' });
    mkdirSync(at('d'));
    writeFileSync(at('d/two'), 'theirs');
    expect(caught(() => writeOutsideFiles(writes))).toMatchObject({
      code: 'already-exists',
      message: `file "${at('d/two')}" already exists`,
    });
    expect(readdirSync(at('d'))).toEqual(['two']);
    expect(read('d/two')).toBe('theirs');
  });
});

it('whatever step fails, each file is whole or as it was, and no drafts are left', () => {
  const steps: string[] = [];
  writeOutsideFiles(plan({ 'probe/a': '1', 'probe/b': '2' }), (step) => steps.push(step));
  expect(steps).toEqual(['stage 0', 'stage 1', 'place 0', 'place 1', 'sync directories']);
  for (const failing of steps.slice(0, -1)) {
    const writes = plan({ 'd/a': 'first', 'd/b': 'second' });
    const action = (): void =>
      writeOutsideFiles(writes, (step) => {
        if (step === failing) throw new Error(step);
      });
    expect(action).toThrow(failing);
    expect(existsSync(at('d'))).toBe(false);
  }
});
