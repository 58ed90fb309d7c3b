import { exit, exitOnInterrupt, failIfForgotten, nodeWorld } from './node-io.js';
import { version } from './version.js';
import type { World } from './world.js';

export { cacheFile, useCodeCache } from './node-io-code.js';

/** Runs the program in this process and ends it. */
export function start(): void {
  const world = nodeWorld();
  if (!asksForVersion(world.args)) exitOnInterrupt();
  failIfForgotten();
  void main(world).then(exit);
}

/**
 * Runs one command line.
 *
 * Everything but the version is loaded on demand, so that each answer costs only what it needs.
 *
 * @returns the exit code; never throws
 */
export async function main(world: World): Promise<number> {
  if (asksForVersion(world.args)) return writeVersion(world);
  const { dispatch } = await import('./dispatch.js');
  return dispatch(world, writeVersion);
}

function writeVersion(world: World): number {
  world.writeOut(`nsc version ${version}\n`);
  return 0;
}

const asksForVersion = ([first]: readonly string[]): boolean => first === '--version' || first === '-v';
