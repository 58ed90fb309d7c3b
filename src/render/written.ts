import type { Described, Emitted } from '../app/result.js';
import { quotePath } from '../lib/display.js';
import type { Paint } from './paint.js';
import type { Style } from './style.js';

/** The report line for an answer that went to its file. */
export function renderWritten(result: Described | Emitted, style: Style, paint: Paint): string {
  const path = quotePath(result.file ?? '', style.home);
  return `[ ${paint.green('OK')} ] wrote ${whatOf(result)} to ${path}\n`;
}

/** The same when the file was named and nothing is written. */
export function renderNotWritten(result: Described | Emitted, style: Style): string {
  return `dry run: ${whatOf(result)} would be written to ${quotePath(result.file ?? '', style.home)}\n`;
}

function whatOf(result: Described | Emitted): string {
  if (result.kind === 'emitted') return result.what;
  return `${result.type.replaceAll('_', ' ')} ${result.view === 'raw' ? 'jwt' : 'description'}`;
}
