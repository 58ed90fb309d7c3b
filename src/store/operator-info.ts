import { NscError } from '../errors.js';
import { encodeJson } from '../lib/canonical-json.js';
import { isSegment, operatorInfoFile } from './layout.js';
import { findText, isFile } from './read-file.js';

/** The file `.nsc` that makes a directory the store of an operator (nsc-core.md §3.1). */
export interface OperatorInfo {
  /** Names the token file and the creds directory; the directory may have been renamed since. */
  readonly name: string;
  readonly managed: boolean;
}

/**
 * What `.nsc` says; undefined when the directory has none.
 *
 * @throws NscError `store-corrupt`
 */
export function findOperatorInfo(directory: string): OperatorInfo | undefined {
  const file = operatorInfoFile(directory);
  const text = findText(file);
  if (text === undefined) return undefined;
  const info = parseInfo(text);
  if (info) return info;
  throw new NscError('store-corrupt', `${file} does not describe an operator`, {
    hint: 'restore it, or move the directory out of the store',
    details: { path: file },
  });
}

/** Whether a directory is the store of an operator. What cannot be read or understood is none. */
export function isOperatorDir(directory: string): boolean {
  const file = operatorInfoFile(directory);
  try {
    return isFile(file) && parseInfo(findText(file) ?? '') !== undefined;
  } catch {
    return false;
  }
}

/** The bytes nsc writes: compact, these members in this order. */
export function encodeOperatorInfo({ name, managed }: OperatorInfo): string {
  return encodeJson({ managed, name, kind: 'operator', version: '1' });
}

function parseInfo(text: string): OperatorInfo | undefined {
  let info: unknown;
  try {
    info = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { name, kind, managed } = (info ?? {}) as Record<string, unknown>;
  if (kind !== 'operator' || typeof name !== 'string' || !isSegment(name)) return undefined;
  return { name, managed: managed === true };
}
