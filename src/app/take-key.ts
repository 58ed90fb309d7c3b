import type { Change } from '../domain/change.js';
import type { KeyInput } from '../domain/key-input.js';
import { roleOf } from '../domain/nkey/codec.js';
import type { KeyPair } from '../domain/nkey/key-pair.js';
import type { Role } from '../domain/nkey/prefix.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import type { PlanContext } from './command.js';
import { ok, type Step } from './result.js';

/** A key that becomes part of the tree: what it is, and what has to be stored for it. */
export interface TakenKey {
  readonly publicKey: string;
  /** Absent when the seed is not at hand. */
  readonly pair?: KeyPair;
  readonly generated: boolean;
  /** Stores the seed, unless it is in the keystore already or not at hand (E-13). */
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
}

/**
 * The key a person gave, or a new one. For a public key the keystore is asked for the seed.
 *
 * A seed that becomes part of the tree is stored with it; nothing is stored before the whole plan is committed
 * (E-12, E-13).
 *
 * @throws NscError `bad-key` when the text is neither key nor key file, `wrong-key-kind` for another role,
 *   `key-mismatch` when the keystore holds another seed for it
 */
export function takeKey(
  role: Role,
  given: KeyInput | undefined,
  { newKey, workspace }: Pick<PlanContext, 'newKey' | 'workspace'>,
): TakenKey {
  if (given === undefined) {
    const pair = newKey(role);
    const { publicKey } = pair;
    const steps = [ok(`generated and stored ${role} key ${quote(publicKey)}`)];
    return { publicKey, pair, generated: true, changes: [putSeed(pair)], steps };
  }
  const publicKey = requireKey(role, given);
  const pair = given.pair ?? workspace.findKeyPair(publicKey);
  return {
    publicKey,
    ...(pair && { pair }),
    generated: false,
    changes: given.pair ? [putSeed(given.pair)] : [],
    steps: [],
  };
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
      hint: `give a key of kind ${role}: public key, seed, or a file with either`,
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

/** The seed of a pair, to be stored. */
export const putSeed = ({ publicKey, seed }: KeyPair): Change => ({ type: 'put-seed', publicKey, seed });
