import { checkName, type NamedKind, randomName } from '../domain/name.js';
import { NscError } from '../errors.js';
import type { KeySource } from './ports.js';

/**
 * The name for a new operator, account or user; `*` makes one up that is not taken.
 *
 * Made-up names take their randomness from a throw-away key, the one source of randomness a plan has.
 *
 * @throws NscError `missing-option` without a name, `bad-name` for one that cannot be used
 */
export function newName(
  kind: NamedKind,
  given: string | undefined,
  newKey: KeySource['newKey'],
  isTaken: (name: string) => boolean,
): string {
  if (given === undefined || given === '') {
    throw new NscError('missing-option', `the ${kind} needs a name`, { hint: `give it with --name NAME` });
  }
  if (given !== '*') return checkName(kind, given);
  const first = makeUpName(newKey);
  let name = first;
  for (let count = 2; isTaken(name); count += 1) name = `${first}_${count}`;
  return name;
}

function makeUpName(newKey: KeySource['newKey']): string {
  const letters = [...newKey('user').publicKey].map((letter) => letter.charCodeAt(0));
  let at = 0;
  return randomName((below) => {
    at += 8;
    return letters.slice(at, at + 8).reduce((sum, code) => (sum * 31 + code) % 1_000_003, 7) % below;
  });
}
