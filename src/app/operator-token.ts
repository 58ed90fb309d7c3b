import type { OperatorClaims } from '../domain/claims/types.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { decodeFrom } from './foreign-token.js';
import type { OperatorSource } from './options/operator-source.js';

/**
 * The operator JWT that was read from somewhere, checked to be one of version 2 with a good signature.
 *
 * @throws NscError `bad-token`, `old-jwt-version`
 */
export function readOperatorToken({ given, token }: OperatorSource): { token: string; claims: OperatorClaims } {
  const decoded = decodeFrom(given, token ?? '');
  const { kind, version, text } = decoded;
  if (decoded.kind !== 'operator') {
    throw new NscError('bad-token', `${quote(given)} holds a JWT of kind ${kind}, not of an operator`);
  }
  if (version !== 2) {
    throw new NscError('old-jwt-version', `${quote(given)} holds an operator JWT of version ${version}; 2 is needed`);
  }
  return { token: text, claims: decoded.claims };
}
