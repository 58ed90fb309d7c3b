import type { Changed } from '../app/result.js';
import { abbreviateHome, messageLines } from './lines.js';
import type { Paint } from './paint.js';
import type { Style } from './style.js';

const PREFIX_WIDTH = '[ OK ] '.length;

/** The report of a mutation, one line per step (reference: nsc-core.md §1.7). A dry run marks its steps as not done. */
export function renderSteps(result: Changed, style: Style, paint: Paint): string[] {
  return result.steps.map(({ level, message }) => {
    const prefix =
      level === 'warn' ? `[${paint.yellow('WARN')}]` : result.dryRun ? '[ -- ]' : `[ ${paint.green('OK')} ]`;
    return `${prefix} ${messageLines(abbreviateHome(message, style.home), PREFIX_WIDTH)}\n`;
  });
}
