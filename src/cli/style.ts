import type { ColorChoice } from '../app/options/global.js';
import type { Style } from '../render/style.js';
import type { World } from './world.js';

/**
 * The style of a stream: `--color` decides, then FORCE_COLOR, NO_COLOR and TERM=dumb (each when set and not empty),
 * then whether the stream is a terminal.
 */
export function styleOf(world: World, stream: 'stdout' | 'stderr', choice: ColorChoice = 'auto'): Style {
  const terminal = world.terminal[stream];
  return {
    color: choice === 'auto' ? wantsColor(world.env, terminal) : choice === 'always',
    width: terminal ? world.terminal.columns : undefined,
    ...(world.env.TERM === 'linux' && { unicode: false }),
    home: world.home,
    now: world.now(),
  };
}

function wantsColor(env: World['env'], terminal: boolean): boolean {
  const { FORCE_COLOR: force, NO_COLOR: refuse, TERM: kind } = env;
  if (force) return force !== '0' && force !== 'false';
  return !refuse && kind !== 'dumb' && terminal;
}
