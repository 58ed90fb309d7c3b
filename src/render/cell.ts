import { escapeForTerminal } from '../lib/display.js';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** What a table or list shows of a value, safe to print. Plain ASCII, the usual case, is looked at only once. */
export function cellText(value: unknown): string {
  const text = textOf(value);
  return PRINTABLE_ASCII.test(text) ? text : escapeForTerminal(text);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return Array.isArray(value) ? value.map(textOf).join(', ') : String(value);
}
