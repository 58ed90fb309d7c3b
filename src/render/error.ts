import { NscError } from '../errors.js';
import { jsonLine } from './json-text.js';
import { abbreviateHome, messageLines } from './lines.js';
import { type Paint, plain } from './paint.js';
import type { Style } from './style.js';

/**
 * A failure for stderr: what is wrong, then what mends it.
 *
 * Anything that is not an {@link NscError} is a mistake of ours and shown with its stack.
 */
export function renderError(error: unknown, style: Style, paint: Paint = plain): string {
  if (error instanceof NscError) {
    const hint = error.hint === undefined ? '' : say('hint', paint.dim, error.hint, style);
    return say('error', paint.red, error.message, style) + hint;
  }
  return (
    say('error', paint.red, `internal error: ${describeBug(error)}`, style) +
    say('hint', paint.dim, 'this is a mistake in the program; report it with the lines above', style)
  );
}

/** The same as one line of JSON (`--json`). */
export function renderErrorJson(error: unknown): string {
  if (!(error instanceof NscError)) {
    return `${jsonLine({ ok: false, error: { code: 'bug', message: describeBug(error), details: {} } })}\n`;
  }
  const { code, message, hint, details } = error;
  return `${jsonLine({ ok: false, error: { code, message, hint, details } })}\n`;
}

/** Warnings for stderr, one line each. */
export function renderWarnings(warnings: readonly string[], style: Style, paint: Paint = plain): string {
  return warnings.map((warning) => say('warning', paint.yellow, warning, style)).join('');
}

function say(what: string, brush: (text: string) => string, message: string, style: Style): string {
  return `nsc: ${brush(`${what}:`)} ${messageLines(abbreviateHome(message, style.home), 2)}\n`;
}

const describeBug = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
