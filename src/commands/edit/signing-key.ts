import { mutation } from '../../app/command.js';
import { type InputOf, text, value } from '../../app/option.js';
import { accountOption } from '../../app/options/account.js';
import { newKeyListOption } from '../../app/options/key.js';
import { editPermissionOptions, patchPermissions } from '../../app/options/permissions.js';
import { patchUserLimits, userLimitOptions } from '../../app/options/user-limits.js';
import { changed, ok, type Step } from '../../app/result.js';
import { moveRecords, stateIn, warnOfOthers } from '../../app/role-rotation.js';
import { selectScopedKeys } from '../../app/scoped-key.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import { checkTemplate } from '../../domain/claims/check/template.js';
import { readRole } from '../../domain/claims/role.js';
import { scopesOf } from '../../domain/claims/scope.js';
import { keyOf } from '../../domain/claims/signing-key.js';
import { TEMPLATE_FUNCTIONS } from '../../domain/claims/template.js';
import type { Issue, UserPermissionLimits, UserScope } from '../../domain/claims/types.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

const options = {
  account: accountOption,
  sk: newKeyListOption('sk', {
    placeholder: 'KEY|ROLE',
    help: 'signing key: public key, seed, key file or role; "generate" makes a new one. Seeds are stored in the keystore',
    defaultText: 'the key that has the role',
    complete: 'signing-key',
  }),
  role: value('role', { placeholder: 'ROLE', help: 'name the role of the key', complete: 'role' }, readRole),
  description: text('description', { placeholder: 'TEXT', help: 'what the role is for; "" for none' }),
  ...userLimitOptions,
  ...editPermissionOptions,
};

export const command = mutation({
  summary: 'Change a scoped signing key: its role and what its users may do',
  description:
    'Gives a signing key of an account a scope, or changes it. Users it signs have the permissions and limits of its ' +
    'template and none of their own; a change applies to all of them without signing them again. The key is named by ' +
    'itself or by its role, which means all its keys while it is rotated; a key the account does not list is added. ' +
    `Subjects may have functions, which servers fill in for each user: ${TEMPLATE_FUNCTIONS.join(', ')}.`,
  options,
  positional: { option: 'sk', max: 1, placeholder: 'KEY|ROLE' },
  signers: accountSigners,
  examples: [
    {
      command: "nsc edit signing-key --sk generate --role reader --allow-sub 'orders.>' --subs 10",
      what: 'a new role of the selected account',
    },
    { command: "nsc edit signing-key reader --allow-sub 'stock.>'", what: 'more for all its users' },
    {
      command: "nsc edit signing-key --sk generate --role tenant --allow-pubsub 'tenant.{{name()}}.>'",
      what: 'a subtree for each user',
    },
  ],

  plan(context, input) {
    const { tree, workspace } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const { scopes, isRole, changes, steps } = selectScopedKeys(account, input.sk, input.role, context);
    const edited = new Set(scopes.map(({ key }) => key));
    if (scopes.some(({ role }) => role !== input.role)) refuseTakenRole(account, edited, input.role);
    if (input.bearer) refuseBearers(account);
    const edits = scopes.map((scope) => editScope(scope, input));

    const others = (account.claims.nats.signing_keys ?? []).filter((key) => !edited.has(keyOf(key)));
    const signing_keys = [...others, ...edits.map(({ scope }) => scope)];
    const nats = { ...account.claims.nats, signing_keys };
    const after = { ...account, claims: { ...account.claims, nats } };
    return {
      changes: [...changes, signAccount(context, account, nats), ...moveRecords(tree, after.claims, edited)],
      warnings: [
        ...new Set(edits.flatMap(({ warnings }) => warnings)),
        ...(isRole ? [] : edits.flatMap(({ scope }) => warnOfOthers(tree, after, scope))),
      ],
      result: changed(
        ...steps,
        ...uniqueSteps(edits.flatMap((edit) => edit.steps)),
        ...scopes.map(({ key }) => ok(`edited signing key ${quote(key)}${stateIn(tree, key, scopes)}`)),
      ),
    };
  },
});

type Input = InputOf<typeof options>;

interface ScopeEdit {
  readonly scope: UserScope;
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
}

function editScope(scope: UserScope, input: Input): ScopeEdit {
  const before = scope.template ?? {};
  const limited = patchUserLimits(before, input);
  const permitted = patchPermissions(limited.limits, input, 'template');
  const warnings = checkFunctions(before, permitted.permissions);
  const renamed = rename(scope, input);
  return {
    scope: { ...renamed.scope, template: permitted.permissions },
    steps: [...renamed.steps, ...limited.steps, ...permitted.steps],
    warnings,
  };
}

/** Keys of a role are edited alike: what becomes of all of them is said once. */
const uniqueSteps = (steps: readonly Step[]): Step[] => [
  ...new Map(steps.map((step) => [`${step.level} ${step.message}`, step])).values(),
];

/** A role that two keys have names neither. nsc lets it happen (nsc-core.md §7.7). */
function refuseTakenRole(account: AccountEntry, edited: ReadonlySet<string>, role: string | undefined): void {
  const holder = scopesOf(account.claims).find((scope) => scope.role === role && !edited.has(scope.key));
  if (role === undefined || !holder) return;
  throw new NscError('already-exists', `role ${quote(role)} belongs to signing key ${holder.key} already`, {
    hint: `choose another role, or edit that key: nsc edit signing-key ${holder.key} --account ${quote(account.name)}`,
    details: { role, key: holder.key, account: account.name },
  });
}

function rename(scope: UserScope, { role, description }: Input): { scope: UserScope; steps: Step[] } {
  const steps: Step[] = [];
  if (role !== undefined && role !== scope.role) steps.push(ok(`changed role to ${quote(role)}`));
  if (description !== undefined) steps.push(ok(`changed description to ${quote(description)}`));
  return {
    scope: { ...scope, ...(role !== undefined && { role }), ...(description !== undefined && { description }) },
    steps,
  };
}

/** Servers would refuse every user of the role. */
function refuseBearers(account: AccountEntry): void {
  if (!account.claims.nats.limits?.disallow_bearer) return;
  throw new NscError(
    'policy-refused',
    `account ${quote(account.name)} forbids bearer tokens, so a role cannot give them`,
    {
      hint: `use --bearer=false, or allow them with: nsc edit account ${quote(account.name)} --disallow-bearer=false`,
      details: { account: account.name },
    },
  );
}

/** Refuses functions that cannot work unless they were there before; the rest is told. */
function checkFunctions(before: UserPermissionLimits, after: UserPermissionLimits): string[] {
  const known = new Set(checkTemplate(before).map(({ message }) => message));
  const issues = checkTemplate(after);
  const fresh = issues.find((issue) => isFault(issue) && !known.has(issue.message));
  if (!fresh) return issues.map(({ message }) => message);
  throw new NscError('bad-value', fresh.message, {
    hint: `the functions are ${TEMPLATE_FUNCTIONS.join(', ')}`,
    details: { issues },
  });
}

/** What only old servers do otherwise is no reason to refuse. */
const isFault = ({ rule }: Issue): boolean => rule !== 'template-server';
