import type { Change } from '../../domain/change.js';
import { decodeToken, verifyToken } from '../../domain/token/decode.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, OperatorEntry, Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';
import type { SyncedAccount } from '../result.js';
import type { AcceptedAccount } from './accept-account.js';
import { type Choice, chooseCopy } from './choose-copy.js';
import type { Arrival } from './fetch-accounts.js';

/** What becomes of one account, or of the operator. */
export interface Taken {
  readonly row: SyncedAccount;
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
  /** Why it did not become what servers have; decides the exit code. */
  readonly failure?: NscError;
  /** True where what is replaced is damaged, so that nothing can be told from it. */
  readonly mendsDamage?: boolean;
}

export interface Taking {
  readonly tree: Tree;
  /** Who vouches for accounts; perhaps newer than the one of the tree. */
  readonly operator: OperatorEntry;
  /** The account of the tree with a key. */
  findHeld(key: string): AccountEntry | undefined;
  /** Names of accounts, by what {@link foldName} makes of them; names of new accounts are added. */
  readonly names: Map<string, string>;
  readonly url: string;
  /** Unix seconds. */
  readonly now: number;
  /** Whether all accounts were asked for: then one that no server has is no failure. */
  readonly isAll: boolean;
  /** Whether what is here is replaced by an older version, or although it is damaged. */
  readonly overwriteNewer: boolean;
  /** What is done to accounts, or would be. */
  readonly pulled: 'pulled' | 'would pull';
}

/** How names are compared: they differ in more than letter case and the composition of accents (E-44). */
export const foldName = (name: string): string => name.normalize('NFC').toLowerCase();

/**
 * Decides about one account that was pulled. The newest copy that can be trusted takes the place of the one here unless
 * that is newer; the one that goes is filed in the history of the store. Nothing here throws for what a server sent.
 */
export function takeAccount(arrival: Arrival, taking: Taking): Taken {
  const { key, problem } = arrival;
  const held = taking.findHeld(key);
  const describe = held ? `account ${quote(held.name)}` : `account ${quote(key)}`;
  if (problem) return bad({ key, held, state: 'failed', message: `${describe} could not be pulled` }, problem);
  if (arrival.copies.length === 0) {
    if (taking.isAll && held) return { row: untouched(held), changes: [], warnings: [] };
    const hint = held
      ? `send it with: nsc push --account ${quoteWord(held.name)}`
      : 'see what servers have with: nsc diff';
    const failure = new NscError('remote-failed', `${taking.url} does not have ${describe}`, {
      hint,
      details: { key },
    });
    return bad({ key, held, state: 'missing', message: `${describe} is on no server` }, failure);
  }
  const choice = chooseCopy(arrival, { ...taking, held });
  const { chosen, refusals } = choice;
  const [refusal] = refusals;
  if (!chosen) {
    const message = `${describe} was refused`;
    const failure = refusal ?? new NscError('bug', `nothing was decided about ${describe}`);
    return bad({ key, held, state: 'refused', message, choice }, failure);
  }
  const taken = place(chosen, choice, { held, taking, key });
  return taken.failure || !refusal ? taken : { ...taken, failure: refusal };
}

/** The row of an account that no server has, or only one that has expired there: those are not listed. */
export const untouched = ({ name, claims }: AccountEntry): SyncedAccount => ({
  name,
  key: claims.sub ?? '',
  level: 'warn',
  state: 'missing',
  message: `no server lists account ${quote(name)}, which stays`,
  answers: [],
});

interface Placing {
  readonly key: string;
  readonly held: AccountEntry | undefined;
  readonly taking: Taking;
}

function place(chosen: AcceptedAccount, choice: Choice, { held, taking, key }: Placing): Taken {
  const { entry, age, warnings } = chosen;
  const name = quote(entry.name);
  const told = (state: string, message: string): SyncedAccount => ({
    name: entry.name,
    key,
    level: choice.refusals.length > 0 ? 'error' : choice.answers.some(({ level }) => level !== 'ok') ? 'warn' : 'ok',
    state,
    message,
    answers: choice.answers,
  });
  if (age === 'same') return { row: told('same', `account ${name} is the same`), changes: [], warnings };
  const issued = formatDate(entry.claims.iat ?? 0);
  if (!held) return takeNew(entry, told, { taking, key, choice, warnings });
  if (!isAuthentic(held)) {
    if (!taking.overwriteNewer) return bad({ key, held, choice, ...damaged(held.name) }, damagedHere(held.name));
    const row = told('stored', `${taking.pulled} account ${name}, issued ${issued}, in place of a damaged one`);
    return { row, changes: replace(held, entry), warnings, mendsDamage: true };
  }
  if (age === 'older' && !taking.overwriteNewer) {
    const here = formatDate(held.claims.iat ?? 0);
    const message = `account ${name} stays: it was issued ${here} here, and ${issued} on the server`;
    const hint = `send ours with: nsc push --account ${quoteWord(held.name)}; take theirs all the same with --overwrite-newer`;
    const failure = new NscError(
      'untrusted-answer',
      `${taking.url} has an older version of account ${name} than the one here`,
      {
        hint,
        details: { reason: 'older', source: taking.url, key },
      },
    );
    return bad({ key, held, state: 'kept', message, choice }, failure);
  }
  const undone = `account ${name} was issued later here than what takes its place: what was changed since then, such as revocations, is undone`;
  return {
    row: told('stored', `${taking.pulled} account ${name}, issued ${issued}`),
    changes: replace(held, entry),
    warnings: age === 'older' ? [...warnings, undone] : warnings,
  };
}

const replace = (replaced: AccountEntry, entry: AccountEntry): Change[] => [
  { type: 'keep-version', kind: 'account', replaced },
  { type: 'put-account', ...entry },
];

/** A new account needs a name that nobody has; of one whose file cannot be read nobody knows which account it is. */
function takeNew(
  entry: AccountEntry,
  told: (state: string, message: string) => SyncedAccount,
  { taking, key, choice, warnings }: { taking: Taking; key: string; choice: Choice; warnings: readonly string[] },
): Taken {
  const { tree, names, overwriteNewer } = taking;
  const name = quote(entry.name);
  const holder = names.get(foldName(entry.name));
  const isTaken = holder !== undefined;
  if (isTaken && !isDamaged(tree, entry.name)) {
    const failure = new NscError(
      'already-exists',
      `account ${key} is called ${name} and cannot be kept: another account is called ${quote(holder)} here`,
      {
        hint: `give the one here another name first: nsc rename account ${quoteWord(holder)} NAME`,
        details: { name: entry.name, key },
      },
    );
    return bad({ key, held: undefined, state: 'refused', message: `account ${key} was refused`, choice }, failure);
  }
  if (isTaken && !overwriteNewer) {
    return bad({ key, held: undefined, choice, ...damaged(entry.name) }, damagedHere(entry.name));
  }
  names.set(foldName(entry.name), entry.name);
  return {
    row: told(
      'stored',
      `${taking.pulled} account ${name}${isTaken ? ' in place of a damaged one' : ', which is new here'}`,
    ),
    changes: [{ type: 'put-account', ...entry }],
    warnings,
    ...(isTaken && { mendsDamage: true }),
  };
}

const isAuthentic = ({ token }: AccountEntry): boolean => findReadable(() => verifyToken(decodeToken(token))) ?? false;

/** Whether the account of that very name cannot be read. */
function isDamaged(tree: Tree, name: string): boolean {
  try {
    tree.findAccount(name);
    return false;
  } catch (error) {
    if (error instanceof NscError) return true;
    throw error;
  }
}

const damaged = (name: string) => ({ state: 'kept', message: `account ${quote(name)} stays as it is` });

const damagedHere = (name: string): NscError =>
  new NscError('bad-token', `the JWT of account ${quote(name)} that is here is damaged or was altered`, {
    hint: 'take the one of the server in its place with --overwrite-newer',
    details: { account: name },
  });

interface Bad {
  readonly key: string;
  readonly held: { readonly name: string } | undefined;
  readonly state: string;
  readonly message: string;
  readonly choice?: Choice;
}

/** A row that says why, in an answer of its own where the copies do not say it. */
export function bad({ key, held, state, message, choice }: Bad, failure: NscError): Taken {
  const answers = choice?.answers ?? [];
  const isTold = answers.some((answer) => answer.message === failure.message);
  return {
    row: {
      ...(held && { name: held.name }),
      key,
      level: 'error',
      state,
      message,
      answers: isTold ? answers : [...answers, { level: 'error', state, message: failure.message }],
    },
    changes: [],
    warnings: [],
    failure,
  };
}
