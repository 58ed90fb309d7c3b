import type { Change } from '../../domain/change.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import { quote } from '../../lib/display.js';
import { type InputOf, list } from '../option.js';
import type { KeySource } from '../ports.js';
import { ok, type Step } from '../result.js';
import { requireKey, takeKey } from '../take-key.js';
import { keyListOption } from './key.js';

export const signingKeyOptions = {
  sk: keyListOption('sk', {
    help: 'add signing keys: public key, seed or key file; "generate" makes a new one. Seeds are stored in the keystore',
  }),
  rmSk: list('rm-sk', {
    placeholder: 'KEY,…',
    help: 'remove signing keys; what they signed is refused from then on',
    complete: 'key',
  }),
};

export interface SigningKeyEdit {
  readonly add: readonly string[];
  readonly remove: ReadonlySet<string>;
  /** The pairs behind `add`, as far as they are known. */
  readonly pairs: readonly KeyPair[];
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
}

/** Which public keys to add and remove, what has to be stored for them, and the report. */
export function takeSigningKeys(
  role: 'operator' | 'account',
  input: Partial<InputOf<typeof signingKeyOptions>>,
  listed: readonly string[],
  newKey: KeySource['newKey'],
): SigningKeyEdit {
  const changes: Change[] = [];
  const steps: Step[] = [];
  const add: string[] = [];
  const pairs: KeyPair[] = [];
  for (const given of input.sk ?? []) {
    if (given !== 'generate') requireKey(role, given);
    const key = takeKey(role, given === 'generate' ? undefined : given, newKey);
    add.push(key.publicKey);
    changes.push(...key.changes);
    if (key.pair) pairs.push(key.pair);
    steps.push(
      ok(
        listed.includes(key.publicKey)
          ? `signing key ${quote(key.publicKey)} is listed already`
          : `added signing key ${quote(key.publicKey)}`,
      ),
    );
  }
  const remove = new Set(input.rmSk);
  for (const key of remove) {
    steps.push(
      ok(
        [...listed, ...add].includes(key)
          ? `removed signing key ${quote(key)}`
          : `signing key ${quote(key)} was not listed`,
      ),
    );
  }
  return { add, remove, pairs, changes, steps };
}
