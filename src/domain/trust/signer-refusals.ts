import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { KeyInput } from '../key-input.js';
import type { Role } from '../nkey/prefix.js';
import type { Candidate, Signing } from './candidates.js';

const IMPORT_HINT = 'import it with: nsc import keys --dir DIR, or give the seed or its file with -K';

/** `-K` is no role, no key and no file (E-05). */
export function namesNothing(signing: Signing, input: KeyInput, candidates: readonly Candidate[]): NscError {
  const text = quote(input.text);
  const details = { ...listed(candidates), ...(input.fromFile !== undefined && { file: input.fromFile }) };
  if (input.fromFile !== undefined) {
    return new NscError('bad-key', `file ${text} holds neither a seed nor a public key`, {
      hint: namedHint(candidates),
      details,
    });
  }
  const isRole =
    signing.kind !== 'user' &&
    signing.account?.claims.nats.signing_keys?.some((key) => typeof key !== 'string' && key.role === input.text);
  if (isRole) {
    return new NscError('wrong-key-kind', `role ${text} signs users, not ${subjectOf(signing)}`, {
      hint: namedHint(candidates),
      details,
    });
  }
  const role = signing.kind === 'user' && signing.account ? `a role of account ${quote(signing.account.name)}, ` : '';
  return new NscError('key-not-found', `${text} is not ${role}a key or a key file`, {
    hint: namedHint(candidates),
    details,
  });
}

/** The key is of a kind that never signs this (E-08). */
export function wrongKind(
  signing: Signing,
  publicKey: string,
  kind: Role,
  wanted: readonly Role[],
  candidates: readonly Candidate[],
): NscError {
  return new NscError(
    'wrong-key-kind',
    `${publicKey} is of kind ${kind}, but ${subjectOf(signing)} must be signed by one of kind ${wanted.join(' or ')}`,
    {
      hint: namedHint(candidates),
      details: { publicKey, kind, wanted, ...listed(candidates) },
    },
  );
}

/** The key is of the right kind, but the parent does not list it (E-06), or must not use it. */
export function notAllowed(signing: Signing, publicKey: string, candidates: readonly Candidate[]): NscError {
  const isIdentity = publicKey === signing.tree.operator.claims.sub || publicKey === signing.account?.claims.sub;
  const why = isIdentity ? 'the operator requires signing keys' : 'it is not among the keys that may';
  return new NscError('signer-not-allowed', `${publicKey} may not sign ${subjectOf(signing)}: ${why}`, {
    hint: namedHint(candidates),
    details: { publicKey, ...listed(candidates) },
  });
}

/** The key is listed, and its place in its life keeps it from signing. */
export function isNotActive(
  signing: Signing,
  { publicKey, what, state }: Candidate,
  candidates: readonly Candidate[],
): NscError {
  const active = candidates.filter((candidate) => candidate.state === 'active');
  return new NscError(
    state === 'compromised' ? 'key-compromised' : 'key-not-active',
    `${publicKey} (${what}) may not sign ${subjectOf(signing)}: it is ${state === 'next' ? 'announced, and not active yet' : state}`,
    {
      hint: state === 'next' ? `let it sign from now on with: nsc rotate activate ${publicKey}` : namedHint(active),
      details: { publicKey, state, ...listed(active) },
    },
  );
}

/** The key may sign, but its seed is elsewhere. */
export function seedMissing({ publicKey, what }: Candidate): NscError {
  return new NscError('key-not-found', `the seed of ${publicKey} (${what}) is not in the keystore`, {
    hint: IMPORT_HINT,
    details: { publicKey },
  });
}

/** Nothing was named and nothing that may sign is at hand. */
export function noSigner(signing: Signing, candidates: readonly Candidate[]): NscError {
  const usable = candidates.filter(({ onlyWhenNamed }) => !onlyWhenNamed);
  if (usable.length === 0) return noSigningKey(signing, candidates);
  return new NscError(
    'no-signer',
    `no key that may sign ${subjectOf(signing)} is in the keystore: ${describe(usable)}`,
    {
      hint: 'import one with: nsc import keys --dir DIR, or give a seed or its file with -K',
      details: listed(candidates),
    },
  );
}

/** Strict mode, and no signing key to go with it (nsc-core.md §7.6). */
function noSigningKey({ kind, tree, account }: Signing, candidates: readonly Candidate[]): NscError {
  const operator = `operator ${quote(tree.operator.name)}`;
  const isBelowAccount = account && (kind === 'user' || kind === 'activation');
  const owner = isBelowAccount ? `account ${quote(account.name)} has` : 'has';
  const command = isBelowAccount ? `nsc edit account ${quote(account.name)}` : 'nsc edit operator';
  return new NscError('no-signer', `${operator} requires signing keys and ${owner} none`, {
    hint: `add one with: ${command} --sk generate`,
    details: listed(candidates),
  });
}

/**
 * The scoped key that signed the user is not at hand. Another key would silently change what the user may do: an
 * unscoped one takes the limits of the role away.
 */
export function leavesScope(previous: Candidate): NscError {
  return new NscError(
    'no-signer',
    `the seed of ${previous.publicKey} (${previous.what}), which signed the user, is not in the keystore`,
    {
      hint: `${IMPORT_HINT}; any other key named there changes what the user may do`,
      details: listed([previous]),
    },
  );
}

/** What is to be signed, in words. */
function subjectOf({ kind, tree, account }: Signing): string {
  if (kind === 'operator') return `operator ${quote(tree.operator.name)}`;
  const named = account ? `account ${quote(account.name)}` : `accounts of operator ${quote(tree.operator.name)}`;
  if (kind === 'account') return named;
  return `${kind === 'user' ? 'users' : 'activations'} of ${named}`;
}

const describe = (candidates: readonly Candidate[]): string =>
  candidates.map(({ publicKey, what }) => `${publicKey} (${what})`).join(', ');

const namedHint = (candidates: readonly Candidate[]): string =>
  candidates.length === 0 ? 'no key may sign it at present' : `these may: ${describe(candidates)}`;

const listed = (candidates: readonly Candidate[]) => ({
  candidates: candidates.map(({ publicKey, what }) => ({ key: publicKey, what })),
});
