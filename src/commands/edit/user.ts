import { mutation } from '../../app/command.js';
import { reportCreds } from '../../app/creds-report.js';
import { accountOption } from '../../app/options/account.js';
import { editPermissionOptions, patchPermissions } from '../../app/options/permissions.js';
import { editTagOptions, patchTags } from '../../app/options/tags.js';
import { userOption } from '../../app/options/user.js';
import { patchUserLimits, userLimitOptions } from '../../app/options/user-limits.js';
import { patchValidity, validityOptions } from '../../app/options/validity.js';
import { requireEdit } from '../../app/require-edit.js';
import { changed, ok } from '../../app/result.js';
import { findScope } from '../../domain/claims/scope.js';
import type { UserBody, UserScope } from '../../domain/claims/types.js';
import { draftUser } from '../../domain/draft.js';
import { getAccount, getUser } from '../../domain/tree/lookup.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { checkUserPolicy } from '../../domain/trust/user-policy.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Change a user',
  description:
    'Changes permissions, limits, tags or validity of a user, signs it again and rewrites its creds. The key that ' +
    'signed it before signs it again if it still may; -K chooses another one.',
  options: {
    account: accountOption,
    name: userOption,
    ...editTagOptions,
    ...validityOptions,
    ...userLimitOptions,
    ...editPermissionOptions,
  },
  positional: { option: 'name', max: 1, placeholder: 'USER' },
  examples: [
    { command: "nsc edit user alice --allow-pub 'orders.>'", what: 'one more subject to publish' },
    { command: 'nsc edit user alice --expiry 30d', what: 'valid for thirty days from now' },
    { command: 'nsc edit user alice --tag moved -K ASIGNER…', what: 'sign with another key of the account' },
  ],

  plan({ workspace, tree, now, signer: requested }, input) {
    requireEdit('edit user', input, ['name', 'account']);
    const account = getAccount(tree, input.account, workspace.selected.account);
    const user = getUser(tree, account, input.name);
    const { signer, scope } = chooseSigner({
      tree,
      kind: 'user',
      account,
      requested,
      previousIssuer: user.claims.iss,
    });

    const { claims: dated, steps: validitySteps } = patchValidity(user.claims, input, now);
    const tagged = patchTags(dated.nats, input);
    const based = moveScope(tagged.body, findScope(account.claims, user.claims.iss ?? ''), scope);
    const limited = patchUserLimits(based, input);
    const permitted = patchPermissions(limited.limits, input);
    const claims = { ...dated, nats: permitted.permissions };
    checkUserPolicy(claims, account, scope);

    const pair = tree.findKeyPair(claims.sub ?? '');
    const target = { account: account.name, name: user.name, accountKey: account.claims.sub ?? '' };
    const credsPath = workspace.credsPath(tree.operator.name, account.name, user.name);
    const stale = !pair && tree.findCreds(account.name, user.name) !== undefined;
    return {
      changes: draftUser(target, claims, { signer, now, previous: user, pair }),
      ...(stale && {
        warnings: [`\`${credsPath}\` still holds the previous JWT: the seed of the user is not in the keystore`],
      }),
      result: changed(
        ...validitySteps,
        ...tagged.steps,
        ...limited.steps,
        ...permitted.steps,
        reportCreds(workspace, { operator: tree.operator.name, ...target }, pair !== undefined),
        ok(`edited user ${quote(user.name)}`),
      ),
    };
  },
});

/**
 * A user that changes between a scoped and an unscoped signer: under a scope the unlimited defaults go (anything more
 * stays, to be refused by the policy); leaving one, they come back, because absent limits mean zero.
 */
function moveScope(body: UserBody, before: UserScope | undefined, after: UserScope | undefined): UserBody {
  if (after) {
    const { subs, data, payload, ...rest } = body;
    return [subs, data, payload].every((limit) => limit === undefined || limit === 0 || limit === -1) ? rest : body;
  }
  return before ? { ...body, subs: body.subs ?? -1, data: body.data ?? -1, payload: body.payload ?? -1 } : body;
}
