import type { KeyReport } from '../../app/lifecycle/key-report.js';
import type { DescribedKey } from '../../app/result.js';
import { KEY_STATES } from '../../domain/keyring/keyring.js';
import { formatDate, formatRelative } from '../../lib/moment.js';
import { plural } from '../../lib/plural.js';
import { listRows, type Row, type Table, textRow, yesNo } from './rows.js';
import { scopeTable } from './scope.js';

/** Tokens that are named; JSON has them all. */
const NAMED = 10;

/** All about a key, and what its scope gives. @param now Unix seconds */
export function keyTables({ report, slot, seedPath, signed, scope, next }: DescribedKey, now: number): Table[] {
  const activations = signed.activations.map(({ importer, subject }) => `${subject} for ${importer}`);
  const key: Table = {
    title: 'Key',
    groups: [
      [['Key ID', report.publicKey], ['For', slot], ...textRow('Alias', report.alias), ...textRow('Note', report.note)],
      [['State', stateText(report)], ...dateRows(report, now)],
      [
        ['Seed', report.private ? seedPath : 'not in the keystore'],
        ['Listed by a JWT', yesNo(report.public)],
        ['Signs unless -K says', yesNo(report.active)],
      ],
      [
        ...namedRows('Accounts', signed.accounts),
        ...namedRows('Users', signed.users),
        ...namedRows('Activations', activations),
        ...listRows('Unreadable', signed.unreadable),
      ],
      textRow('Go on with', next),
    ],
  };
  return scope ? [key, scopeTable(scope)] : [key];
}

const MEANING: Readonly<Record<KeyReport['state'], string>> = {
  next: 'announced, signs nothing yet',
  active: 'signs',
  retiring: 'trusted, signs nothing any more',
  removed: 'trusted no longer',
  compromised: 'somebody else may have it',
};

const stateText = ({ state, kind }: KeyReport): string =>
  kind === 'user' && state === 'active' ? 'active (the user connects with it)' : `${state} (${MEANING[state]})`;

/** Only what is known: a key that only JWTs speak of has no dates. */
function dateRows({ created, since = {}, expires, replaces, replacedBy }: KeyReport, now: number): Row[] {
  const dated = (label: string, seconds: number | undefined): Row[] =>
    seconds === undefined ? [] : [[label, `${formatDate(seconds)} (${formatRelative(now, seconds)})`]];
  return [
    ...dated('Created', created),
    ...KEY_STATES.flatMap((state) =>
      dated(
        state.replace(/^./, (letter) => letter.toUpperCase()),
        since[state],
      ),
    ),
    ...dated(expires !== undefined && expires <= now ? 'Overdue since' : 'Due', expires),
    ...textRow('Replaces', replaces),
    ...textRow('Replaced by', replacedBy),
  ];
}

function namedRows(label: string, names: readonly string[]): Row[] {
  if (names.length === 0) return [];
  const more = names.length > NAMED ? [`… and ${plural(names.length - NAMED, 'other')}`] : [];
  return listRows(`${label} (${names.length})`, [...names.slice(0, NAMED), ...more]);
}
