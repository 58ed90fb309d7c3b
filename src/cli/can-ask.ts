import type { GlobalInput } from '../app/options/global.js';
import type { World } from './world.js';

/** Whether questions can be asked: standard input and error are terminals and --no-input is absent. */
export const canAsk = ({ terminal }: World, { noInput }: Partial<GlobalInput>): boolean =>
  !noInput && terminal.stdin && terminal.stderr;
