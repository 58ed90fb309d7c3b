import type { Change } from '../domain/change.js';
import type { KeyInput } from '../domain/key-input.js';
import { roleOf } from '../domain/nkey/codec.js';
import type { KeyPair } from '../domain/nkey/key-pair.js';
import type { Role } from '../domain/nkey/prefix.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import type { KeySource } from './ports.js';
import { ok, type Step } from './result.js';

/** A key that becomes part of the tree: what it is, and what has to be stored for it. */
export interface TakenKey {
  readonly publicKey: string;
  /** Absent when only the public key is known. */
  readonly pair?: KeyPair;
  readonly generated: boolean;
  /** Stores the seed when there is one (E-13). */
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
}

/**
 * The key a person gave, or a new one.
 *
 * A seed that becomes part of the tree is stored with it; nothing is stored before the whole plan is committed
 * (E-12, E-13).
 *
 * @throws NscError `bad-key` when the text is neither key nor key file, `wrong-key-kind` for another role
 */
export function takeKey(role: Role, given: KeyInput | undefined, newKey: KeySource['newKey']): TakenKey {
  if (given === undefined) {
    const pair = newKey(role);
    return {
      publicKey: pair.publicKey,
      pair,
      generated: true,
      changes: [storeSeed(pair)],
      steps: [ok(`generated and stored ${role} key ${quote(pair.publicKey)}`)],
    };
  }
  const publicKey = requireKey(role, given);
  if (given.pair === undefined) return { publicKey, generated: false, changes: [], steps: [] };
  return { publicKey, pair: given.pair, generated: false, changes: [storeSeed(given.pair)], steps: [] };
}

/**
 * The public key of a key input, which must be of the given role.
 *
 * @throws NscError `bad-key`, `wrong-key-kind`
 */
export function requireKey(role: Role, given: KeyInput): string {
  if (given.publicKey === undefined) {
    const what = given.fromFile === undefined ? 'is neither a key nor a key file' : 'holds no key';
    throw new NscError('bad-key', `${quote(given.text)} ${what}`, {
      hint: `give ${role === 'account' || role === 'operator' ? 'an' : 'a'} ${role} key: public key, seed, or a file with either`,
    });
  }
  const found = roleOf(given.publicKey);
  if (found !== role) {
    throw new NscError('wrong-key-kind', `${given.publicKey} is a key of kind ${found}, not ${role}`, {
      details: { publicKey: given.publicKey, kind: found, expected: role },
    });
  }
  return given.publicKey;
}

const storeSeed = (pair: KeyPair): Change => ({ type: 'put-seed', publicKey: pair.publicKey, seed: pair.seed });
