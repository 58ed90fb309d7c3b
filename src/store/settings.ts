import { NscError } from '../errors.js';
import { encodeJson } from '../lib/canonical-json.js';
import { type JsonValue, parseJson } from '../lib/int64-json.js';
import { settingsFile } from './layout.js';
import { findText } from './read-file.js';

/** What is selected when nothing else says so: three members of `nsc.json` (nsc-core.md §2.3). `''` = nothing. */
export interface Selection {
  readonly storeRoot: string;
  readonly operator: string;
  readonly account: string;
}

/** `nsc.json` as it was read. */
export interface SettingsState {
  readonly file: string;
  /** False under `NSC_CWD_ONLY`: the file is neither read nor written. */
  readonly persistent: boolean;
  readonly stored: Selection;
  /** Every member, known or not, in the order of the file; none when there is no file. */
  readonly members: Readonly<Record<string, JsonValue>>;
}

const NOTHING: Selection = { storeRoot: '', operator: '', account: '' };
const UPDATES_FROM = 'nats-io/nsc';

/**
 * Reads `nsc.json`; a file that is not there is an empty one.
 *
 * @throws NscError `store-corrupt` when it is no JSON object or a known member has the wrong type
 */
export function readSettings(configDir: string, persistent: boolean): SettingsState {
  const file = settingsFile(configDir);
  const text = persistent ? (findText(file) ?? '') : '';
  if (text.trim() === '') return { file, persistent, stored: NOTHING, members: {} };
  const members = parseObject(text, file);
  const stored = {
    storeRoot: textOf(members, 'store_root', file),
    operator: textOf(members, 'operator', file),
    account: textOf(members, 'account', file),
  };
  return { file, persistent, stored, members };
}

/**
 * The bytes of `nsc.json` with another selection. Members that are not ours stay where they are; a new file gets the
 * members nsc writes, in its order: compact JSON without a newline at the end.
 *
 * @param now Unix seconds
 */
export function encodeSettings({ members }: SettingsState, selection: Selection, now: number): string {
  const isNew = Object.keys(members).length === 0;
  return encodeJson({
    ...members,
    store_root: selection.storeRoot,
    operator: selection.operator,
    account: selection.account,
    ...(isNew && { github_updates: UPDATES_FROM, last_update: now }),
  });
}

function parseObject(text: string, file: string): Record<string, JsonValue> {
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw corrupt(file, 'it is not valid JSON', cause);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw corrupt(file, 'it is not a JSON object');
  return value;
}

function textOf(members: Record<string, JsonValue>, member: string, file: string): string {
  const value = members[member] ?? '';
  if (typeof value === 'string') return value;
  throw corrupt(file, `its member ${member} is not a text`);
}

function corrupt(file: string, reason: string, cause?: unknown): NscError {
  return new NscError('store-corrupt', `${file} cannot be used: ${reason}`, {
    hint: `mend it, or remove it and select again with: nsc env --store DIR --operator NAME`,
    details: { path: file },
    cause,
  });
}
