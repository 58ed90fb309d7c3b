import type { ColorChoice } from '../app/options/global.js';
import { EXIT_CODES, NscError } from '../errors.js';
import { maskSeeds } from '../lib/mask-seeds.js';
import { renderError, renderErrorJson, renderWarnings } from '../render/error.js';
import { loadPaint } from '../render/paint.js';
import { styleOf } from './style.js';
import type { World } from './world.js';

/** How messages on standard error are written. */
export interface MessageFormat {
  readonly json?: boolean | undefined;
  readonly color?: ColorChoice | undefined;
}

/**
 * Says on standard error what went wrong.
 *
 * What is not an {@link NscError} is a mistake of this program; its stack is shown when NSC_DEBUG is set.
 *
 * @returns the exit code
 */
export async function reportFailure(world: World, error: unknown, { json, color }: MessageFormat): Promise<number> {
  const shown = error instanceof NscError || world.env.NSC_DEBUG ? error : withoutStack(error);
  if (json) world.writeErr(maskSeeds(renderErrorJson(shown)));
  else {
    const style = styleOf(world, 'stderr', color);
    world.writeErr(maskSeeds(renderError(shown, style, await loadPaint(style.color))));
  }
  return error instanceof NscError ? error.exitCode : EXIT_CODES.bug;
}

/** Says on standard error what is worth knowing although all went well. */
export async function reportWarnings(
  world: World,
  warnings: readonly string[],
  { color }: MessageFormat,
): Promise<void> {
  if (warnings.length === 0) return;
  const style = styleOf(world, 'stderr', color);
  world.writeErr(maskSeeds(renderWarnings(warnings, style, await loadPaint(style.color))));
}

function withoutStack(error: unknown): NscError {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new NscError('bug', `unexpected mistake in the program: ${message}`, {
    hint: 'set NSC_DEBUG=1 to see where it happened, and report it',
  });
}
