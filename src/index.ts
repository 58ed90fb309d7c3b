/**
 * The library: NATS decentralised auth without a store, a terminal or a clock.
 *
 * Everything here is pure and synchronous but for {@link verifyAsync}, {@link verifyTokenAsync} and {@link randomSeed}.
 * Failures are {@link NscError}s with a code.
 */

export { checkClaims, isBlocking } from './domain/claims/check/claims.js';
export { type Difference, diffClaims } from './domain/claims/diff.js';
export { newAccount, newActivation, newGeneric, newOperator, newScopedUser, newUser } from './domain/claims/new.js';
export { findScope, findScopeByRole, isScopedBodyEmpty, signingKeysOf } from './domain/claims/scope.js';
export { type Expansion, expandTemplate } from './domain/claims/template-expansion.js';
export type * from './domain/claims/types.js';
export { decorateSeed, decorateToken, findSeed, formatCreds, parseDecorated } from './domain/creds/creds.js';
export { parseKeyring } from './domain/keyring/codec.js';
export type { KeyRecord, Keyring, KeyState } from './domain/keyring/keyring.js';
export type { Slot } from './domain/keyring/slot.js';
export {
  accountKeyInfos,
  type KeyInfo,
  keysInSlot,
  operatorKeyInfos,
  stateOf,
  userKeyInfo,
} from './domain/keyring/state.js';
export { decodePublicKey, isPublicKey, roleOf } from './domain/nkey/codec.js';
export { open as openSealed, seal } from './domain/nkey/curve.js';
export { type KeyPair, keyPairFromRaw, keyPairFromSeed, verify, verifyAsync } from './domain/nkey/key-pair.js';
export type { Role } from './domain/nkey/prefix.js';
export {
  decodeGeneric,
  decodeKind,
  decodeToken,
  decodeVerified,
  verifyToken,
  verifyTokenAsync,
} from './domain/token/decode.js';
export { encodePayload, encodeToken } from './domain/token/encode.js';
export { issue } from './domain/token/issue.js';
export type { Token, TokenOf } from './domain/token/token.js';
export { emptyTree, memoryTree, type TreeContent } from './domain/tree/memory-tree.js';
export type { AccountEntry, Entry, OperatorEntry, Tree, UserEntry } from './domain/tree/tree.js';
export type { Refusal, RefusalCode } from './domain/trust/refusal.js';
export { type VerifyOptions, verifyAccount, verifyOperator, verifyUser } from './domain/trust/verify.js';
export { ERROR_CODES, type ErrorCode, type ErrorFamily, EXIT_CODES, NscError } from './errors.js';
export { randomSeed } from './lib/ed25519.js';
export { Secret } from './lib/secret.js';
