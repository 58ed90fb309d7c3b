import { mutation } from '../../app/command.js';
import { flag, type InputOf, text } from '../../app/option.js';
import { accountNameOption } from '../../app/options/account.js';
import { accountLimitOptions, patchAccountLimits } from '../../app/options/account-limits.js';
import { editedAccount } from '../../app/options/current.js';
import { givenJetStreamFlags, jetStreamOptions, patchJetStream } from '../../app/options/jetstream.js';
import { editPermissionOptions, patchPermissions } from '../../app/options/permissions.js';
import { askingForSigningKeys, type SigningKeyEdit, takeSigningKeys } from '../../app/options/signing-keys.js';
import { askingForTags, patchTags } from '../../app/options/tags.js';
import { patchTrace, traceOptions } from '../../app/options/trace.js';
import { editValidityOptions, patchValidity } from '../../app/options/validity.js';
import { requireEdit } from '../../app/require-edit.js';
import { changed, ok, type Step, warn } from '../../app/result.js';
import { accountSigners } from '../../app/sign-account.js';
import { withoutJetStream } from '../../domain/claims/jetstream.js';
import { signingKeysOf } from '../../domain/claims/scope.js';
import { keyOf, type SigningKey } from '../../domain/claims/signing-key.js';
import type { AccountBody, AccountLimits } from '../../domain/claims/types.js';
import { draftAccount } from '../../domain/draft.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { hasJetStream, isSystemAccount } from '../../domain/tree/system-account.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

const infoOptions = {
  description: text('description', {
    placeholder: 'TEXT',
    help: 'what the account is for; "" for none',
    ask: {
      message: 'What the account is for',
      type: 'input',
      default: (workspace, input) => editedAccount(workspace, input).nats.description ?? '',
    },
  }),
  infoUrl: text('info-url', {
    placeholder: 'URL',
    help: 'where to read about it; "" for nowhere',
    ask: {
      message: 'URL to read about it',
      type: 'input',
      default: (workspace, input) => editedAccount(workspace, input).nats.info_url ?? '',
    },
  }),
  hostClusterTraffic: flag('host-cluster-traffic', {
    help: 'carry the cluster traffic of its JetStream assets itself',
    hidden: true,
  }),
};

export const command = mutation({
  summary: 'Change an account',
  description:
    'Changes signing keys, limits, JetStream, default permissions, tags or validity of an account and signs it ' +
    'again. Only what is given changes. Removing a signing key makes servers refuse every user it signed.',
  options: {
    name: accountNameOption,
    ...askingForSigningKeys('account'),
    ...accountLimitOptions,
    ...jetStreamOptions,
    ...infoOptions,
    ...traceOptions,
    ...askingForTags(editedAccount),
    ...editValidityOptions(editedAccount),
    ...editPermissionOptions,
  },
  positional: { option: 'name', max: 1, placeholder: 'ACCOUNT' },
  examples: [
    { command: 'nsc edit account Orders --sk generate', what: 'a new signing key, stored in the keystore' },
    { command: 'nsc edit account Orders --conns 100 --payload 64kib', what: 'limits' },
    {
      command: 'nsc edit account Orders --js-tier 3 --js-disk-storage 10gib',
      what: 'disk for streams of three replicas',
    },
  ],

  signers: (context, { name }) => accountSigners(context, { account: name }),

  plan(context, input) {
    requireEdit('edit account', input, ['name']);
    const { workspace, tree, now, signer: requested } = context;
    const account = getAccount(tree, input.name, workspace.selected.account);
    const { signer } = chooseSigner({
      tree,
      kind: 'account',
      account,
      requested,
      previousIssuer: account.claims.iss,
    });
    if (input.disallowBearer) refuseBearerUsers(tree, account);

    const keys = takeSigningKeys('account', input, signingKeysOf(account.claims), context);
    const { claims: dated, steps: validitySteps } = patchValidity(account.claims, input, now);
    const tagged = patchTags(dated.nats, input);
    const limited = patchAccountLimits(tagged.body.limits ?? {}, input);
    const stored = isSystemAccount(tree, account.claims)
      ? systemAccountLimits(account, limited.limits, input)
      : patchJetStream(limited.limits, input);
    const listed = patchSigningKeys(tagged.body.signing_keys ?? [], keys);
    const informed = patchInfo({ ...tagged.body, limits: stored.limits, signing_keys: listed.keys }, input);
    const permitted = patchPermissions(informed.body.default_permissions ?? {}, input);
    const traced = patchTrace({ ...informed.body, default_permissions: permitted.permissions }, input);

    const claims = { ...dated, nats: traced.body };
    return {
      changes: [...keys.changes, draftAccount(account.name, claims, { signer, now, previous: account })],
      result: changed(
        ...keys.steps,
        ...listed.steps,
        ...validitySteps,
        ...tagged.steps,
        ...limited.steps,
        ...stored.steps,
        ...informed.steps,
        ...permitted.steps,
        ...traced.steps,
        ok(`edited account ${quote(account.name)}`),
      ),
    };
  },
});

/** Adds and removes keys. A key that is given again although it is scoped becomes a plain one, as nsc has it. */
function patchSigningKeys(
  before: readonly SigningKey[],
  { add, remove }: Pick<SigningKeyEdit, 'add' | 'remove'>,
): { keys: SigningKey[]; steps: Step[] } {
  const kept = before.filter((key) => !remove.has(keyOf(key)) && !add.includes(keyOf(key)));
  const freed = before.filter((key) => typeof key !== 'string' && add.includes(key.key) && !remove.has(key.key));
  return {
    keys: [...kept, ...new Set(add.filter((key) => !remove.has(key)))],
    steps: freed.map((key) =>
      warn(`signing key ${quote(keyOf(key))} has no scope any more: its users lose what the scope gave them`),
    ),
  };
}

function patchInfo(
  body: AccountBody,
  input: Partial<InputOf<typeof infoOptions>>,
): { body: AccountBody; steps: Step[] } {
  const patch: AccountBody = {};
  const steps: Step[] = [];
  if (input.description !== undefined) {
    patch.description = input.description;
    steps.push(ok(`changed description to ${quote(input.description)}`));
  }
  if (input.infoUrl !== undefined) {
    patch.info_url = input.infoUrl;
    steps.push(ok(`changed info url to ${quote(input.infoUrl)}`));
  }
  if (input.hostClusterTraffic !== undefined) {
    patch.cluster_traffic = input.hostClusterTraffic ? 'owner' : '';
    steps.push(ok(`cluster traffic goes through ${input.hostClusterTraffic ? 'this' : 'the system'} account`));
  }
  return { body: { ...body, ...patch }, steps };
}

/** Whatever is edited, a system account ends up without JetStream (reference: nsc-core.md §9.9). */
function systemAccountLimits(
  account: AccountEntry,
  limits: AccountLimits,
  input: Partial<InputOf<typeof jetStreamOptions>>,
): { limits: AccountLimits; steps: Step[] } {
  const given = givenJetStreamFlags(input).filter((flag) => flag !== '--js-disable');
  if (given.length > 0) {
    throw new NscError(
      'policy-refused',
      `account ${quote(account.name)} is the system account, which cannot have JetStream`,
      {
        hint: `leave out ${given.join(', ')}`,
      },
    );
  }
  const isNews = input.jsDisable || hasJetStream(account.claims);
  return { limits: withoutJetStream(limits), steps: isNews ? [ok('removed all JetStream limits')] : [] };
}

function refuseBearerUsers(tree: Tree, account: AccountEntry): void {
  const bearers = tree
    .userNames(account.name)
    .filter((name) => tree.findUser(account.name, name)?.claims.nats.bearer_token);
  const [first] = bearers;
  if (first === undefined) return;
  throw new NscError(
    'policy-refused',
    `${bearers.length === 1 ? 'user' : 'users'} ${bearers.map(quote).join(', ')} of account ${quote(account.name)} ${bearers.length === 1 ? 'has' : 'have'} a bearer token`,
    {
      hint: `change that first: nsc edit user ${quote(first)} --account ${quote(account.name)} --bearer=false`,
      details: { users: bearers },
    },
  );
}
