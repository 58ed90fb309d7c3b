import { isAbsolute, join, resolve } from 'node:path';
import { NscError } from '../errors.js';
import { settingsFile } from './layout.js';
import { isDirectory, isFile } from './read-file.js';

/** The directory flags of the command line, as given (nsc-core.md §1.2). */
export interface DirectoryFlags {
  /** `-H`: stands for all three and wins over them. */
  readonly allDirs?: string | undefined;
  readonly configDir?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly keystoreDir?: string | undefined;
}

/** What the place of the directories depends on. */
export interface Surroundings {
  readonly flags: DirectoryFlags;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly home: string;
  /** Absolute. */
  readonly cwd: string;
}

export interface Directories {
  readonly configDir: string;
  readonly keystoreDir: string;
  /** From `-H` or `--data-dir`. */
  readonly flaggedStoreRoot: string | undefined;
  /** Where stores are unless flag, working directory or settings say otherwise. */
  readonly defaultStoreRoot: () => string;
}

/**
 * Configuration directory, keystore and default store root (nsc-core.md §2.1-2.2).
 *
 * Flags win over `NSC_HOME` and `NKEYS_PATH`, those over the XDG directories; an empty variable counts as unset. The
 * places of nsc before 0.5 below `~/.nsc` and `~/.nkeys` serve when they exist and the new ones don't.
 *
 * @throws NscError `bad-value` for `~user`
 */
export function findDirectories({ flags, env, home, cwd }: Surroundings): Directories {
  const given = (...texts: (string | undefined)[]): string | undefined => {
    const text = texts.find((candidate) => candidate !== undefined && candidate !== '');
    return text === undefined ? undefined : absolutePath(text, home, cwd);
  };
  const configBase = join(given(env.XDG_CONFIG_HOME) ?? join(home, '.config'), 'nats', 'nsc');
  const dataBase = join(given(env.XDG_DATA_HOME) ?? join(home, '.local', 'share'), 'nats', 'nsc');
  return {
    configDir: given(flags.allDirs, flags.configDir, env.NSC_HOME) ?? defaultConfigDir(configBase, join(home, '.nsc')),
    keystoreDir:
      given(flags.allDirs, flags.keystoreDir, env.NKEYS_PATH) ?? newOrOld(join(dataBase, 'keys'), join(home, '.nkeys')),
    flaggedStoreRoot: given(flags.allDirs, flags.dataDir),
    defaultStoreRoot: () => newOrOld(join(dataBase, 'stores'), join(home, '.nsc', 'nats')),
  };
}

/**
 * A path as given by a person: `~` is the home directory, relative to the working directory otherwise.
 *
 * @throws NscError `bad-value` for `~user`
 */
export function absolutePath(text: string, home: string, cwd: string): string {
  if (isAbsolute(text)) return resolve(text);
  if (text === '~') return resolve(home);
  if (/^~[/\\]/.test(text)) return resolve(home, text.slice(2));
  if (text.startsWith('~')) {
    throw new NscError('bad-value', `${text}: only the own home directory can be written as ~`, {
      hint: 'give the whole path',
    });
  }
  return resolve(cwd, text);
}

function defaultConfigDir(current: string, old: string): string {
  return !isFile(settingsFile(current)) && isFile(settingsFile(old)) ? old : current;
}

function newOrOld(current: string, old: string): string {
  return !isDirectory(current) && isDirectory(old) ? old : current;
}
