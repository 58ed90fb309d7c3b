import type { UserScope } from '../claims/types.js';
import { isLiteralKey, type KeyInput } from '../key-input.js';
import { findByAlias } from '../keyring/keyring.js';
import { isSilent } from '../keyring/state.js';
import { roleOf } from '../nkey/codec.js';
import type { KeyPair } from '../nkey/key-pair.js';
import type { Role } from '../nkey/prefix.js';
import { type Candidate, findHolder, inTurn, listCandidates, type Preference, type Signing } from './candidates.js';
import {
  isNotActive,
  leavesScope,
  namesNothing,
  noSigner,
  notAllowed,
  seedMissing,
  wrongKind,
} from './signer-refusals.js';

export interface SignerRequest extends Signing, Preference {
  /** What `-K` named. */
  readonly requested?: KeyInput | undefined;
  /** Keys made by the same plan, which no keystore has yet. */
  readonly atHand?: readonly KeyPair[];
}

export interface SignerChoice {
  readonly signer: KeyPair;
  /** For users: the scope that comes with the key. */
  readonly scope?: UserScope;
}

/**
 * The key that signs. With `-K` it is that key or none; without, the first of these whose seed is in the keystore: the
 * active key, the previous issuer, the parent's identity, its signing keys (nsc-core.md §7, E-05, E-06, E-11).
 *
 * @throws NscError `key-not-found` and `bad-key` when `-K` names nothing, `wrong-key-kind` and `signer-not-allowed`
 *   when it names a key that may not sign, `no-signer` without `-K`; and what `Tree.findKeyPair` throws
 */
export function chooseSigner(request: SignerRequest): SignerChoice {
  const candidates = listCandidates(request);
  return request.requested ? takeRequested(request, request.requested, candidates) : takeFirst(request, candidates);
}

function takeRequested(request: SignerRequest, input: KeyInput, candidates: readonly Candidate[]): SignerChoice {
  const ofRole = findByRole(request, input, candidates);
  if (ofRole) return ofRole;

  const publicKey = input.publicKey ?? findByAlias(request.tree.keyring, input.text)?.key;
  if (publicKey === undefined) throw namesNothing(request, input, candidates);
  const role = roleOf(publicKey);
  const wanted = wantedRoles(request);
  if (!wanted.includes(role)) throw wrongKind(request, publicKey, role, wanted, candidates);
  const candidate = candidates.find((known) => known.publicKey === publicKey);
  if (!candidate) throw notAllowed(request, publicKey, candidates);
  if (isSilent(candidate.state)) throw isNotActive(request, candidate, candidates);
  const signer = input.pair ?? findPair(request, publicKey);
  if (!signer) throw seedMissing(candidate);
  return choice(signer, candidate);
}

/** A role names a scoped key, and scoped keys sign users only (E-08). A key given as such is no role. */
function findByRole(
  request: SignerRequest,
  input: KeyInput,
  candidates: readonly Candidate[],
): SignerChoice | undefined {
  if (request.kind !== 'user' || isLiteralKey(input) || input.text === '') return undefined;
  const all = candidates.filter(({ scope }) => scope?.role === input.text);
  const holders = all.filter(({ state }) => !isSilent(state));
  const [silent] = all;
  if (silent && holders.length === 0) throw isNotActive(request, silent, candidates);
  const holder = holders.find(({ publicKey }) => isAtHand(request, publicKey));
  const signer = holder && findPair(request, holder.publicKey);
  if (signer) return choice(signer, holder);
  const [known] = holders;
  if (known && input.publicKey === undefined) throw seedMissing(known);
  return undefined;
}

/** Without `-K`. A corrupt key is an error rather than a reason to take the next one. */
function takeFirst(request: SignerRequest, candidates: readonly Candidate[]): SignerChoice {
  const { previousIssuer } = request;
  const own = candidates.filter(({ onlyWhenNamed }) => !onlyWhenNamed);
  const first = inTurn(request, own, request).find(({ publicKey }) => isAtHand(request, publicKey));
  const signer = first && findPair(request, first.publicKey);
  if (!signer) throw noSigner(request, candidates);

  const previous = findHolder(request.tree.keyring, candidates, previousIssuer);
  if (previous?.scope && isSilent(previous.state)) throw isNotActive(request, previous, candidates);
  if (previous?.scope && first !== previous) throw leavesScope(previous);
  return choice(signer, first);
}

/** Kinds of keys that may sign at all (nsc-core.md §7.1). */
function wantedRoles({ kind, tree }: SignerRequest): Role[] {
  if (kind === 'operator') return ['operator'];
  if (kind === 'account') return tree.managed ? ['operator', 'account'] : ['operator'];
  return ['account'];
}

const choice = (signer: KeyPair, { scope }: Candidate): SignerChoice => ({ signer, ...(scope && { scope }) });

const made = ({ ownKey, atHand = [] }: SignerRequest): KeyPair[] =>
  typeof ownKey === 'object' ? [ownKey, ...atHand] : [...atHand];

const isAtHand = (request: SignerRequest, key: string): boolean =>
  made(request).some(({ publicKey }) => publicKey === key) || request.tree.hasSeed(key);

const findPair = (request: SignerRequest, key: string): KeyPair | undefined =>
  made(request).find(({ publicKey }) => publicKey === key) ?? request.tree.findKeyPair(key);
