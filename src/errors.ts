/**
 * Every refusal this program can give, as a closed union of codes.
 *
 * A code belongs to one family and the family decides the exit code, so a script can branch on either.
 * `docs/errors.md` is generated from {@link ERROR_CODES}.
 */

/** Families of refusals and the exit code of each. */
export const EXIT_CODES = {
  check: 1,
  usage: 2,
  'not-found': 3,
  conflict: 4,
  store: 5,
  key: 6,
  remote: 7,
  bug: 70,
  interrupted: 130,
} as const;

export type ErrorFamily = keyof typeof EXIT_CODES;

/** code → [family, what it means]. Codes are stable: scripts may match on them. */
export const ERROR_CODES = {
  // usage: the command line itself is wrong
  'unknown-command': ['usage', 'No such command.'],
  'unknown-option': ['usage', 'The command has no such option.'],
  'missing-argument': ['usage', 'An option that takes a value was given none.'],
  'bad-value': ['usage', "A value does not fit its option's grammar."],
  'too-many-arguments': ['usage', 'More positional arguments than the command takes.'],
  'missing-option': ['usage', 'A value that is needed was not given and cannot be asked for.'],
  'conflicting-options': ['usage', 'Options that exclude each other were given together.'],
  'nothing-to-do': ['usage', 'An edit was asked for without saying what to edit.'],
  'bad-name': ['usage', 'A name that cannot be used for an operator, account, user or file.'],
  // not-found
  'operator-not-found': ['not-found', 'No such operator in the store.'],
  'account-not-found': ['not-found', 'No such account under the operator.'],
  'user-not-found': ['not-found', 'No such user in the account.'],
  'file-not-found': ['not-found', 'A file named on the command line does not exist.'],
  'item-not-found': ['not-found', 'What should be changed or removed is not there.'],
  // conflict: refused by the state of the store or by policy
  'already-exists': ['conflict', 'Something with that name or key is there already.'],
  'invalid-claims': ['conflict', 'The result would break a validation rule of NATS JWTs, so it is not signed.'],
  'broken-chain': ['conflict', 'The result would hold a token that its parent does not trust.'],
  'policy-refused': ['conflict', 'The request contradicts a policy of the operator or account.'],
  'rotation-state': [
    'conflict',
    'The step does not follow from where the keys stand: nothing was started, or something is under way.',
  ],
  'still-in-use': ['conflict', 'Something still depends on the key.'],
  'managed-operator': ['conflict', 'The operator is managed elsewhere, so this cannot be done here.'],
  'would-lose-trust': ['conflict', 'Tokens that are valid now would be refused (--keep-valid).'],
  cancelled: ['conflict', 'The question was answered with no.'],
  // store
  'store-locked': ['store', 'Another process holds the lock of the store.'],
  'store-corrupt': ['store', 'A file of the store cannot be understood.'],
  'store-io': ['store', 'The file system refused to read or write.'],
  'keystore-old-layout': ['store', 'The keystore has the layout of nsc before 0.5.'],
  'old-jwt-version': ['store', 'The operator JWT is version 1 and has to be upgraded first.'],
  // token and key formats
  'bad-token': ['store', 'A JWT cannot be decoded, or its signature does not verify.'],
  'bad-key': ['key', 'A text is not a valid nkey.'],
  'wrong-key-kind': ['key', 'A key of another kind (operator, account, user, …) is needed here.'],
  'key-not-found': ['key', 'A text names no key, or the seed of a key is not in the keystore.'],
  'key-mismatch': ['key', 'A key file holds another key than its name says.'],
  'signer-not-allowed': ['key', 'The parent does not list the key that should sign.'],
  'key-not-active': ['key', 'The key is announced or retiring, so it signs nothing.'],
  'key-compromised': ['key', 'The key was marked as compromised, so nothing trusts it and it signs nothing.'],
  'keystore-sealed': ['key', 'The seeds are encrypted, and nothing that opens them was given.'],
  'wrong-passphrase': ['key', 'What was given does not open the seeds.'],
  'no-signer': ['key', 'No key that may sign is at hand.'],
  // remote
  'remote-failed': ['remote', 'A server could not be reached or refused.'],
  'remote-partial': ['remote', 'Some servers or accounts were dealt with, others were not; each is named.'],
  'untrusted-answer': [
    'remote',
    'A server answered with something else than what was asked for, so nothing of it is kept.',
  ],
  // check
  'check-failed': ['check', 'A check said no.'],
  // the rest
  interrupted: ['interrupted', 'Stopped by a signal or at a prompt.'],
  bug: ['bug', 'A mistake in this program.'],
} as const satisfies Record<string, readonly [ErrorFamily, string]>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorOptions {
  /** The command or step that mends it, ready to be typed. */
  hint?: string;
  /** Machine-readable facts, shown by `--json`. Never a seed. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** A refusal: what is wrong, on which object, and how to mend it. */
export class NscError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'NscError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }

  get family(): ErrorFamily {
    return ERROR_CODES[this.code][0];
  }

  get exitCode(): number {
    return EXIT_CODES[this.family];
  }
}
