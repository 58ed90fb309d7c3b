import { mutation, type Plan, type PlanContext } from '../../app/command.js';
import { findNamedAccount, findNamedUser, type Named } from '../../app/named.js';
import type { InputOf } from '../../app/option.js';
import { calloutOptions } from '../../app/options/callout.js';
import { requireEdit } from '../../app/require-edit.js';
import { changed, ok, type Step, warn } from '../../app/result.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import { takeKey } from '../../app/take-key.js';
import type { Change } from '../../domain/change.js';
import type { ExternalAuthorization } from '../../domain/claims/types.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import { quote } from '../../lib/display.js';

const EDITS = ['authUser', 'rmAuthUser', 'allowedAccount', 'rmAllowedAccount', 'curve', 'rmCurve'] as const;

export const command = mutation({
  summary: 'Change the auth callout of an account',
  description:
    'With an auth callout, servers ask a service who may connect to the account. The service itself connects as one of ' +
    'the auth users, about whom nobody is asked; without any, there is no callout. Servers older than 2.10 know none.',
  options: calloutOptions,
  positional: { option: 'account', max: 1, placeholder: 'ACCOUNT' },
  conflicts: EDITS.map((edit) => ['disable', edit] as const),
  signers: accountSigners,
  examples: [
    {
      command: "nsc edit authcallout AUTH --auth-user service --allowed-account '*' --curve generate",
      what: 'user "service" decides, over an encrypted channel',
    },
    { command: 'nsc edit authcallout AUTH --disable', what: 'as it was before' },
  ],

  plan(context, input) {
    requireEdit('edit authcallout', input, ['account']);
    const { workspace, tree } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const { nats } = account.claims;
    const before = nats.authorization ?? {};
    if (input.disable) return removeCallout(context, account);
    const users = editKeys('auth user', before.auth_users, {
      add: input.authUser?.map((given) => findNamedUser(tree, account, given)),
      remove: input.rmAuthUser?.map((given) => findNamedUser(tree, account, given)),
    });
    const accounts = editKeys('allowed account', before.allowed_accounts, {
      add: input.allowedAccount?.map((given) => findNamedAccount(tree, given)),
      remove: input.rmAllowedAccount?.map((given) => findNamedAccount(tree, given)),
    });
    const curve = editCurve(before, input, context);
    const after = { ...curve.callout, auth_users: users.keys, allowed_accounts: accounts.keys };
    return {
      changes: [...curve.changes, signAccount(context, account, { ...nats, authorization: after })],
      warnings: [...users.warnings, ...accounts.warnings, ...describeEffects(before, after, account.name)],
      result: changed(
        ...users.steps,
        ...accounts.steps,
        ...curve.steps,
        ok(`edited the auth callout of account ${quote(account.name)}`),
      ),
    };
  },
});

function removeCallout(context: PlanContext, account: AccountEntry): Plan {
  const { nats } = account.claims;
  const { auth_users: users = [], allowed_accounts: accounts = [], xkey = '' } = nats.authorization ?? {};
  const name = quote(account.name);
  if (users.length + accounts.length === 0 && xkey === '') {
    return { changes: [], result: changed(warn(`account ${name} has no auth callout`)) };
  }
  return {
    changes: [signAccount(context, account, { ...nats, authorization: {} })],
    warnings: users.length === 0 ? [] : [`servers ask no service any more about who connects to account ${name}`],
    result: changed(ok(`removed the auth callout of account ${name}`)),
  };
}

/** What is added and removed at once is removed, as nsc has it. */
function editKeys(
  what: string,
  before: readonly string[] = [],
  { add = [], remove = [] }: { add?: readonly Named[] | undefined; remove?: readonly Named[] | undefined },
): { keys: string[]; steps: Step[]; warnings: string[] } {
  const all = new Set([...before, ...add.map(({ publicKey }) => publicKey)]);
  const steps = [
    ...add.map((named) =>
      ok(`${before.includes(named.publicKey) ? `${what} is listed already:` : `added ${what}`} ${named.what}`),
    ),
    ...remove.map((named) =>
      all.delete(named.publicKey) ? ok(`removed ${what} ${named.what}`) : warn(`${what} was not listed: ${named.what}`),
    ),
  ];
  const strangers = add.filter(({ isKnown }) => !isKnown);
  return { keys: [...all], steps, warnings: strangers.map((named) => `${what} ${named.what} is not in this store`) };
}

/** A seed that is given or made becomes part of the tree, so it is stored (E-13). */
function editCurve(
  before: ExternalAuthorization,
  { curve, rmCurve }: Pick<InputOf<typeof calloutOptions>, 'curve' | 'rmCurve'>,
  context: Pick<PlanContext, 'newKey' | 'workspace'>,
): { callout: ExternalAuthorization; changes: readonly Change[]; steps: Step[] } {
  const { xkey: old = '', ...callout } = before;
  const removal = old === '' ? warn('no curve key was set') : ok(`removed curve key ${quote(old)}`);
  const removed = rmCurve ? [removal] : [];
  if (curve === undefined) return { callout: rmCurve ? callout : before, changes: [], steps: removed };
  const taken = takeKey('curve', curve === 'generate' ? undefined : curve, context);
  return {
    callout: { ...callout, xkey: taken.publicKey },
    changes: taken.changes,
    steps: [...removed, ...taken.steps, ok(`set curve key ${quote(taken.publicKey)}`)],
  };
}

function describeEffects(before: ExternalAuthorization, after: ExternalAuthorization, account: string): string[] {
  const [was, is] = [before, after].map(({ auth_users }) => (auth_users ?? []).length > 0);
  if (is && !was)
    return [`servers will ask the service about everyone who connects to account ${quote(account)} but its auth users`];
  if (is || (!was && !after.xkey)) return [];
  return [`account ${quote(account)} has no auth users: servers ask no service, and a curve key has no effect`];
}
