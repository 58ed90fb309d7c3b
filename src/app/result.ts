import type { Difference } from '../domain/claims/diff.js';
import type { Expansion } from '../domain/claims/template-expansion.js';
import type { AnyClaims, ClaimKind, Issue, UserScope } from '../domain/claims/types.js';
import type { KeyState } from '../domain/keyring/keyring.js';
import type { NscError } from '../errors.js';
import type { Secret } from '../lib/secret.js';
import type { KeyReport } from './lifecycle/key-report.js';
import type { Signed } from './lifecycle/key-report-usage.js';

/** What a command answers, before anybody decided how it looks. Renderers are total over this union. */
export type Result =
  | Changed
  | Described
  | DescribedRole
  | DescribedKey
  | Listed
  | Emitted
  | Checked
  | Synced
  | Outlined
  | Explained
  | Told;

/** One line of a mutation's report. */
export interface Step {
  readonly level: 'ok' | 'warn';
  readonly message: string;
}

/** A mutation. The list of changes in its JSON comes from the runner. */
export interface Changed {
  readonly kind: 'changed';
  readonly steps: readonly Step[];
  /** Set by the runner: nothing of it was done. */
  readonly dryRun?: boolean;
  /** Members of the JSON beside the steps. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** What went wrong once it was done: told after the answer was shown, and decides the exit code. */
  readonly failure?: NscError;
}

/** One token shown to a person, as JSON, as a field of it, or raw. */
export interface Described {
  readonly kind: 'described';
  readonly type: ClaimKind;
  readonly token: string;
  readonly claims: AnyClaims;
  readonly view: 'table' | 'json' | 'raw' | { readonly field: string };
  /** Public key → display name, for keys that occur in the claims; empty with --long-ids. */
  readonly names: ReadonlyMap<string, string>;
  /** Where a scoped user gets its permissions from. */
  readonly scope?: UserScope;
  /** What servers make of the scope's template for this user, where that differs. */
  readonly expansion?: Expansion;
  /** Write there instead of stdout. */
  readonly file?: string;
}

/** A scoped signing key and who was issued under it; a role that is rotated has several. */
export interface DescribedRole {
  readonly kind: 'role';
  readonly account: string;
  /** Of the active key. */
  readonly scope: UserScope;
  /** Whether its seed is in the keystore. */
  readonly stored: boolean;
  /** Names, sorted; of all keys of the role. */
  readonly users: readonly string[];
  /** The keys of the role while there are several, the active one first. */
  readonly keys?: readonly RoleKey[];
  /** Why other users could not be looked at. */
  readonly unreadable: readonly string[];
}

/** One of several keys of a role. */
export interface RoleKey {
  readonly key: string;
  readonly state: KeyState;
  /** Whether its seed is in the keystore. */
  readonly stored: boolean;
  /** How many users it signed. */
  readonly users: number;
  /** Whether its scope says the same as that of the first one. */
  readonly isSame: boolean;
}

/** One key: what it is for, where it is in its life, and what hangs on it. */
export interface DescribedKey {
  readonly kind: 'key';
  readonly report: KeyReport;
  /** What it stands for, in words. */
  readonly slot: string;
  /** Where the keystore has its seed, or would have it. */
  readonly seedPath: string;
  readonly signed: Signed;
  /** Of a scoped key. */
  readonly scope?: UserScope;
  /** A command to go on with. */
  readonly next?: string;
}

export interface Column {
  /** Member name in JSON. */
  readonly key: string;
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** What people see, where it is not the member itself. */
  readonly show?: (row: Readonly<Record<string, unknown>>) => string;
}

/** A table of any length; JSON is an array of objects with the columns' keys. */
export interface Listed {
  readonly kind: 'listed';
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: Iterable<Readonly<Record<string, unknown>>>;
  /** Shown instead of an empty table. */
  readonly whenEmpty: string;
  /** Marks the row of the selected entity. */
  readonly isCurrent?: (row: Readonly<Record<string, unknown>>) => boolean;
  /** JSON in place of the rows, where nsc has richer JSON than its table. */
  readonly json?: () => unknown;
  /** JSON as an object, two blanks a level: these members, then every row with all it has, under the name `rows`. */
  readonly report?: { readonly members: Readonly<Record<string, unknown>>; readonly rows: string };
}

/** A text meant for another program: creds, server configuration, completion script. */
export interface Emitted {
  readonly kind: 'emitted';
  /** What it is, for the report line: "credentials", "server configuration". */
  readonly what: string;
  readonly content: string | Secret;
  /** Write there (0600) instead of stdout. */
  readonly file?: string;
  /** The one file of the store it may be written to, because that is where the store keeps this very content. */
  readonly ownPlace?: string;
  /** False refuses to replace a file that is there. Default: it is replaced. */
  readonly replace?: boolean;
  /** What to do about a file that is there, where `--force` is not the answer. */
  readonly replaceHint?: string;
  /** What the person should know although it is written; said on stderr and in JSON. */
  readonly warnings?: readonly string[];
  /** What else was done: told below what is said about the file, or on stderr where the content takes stdout. */
  readonly steps?: readonly Step[];
  /** What went wrong although the answer is there: told after it was shown or written, and decides the exit code. */
  readonly failure?: NscError;
  /** Members beside `content` or `file` in JSON. Never secret where there can be a file. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Something that was found, or, as `info`, something that is so and worth knowing. */
export interface Finding extends Omit<Issue, 'level'> {
  readonly level: Issue['level'] | 'info';
  /** What would mend it, or how to go on. */
  readonly hint?: string;
}

/** A check; exit code 1 unless `ok`. */
export interface Checked {
  readonly kind: 'checked';
  readonly ok: boolean;
  readonly sections: readonly { readonly title: string; readonly findings: readonly Finding[] }[];
  /** Members beside these in JSON. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What servers would make of somebody who connects, check by check in their order; exit code 1 unless `ok`. */
export interface Explained {
  readonly kind: 'explained';
  /** False when one of the checks refuses. */
  readonly ok: boolean;
  /** Whom the checks are about, and under which circumstances. */
  readonly title: string;
  readonly checks: readonly ExplainedCheck[];
  /** The last line. */
  readonly verdict: string;
  /** Members of the JSON beside these. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ExplainedCheck {
  /** What scripts branch on: `signature`, `revocation`. */
  readonly check: string;
  /** What the check is about. */
  readonly on: 'creds' | 'user' | 'account' | 'operator';
  /** `unknown` cannot be told here; `skipped` was not reached. */
  readonly state: 'ok' | 'failed' | 'unknown' | 'skipped';
  readonly message: string;
  /** What would mend it. */
  readonly hint?: string;
}

/**
 * What passed between the store and servers (`push`, `pull`, `diff`). JSON has every account and every answer; text has
 * a line for each account, and below it what was not as it should be.
 */
export interface Synced {
  readonly kind: 'synced';
  /** The first line: `pushed to nats://127.0.0.1:4222 as user "sys" of account "SYS"`. */
  readonly title: string;
  /** Members of the JSON beside the lists: `url`, `action`. */
  readonly data: Readonly<Record<string, unknown>>;
  /** All that should have taken part. */
  readonly servers: readonly SyncedServer[];
  readonly accounts: readonly SyncedAccount[];
  /** True where every account is worth a line although a terminal showed the progress. */
  readonly isDetailed?: boolean;
  /** Said at the end: `3 accounts on 3 servers: 2 sent, 1 as they are here`. */
  readonly summary: string;
  readonly dryRun?: boolean;
  readonly warnings?: readonly string[];
  /** What went wrong with some: told after the answer was shown, and decides the exit code. */
  readonly failure?: NscError;
}

export interface SyncedServer {
  readonly name: string;
  readonly version?: string;
  readonly state: 'answered' | 'absent' | 'silent';
  /** Why, where it is absent. */
  readonly message?: string;
}

export interface SyncedAccount {
  /** As the store has it; absent for accounts that only servers hold. */
  readonly name?: string;
  readonly key: string;
  readonly level: 'ok' | 'warn' | 'error';
  /** `sent`, `same`, `stored`, `kept`, `differs`, `missing`, `extra`, `deleted`, `refused`: what scripts branch on. */
  readonly state: string;
  /** The line: `pushed "A" to 3 servers`. */
  readonly message: string;
  readonly answers: readonly SyncedAnswer[];
}

/** What is between the store and one server about an account. */
export interface SyncedAnswer {
  /** Absent where servers did not say who they are. */
  readonly server?: string | undefined;
  readonly level: 'ok' | 'warn' | 'error';
  readonly state: string;
  readonly message: string;
  /** Member by member; before = in the store, after = on the server. */
  readonly differences?: readonly Difference[];
}

/** A text for people in sections, and all that it is about for programs. */
export interface Outlined {
  readonly kind: 'outlined';
  readonly sections: readonly OutlineSection[];
  /** Shown instead of no section at all. */
  readonly whenEmpty: string;
  /** The JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface OutlineSection {
  readonly title: string;
  readonly lines: readonly string[];
}

/** A task that has said everything while it ran (`Talk.tell`, `Talk.say`). */
export interface Told {
  readonly kind: 'told';
}

export const told: Told = { kind: 'told' };
export const ok = (message: string): Step => ({ level: 'ok', message });
export const warn = (message: string): Step => ({ level: 'warn', message });
export const changed = (...steps: Step[]): Changed => ({ kind: 'changed', steps });
