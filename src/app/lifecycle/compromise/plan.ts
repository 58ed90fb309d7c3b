import type { KeyInput } from '../../../domain/key-input.js';
import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import { roleOf } from '../../../domain/nkey/codec.js';
import { isSystemAccount } from '../../../domain/tree/system-account.js';
import type { AccountEntry, Tree } from '../../../domain/tree/tree.js';
import { NscError } from '../../../errors.js';
import { quote } from '../../../lib/display.js';
import type { Plan, PlanContext } from '../../command.js';
import type { NewOrGivenKey } from '../../options/key.js';
import type { Reach } from '../../reach.js';
import { getKeyInfo } from '../find-key.js';
import { putRecords } from '../rotate/records.js';
import { noteIdentity, replaceAccount } from './account-identity.js';
import { type Cut, type CutRequest, onlyRecorded } from './cut.js';
import { cutOperatorIdentity, cutOperatorSigner } from './operator-key.js';
import { findPlaces, type Places } from './places.js';
import { reportCut } from './report.js';
import { cutAccountSigner } from './signing-key.js';
import { cutUserKey, revokeFormerKey } from './user-key.js';

export interface CompromiseInput {
  /** The key that somebody else may have. */
  readonly key: KeyInput;
  /** What takes its place; absent = another one of its slot, or a new one. */
  readonly given: NewOrGivenKey | undefined;
  /** How servers are reached that get the accounts afterwards; absent = they get nothing. */
  readonly reach: Reach | undefined;
}

/**
 * Takes a key out that somebody else may have, in one commit: it is noted as compromised, nothing lists it any more, and
 * what it signed and servers accepted is signed by the key that takes its place.
 *
 * @throws NscError `key-not-found`, `wrong-key-kind`, `nothing-to-do` when it is out already, `managed-operator`,
 *   `policy-refused`, and those of who signs
 */
export function planCompromise(context: PlanContext, { key, given, reach }: CompromiseInput): Plan {
  const { tree } = context;
  refuseCurve(key);
  const info = getKeyInfo(tree, key);
  const places = findPlaces(tree, info.key);
  const request: CutRequest = { context, info, given };
  refuseManaged(tree, places);
  const cut = takeOut(request, places, reach !== undefined);
  const changes = [...cut.changes, putRecords(tree, cut.records)];
  const isPushed = reach !== undefined && cut.accounts.length > 0;
  return {
    changes,
    ...reportCut(context, { info, cut, place: describeSlot(tree, info.slot), isPushed }),
    ...(isPushed && { push: { accounts: cut.accounts, reach } }),
  };
}

function takeOut(request: CutRequest, places: Places, pushes: boolean): Cut {
  const { info, context } = request;
  const { tree } = context;
  const [account, ...others] = places.identityOf;
  if (account) {
    refuseSecondPlace(info.key, [...others, ...places.signsFor]);
    if (tree.operator.claims.nats.strict_signing_key_usage !== true) {
      refuseCutOff(tree, account, pushes);
      return replaceAccount(request, account);
    }
    if (info.state === 'compromised') throw nothingToDo(tree, request);
    return noteIdentity(request, account);
  }
  if (places.isOperator) return cutOperatorIdentity(request);
  if (places.isOperatorSigner) return cutOperatorSigner(request);
  if (places.signsFor.length > 0) return cutAccountSigner(request, places.signsFor);
  if (places.users.length > 0) return cutUserKey(request, places.users);
  if (info.state === 'compromised') throw nothingToDo(tree, request);
  const former = info.slot.kind === 'user' ? tree.findAccountByKey(info.slot.account) : undefined;
  return former ? revokeFormerKey(request, former) : onlyRecorded(request);
}

/** Nobody is trusted for a curve key: it is what auth callouts are encrypted with. */
function refuseCurve({ publicKey }: KeyInput): void {
  if (publicKey === undefined || roleOf(publicKey) !== 'curve') return;
  throw new NscError('wrong-key-kind', `${publicKey} is a curve key, which signs nothing`, {
    hint: 'have auth callouts of its account encrypted with another one: nsc edit authcallout --curve generate',
    details: { publicKey },
  });
}

function refuseManaged({ operator, managed }: Tree, { isOperator, isOperatorSigner }: Places): void {
  if (!managed || !(isOperator || isOperatorSigner)) return;
  throw new NscError(
    'managed-operator',
    `operator ${quote(operator.name)} is managed elsewhere, and only there its keys are replaced`,
    { hint: 'tell whoever runs it; import the JWT it has then with: nsc add operator --url FILE --force' },
  );
}

/** One key for two things has to be taken apart by somebody who knows what is meant. */
function refuseSecondPlace(key: string, others: readonly AccountEntry[]): void {
  const [other] = others;
  if (!other) return;
  throw new NscError(
    'policy-refused',
    `${key} is the identity of an account, and account ${quote(other.name)} has it, too`,
    {
      hint: `take it out there first: nsc edit account ${quote(other.name)} --rm-sk ${key}`,
      details: { publicKey: key, accounts: others.map(({ name }) => name) },
    },
  );
}

/** Servers take accounts from the system account that their configuration names, which is the old one until then. */
function refuseCutOff(tree: Tree, account: AccountEntry, pushes: boolean): void {
  if (!pushes || !isSystemAccount(tree, account.claims)) return;
  throw new NscError(
    'policy-refused',
    `account ${quote(account.name)} is the system account, and servers know no other one until their configuration names it`,
    {
      hint: 'leave out --push; replace the configuration of every server (nsc generate config) and restart them; then: nsc push --all',
      details: { account: account.name },
    },
  );
}

const nothingToDo = (tree: Tree, { info: { key, slot } }: CutRequest): NscError =>
  new NscError(
    'nothing-to-do',
    `${key} (${describeSlot(tree, slot)}) is known to be compromised, and nothing trusts it`,
    {
      hint: 'see what servers still have with: nsc diff --all',
      details: { publicKey: key },
    },
  );
