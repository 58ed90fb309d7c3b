import { mutation } from '../../app/command.js';
import { flag } from '../../app/option.js';
import { changed, ok } from '../../app/result.js';
import { putSeed } from '../../app/take-key.js';
import { NscError } from '../../errors.js';
import { Secret } from '../../lib/secret.js';

const KINDS = ['operator', 'account', 'user', 'curve'] as const;

export const command = mutation({
  summary: 'Generate key pairs',
  description:
    'Prints seed and public key of each new pair, or with --store puts the seed into the keystore and prints where.',
  options: {
    operator: flag('operator', { short: 'o', help: 'an operator key' }),
    account: flag('account', { short: 'a', help: 'an account key' }),
    user: flag('user', { short: 'u', help: 'a user key' }),
    curve: flag('curve', { short: 'x', help: 'a curve key, for encryption in auth callouts' }),
    store: flag('store', { short: 'S', help: 'store the seed instead of printing it' }),
  },
  examples: [
    { command: 'nsc generate nkey --account', what: 'seed and public key on standard output' },
    { command: 'nsc generate nkey --operator --store', what: 'into the keystore' },
  ],

  readsOnly: (input) => !input.store,

  plan({ workspace, newKey }, input) {
    const pairs = KINDS.filter((kind) => input[kind]).map((kind) => newKey(kind));
    if (pairs.length === 0) {
      throw new NscError('missing-option', 'no kind of key was named', {
        hint: 'name one with --operator, --account, --user or --curve',
      });
    }
    if (input.store) {
      return {
        changes: pairs.map(putSeed),
        result: changed(
          ...pairs.map(({ role, publicKey }) =>
            ok(`${role} key ${publicKey} stored in \`${workspace.seedPath(publicKey)}\``),
          ),
        ),
      };
    }
    const content = pairs.map(({ seed, publicKey }) => `${seed.reveal()}\n${publicKey}\n\n`).join('');
    return {
      changes: [],
      result: {
        kind: 'emitted',
        what: 'keys',
        content: new Secret(content),
        data: {
          keys: pairs.map(({ role, publicKey, seed }) => ({ kind: role, public_key: publicKey, seed: seed.reveal() })),
        },
      },
    };
  },
});
