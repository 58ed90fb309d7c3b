import { mutation } from '../../app/command.js';
import { reportCreds } from '../../app/creds-report.js';
import { newName } from '../../app/new-name.js';
import { accountOption } from '../../app/options/account.js';
import { askForIdentity, keyOption } from '../../app/options/key.js';
import { newNameOption } from '../../app/options/name.js';
import { patchPermissions, permissionOptions } from '../../app/options/permissions.js';
import { requestedSigner, roleOption, warnOfRole } from '../../app/options/role.js';
import { addTagOptions, patchTags } from '../../app/options/tags.js';
import { patchUserLimits, userLimitOptions } from '../../app/options/user-limits.js';
import { patchValidity, validityOptions } from '../../app/options/validity.js';
import { changed, ok } from '../../app/result.js';
import { userSigners } from '../../app/sign-account.js';
import { takeKey } from '../../app/take-key.js';
import { refuseTakenUser } from '../../app/taken-name.js';
import { newScopedUser, newUser } from '../../domain/claims/new.js';
import { draftUser } from '../../domain/draft.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { checkUserPolicy } from '../../domain/trust/user-policy.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Add a user to an account',
  description:
    'Makes a user, signed by its account or by one of its signing keys, and writes its creds. With --role ROLE, or -K ROLE, ' +
    'the user is issued under a scoped signing key: it then gets the permissions and limits of the role and may bring none ' +
    'of its own.',
  options: {
    account: accountOption,
    name: newNameOption('user'),
    publicKey: keyOption('public-key', {
      short: 'k',
      help: 'key of the user: public key, seed or key file',
      ask: askForIdentity('user'),
    }),
    role: roleOption,
    ...addTagOptions,
    sourceNetwork: userLimitOptions.sourceNetwork,
    bearer: userLimitOptions.bearer,
    ...validityOptions,
    ...permissionOptions,
  },
  positional: { option: 'name', max: 1, placeholder: 'NAME' },
  signers: (context, input) => (input.role === undefined ? userSigners(context, input) : []),
  examples: [
    { command: 'nsc add user alice', what: 'a new user of the selected account' },
    { command: "nsc add user svc --allow-sub 'jobs.>' --allow-pub-response", what: 'a service that may only reply' },
    { command: 'nsc add user bob --role reader', what: 'a user under the role "reader"' },
  ],

  plan(context, input) {
    const { workspace, tree, now, newKey } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const isTaken = (made: string): boolean => tree.findUser(account.name, made) !== undefined;
    const name = newName('user', input.name, newKey, isTaken);
    refuseTakenUser(tree, account.name, name);
    const key = takeKey('user', input.publicKey, context);
    const requested = requestedSigner(account, input.role, context.signer);
    const { signer, scope } = chooseSigner({ tree, kind: 'user', account, requested });

    const fresh = scope ? newScopedUser(key.publicKey, name) : newUser(key.publicKey, name);
    const { claims: dated, steps: validitySteps } = patchValidity(fresh, input, now);
    const tagged = patchTags(dated.nats, input);
    const limited = patchUserLimits(tagged.body, input);
    const permitted = patchPermissions(limited.limits, input);
    const claims = { ...dated, nats: permitted.permissions };
    checkUserPolicy(claims, account, scope);

    return {
      changes: [...key.changes, ...draftUser({ account, name }, claims, { signer, now, pair: key.pair })],
      warnings: warnOfRole({ ...claims, iss: signer.publicKey }, account),
      result: changed(
        ...validitySteps,
        ...tagged.steps,
        ...limited.steps,
        ...permitted.steps,
        ...key.steps,
        reportCreds(workspace, { operator: tree.operator.name, account: account.name, name }, key.pair !== undefined),
        ok(`added user ${quote(name)} to account ${quote(account.name)}`),
      ),
    };
  },
});
