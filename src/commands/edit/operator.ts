import { mutation } from '../../app/command.js';
import { type Choice, flag, type InputOf, list, text, value } from '../../app/option.js';
import { editedOperator } from '../../app/options/current.js';
import { askingForSigningKeys, takeSigningKeys } from '../../app/options/signing-keys.js';
import { askingForTags, patchTags } from '../../app/options/tags.js';
import { editValidityOptions, patchValidity } from '../../app/options/validity.js';
import { requireEdit } from '../../app/require-edit.js';
import { changed, ok, type Step, warn } from '../../app/result.js';
import type { Workspace } from '../../app/workspace.js';
import { readAccountServerUrl, readServiceUrl } from '../../domain/claims/grammar.js';
import type { OperatorBody } from '../../domain/claims/types.js';
import { draftOperator } from '../../domain/draft.js';
import { systemAccountName } from '../../domain/tree/lookup.js';
import { getSystemAccount } from '../../domain/tree/system-account.js';
import type { Tree } from '../../domain/tree/tree.js';
import { listSigners } from '../../domain/trust/candidates.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { checkStrictMode } from '../../domain/trust/strict.js';
import { quote } from '../../lib/display.js';
import { goLower } from '../../lib/go-lower.js';

const options = {
  ...askingForSigningKeys('operator'),
  ...askingForTags(editedOperator),
  accountJwtServerUrl: value(
    'account-jwt-server-url',
    {
      short: 'u',
      placeholder: 'URL',
      help: 'where servers find account JWTs',
      ask: {
        message: 'URL where servers find account JWTs',
        type: 'input',
        default: (workspace, input) => editedOperator(workspace, input).nats.account_server_url ?? '',
      },
    },
    readAccountServerUrl,
  ),
  rmAccountJwtServerUrl: flag('rm-account-jwt-server-url', { help: 'remove the account server URL' }),
  systemAccount: text('system-account', {
    placeholder: 'ACCOUNT',
    help: 'system account, by name or public key; "" for none',
    complete: 'account',
    ask: {
      message: 'System account',
      type: 'select',
      choices: offerSystemAccounts,
      default: (workspace) => systemAccountName(workspace.tree(workspace.selected.operator)),
    },
  }),
  serviceUrl: list(
    'service-url',
    {
      short: 'n',
      placeholder: 'URL,…',
      help: 'add addresses of the servers (nats, tls, ws, wss)',
      ask: { message: 'Address of the servers to add (nats, tls, ws, wss)', type: 'list' },
    },
    readServiceUrl,
  ),
  rmServiceUrl: list(
    'rm-service-url',
    {
      placeholder: 'URL,…',
      help: 'remove addresses of the servers',
      ask: {
        message: 'Addresses of the servers to remove',
        type: 'checkbox',
        choices: (workspace, input) => editedOperator(workspace, input).nats.operator_service_urls ?? [],
      },
    },
    goLower,
  ),
  requireSigningKeys: flag('require-signing-keys', {
    help: 'strict mode: identity keys sign neither accounts nor users any more',
  }),
  ...editValidityOptions(editedOperator),
};

/** All accounts, and before them that nothing changes, where there is none yet. */
function offerSystemAccounts(workspace: Workspace): (string | Choice)[] {
  const tree = workspace.tree(workspace.selected.operator);
  const names = tree.accountNames();
  return systemAccountName(tree) === undefined ? [{ value: '', label: '(leave as it is)' }, ...names] : names;
}

export const command = mutation({
  summary: 'Change the operator',
  description:
    'Changes signing keys, tags, URLs, the system account or the validity of the selected operator. Removing a ' +
    'signing key makes servers refuse every account it signed: sign those with another key first.',
  options,
  conflicts: [['accountJwtServerUrl', 'rmAccountJwtServerUrl']],
  examples: [
    { command: 'nsc edit operator --sk generate', what: 'a new signing key, stored in the keystore' },
    { command: 'nsc edit operator --rm-sk OSIGNER…', what: 'take trust from a key' },
    { command: 'nsc edit operator --require-signing-keys', what: 'lock the identity key away' },
  ],

  signers: ({ tree }) => listSigners({ tree, kind: 'operator' }),

  plan(context, input) {
    requireEdit('edit operator', input, []);
    const { tree, now, signer: requested } = context;
    const operator = tree.operator;
    const { claims: dated, steps: validitySteps } = patchValidity(operator.claims, input, now);
    const tagged = patchTags(dated.nats, input);
    const keys = takeSigningKeys('operator', input, operator.claims.nats.signing_keys ?? [], context);
    const listed = [...new Set([...(operator.claims.nats.signing_keys ?? []), ...keys.add])].filter(
      (key) => !keys.remove.has(key),
    );
    const served = patchServers({ ...tagged.body, signing_keys: listed }, input, tree);
    const claims = { ...dated, nats: served.body };

    if (claims.nats.strict_signing_key_usage) checkStrictMode(tree, claims);
    const { signer } = chooseSigner({
      tree,
      kind: 'operator',
      operatorClaims: claims,
      requested,
      atHand: keys.pairs,
    });
    return {
      changes: [...keys.changes, draftOperator(operator.name, claims, { signer, now, previous: operator })],
      result: changed(
        ...validitySteps,
        ...tagged.steps,
        ...keys.steps,
        ...served.steps,
        ok(`edited operator ${quote(operator.name)}`),
      ),
    };
  },
});

function patchServers(
  body: OperatorBody,
  input: InputOf<typeof options>,
  tree: Tree,
): { body: OperatorBody; steps: Step[] } {
  const steps: Step[] = [];
  const patch: OperatorBody = {};
  if (input.requireSigningKeys !== undefined) {
    patch.strict_signing_key_usage = input.requireSigningKeys;
    steps.push(ok(`strict signing key usage set to ${input.requireSigningKeys}`));
  }
  if (input.accountJwtServerUrl !== undefined) {
    patch.account_server_url = input.accountJwtServerUrl;
    steps.push(ok(`set account server url to ${quote(input.accountJwtServerUrl)}`));
  }
  if (input.rmAccountJwtServerUrl) {
    patch.account_server_url = '';
    steps.push(ok('removed account server url'));
  }
  if (input.systemAccount !== undefined) {
    patch.system_account = input.systemAccount === '' ? '' : getSystemAccount(tree, input.systemAccount);
    steps.push(
      ok(
        patch.system_account === ''
          ? 'removed the system account'
          : `set system account ${quote(patch.system_account)}`,
      ),
    );
  }
  if (input.serviceUrl || input.rmServiceUrl) {
    const before = body.operator_service_urls ?? [];
    const added = (input.serviceUrl ?? []).filter((url) => url !== '');
    const gone = new Set(input.rmServiceUrl);
    patch.operator_service_urls = [...new Set([...before, ...added])].filter((url) => !gone.has(url));
    steps.push(...added.map((url) => ok(`added service url ${quote(url)}`)));
    steps.push(
      ...[...gone].map((url) =>
        before.includes(url)
          ? ok(`removed service url ${quote(url)}`)
          : warn(`service url ${quote(url)} was not there`),
      ),
    );
  }
  return { body: { ...body, ...patch }, steps };
}
