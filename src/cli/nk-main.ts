import { runNk } from './nk.js';
import { nodeNkIo, runProcess } from './node-io-nk.js';

export { searchAsThread } from './node-io-nk.js';

/** The `nk` program. */
export function start(): Promise<never> {
  return runProcess((args) => runNk(args, nodeNkIo()));
}
