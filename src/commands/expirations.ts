import { query } from '../app/command.js';
import { flag, value } from '../app/option.js';
import type { Column } from '../app/result.js';
import type { Workspace } from '../app/workspace.js';
import type { RegisteredClaims } from '../domain/claims/types.js';
import { parseDecorated } from '../domain/creds/creds.js';
import { decodeKind } from '../domain/token/decode.js';
import type { Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import type { Int64 } from '../lib/int64-json.js';
import { checkMoment, formatDate, formatRelative, formatRfc3339, parseMoment } from '../lib/moment.js';

/** How far ahead "soon" reaches unless something else is asked for (reference: nsc-core.md §9.25). */
const DEFAULT_WITHIN = '1M';

export const command = query({
  summary: 'Tell what has expired and what soon will',
  description:
    'Lists the operator, its accounts, their users and the creds files in the keystore with the time they expire. ' +
    'What cannot be read is listed with the reason.',
  options: {
    within: value(
      'within',
      {
        short: 'e',
        placeholder: 'WHEN',
        help: 'soon is what expires before: a span from now as 12h, 30d, 2w, 6M, 1y, or a date',
        defaultText: DEFAULT_WITHIN,
      },
      checkMoment,
    ),
    json: flag('json', { help: 'report as JSON' }),
    skip: flag('skip', { help: 'leave out what neither has expired nor soon will' }),
  },
  examples: [
    { command: 'nsc expirations --within 2w --skip', what: 'what has to be renewed in the next two weeks' },
    { command: 'nsc expirations --json', what: 'for a script' },
  ],

  run({ workspace, tree, now }, input) {
    const threshold = parseMoment(input.within || DEFAULT_WITHIN, now);
    const until = formatDate(threshold);
    return {
      kind: 'listed',
      title: `expirations; soon is before ${until}`,
      columns: COLUMNS,
      rows: expirationRows(workspace, tree, { now, threshold, all: !input.skip }),
      whenEmpty: `nothing has expired, and nothing expires before ${until}`,
      report: { members: { expiration_threshold: formatRfc3339(threshold) }, rows: 'report' },
    };
  },
});

/** A row has the members of nsc's JSON, in its order; `error` is ours, for what cannot be read. */
interface Row extends Record<string, unknown> {
  readonly resource: string;
  readonly id: string;
  readonly when: string;
  /** Unix seconds; 0 = never. */
  readonly expiry: Int64;
  readonly expiration_date: string;
  readonly expires_soon: boolean;
  readonly expired: boolean;
  readonly error?: string;
}

const COLUMNS: readonly Column[] = [
  { key: 'expired', title: 'Expired', show: (row) => stateOf(row as Row) },
  { key: 'resource', title: 'Resource' },
  { key: 'expiration_date', title: 'Expiration', show: (row) => expirationText(row as Row) },
];

const stateOf = ({ error, expired, expires_soon: soon }: Row): string =>
  error !== undefined ? '?' : expired ? 'Yes' : soon ? 'Soon' : 'No';

/** Never is never, not 1970, and times are in UTC (E-64). */
const expirationText = ({ error, expiry, when }: Row): string =>
  error ?? (expiry > 0 ? `${formatDate(expiry)} - ${when}` : when);

interface Window {
  /** Unix seconds, both. */
  readonly now: number;
  readonly threshold: number;
  /** False leaves out what is valid beyond the threshold. */
  readonly all: boolean;
}

/** One token at a time, so that a report of any length needs the memory of a few rows. */
function* expirationRows(workspace: Workspace, tree: Tree, window: Window): Generator<Row> {
  for (const { resource, read } of tokensOf(workspace, tree)) {
    const row = readRow(resource, read, window);
    if (row && (window.all || row.expired || row.expires_soon || row.error !== undefined)) yield row;
  }
}

interface Source {
  readonly resource: string;
  /** Undefined when it is not there. Throws for what cannot be read. */
  read(): RegisteredClaims | undefined;
}

function* tokensOf(workspace: Workspace, tree: Tree): Generator<Source> {
  const operator = workspace.selected.operator;
  yield { resource: operator, read: () => tree.operator.claims };
  for (const account of tree.accountNames()) {
    yield { resource: `${operator}/${account}`, read: () => tree.findAccount(account)?.claims };
    for (const user of tree.userNames(account)) {
      yield { resource: `${operator}/${account}/${user}`, read: () => tree.findUser(account, user)?.claims };
      const path = workspace.credsPath(operator, account, user);
      yield { resource: path, read: () => credsClaims(tree, account, user) };
    }
  }
}

/** The copy that a client connects with, which may be older than the token of the store. */
function credsClaims(tree: Tree, account: string, user: string): RegisteredClaims | undefined {
  const creds = tree.findCreds(account, user);
  return creds && decodeKind(parseDecorated(creds.reveal()).token.trim(), 'user').claims;
}

function readRow(resource: string, read: Source['read'], { now, threshold }: Window): Row | undefined {
  const none = { expiry: 0, expiration_date: '', expires_soon: false, expired: false };
  let claims: RegisteredClaims | undefined;
  try {
    claims = read();
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    return { resource, id: '', when: '', ...none, error: error.message };
  }
  if (claims === undefined) return undefined;
  const { sub: id = '', exp: expiry = 0 } = claims;
  if (expiry <= 0) return { resource, id, when: 'Never', ...none };
  return {
    resource,
    id,
    when: capitalized(formatRelative(now, expiry)),
    expiry,
    expiration_date: formatRfc3339(expiry),
    expires_soon: threshold > expiry,
    expired: now > expiry,
  };
}

/** `In 2 Weeks`, as nsc writes it. */
const capitalized = (text: string): string => text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
