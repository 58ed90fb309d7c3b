import { NscError } from '../../errors.js';
import { quote, quoteSome } from '../../lib/display.js';
import { plural } from '../../lib/plural.js';
import type { Holding, Resolver, ServerAnswer } from '../resolver.js';
import type { SyncedAccount } from '../result.js';

type Said = { readonly state: string; readonly message: string };

/** What became of accounts that were to be deleted. */
export interface RemovalOutcome {
  readonly resolver: Pick<Resolver, 'servers' | 'absent'>;
  readonly accounts: readonly SyncedAccount[];
  /** What servers said to the requests. */
  readonly answers: readonly ServerAnswer[];
  /** What they had afterwards. */
  readonly holdings: readonly Holding[];
}

/**
 * Whether an account is left, or a server may have one without anybody knowing: it is away or did not tell.
 * `remote-failed` when nothing was deleted that should be, `remote-partial` otherwise.
 */
export function failureOfRemoval({ resolver, accounts, answers, holdings }: RemovalOutcome): NscError | undefined {
  const left = accounts.filter(({ level }) => level === 'error');
  const doubtful = new Set(left.flatMap((account) => account.answers.flatMap(whoMayHaveIt)));
  const told = new Set(holdings.map(({ server }) => server));
  const mute = resolver.servers.filter(({ name }) => !told.has(name)).map(({ name }) => name);
  const absent = resolver.absent.map(({ name }) => name);
  const reasons = [
    ...(left.length > 0 ? [`${plural(left.length, 'account')} on server ${quoteSome([...doubtful])}`] : []),
    ...mute.map((name) => `server ${quote(name)} does not tell what it has`),
    ...absent.map((name) => `server ${quote(name)} is not there`),
  ];
  if (reasons.length === 0) return undefined;
  const isSome = left.length === 0 || accounts.some((account) => account.answers.some(isDeleted));
  return new NscError(
    isSome ? 'remote-partial' : 'remote-failed',
    `${isSome ? 'not every server is known to be without what was to be deleted' : 'nothing was deleted'}: ${reasons.join('; ')}`,
    {
      hint: hintFor(answers),
      details: { accounts: left.map(({ key }) => key), servers: [...doubtful], silent: mute, absent },
    },
  );
}

function hintFor(answers: readonly ServerAnswer[]): string {
  if (answers.some(isForbidden)) {
    return 'put allow_delete: true into the resolver block of the configuration of each server, start it again, and repeat this';
  }
  return (
    hintForDistrust(answers) ?? 'servers that were away bring deleted accounts back: repeat this once they are there'
  );
}

/** What to do where the key that signed the request is none that servers know of the operator (nsc-distribution.md §1.6). */
export const hintForDistrust = (answers: readonly Said[]): string | undefined =>
  answers.some(({ state, message }) => state === 'refused' && /not trusted$/.test(message))
    ? 'servers know the operator as it was when they were started: sign with a key that it had then, -K KEY, or start them again with its JWT of now'
    : undefined;

const whoMayHaveIt = ({ server, level }: SyncedAccount['answers'][number]): string[] =>
  level === 'ok' || server === undefined ? [] : [server];

const isDeleted = ({ state }: SyncedAccount['answers'][number]): boolean => state === 'deleted';

/** Whether a server says that its configuration allows nobody to delete (nsc-distribution.md §1.6). */
export const isForbidden = ({ state, message }: Said): boolean =>
  state === 'refused' && /delete must be enabled/.test(message);
