import { mutation } from '../../app/command.js';
import { newName } from '../../app/new-name.js';
import { askForIdentity, keyOption } from '../../app/options/key.js';
import { newNameOption } from '../../app/options/name.js';
import { patchPermissions, permissionOptions } from '../../app/options/permissions.js';
import { patchValidity, validityOptions } from '../../app/options/validity.js';
import { changed, ok } from '../../app/result.js';
import { type TakenKey, takeKey } from '../../app/take-key.js';
import { isTakenAccount, refuseTakenAccount } from '../../app/taken-name.js';
import type { Change } from '../../domain/change.js';
import { newAccount } from '../../domain/claims/new.js';
import { draftAccount } from '../../domain/draft.js';
import type { Tree } from '../../domain/tree/tree.js';
import { listSigners } from '../../domain/trust/candidates.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Add an account to the operator',
  description:
    'Makes an account, signed by the operator or by one of its signing keys, and selects it. ' +
    'A new identity key is generated unless --public-key gives one; a seed given there is stored in the keystore. ' +
    'The permission options become the default permissions of users that have none of their own.',
  options: {
    name: newNameOption('account'),
    publicKey: keyOption('public-key', {
      short: 'k',
      help: 'identity key of the account: public key, seed or key file',
      ask: askForIdentity('account'),
    }),
    ...validityOptions,
    ...permissionOptions,
  },
  positional: { option: 'name', max: 1, placeholder: 'NAME' },
  examples: [
    { command: 'nsc add account Orders', what: 'a new account with a new key' },
    { command: 'nsc add account Orders -K OSIGNER…', what: 'signed by a signing key of the operator' },
  ],

  // managed elsewhere, the account signs itself for the time being
  signers: ({ tree }) => (tree.managed ? [] : listSigners({ tree, kind: 'account' })),

  plan(context, input) {
    const { tree, now, newKey, signer: requested } = context;
    const name = newName('account', input.name, newKey, (made) => isTakenAccount(tree, made));
    refuseTakenAccount(tree, name);
    const key = takeKey('account', input.publicKey, context);
    refuseTakenKey(tree, key);
    const { signer } = chooseSigner({
      tree,
      kind: 'account',
      requested,
      ownKey: key.pair ?? key.publicKey,
    });

    const { claims: dated, steps: validitySteps } = patchValidity(newAccount(key.publicKey, name), input, now);
    const defaults = patchPermissions(dated.nats.default_permissions ?? {}, input);
    const claims = { ...dated, nats: { ...dated.nats, default_permissions: defaults.permissions } };

    const changes: Change[] = [
      ...key.changes,
      draftAccount(name, claims, { signer, now }),
      { type: 'select', account: name },
    ];
    return {
      changes,
      result: changed(...validitySteps, ...defaults.steps, ...key.steps, ok(`added account ${quote(name)}`)),
    };
  },
});

function refuseTakenKey(tree: Tree, key: TakenKey): void {
  const other = key.generated ? undefined : tree.findAccountByKey(key.publicKey);
  if (other === undefined) return;
  throw new NscError('already-exists', `key ${key.publicKey} is the identity of account ${quote(other.name)} already`, {
    hint: 'leave out --public-key to generate a key',
  });
}
