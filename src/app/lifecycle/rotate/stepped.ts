import type { Change } from '../../../domain/change.js';
import type { UserEntry } from '../../../domain/tree/tree.js';
import type { PlanContext } from '../../command.js';
import type { Step } from '../../result.js';
import type { LeftToken, ResignedUser } from '../resign.js';

/** What a step of a rotation looks at. `signer` is what `-K` named: it signs the token that lists the key. */
export type StepContext = Pick<PlanContext, 'tree' | 'now' | 'newKey' | 'workspace' | 'signer'> & {
  /** The users who have a key, as `findHolder` finds one; for whoever takes many steps at once. */
  readonly holders?: HoldersOf;
};

/** @returns the accounts and names of users, by their key */
export type HoldersOf = (key: string) => readonly Pick<UserEntry, 'account' | 'name'>[];

/** What one step of a rotation comes to. Steps can be put together: the next one is planned on the tree this one leads to. */
export interface Stepped {
  /** None where the step was done before. */
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
  /** Names of accounts whose token changed: servers need them. */
  readonly accounts: readonly string[];
  /** Whether servers need the new JWT of the operator. */
  readonly operatorChanged: boolean;
  /** Users whose token is another one now. */
  readonly users: readonly ResignedUser[];
  /** Tokens of the old key that stay as they are. */
  readonly left: readonly LeftToken[];
  /** The keys that go: those that sign until the new one does, or that are taken out. */
  readonly oldKeys: readonly string[];
  /** The key that comes; absent where there is none any more. */
  readonly newKey?: string;
}
