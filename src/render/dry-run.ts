import type { Difference } from '../domain/claims/diff.js';
import { escapeForTerminal, quote } from '../lib/display.js';
import { formatDate } from '../lib/moment.js';
import type { ChangeSummary } from './changes.js';
import { jsonLine } from './json-text.js';
import type { Paint } from './paint.js';

const TIMES = new Set(['exp', 'nbf']);

/** What a mutation would do, object by object and claim by claim; nothing of it is written. */
export function* renderDryRun(summaries: readonly ChangeSummary[], paint: Paint): Iterable<string> {
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
      return `${paint.red('-')} ${object}`;
    case 'select':
      return summary.name === '' ? `* select no ${summary.type}` : `* select ${object}${insteadOf(summary)}`;
  }
}

const insteadOf = ({ insteadOf: other }: ChangeSummary): string =>
  other === undefined ? '' : ` where ${quote(other)} is selected`;

function objectOf({ type, name, account, publicKey }: ChangeSummary): string {
  if (name === undefined) return `${type} ${publicKey ?? ''}`;
  const owner = account === undefined ? '' : ` of account ${quote(account)}`;
  return `${type} ${quote(name)}${owner}`;
}

function differenceLines({ path, before, after }: Difference, paint: Paint): string {
  const removed = before === undefined ? '' : `    ${paint.red(`- ${entry(path, before)}`)}\n`;
  const added = after === undefined ? '' : `    ${paint.green(`+ ${entry(path, after)}`)}\n`;
  return removed + added;
}

function entry(path: string, value: unknown): string {
  const date = TIMES.has(path) && typeof value === 'number' ? ` (${formatDate(value)})` : '';
  return `${escapeForTerminal(path)}: ${jsonLine(value)}${date}`;
}
