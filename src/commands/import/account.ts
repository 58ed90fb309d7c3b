import { mutation, type PlanContext } from '../../app/command.js';
import { checkIncoming, readIncoming, refuseNamesake, replacedWarnings } from '../../app/incoming.js';
import { findAccountNamesake, laterOf, managedWarnings } from '../../app/incoming-account.js';
import { flag } from '../../app/option.js';
import { incomingOptions } from '../../app/options/incoming.js';
import { type TextSource, textSourceOption, tokenIn } from '../../app/options/token-file.js';
import { changed, ok, type Step } from '../../app/result.js';
import type { Change } from '../../domain/change.js';
import { draftAccount } from '../../domain/draft.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { listCandidates } from '../../domain/trust/candidates.js';
import type { Refusal } from '../../domain/trust/refusal.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { verifyAccount } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Take in an account from a file',
  description:
    'Stores the JWT of an account as it is when the operator signed it. One that signed itself is signed by the ' +
    'operator; one that another operator signed only with --force. Its users and keys are not part of it: nsc import ' +
    'user and nsc import keys take those in.',
  options: {
    file: textSourceOption('file', {
      short: 'j',
      help: 'file or http(s) URL with the JWT of the account',
      ask: { message: 'File with the JWT of the account', type: 'input', required: true },
    }),
    ...incomingOptions('account'),
    force: flag('force', { help: 'sign an account of another operator anew' }),
  },
  examples: [
    { command: 'nsc import account --file A.jwt', what: 'an account of the same operator, or one that signed itself' },
    { command: 'nsc import account --file A.jwt --force -K OSIGNER…', what: 'an account of another operator' },
  ],

  signers: ({ tree }, { file }) =>
    file && !tree.managed && needsSignature(tree, file) ? listCandidates({ tree, kind: 'account' }) : [],

  plan(context, input) {
    const { tree, now } = context;
    if (input.file === undefined) {
      throw new NscError('missing-option', 'no account was named', { hint: 'name the file with its JWT: --file FILE' });
    }
    const account = readAccount(input.file);
    const { claims } = account;
    const namesake = findAccountNamesake(tree, claims);
    const { warnings, isBroken } = checkIncoming('account', claims, { now, skip: input.skip ?? false });
    const hint = 'replace it with --overwrite';
    refuseNamesake('account', claims, namesake, { overwrite: input.overwrite ?? false, hint });

    const adopted = adopt(context, account, { force: input.force ?? false, previous: namesake?.entry });
    return {
      changes: [adopted.change],
      warnings: [
        ...warnings,
        ...replacedWarnings('account', claims, namesake),
        ...managedWarnings(tree, [account.name]),
      ],
      force: isBroken || (namesake !== undefined && !namesake.entry),
      result: changed(...adopted.steps, ok(`imported account ${quote(account.name)}`)),
    };
  },
});

function readAccount(file: TextSource): AccountEntry {
  const read = readIncoming(file.given, tokenIn(file), 'account');
  return { name: read.claims.name ?? '', ...read };
}

/** What cannot be read is refused by the plan. */
function needsSignature(tree: Tree, file: TextSource): boolean {
  try {
    return verifyAccount(readAccount(file), tree.operator, { signatures: false }) !== undefined;
  } catch (error) {
    if (error instanceof NscError) return false;
    throw error;
  }
}

interface Adopted {
  readonly change: Change;
  readonly steps: readonly Step[];
}

/** Keeps a token that the operator vouches for, and signs others anew where that is allowed. */
function adopt(
  { tree, now, signer: requested }: PlanContext,
  account: AccountEntry,
  { force, previous }: { readonly force: boolean; readonly previous: AccountEntry | undefined },
): Adopted {
  const refusal = verifyAccount(account, tree.operator, { signatures: false });
  if (!refusal) {
    // a -K that may not sign is a mistake, even where nothing has to be signed
    if (requested) chooseSigner({ tree, kind: 'account', requested });
    return { change: { type: 'put-account', ...account }, steps: [] };
  }
  const isSelfSigned = account.claims.iss === account.claims.sub;
  if (isSelfSigned && tree.managed) throw selfSignedInManaged(tree.operator.name, account.name);
  if (!isSelfSigned && !force) throw foreign(refusal);
  const { signer } = chooseSigner({ tree, kind: 'account', requested });
  return {
    change: draftAccount(account.name, account.claims, { signer, now, previous: laterOf(account, previous) }),
    steps: [ok(`signed account ${quote(account.name)} with ${signer.publicKey}`)],
  };
}

const selfSignedInManaged = (operator: string, account: string): NscError =>
  new NscError(
    'managed-operator',
    `account ${quote(account)} is signed by itself, and operator ${quote(operator)}, who would have to sign it, is managed elsewhere`,
    { hint: 'let the operator sign it, and import what it gives back' },
  );

const foreign = ({ message, code, link }: Refusal): NscError =>
  new NscError('broken-chain', message, {
    hint: 'if the operator has a newer JWT, import that first with: nsc add operator --url FILE --force; --force signs the account anew',
    details: { refusal: code, link },
  });
