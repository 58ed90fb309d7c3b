import { applyChanges } from '../../../domain/apply.js';
import type { Change } from '../../../domain/change.js';
import { signingKeysOf } from '../../../domain/claims/scope.js';
import { draftOperator } from '../../../domain/draft.js';
import type { KeyRecord } from '../../../domain/keyring/keyring.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import type { KeyPair } from '../../../domain/nkey/key-pair.js';
import { hasJetStream, isSystemAccount } from '../../../domain/tree/system-account.js';
import type { AccountEntry, Tree } from '../../../domain/tree/tree.js';
import { chooseSigner } from '../../../domain/trust/signer.js';
import { NscError } from '../../../errors.js';
import { quote, quoteWord } from '../../../lib/display.js';
import { ok } from '../../result.js';
import { resign, type SignedToken } from '../resign.js';
import { putRecords } from '../rotate/records.js';
import { privateSubjects } from './activations-elsewhere.js';
import { type Cut, type CutRequest, onlyRecorded, recordOf, requestedFor } from './cut.js';
import { repointAccounts } from './repoint.js';
import { takeSuccessor } from './successor.js';

/** A strict operator's accounts sign nothing by their identity: it is only noted, and signs nothing here, either. */
export function noteIdentity(request: CutRequest, account: AccountEntry): Cut {
  const name = quote(account.name);
  const shared = privateSubjects(account);
  return onlyRecorded(request, {
    steps: [
      ok(
        `account ${name} stays as it is: its operator requires signing keys, so servers let in no user that its identity signed`,
      ),
    ],
    warnings: [
      ...(shared.length === 0
        ? []
        : [
            `whoever has ${request.info.key} can still sign activations for private exports of account ${name}: move them to a new account, or watch who imports them`,
          ]),
      `never give up --require-signing-keys while account ${name} has this identity`,
    ],
  });
}

/**
 * The identity of an account, which is its name on servers and cannot be taken out of it: another account takes its
 * place, under the same name, with the same signing keys, rights and users. What the accounts of this store share with
 * it, they share with the new one. The old one has to be deleted on servers.
 *
 * @throws NscError `managed-operator`, `no-signer` when the seed of one of its signing keys is not at hand
 */
export function replaceAccount(request: CutRequest, account: AccountEntry): Cut {
  const { context, info } = request;
  const { tree, now } = context;
  refuseManaged(tree, account, info.key);
  const { pair, changes, records: fresh, steps } = takeSuccessor(request, info.slot);
  const { publicKey } = pair;
  const slot: Slot = { kind: 'account-identity', account: publicKey };
  const own = fresh.map((record) => ({ ...record, slot }));
  const records = [recordOf(request, publicKey), ...own, ...moveSlots(tree, info.key, publicKey)];
  const known = applyChanges(tree, [...changes, putRecords(tree, records)]);
  const requested = requestedFor(context, 'operator');

  const { operator } = tree;
  const isSystem = isSystemAccount(tree, account.claims);
  const operatorChanges: Change[] = [];
  if (isSystem) {
    const claims = { ...operator.claims, nats: { ...operator.claims.nats, system_account: publicKey } };
    const { signer } = chooseSigner({
      tree: known,
      kind: 'operator',
      operatorClaims: claims,
      requested,
      previousIssuer: operator.claims.iss,
    });
    operatorChanges.push(draftOperator(operator.name, claims, { signer, now, previous: operator }));
  }
  const repointed = repointAccounts(known, { account, pair, now });
  const staged = applyChanges(known, [...operatorChanges, ...repointed.changes]);
  const resigned = resign({
    tree: staged,
    now,
    signerFor: (token) => signerInPlace(token, { tree: staged, account, pair }),
    signerOfAccount: (edited) =>
      chooseSigner({ tree: staged, kind: 'account', account: edited, requested, previousIssuer: edited.claims.iss })
        .signer,
    accounts: false,
    usersOf: [account.name],
    activations: true,
    edits: new Map(repointed.changes.map(({ name }) => [name, (body) => ({ ...body })])),
  });
  return {
    changes: [...changes, ...operatorChanges, ...resigned.changes],
    records,
    successors: [publicKey],
    users: resigned.users,
    accounts: resigned.accounts,
    activations: resigned.activations.length + repointed.renewed,
    left: resigned.left,
    steps: [...steps, ok(`account ${quote(account.name)} is ${publicKey} now; it was ${info.key}`)],
    warnings: [
      ...describeOldAccount(account, info.key),
      ...(isSystem
        ? [
            'it is the system account: replace the configuration of every server (nsc generate config) and restart them; until then they take accounts only from users of the old one',
          ]
        : []),
      ...repointed.warnings,
    ],
    obsoleteAccount: info.key,
  };
}

function describeOldAccount(account: AccountEntry, old: string): string[] {
  const name = quote(account.name);
  return [
    `servers go on to trust the old account until it is deleted there, after the new one was pushed: nsc push --account-removal ${old}`,
    `accounts of other operators that import from account ${name}, or that it imports from, know the old key: have them take the new one, and give and take activations anew`,
    ...(hasJetStream(account.claims)
      ? [
          `streams and everything else that JetStream keeps for account ${name} belongs to the old key: back it up (nats account backup) before the old account is deleted`,
        ]
      : []),
  ];
}

/** A signing key that stays signs what it signed before, and the new identity what the old one did. */
function signerInPlace(
  { kind, issuer, account: of }: SignedToken,
  { tree, account, pair }: { readonly tree: Tree; readonly account: AccountEntry; readonly pair: KeyPair },
): KeyPair | undefined {
  if (of.name !== account.name) return undefined;
  if (issuer === account.claims.sub) return pair;
  if (!signingKeysOf(account.claims).includes(issuer)) return undefined;
  const signer = tree.findKeyPair(issuer);
  if (signer) return signer;
  if (kind === 'activation') return pair;
  throw new NscError(
    'no-signer',
    `the seed of ${issuer}, which signed users of account ${quote(account.name)}, is not in the keystore`,
    {
      hint: `import it with: nsc import keys --dir DIR, or put another key in its place first: nsc compromise ${issuer}`,
      details: { publicKey: issuer, account: account.name },
    },
  );
}

/** Who signs accounts is elsewhere, and so is the only one who can put another account in the place of this one. */
function refuseManaged({ operator, managed }: Tree, { name }: AccountEntry, key: string): void {
  if (!managed) return;
  const word = quoteWord(name);
  throw new NscError(
    'managed-operator',
    `operator ${quote(operator.name)} is managed elsewhere, and it alone can put another account in the place of account ${quote(name)}`,
    {
      hint: `ask it to delete account ${key}, and add a new one: nsc add account ${word}-new; until then, shut out what was issued: nsc revocations add-user -a ${word} -u '*'`,
      details: { operator: operator.name, account: name, publicKey: key },
    },
  );
}

/** The places of its other keys are named by the account. */
const moveSlots = ({ keyring }: Tree, old: string, account: string): KeyRecord[] =>
  [...keyring.records.values()].flatMap((record) =>
    record.key !== old && 'account' in record.slot && record.slot.account === old
      ? [{ ...record, slot: { ...record.slot, account } }]
      : [],
  );
