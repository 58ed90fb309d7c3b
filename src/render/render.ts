import type { Described, DescribedKey, DescribedRole, Emitted, Result } from '../app/result.js';
import { Secret } from '../lib/secret.js';
import { renderChecks } from './checks.js';
import { renderExplained } from './explained.js';
import { renderList } from './list.js';
import { renderOutline } from './outline.js';
import { loadPaint, type Paint, plain } from './paint.js';
import { renderSteps } from './steps.js';
import type { Style } from './style.js';

/**
 * A result as text: chunks for stdout, or for the file it names (then without colour and never shortened).
 *
 * What it needs is loaded by kind, so that only tables pay for the table library. Throws `NscError` for a field that
 * is not there; nothing has been written by then.
 */
export async function render(result: Result, style: Style): Promise<Iterable<string>> {
  switch (result.kind) {
    case 'changed':
      return renderSteps(result, style, await loadPaint(style.color));
    case 'listed':
      return renderList(result, style, await loadPaint(style.color));
    case 'checked':
      return renderChecks(result, await loadPaint(style.color));
    case 'outlined':
      return renderOutline(result, await loadPaint(style.color));
    case 'explained':
      return renderExplained(result, await loadPaint(style.color));
    case 'told':
      return [];
    case 'synced':
      return (await import('./synced.js')).renderSynced(result, style, await loadPaint(style.color));
    case 'emitted':
      return [emittedText(result)];
    case 'role':
      return [await renderRole(result, style)];
    case 'key':
      return [await renderKey(result, style)];
    case 'described':
      return [await renderDescribed(result, style)];
  }
}

/** The content to the byte for a file; on stdout it ends with a line feed. */
function emittedText({ content, file }: Emitted): string {
  const text = content instanceof Secret ? content.reveal() : content;
  return file !== undefined || text.endsWith('\n') ? text : `${text}\n`;
}

async function renderDescribed(result: Described, style: Style): Promise<string> {
  if (result.view !== 'table') return (await import('./describe/views.js')).describedText(result, result.view);
  const { renderTables } = await import('./describe/tables.js');
  if (result.file !== undefined) return renderTables(result, { ...style, color: false, width: undefined }, plain);
  const paint: Paint = await loadPaint(style.color);
  return renderTables(result, style, paint);
}

async function renderRole(result: DescribedRole, style: Style): Promise<string> {
  const { roleTable } = await import('./describe/role.js');
  const { drawTable } = await import('./describe/frame.js');
  return drawTable(roleTable(result), style.width, await loadPaint(style.color));
}

async function renderKey(result: DescribedKey, style: Style): Promise<string> {
  const { keyTables } = await import('./describe/key.js');
  const { drawTable } = await import('./describe/frame.js');
  const paint = await loadPaint(style.color);
  return keyTables(result, style.now)
    .map((table) => drawTable(table, style.width, paint))
    .join('\n');
}
