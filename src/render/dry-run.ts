import { quote } from '../lib/display.js';
import type { ChangeSummary } from './changes.js';
import { differenceLines } from './difference.js';
import type { Paint } from './paint.js';

/**
 * What a mutation would do, object by object and claim by claim; nothing of it is written.
 *
 * @param isHeaded whether a report before it says that it is a dry run
 */
export function* renderDryRun(
  summaries: readonly ChangeSummary[],
  paint: Paint,
  { isHeaded = false }: { readonly isHeaded?: boolean } = {},
): Iterable<string> {
  if (!isHeaded)
    yield summaries.length === 0 ? 'dry run: there is nothing to write\n' : 'dry run: nothing is written\n';
  for (const summary of summaries) {
    yield `${headline(summary, paint)}\n`;
    for (const difference of summary.differences ?? []) yield differenceLines(difference, paint);
  }
}

function headline(summary: ChangeSummary, paint: Paint): string {
  const object = paint.bold(objectOf(summary));
  switch (summary.action) {
    case 'create':
      return `${paint.green('+')} ${object}`;
    case 'update':
      return `${paint.yellow('~')} ${object}`;
    case 'delete':
      return `${paint.red('-')} ${object}${summary.servers === undefined ? '' : ` on ${summary.servers}`}`;
    case 'send':
      return `> ${object} to ${summary.servers}`;
    case 'select':
      return summary.name === '' ? `* select no ${summary.type}` : `* select ${object}${insteadOf(summary)}`;
  }
}

const insteadOf = ({ insteadOf: other }: ChangeSummary): string =>
  other === undefined ? '' : ` where ${quote(other)} is selected`;

function objectOf({ type, name, account, publicKey, from, to }: ChangeSummary): string {
  if (type === 'state') return `key ${publicKey ?? ''}: ${from === undefined || from === to ? '' : `${from} → `}${to}`;
  if (name === undefined) return `${type} ${publicKey ?? ''}`;
  const owner = account === undefined ? '' : ` of account ${quote(account)}`;
  return `${type} ${quote(name)}${owner}`;
}
