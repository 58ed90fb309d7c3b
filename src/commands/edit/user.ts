import { mutation } from '../../app/command.js';
import { reportCreds } from '../../app/creds-report.js';
import { moveScope } from '../../app/move-scope.js';
import { asking } from '../../app/option.js';
import { accountOption } from '../../app/options/account.js';
import { editedUser } from '../../app/options/current.js';
import { editPermissionOptions, patchPermissions } from '../../app/options/permissions.js';
import { requestedSigner, roleOption, warnOfRole } from '../../app/options/role.js';
import { askingForTags, patchTags } from '../../app/options/tags.js';
import { userOption } from '../../app/options/user.js';
import { patchUserLimits, userLimitOptions } from '../../app/options/user-limits.js';
import { editValidityOptions, patchValidity } from '../../app/options/validity.js';
import { requireEdit } from '../../app/require-edit.js';
import { changed, ok } from '../../app/result.js';
import { userEditSigners } from '../../app/sign-account.js';
import { isRevoked, issueTime } from '../../domain/claims/revocation.js';
import { draftUser } from '../../domain/draft.js';
import { getAccount, getUser } from '../../domain/tree/lookup.js';
import type { AccountEntry, UserEntry } from '../../domain/tree/tree.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { checkUserPolicy } from '../../domain/trust/user-policy.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Change a user',
  description:
    'Changes permissions, limits, tags or validity of a user, signs it again and rewrites its creds. The key that ' +
    'signed it before signs it again if it still may; -K chooses another one. --role moves the user to a role, which ' +
    'takes its own permissions and limits away.',
  options: {
    account: accountOption,
    name: userOption,
    role: roleOption,
    ...askingForTags(editedUser),
    ...editValidityOptions(editedUser),
    ...userLimitOptions,
    payload: asking(userLimitOptions.payload, {
      message: 'Largest message in bytes (-1 = unlimited)',
      type: 'input',
      default: (workspace, input) => String(editedUser(workspace, input).nats.payload ?? 0),
      // under a scope there are no limits of one's own
      when: (workspace, input) => editedUser(workspace, input).nats.payload !== undefined,
    }),
    ...editPermissionOptions,
  },
  positional: { option: 'name', max: 1, placeholder: 'USER' },
  examples: [
    { command: "nsc edit user alice --allow-pub 'orders.>'", what: 'one more subject to publish' },
    { command: 'nsc edit user alice --expiry 30d', what: 'valid for thirty days from now' },
    { command: 'nsc edit user alice --role reader', what: 'what the role gives, and nothing else' },
    { command: 'nsc edit user alice --tag moved -K ASIGNER…', what: 'sign with another key of the account' },
  ],

  signers: (context, input) => (input.role === undefined ? userEditSigners(context, input) : []),

  plan({ workspace, tree, now, signer: named }, input) {
    requireEdit('edit user', input, ['name', 'account']);
    const account = getAccount(tree, input.account, workspace.selected.account);
    const user = getUser(tree, account, input.name);
    const requested = requestedSigner(account, input.role, named);
    const { signer, scope } = chooseSigner({
      tree,
      kind: 'user',
      account,
      requested,
      previousIssuer: user.claims.iss,
    });

    const { claims: dated, steps: validitySteps } = patchValidity(user.claims, input, now);
    const tagged = patchTags(dated.nats, input);
    const based = moveScope(user, tagged.body, { account, scope, requested, isGiven: input.role !== undefined });
    const limited = patchUserLimits(based.body, input);
    const permitted = patchPermissions(limited.limits, input);
    const claims = { ...dated, nats: permitted.permissions };
    checkUserPolicy(claims, account, scope);

    const pair = tree.findKeyPair(claims.sub ?? '');
    const credsPath = workspace.credsPath(tree.operator.name, account.name, user.name);
    const stale = !pair && tree.findCreds(account.name, user.name) !== undefined;
    return {
      changes: draftUser({ account, name: user.name }, claims, { signer, now, pair }),
      warnings: [
        ...(stale
          ? [`\`${credsPath}\` still holds the previous JWT: the seed of the user is not in the keystore`]
          : []),
        ...letInAgain(account, user, now),
        ...warnOfRole({ ...claims, iss: signer.publicKey }, account),
      ],
      result: changed(
        ...validitySteps,
        ...tagged.steps,
        ...based.steps,
        ...limited.steps,
        ...permitted.steps,
        reportCreds(
          workspace,
          { operator: tree.operator.name, account: account.name, name: user.name },
          pair !== undefined,
        ),
        ok(`edited user ${quote(user.name)}`),
      ),
    };
  },
});

/** A revocation shuts out the tokens of before; signing a new one is how a user comes back. */
function letInAgain({ name, claims }: AccountEntry, user: UserEntry, now: number): string[] {
  const { sub = '' } = user.claims;
  const next = { sub, iat: issueTime(claims.nats.revocations, sub, now) };
  if (!isRevoked(claims, user.claims) || isRevoked(claims, next)) return [];
  return [`user ${quote(user.name)} was revoked by account ${quote(name)}; its new JWT is not`];
}
