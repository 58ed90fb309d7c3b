import type { OperatorClaims } from '../domain/claims/types.js';
import { decodeVerified } from '../domain/token/decode.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import type { OperatorSource } from './options/operator-source.js';
import type { Workspace } from './workspace.js';

/**
 * A new operator needs a directory of its own; names that differ only in letter case would share one on some
 * file systems (E-44).
 *
 * @throws NscError `already-exists`
 */
export function refuseTakenOperator(workspace: Workspace, name: string, hint?: string): void {
  const same = workspace.operatorNames().find((other) => other.toLowerCase() === name.toLowerCase());
  if (same !== undefined) {
    throw new NscError('already-exists', `operator ${quote(same)} already exists in ${workspace.storeRoot}`, {
      hint: hint ?? 'choose another name, or another store with --data-dir DIR',
    });
  }
  if (workspace.isOccupied(name)) {
    throw new NscError('already-exists', `${workspace.operatorDir(name)} is in use and is not an operator`, {
      hint: 'choose another name',
    });
  }
}

/**
 * The operator JWT that was read from somewhere, checked to be one of version 2 with a good signature.
 *
 * @throws NscError `bad-token`, `old-jwt-version`
 */
export function readOperatorToken(source: OperatorSource | undefined): { token: string; claims: OperatorClaims } {
  const token = decodeVerified(source?.token ?? '');
  if (token.kind !== 'operator') {
    throw new NscError(
      'bad-token',
      `${quote(source?.given ?? '')} holds a JWT of kind ${token.kind}, not of an operator`,
    );
  }
  if (token.version !== 2) {
    throw new NscError(
      'old-jwt-version',
      `${quote(source?.given ?? '')} holds an operator JWT of version ${token.version}; 2 is needed`,
    );
  }
  return { token: token.text, claims: token.claims as OperatorClaims };
}
