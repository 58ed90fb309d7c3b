import type { Difference } from '../domain/claims/diff.js';
import { escapeForTerminal } from '../lib/display.js';
import { formatDate } from '../lib/moment.js';
import { jsonLine } from './json-text.js';
import type { Paint } from './paint.js';

const TIMES = new Set(['exp', 'nbf']);

/** A difference between two claims: a line for what goes and one for what comes, each indented by `indent` blanks. */
export function differenceLines({ path, before, after }: Difference, paint: Paint, indent = 4): string {
  const margin = ' '.repeat(indent);
  const removed = before === undefined ? '' : `${margin}${paint.red(`- ${entry(path, before)}`)}\n`;
  const added = after === undefined ? '' : `${margin}${paint.green(`+ ${entry(path, after)}`)}\n`;
  return removed + added;
}

function entry(path: string, value: unknown): string {
  const date = TIMES.has(path) && typeof value === 'number' ? ` (${formatDate(value)})` : '';
  return `${escapeForTerminal(path)}: ${jsonLine(value)}${date}`;
}
