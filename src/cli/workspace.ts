import type { Place } from '../app/command.js';
import type { GlobalInput } from '../app/options/global.js';
import type { Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { type Directories, type DirectoryFlags, findDirectories } from '../store/directories.js';
import type { OpenedFiles } from '../store/seal/opened-files.js';
import { openWorkspace } from '../store/workspace.js';
import type { World } from './world.js';

export type OpenWorkspace = ReturnType<typeof openWorkspace>;

/**
 * Where things are for this run, as flags, environment, settings and working directory say.
 *
 * @param options directories of the command itself (`init --dir`) go before `--data-dir`, `--keystore-dir`, `--all-dirs`;
 *   `opened` is what was opened of locked keystores so far
 */
export function openWorkspaceOf(
  world: World,
  globals: Partial<GlobalInput>,
  { allowOldKeystore, opened, ...place }: Place & { allowOldKeystore?: boolean; opened?: OpenedFiles } = {},
): OpenWorkspace {
  const { env, home, cwd, self } = world;
  return openWorkspace({
    flags: flagsOf(globals, place),
    env,
    home,
    cwd,
    self,
    now: world.now(),
    opened,
    ...(allowOldKeystore && { allowOldKeystore }),
  });
}

/** Where keystore and settings of this run are; neither is read. Throws `bad-value`. */
export function directoriesOf({ env, home, cwd }: World, globals: Partial<GlobalInput>): Directories {
  return findDirectories({ flags: flagsOf(globals, {}), env, home, cwd });
}

const flagsOf = (
  { allDirs, configDir, dataDir, keystoreDir }: Partial<GlobalInput>,
  { storeRoot, keystoreDir: ownKeystoreDir }: Place,
): DirectoryFlags => ({
  configDir: allDirs || configDir,
  dataDir: storeRoot || allDirs || dataDir,
  keystoreDir: ownKeystoreDir || allDirs || keystoreDir,
});

/**
 * The tree of the selected operator.
 *
 * @throws NscError `operator-not-found` when the store holds none, `missing-option` when none of several is selected
 */
export function currentTree(workspace: OpenWorkspace): Tree {
  const { operator } = workspace.selected;
  if (operator !== '') return workspace.tree(operator);
  const names = workspace.operatorNames();
  if (names.length === 0) {
    throw new NscError('operator-not-found', `there is no operator in ${workspace.storeRoot}`, {
      hint: 'nsc add operator NAME makes one; --data-dir DIR or -H DIR look elsewhere',
    });
  }
  throw new NscError('missing-option', 'none of the operators is selected', {
    hint: `nsc select operator NAME; there are: ${names.map(quote).join(', ')}`,
  });
}
