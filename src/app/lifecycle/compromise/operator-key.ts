import { applyChanges } from '../../../domain/apply.js';
import type { OperatorBody } from '../../../domain/claims/types.js';
import { draftOperator } from '../../../domain/draft.js';
import type { KeyPair } from '../../../domain/nkey/key-pair.js';
import { chooseSigner } from '../../../domain/trust/signer.js';
import { NscError } from '../../../errors.js';
import { quote } from '../../../lib/display.js';
import { ok } from '../../result.js';
import { resign, type SignedToken } from '../resign.js';
import { putRecords } from '../rotate/records.js';
import { type Cut, type CutRequest, recordOf, requestedFor } from './cut.js';
import { findStandIn, type Successor, takeSuccessor } from './successor.js';

/**
 * A signing key of the operator: another one is listed in its place and signs the accounts that it signed. One that was
 * announced as identity, or was it once, stands on that list, too.
 */
export function cutOperatorSigner(request: CutRequest): Cut {
  const { key, slot } = request.info;
  const successor = findStandIn(request, slot);
  const { nats } = request.context.tree.operator.claims;
  const listed = slot.kind === 'operator-signing' ? successor?.pair.publicKey : undefined;
  const signing_keys = replaceKey(nats.signing_keys ?? [], key, listed);
  return cutOperator(request, { successor, identity: undefined, body: { ...nats, signing_keys } });
}

/**
 * The identity of the operator: a new one, and the old one is trusted no longer, not even as a signing key. A key that
 * was announced as identity leaves the list of signing keys.
 */
export function cutOperatorIdentity(request: CutRequest): Cut {
  const successor = takeSuccessor(request, { kind: 'operator-identity' });
  const { operator, keyring } = request.context.tree;
  const { publicKey } = successor.pair;
  const isAnnounced = keyring.records.get(publicKey)?.slot.kind === 'operator-identity';
  const gone = new Set(isAnnounced ? [request.info.key, publicKey] : [request.info.key]);
  const signing_keys = operator.claims.nats.signing_keys?.filter((key) => !gone.has(key));
  const body = { ...operator.claims.nats, ...(signing_keys && { signing_keys }) };
  return cutOperator(request, { successor, identity: successor.pair, body });
}

interface OperatorEdit {
  readonly successor: Successor | undefined;
  /** The new identity, where that is what changes. */
  readonly identity: KeyPair | undefined;
  readonly body: OperatorBody;
}

function cutOperator(request: CutRequest, { successor, identity, body }: OperatorEdit): Cut {
  const { context, info } = request;
  const { tree, now } = context;
  const { operator } = tree;
  const { pair, changes = [], records: fresh = [], steps = [] } = successor ?? {};
  const records = [recordOf(request, pair?.publicKey), ...fresh];
  const staged = applyChanges(tree, [...changes, putRecords(tree, records)]);
  const requested = requestedFor(context, 'operator');
  const claims = { ...operator.claims, ...(identity && { sub: identity.publicKey }), nats: body };
  const signer =
    identity ??
    chooseSigner({
      tree: staged,
      kind: 'operator',
      operatorClaims: claims,
      requested,
      previousIssuer: operator.claims.iss,
      atHand: pair ? [pair] : [],
    }).signer;
  const change = draftOperator(operator.name, claims, { signer, now, previous: operator });

  const after = applyChanges(staged, [change]);
  // a strict operator's identity signs no accounts
  const isStrict = identity !== undefined && body.strict_signing_key_usage === true;
  const signerFor = ({ issuer, account }: SignedToken): KeyPair | NscError | undefined => {
    if (issuer !== info.key) return undefined;
    return isStrict ? orRefusal(() => chooseSigner({ tree: after, kind: 'account', account, requested }).signer) : pair;
  };
  const resigned = resign({
    tree: after,
    now,
    signerFor,
    signerOfAccount: (account) => chooseSigner({ tree: after, kind: 'account', account, requested }).signer,
    accounts: true,
    usersOf: [],
    activations: false,
  });
  return {
    changes: [...changes, change, ...resigned.changes],
    records,
    successors: pair ? [pair.publicKey] : [],
    users: [],
    accounts: resigned.accounts,
    activations: 0,
    left: resigned.left,
    steps: [...steps, ok(`operator ${quote(operator.name)} does not trust ${info.key} any more`)],
    warnings: [
      `replace the operator JWT in the configuration of every server (nsc generate config) and restart them, as soon as they have the accounts: until then they trust ${info.key}, and whoever has it can sign accounts for them`,
    ],
  };
}

/** One account that nobody can sign keeps no other from being saved. */
function orRefusal(choose: () => KeyPair): KeyPair | NscError {
  try {
    return choose();
  } catch (error) {
    if (error instanceof NscError) return error;
    throw error;
  }
}

/** The list with another key, or nothing, in the place of one; none is in it twice. */
export const replaceKey = (keys: readonly string[], old: string, key: string | undefined): string[] => [
  ...new Set(keys.flatMap((listed) => (listed === old ? (key ?? []) : listed))),
];
