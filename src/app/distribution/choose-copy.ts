import type { AccountEntry, OperatorEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { escapeForTerminal, quote } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';
import type { SyncedAnswer } from '../result.js';
import { type AcceptedAccount, acceptAccount } from './accept-account.js';
import type { Arrival } from './fetch-accounts.js';

/** What the copies of one account come to. */
export interface Choice {
  /** The newest copy that can be trusted. */
  readonly chosen?: AcceptedAccount;
  /** What there is to say about each copy. */
  readonly answers: readonly SyncedAnswer[];
  /** Why copies were refused. */
  readonly refusals: readonly NscError[];
}

interface Judging {
  /** Where it came from, for copies of which nobody knows the server. */
  readonly url: string;
  readonly operator: OperatorEntry;
  readonly held: AccountEntry | undefined;
  /** Unix seconds. */
  readonly now: number;
}

/** Judges every copy of an account; of those that can be trusted the newest counts, and ours where that is one of them. */
export function chooseCopy({ key, copies }: Arrival, { url, operator, held, now }: Judging): Choice {
  const verdicts = copies.map(({ server, token }): { server?: string; verdict: AcceptedAccount | NscError } => ({
    ...(server !== undefined && { server }),
    verdict: attempt(() => {
      const source = server === undefined || copies.length === 1 ? escapeForTerminal(url) : `server ${quote(server)}`;
      return acceptAccount(token, { source, subject: key, operator, held, now, takesOlder: true });
    }),
  }));
  const accepted = verdicts.flatMap(({ verdict }) => (verdict instanceof NscError ? [] : verdict));
  const [chosen] = [...accepted].sort(
    (one, other) => issuedAt(other) - issuedAt(one) || Number(other.age === 'same') - Number(one.age === 'same'),
  );
  return {
    ...(chosen && { chosen }),
    answers: verdicts.map(({ server, verdict }) => ({
      ...(server !== undefined && { server }),
      ...tell(verdict, chosen),
    })),
    refusals: verdicts.flatMap(({ verdict }) => (verdict instanceof NscError ? verdict : [])),
  };
}

function attempt(judge: () => AcceptedAccount): AcceptedAccount | NscError {
  try {
    return judge();
  } catch (error) {
    if (error instanceof NscError && error.code === 'untrusted-answer') return error;
    throw error;
  }
}

const issuedAt = ({ entry }: AcceptedAccount): number => Number(entry.claims.iat ?? 0);

function tell(
  verdict: AcceptedAccount | NscError,
  chosen: AcceptedAccount | undefined,
): Pick<SyncedAnswer, 'level' | 'state' | 'message'> {
  if (verdict instanceof NscError) return { level: 'error', state: 'refused', message: verdict.message };
  if (verdict.entry.token === chosen?.entry.token) return { level: 'ok', state: verdict.age, message: '' };
  const message = `has another version, issued ${formatDate(verdict.entry.claims.iat ?? 0)}`;
  return { level: 'warn', state: 'differs', message };
}
