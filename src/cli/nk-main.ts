import { runNk } from './nk.js';
import { nodeNkIo, runProcess } from './node-io-nk.js';

/** The `nk` program. */
export function start(): Promise<void> {
  return runProcess((args) => runNk(args, nodeNkIo()));
}
