import { escapeForTerminal } from '../lib/display.js';

/**
 * Text of a message, safe to print. It may have several lines; the ones after the first are indented, so that a name
 * with a line break in it cannot pass for a line of ours.
 */
export function messageLines(message: string, indent: number): string {
  return message
    .split('\n')
    .map(escapeForTerminal)
    .join(`\n${' '.repeat(indent)}`);
}

/** Paths in back quotes with the home directory shown as `~`; only whole path components count (E-69). */
export function abbreviateHome(message: string, home: string): string {
  if (home === '' || home === '/') return message;
  return message.replaceAll(`\`${home}/`, '`~/').replaceAll(`\`${home}\``, '`~`');
}
