import type {
  Changed,
  Checked,
  DescribedKey,
  DescribedRole,
  Emitted,
  Explained,
  Result,
  Synced,
  SyncedAccount,
} from '../app/result.js';
import { Secret } from '../lib/secret.js';
import type { ChangeSummary } from './changes.js';
import { describedText } from './describe/views.js';
import { listJson } from './json-list.js';
import { jsonDocument } from './json-text.js';

/** What the runner knows beside the result. */
export interface JsonMeta {
  /** From `summarizeChanges`, made before the commit. */
  readonly changes?: readonly ChangeSummary[];
  readonly warnings?: readonly string[];
  /** True when files named for the answer were not written, and nothing was sent. */
  readonly dryRun?: boolean;
}

/**
 * The one JSON document of a result, as chunks for stdout. Long lists are streamed, an object a line.
 *
 * A described token keeps nsc's forms: `--raw` goes before `--field` and both before JSON (reference: nsc-core.md §9.17).
 */
export function renderJson(result: Result, meta: JsonMeta = {}): Iterable<string> {
  switch (result.kind) {
    case 'changed':
      return [jsonDocument(changedJson(result, meta))];
    case 'listed':
      return listJson(result);
    case 'described':
      return [describedText(result, result.view === 'table' ? 'json' : result.view)];
    case 'role':
      return [jsonDocument(roleJson(result))];
    case 'key':
      return [jsonDocument(keyJson(result))];
    case 'checked':
      return [jsonDocument(checkedJson(result))];
    case 'outlined':
      return [jsonDocument(result.data)];
    case 'explained':
      return [jsonDocument(explainedJson(result))];
    case 'told':
      return [];
    case 'synced':
      return [jsonDocument(syncedJson(result, meta))];
    case 'emitted':
      return [jsonDocument(emittedJson(result, meta))];
  }
}

function changedJson(result: Changed, { changes = [], warnings = [] }: JsonMeta): unknown {
  const { kind, steps, data, failure, dryRun = false } = result;
  return { ok: failure === undefined, kind, dryRun, ...data, changes, steps, warnings };
}

function roleJson({ account, scope, stored, users, keys, unreadable }: DescribedRole): unknown {
  const { role = '', key, description = '', template = {} } = scope;
  return {
    account,
    role,
    public_key: key,
    description,
    stored,
    template,
    users,
    ...(keys && { keys: keys.map(({ key, isSame, ...rest }) => ({ public_key: key, ...rest, same: isSame })) }),
    ...(unreadable.length > 0 && { unreadable }),
  };
}

/** The seed itself is nowhere in it. */
function keyJson({ report, slot, seedPath, signed, scope, next }: DescribedKey): unknown {
  const { unreadable, ...tokens } = signed;
  return {
    ...report,
    slot,
    ...(report.private && { keyPath: seedPath }),
    signed: tokens,
    ...(scope && { template: scope.template ?? {} }),
    ...(next !== undefined && { next }),
    ...(unreadable.length > 0 && { unreadable }),
  };
}

function checkedJson({ ok, sections, data }: Checked): unknown {
  return {
    ok,
    ...data,
    sections: sections.map(({ title, findings }) => ({
      title,
      findings: findings.map(({ rule, level, message, hint }) => ({ rule, level, message, hint })),
    })),
  };
}

function explainedJson({ ok, verdict, checks, data }: Explained): unknown {
  return {
    ok,
    verdict,
    ...data,
    checks: checks.map(({ check, on, state, message, hint }) => ({ check, on, state, message, hint })),
  };
}

function syncedJson(result: Synced, { changes, warnings = [] }: JsonMeta): unknown {
  const { kind, data, servers, accounts, summary, dryRun = false, failure } = result;
  return {
    ok: failure === undefined,
    kind,
    ...data,
    dryRun,
    ...(changes && { changes }),
    servers: servers.map(({ name, version, state, message }) => ({ name, version, state, message })),
    accounts: accounts.map(syncedAccountJson),
    summary,
    warnings: [...(result.warnings ?? []), ...warnings],
  };
}

const syncedAccountJson = ({ name, key, level, state, message, answers }: SyncedAccount): unknown => ({
  name,
  publicKey: key,
  level,
  state,
  message,
  answers: answers.map(({ server, level, state, message, differences }) => ({
    server,
    level,
    state,
    message,
    differences,
  })),
});

/** Creds and the like are shown only when they are the answer, not when a file took them. */
function emittedJson(
  { what, content, file, data, steps, warnings, failure }: Emitted,
  { dryRun }: Pick<JsonMeta, 'dryRun'>,
): unknown {
  const told = { ...(dryRun && { dryRun }), ...(steps && { steps }), ...(warnings?.length ? { warnings } : {}) };
  const ok = failure === undefined;
  if (file !== undefined) return { ok, what, file, ...data, ...told };
  return { ok, what, content: content instanceof Secret ? content.reveal() : content, ...data, ...told };
}
