import type { OperatorEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { escapeForTerminal, quote } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';
import { acceptOperator } from './accept-operator.js';
import type { Fetched } from './fetch-accounts.js';
import { bad, type Taken, type Taking } from './take-pulled.js';

/** What becomes of the operator, and who vouches for accounts from then on. */
export interface TakenOperator extends Taken {
  readonly operator: OperatorEntry;
}

/**
 * Decides about the operator JWT that an account server gave. Who the operator is never changes; an older version than the
 * one here stays where it is. That a server has none at all is worth a warning only.
 */
export function takeOperator(
  operator: NonNullable<Fetched['operator']>,
  { url, held, now, pulled }: { readonly url: string; readonly held: OperatorEntry } & Pick<Taking, 'now' | 'pulled'>,
): TakenOperator {
  const name = quote(held.name);
  const key = held.claims.sub ?? '';
  const row = { name: held.name, key, level: 'ok', answers: [] } as const;
  if ('problem' in operator) {
    const message = `operator ${name} stays as it is: ${operator.problem.message}`;
    return { operator: held, row: { ...row, level: 'warn', state: 'failed', message }, changes: [], warnings: [] };
  }
  try {
    const { entry, age } = acceptOperator(operator.text, { source: escapeForTerminal(url), held, now });
    if (age === 'same') {
      return {
        operator: held,
        row: { ...row, state: 'same', message: `operator ${name} is the same` },
        changes: [],
        warnings: [],
      };
    }
    return {
      operator: entry,
      row: {
        ...row,
        state: 'stored',
        message: `${pulled} operator ${name}, issued ${formatDate(entry.claims.iat ?? 0)}`,
      },
      changes: [
        { type: 'keep-version', kind: 'operator', replaced: held },
        { type: 'put-operator', ...entry },
      ],
      warnings: [],
    };
  } catch (error) {
    if (!(error instanceof NscError) || error.code !== 'untrusted-answer') throw error;
    const state = error.details.reason === 'older' ? 'kept' : 'refused';
    return { operator: held, ...bad({ key, held, state, message: `operator ${name} stays as it is` }, error) };
  }
}
