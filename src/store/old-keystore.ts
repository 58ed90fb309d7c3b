import { join } from 'node:path';
import { NscError } from '../errors.js';
import { operatorInfoFile } from './layout.js';
import { isDirectory, isFile, listNames } from './read-file.js';

/** What nsc itself keeps at the top of a keystore. */
const CURRENT = new Set(['keys', 'creds', '.gitignore']);

/**
 * Refuses a keystore of nsc before 0.5, which filed keys by operator, account and user.
 *
 * Only the top of the keystore is looked at: a key or creds file that lies around somewhere does not block every
 * command (E-26), and operators that share the directory (`-H`) are not searched.
 *
 * @throws NscError `keystore-old-layout`
 */
export function refuseOldKeystore(keystoreDir: string): void {
  for (const name of listNames(keystoreDir)) {
    const found = isOldOperator(keystoreDir, name);
    if (found === undefined) continue;
    throw new NscError('keystore-old-layout', `${found} has its place in the keystore of an nsc before 0.5`, {
      hint: 'nsc keys migrate',
      details: { path: found, keystore: keystoreDir },
    });
  }
}

/** Directories of a keystore that hold the keys of one operator the old way, sorted. */
export function listOldOperators(keystoreDir: string): string[] {
  return listNames(keystoreDir)
    .filter((name) => isOldOperator(keystoreDir, name) !== undefined)
    .sort();
}

/** What gives an old operator directory away: its key, or its accounts without the `.nsc` of a store. */
function isOldOperator(keystoreDir: string, name: string): string | undefined {
  if (CURRENT.has(name) || name.startsWith('.')) return undefined;
  const directory = join(keystoreDir, name);
  const key = join(directory, `${name}.nk`);
  if (isFile(key)) return key;
  const accounts = join(directory, 'accounts');
  return isDirectory(accounts) && !isFile(operatorInfoFile(directory)) ? accounts : undefined;
}
