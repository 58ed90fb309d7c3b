import type { Described } from '../../app/result.js';
import { decorateToken } from '../../domain/creds/creds.js';
import { jsonText } from '../json-text.js';
import { readField } from './field-path.js';
import { payloadOf } from './payload.js';

/**
 * A token for programs: raw, its payload as JSON with sorted members, or one field of it (reference: nsc-core.md §9.17).
 *
 * A raw token is decorated when it goes to a file. Numbers stay exact to 64 bits. Throws what {@link readField} throws.
 */
export function describedText({ token, type, file }: Described, view: Exclude<Described['view'], 'table'>): string {
  if (view === 'raw') return file === undefined ? `${token}\n` : decorateToken(token, type);
  const payload = payloadOf(token);
  if (view === 'json') return `${jsonText(payload, { sortKeys: true, indent: 1, escapeHtml: false })}\n`;
  return `${jsonText(readField(payload, view.field), { sortKeys: true })}\n`;
}
