import type { Change } from '../domain/change.js';
import type { AccountClaims } from '../domain/claims/types.js';
import type { KeyInput } from '../domain/key-input.js';
import type { Tree } from '../domain/tree/tree.js';
import type { LostTrust } from '../domain/trust/blast-radius.js';
import type { Candidate } from '../domain/trust/candidates.js';
import type { Secret } from '../lib/secret.js';
import type { InputOf, OptionSet, Question } from './option.js';
import type { KeySource, Ports, Talk } from './ports.js';
import type { Reach } from './reach.js';
import type { Result } from './result.js';
import type { Workspace } from './workspace.js';

/** A command is a value: what it is called, what it takes, and a function. See `docs/architecture.md`. */
// biome-ignore lint/suspicious/noExplicitAny: only the command itself knows what it fetches
export type Command<Options extends OptionSet = OptionSet> = Query<Options> | Mutation<Options, any> | Task<Options>;

/** Where a command works instead of in the current store and keystore. */
export interface Place {
  readonly storeRoot?: string | undefined;
  readonly keystoreDir?: string | undefined;
}

interface Common<Options extends OptionSet> {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Paragraphs for `--help` and the docs page. */
  readonly description?: string;
  readonly options: Options;
  /** Positional arguments fill this option when it is not given; the second argument fills `second`, where there is one. */
  readonly positional?: {
    readonly option: keyof Options & string;
    readonly max: number;
    readonly placeholder: string;
    readonly second?: keyof Options & string;
  };
  /** Options of which at most one may be given. */
  readonly conflicts?: readonly (readonly (keyof Options & string)[])[];
  readonly examples?: readonly { readonly command: string; readonly what: string }[];
  /**
   * The keys that may sign what the command makes, in the order they are tried: interactive mode offers those when
   * `-K` is absent.
   */
  signers?(context: QueryContext, input: InputOf<Options>): readonly Candidate[];
  /** What interactive mode asks when `-K` is absent and does not say who signs (`add operator`: the identity key). */
  readonly keyQuestion?: Question<KeyInput>;
  /**
   * The directories to work in, when they are not the current ones (`init --dir`, `env --store`, `generate profile`); the
   * runner expands them.
   */
  place?(input: InputOf<Options>): Place;
  /**
   * True where the answer is of use without seeds: when they are encrypted and nothing opens them unasked, looking for one
   * throws `keystore-sealed`, and nobody is asked.
   */
  readonly needsNoSeeds?: true;
}

interface Context {
  readonly workspace: Workspace;
  /** The selected operator. Reading it throws `missing-option` or `operator-not-found` when there is none. */
  readonly tree: Tree;
  /** Unix seconds. */
  readonly now: number;
  /** What `-K` named; the signer policy is `domain/trust/signer`. */
  readonly signer?: KeyInput;
}

export interface QueryContext extends Context {}

export interface PlanContext extends Context, KeySource {}

export interface TaskContext extends Context, KeySource {
  readonly ports: Ports;
  readonly talk: Talk;
  /** True when the task may only tell what it would do. */
  readonly dryRun: boolean;
  /** Aborted when somebody wants the command to end; the second time, the process ends at once. */
  readonly interrupted: AbortSignal;
  /** The store as it is now, for tasks that run for long. */
  refresh(): QueryContext;
  /**
   * Plans and commits under the lock, as a mutation does, and asks nothing. Throws what the plan refuses, what
   * `checkOutcome` refuses and what the store refuses.
   */
  commit(plan: (context: PlanContext) => Plan): Promise<void>;
}

/** Reads and answers. */
export interface Query<Options extends OptionSet> extends Common<Options> {
  readonly kind: 'query';
  run(context: QueryContext, input: InputOf<Options>): Result;
}

/** Decides what to change. A plan is pure: it cannot write, and keys it makes exist only in its changes. */
export interface Mutation<Options extends OptionSet, Fetched extends readonly unknown[] = []> extends Common<Options> {
  readonly kind: 'mutation';
  /** Gets what the plan needs from elsewhere (`pull`), once and without the lock; `plan` is given it. */
  fetch?(context: TaskContext, input: InputOf<Options>): Promise<Fetched>;
  plan(context: PlanContext, input: InputOf<Options>, ...fetched: Fetched): Plan;
  /** True for an input that changes nothing in the store (`nsc env`): no lock is taken. */
  readsOnly?(input: InputOf<Options>): boolean;
  /** Whether to ask before committing on a terminal, and what. */
  confirm?(context: PlanContext, input: InputOf<Options>, plan: Plan): string | undefined;
  /** The switch that stands for a yes to that question, and has to where nobody can be asked. */
  readonly confirmedBy?: keyof Options & string;
  /** True for the command that brings an operator of version 1 up to date; others change nothing under one. */
  readonly upgrades?: true;
}

/**
 * Needs the world: files, network, long running. It finds the seeds and creds it needs before it says or sends anything:
 * where they are encrypted they are opened then, and it is run again.
 */
export interface Task<Options extends OptionSet> extends Common<Options> {
  readonly kind: 'task';
  run(context: TaskContext, input: InputOf<Options>): Promise<Result>;
}

export interface Plan {
  /** The operator the changes belong to; absent = the selected one. */
  readonly operator?: string;
  readonly changes: readonly Change[];
  readonly warnings?: readonly string[];
  /**
   * What loses the trust it has in a way that nobody finds out cheaply from the changes: revoked users, imports of an
   * export that changes. The plan has told of it; `--keep-valid` refuses it.
   */
  readonly lost?: readonly LostTrust[];
  readonly result: Result;
  /** Set where nsc lets a user override the check of the outcome. */
  readonly force?: boolean;
  /** What servers have to take before anything is committed. */
  readonly delivery?: Delivery;
  /** What servers get once it is committed; where they cannot be had, the commit stays, and that is told. */
  readonly push?: Announcement;
  /** True when the accounts come from the account server, which does not get them back (S-26). */
  readonly isFetched?: boolean;
  /** Written before the commit, so that nothing is deleted from the store before its copy is safe. */
  readonly files?: readonly OutsideFile[];
}

/** What a plan wants servers to do first, all of them: nothing is committed otherwise. */
export interface Delivery {
  /** Sent first. */
  readonly account: { readonly name: string; readonly token: string; readonly claims: AccountClaims };
  /** Whether servers are to delete the account once they have taken it. */
  readonly deletes: boolean;
  /** How servers are reached. */
  readonly reach: Reach;
}

/** Accounts that servers are to have as the store has them. */
export interface Announcement {
  /** Names. */
  readonly accounts: readonly string[];
  readonly reach: Reach;
}

/** A file that a mutation writes outside the store (mode 0600, missing directories 0700). */
export interface OutsideFile {
  readonly path: string;
  readonly content: string | Uint8Array | Secret;
  /** False refuses to replace a file that is there. */
  readonly replace: boolean;
  /** What to do about a file that is there. */
  readonly replaceHint?: string;
}

/** Keeps the option types of a definition without spelling them out. */
export const query = <Options extends OptionSet>(definition: Omit<Query<Options>, 'kind'>): Query<Options> => ({
  kind: 'query',
  ...definition,
});
export const mutation = <Options extends OptionSet, Fetched extends readonly unknown[] = []>(
  definition: Omit<Mutation<Options, Fetched>, 'kind'>,
): Mutation<Options, Fetched> => ({
  kind: 'mutation',
  ...definition,
});
export const task = <Options extends OptionSet>(definition: Omit<Task<Options>, 'kind'>): Task<Options> => ({
  kind: 'task',
  ...definition,
});
