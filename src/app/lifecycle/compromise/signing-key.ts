import { applyChanges } from '../../../domain/apply.js';
import { diffClaims } from '../../../domain/claims/diff.js';
import { findScope } from '../../../domain/claims/scope.js';
import { keyOf, type SigningKey } from '../../../domain/claims/signing-key.js';
import type { AccountBody, AccountClaims } from '../../../domain/claims/types.js';
import { accountKeyInfos } from '../../../domain/keyring/state.js';
import type { KeyPair } from '../../../domain/nkey/key-pair.js';
import type { AccountEntry } from '../../../domain/tree/tree.js';
import { chooseSigner } from '../../../domain/trust/signer.js';
import { quote } from '../../../lib/display.js';
import { ok } from '../../result.js';
import { resign } from '../resign.js';
import { putRecords } from '../rotate/records.js';
import { activationsElsewhere } from './activations-elsewhere.js';
import { type Cut, type CutRequest, recordOf, requestedFor } from './cut.js';
import { findStandIn, type Successor } from './successor.js';

/**
 * A signing key of accounts, plain or scoped: another one is listed in its place, with the very same scope, and signs
 * the users and the activations that it signed.
 */
export function cutAccountSigner(request: CutRequest, accounts: readonly AccountEntry[]): Cut {
  const { context, info } = request;
  const { tree, now } = context;
  const successors = new Map(accounts.map((account) => [account.name, successorIn(request, account)]));
  const taken = [...successors.values()].flatMap((successor) => successor ?? []);
  const seeds = taken.flatMap(({ changes }) => changes);
  const keys = [...new Set(taken.map(({ pair }) => pair.publicKey))];
  const records = [recordOf(request, keys[0]), ...taken.flatMap(({ records }) => records)];
  const staged = applyChanges(tree, [...seeds, putRecords(tree, records)]);
  const requested = requestedFor(context, 'operator');

  const pairOf = ({ name }: AccountEntry): KeyPair | undefined => successors.get(name)?.pair;
  const edits = accounts.map((account): [string, (body: AccountBody) => AccountBody] => [
    account.name,
    (body) => ({ ...body, signing_keys: replaceSigner(body.signing_keys ?? [], info.key, pairOf(account)?.publicKey) }),
  ]);
  const resigned = resign({
    tree: staged,
    now,
    signerFor: ({ kind, issuer, account }) => (kind === 'account' || issuer !== info.key ? undefined : pairOf(account)),
    signerOfAccount: (account) =>
      chooseSigner({ tree: staged, kind: 'account', account, requested, previousIssuer: account.claims.iss }).signer,
    accounts: false,
    usersOf: accounts.map(({ name }) => name),
    activations: true,
    edits: new Map(edits),
  });
  return {
    changes: [...seeds, ...resigned.changes],
    records,
    successors: keys,
    users: resigned.users,
    accounts: resigned.accounts,
    activations: resigned.activations.length,
    left: resigned.left,
    steps: [
      ...new Map(taken.flatMap(({ steps }) => steps).map((step) => [step.message, step])).values(),
      ...accounts.map(({ name }) => ok(`account ${quote(name)} does not list ${info.key} any more`)),
    ],
    warnings: accounts.flatMap((account) => activationsElsewhere(account, info.key)),
  };
}

/** The keys of a role have one meaning only where their permissions are the same. */
function successorIn(request: CutRequest, { claims }: AccountEntry): Successor | undefined {
  const { context, info } = request;
  const found = accountKeyInfos(context.tree.keyring, claims).find(({ key }) => key === info.key);
  return findStandIn(request, found?.slot ?? info.slot, (key) => isSameScope(claims, info.key, key));
}

function isSameScope(claims: AccountClaims, one: string, other: string): boolean {
  const [a, b] = [findScope(claims, one), findScope(claims, other)];
  return a === undefined || b === undefined ? a === b : diffClaims(a.template, b.template).length === 0;
}

/** The list with another key in the place of one, under the same scope; nothing in its place where that is listed, too. */
function replaceSigner(keys: readonly SigningKey[], old: string, key: string | undefined): SigningKey[] {
  const isListed = keys.some((entry) => keyOf(entry) === key);
  return keys.flatMap((entry): SigningKey[] => {
    if (keyOf(entry) !== old) return [entry];
    if (key === undefined || isListed) return [];
    return [typeof entry === 'string' ? key : { ...entry, key }];
  });
}
