import type { Synced, SyncedAccount, SyncedAnswer, SyncedServer } from '../app/result.js';
import { quote } from '../lib/display.js';
import { differenceLines } from './difference.js';
import { abbreviateHome, messageLines } from './lines.js';
import type { Paint } from './paint.js';
import type { Style } from './style.js';

const PREFIX_WIDTH = '[ OK ] '.length;
const MARGIN = ' '.repeat(PREFIX_WIDTH);

/**
 * The report of what passed between the store and servers: a line for each account with what was not as it should be
 * below it, servers that took no part, and a line that sums up.
 *
 * A terminal has seen the accounts go by: there only those are told that are not as they should be, unless the result
 * says that each is worth a line. What servers said is untrusted, and is quoted or escaped.
 */
export function* renderSynced(result: Synced, style: Style, paint: Paint): Iterable<string> {
  const { title, accounts, servers, summary, isDetailed = false, dryRun = false } = result;
  const showsAll = style.width === undefined || isDetailed || dryRun;
  const shown = showsAll ? accounts : accounts.filter(isTelling);
  if (dryRun) yield 'dry run: nothing is sent, and nothing is written\n';
  if (title !== '') yield `${message(title, style, 0)}\n`;
  if (shown.some(({ answers }) => answers.some(({ differences = [] }) => differences.length > 0))) {
    yield `${paint.red('- in the store')}, ${paint.green('+ on the server')}\n`;
  }
  for (const account of shown) yield accountLines(account, { style, paint, dryRun });
  for (const server of servers) yield serverLine(server, style, paint);
  if (summary !== '') yield `${message(summary, style, 0)}\n`;
}

interface Look {
  readonly style: Style;
  readonly paint: Paint;
  readonly dryRun: boolean;
}

/** Whether there is more to say about an account than that all is well. */
const isTelling = ({ level, answers }: SyncedAccount): boolean => level !== 'ok' || answers.some(isWorthALine);

const isWorthALine = ({ level, differences = [] }: SyncedAnswer): boolean => level !== 'ok' || differences.length > 0;

function accountLines(account: SyncedAccount, { style, paint, dryRun }: Look): string {
  const head = `${prefixOf(account.level, paint, dryRun)} ${message(account.message, style, PREFIX_WIDTH)}\n`;
  return (
    head +
    account.answers
      .filter(isWorthALine)
      .map((answer) => answerLines(answer, style, paint))
      .join('')
  );
}

function answerLines({ server, message: said, differences = [] }: SyncedAnswer, style: Style, paint: Paint): string {
  const who = server === undefined ? '' : `${quote(server)}: `;
  const text = said === '' && who === '' ? '' : `${MARGIN}${who}${message(said, style, PREFIX_WIDTH + 2)}`.trimEnd();
  return [
    ...(text === '' ? [] : [`${text}\n`]),
    ...differences.map((difference) => differenceLines(difference, paint, PREFIX_WIDTH + 2)),
  ].join('');
}

/** Those that answered are no news. */
function serverLine({ name, state, message: why }: SyncedServer, style: Style, paint: Paint): string {
  if (state === 'answered') return '';
  const what = state === 'absent' ? 'is not there' : 'did not answer';
  const reason = why === undefined || why === '' ? '' : `: ${message(why, style, PREFIX_WIDTH)}`;
  return `${prefixOf('warn', paint, false)} server ${quote(name)} ${what}${reason}\n`;
}

function prefixOf(level: SyncedAccount['level'], paint: Paint, dryRun: boolean): string {
  switch (level) {
    case 'ok':
      return dryRun ? '[ -- ]' : `[ ${paint.green('OK')} ]`;
    case 'warn':
      return `[${paint.yellow('WARN')}]`;
    case 'error':
      return `[${paint.red('ERR')} ]`;
  }
}

const message = (text: string, { home }: Style, indent: number): string =>
  messageLines(abbreviateHome(text, home), indent);
