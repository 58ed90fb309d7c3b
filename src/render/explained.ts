import type { Explained, ExplainedCheck } from '../app/result.js';
import { escapeForTerminal } from '../lib/display.js';
import { messageLines } from './lines.js';
import type { Paint } from './paint.js';
import { pad } from './width.js';

const WORDS: Readonly<Record<ExplainedCheck['state'], string>> = {
  ok: 'ok',
  failed: 'failed',
  unknown: 'unknown',
  skipped: 'not reached',
};

const STATE_WIDTH = Math.max(...Object.values(WORDS).map(({ length }) => length));

/** The checks of servers in their order, a line for each: what became of it, what it is, and what was found. */
export function* renderExplained({ title, checks, verdict }: Explained, paint: Paint): Iterable<string> {
  yield `${paint.bold(escapeForTerminal(title))}\n`;
  const width = Math.max(...checks.map(({ check }) => check.length));
  const indent = 2 + STATE_WIDTH + 2 + width + 2;
  for (const { check, state, message, hint } of checks) {
    const start = `  ${inColor(state, paint)}  ${message === '' ? check : pad(check, width)}`;
    const tail = message === '' ? '' : `  ${messageLines(message, indent)}`;
    const more =
      hint === undefined ? '' : `\n${' '.repeat(indent)}${paint.dim('hint:')} ${messageLines(hint, indent + 6)}`;
    yield `${start}${tail}${more}\n`;
  }
  yield `${messageLines(verdict, 0)}\n`;
}

function inColor(state: ExplainedCheck['state'], paint: Paint): string {
  const word = pad(WORDS[state], STATE_WIDTH);
  if (state === 'failed') return paint.red(word);
  return state === 'ok' ? word : paint.dim(word);
}
