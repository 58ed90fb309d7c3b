import type { Change } from '../../domain/change.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import { quote } from '../../lib/display.js';
import type { PlanContext } from '../command.js';
import { asking, type InputOf } from '../option.js';
import { ok, type Step, warn } from '../result.js';
import { requireKey, takeKey } from '../take-key.js';
import { keyListOption, newKeyListOption } from './key.js';

export const signingKeyOptions = {
  sk: newKeyListOption('sk', {
    help: 'add signing keys: public key, seed or key file; "generate" makes a new one. Seeds are stored in the keystore',
  }),
  rmSk: keyListOption('rm-sk', { help: 'remove signing keys; what they signed is refused from then on' }),
};

/** The same with a question of interactive mode. */
export const askingForSigningKeys = (role: 'operator' | 'account'): typeof signingKeyOptions => ({
  ...signingKeyOptions,
  sk: asking(signingKeyOptions.sk, {
    message: 'Signing key to add: public key, seed or key file; "generate" makes a new one',
    type: 'list',
    check: (keys) => {
      for (const key of keys) if (key !== 'generate') requireKey(role, key);
    },
  }),
});

/** What becomes of a list of signing keys. */
export interface SigningKeyEdit {
  readonly add: readonly string[];
  readonly remove: ReadonlySet<string>;
  /** The pairs behind `add`, as far as they are known. */
  readonly pairs: readonly KeyPair[];
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
}

/**
 * Which public keys to add and remove, what has to be stored for them, and the report.
 *
 * @param listed the keys that are there
 * @throws NscError those of {@link takeKey}
 */
export function takeSigningKeys(
  role: 'operator' | 'account',
  input: Partial<InputOf<typeof signingKeyOptions>>,
  listed: readonly string[],
  context: Pick<PlanContext, 'newKey' | 'workspace'>,
): SigningKeyEdit {
  const taken = (input.sk ?? []).map((given) => takeKey(role, given === 'generate' ? undefined : given, context));
  const add = taken.map(({ publicKey }) => publicKey);
  const remove = new Set((input.rmSk ?? []).map((given) => requireKey(role, given)));
  const known = new Set([...listed, ...add]);
  return {
    add,
    remove,
    pairs: taken.flatMap(({ pair }) => pair ?? []),
    changes: taken.flatMap(({ changes }) => changes),
    steps: [
      ...add.map((key) =>
        ok(`${listed.includes(key) ? 'signing key is listed already:' : 'added signing key'} ${quote(key)}`),
      ),
      ...[...remove].map((key) =>
        known.has(key) ? ok(`removed signing key ${quote(key)}`) : warn(`signing key ${quote(key)} was not listed`),
      ),
    ],
  };
}
