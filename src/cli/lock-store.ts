import type { GlobalInput } from '../app/options/global.js';
import { escapeForTerminal } from '../lib/display.js';
import type { Holder } from '../store/holder.js';
import type { Roots } from '../store/layout.js';
import { acquireLock, type Release } from '../store/lock.js';
import { realPath } from '../store/own-files.js';
import type { World } from './world.js';

const LOCK_TIMEOUT_MS = 30_000;

/**
 * Takes the lock of a store for a command, and says on standard error who is waited for.
 *
 * @param path the command words
 * @throws NscError `store-locked` after `--lock-timeout`, `store-io`
 */
export function lockStore(
  storeRoot: string,
  path: string,
  world: World,
  { lockTimeout }: Partial<GlobalInput>,
): Promise<Release> {
  return acquireLock(storeRoot, {
    command: `nsc ${path}`,
    self: world.self,
    timeoutMs: lockTimeout ?? LOCK_TIMEOUT_MS,
    onWait: (holder) => world.writeErr(`nsc: waiting for ${holderName(holder)}\n`),
  });
}

/**
 * Takes the lock of a locked keystore as well, which other stores may share, where it is not that of the store. Throws as
 * {@link lockStore}.
 */
export const lockKeystoreOf = async (
  { storeRoot, keystoreDir }: Roots,
  path: string,
  world: World,
  globals: Partial<GlobalInput>,
): Promise<Release> =>
  realPath(keystoreDir) === realPath(storeRoot) ? () => {} : lockStore(keystoreDir, path, world, globals);

const holderName = (holder: Holder | undefined): string =>
  holder
    ? `"${escapeForTerminal(holder.command)}" (process ${holder.pid} on ${escapeForTerminal(holder.host)})`
    : 'another process';
