import { showKey } from '../domain/claims/check/key.js';
import type { ActivationClaims, Import } from '../domain/claims/types.js';
import { isPublicKey } from '../domain/nkey/codec.js';
import type { AccountEntry, Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import type { PlanContext } from './command.js';
import { decodeFrom } from './foreign-token.js';
import { typeOf } from './options/existing-export.js';
import type { ImportSourceInput } from './options/import.js';
import { findChosen } from './options/import-choice.js';
import { type TextSource, tokenIn } from './options/token-file.js';
import { getOtherAccount } from './other-account.js';

/** An import as far as its source decides it; `name` is what it is called unless a person says otherwise. */
export type SourcedImport = Required<Pick<Import, 'name' | 'subject' | 'account' | 'type'>> &
  Pick<Import, 'token' | 'local_subject'>;

/** The exporter when it is known beforehand, so that nobody has to look for it. */
export interface ImportSource {
  readonly entry: SourcedImport;
  readonly exporter?: AccountEntry;
  /** True for one of the exports that interactive mode offered. */
  readonly isChosen?: boolean;
}

/**
 * What is to be imported: what an activation is for, what was chosen from a list, or the subject of an account
 * (nsc-core.md §9.6).
 *
 * @throws NscError `missing-option`, `account-not-found`; `bad-token`, `wrong-key-kind` and `policy-refused` for an
 *   activation that is none, whose issuer is no account, or which is for somebody else
 */
export function takeImportSource(context: PlanContext, importer: AccountEntry, input: ImportSourceInput): ImportSource {
  if (input.token) return fromActivation(context.tree, importer, input.token);
  if (input.export) return fromChoice(context, importer, input);
  const { srcAccount, remoteSubject: subject, service } = input;
  if (srcAccount === undefined || subject === undefined) {
    const missing = srcAccount === undefined ? 'account' : 'subject';
    throw new NscError('missing-option', `the ${missing} to import from was not named`, {
      hint: 'for a public export: --src-account ACCOUNT --remote-subject SUBJECT; for a private one: --token FILE',
    });
  }
  const { key: account, entry: exporter } = getOtherAccount(context.tree, srcAccount);
  const entry: SourcedImport = { name: subject, subject, account, type: typeOf(service === true) };
  return { entry, ...(exporter && { exporter }) };
}

const HOW_TO_MAKE = 'the exporting account makes one with: nsc generate activation';

/** The local subject of a service is spelled out, as nsc does it. */
function fromActivation(tree: Tree, importer: AccountEntry, source: TextSource): ImportSource {
  const text = tokenIn(source);
  const token = decodeFrom(source.given, text);
  if (token.kind !== 'activation') {
    throw new NscError('bad-token', `${quote(source.given)} holds a JWT of the kind ${token.kind}, not an activation`, {
      hint: HOW_TO_MAKE,
    });
  }
  const { iss = '', sub = '', name, nats } = token.claims as ActivationClaims;
  const account = nats.issuer_account || iss;
  if (!isPublicKey(account, 'account')) {
    throw new NscError(
      'wrong-key-kind',
      `${quote(source.given)} was issued by ${showKey(account)}, which is no account`,
      { hint: HOW_TO_MAKE },
    );
  }
  if (sub !== importer.claims.sub) throw notForUs(tree, importer, source, sub);
  const { subject = '', kind: type = 'stream' } = nats;
  const local = type === 'service' ? { local_subject: subject } : {};
  return { entry: { name: name || subject, subject, account, type, token: text, ...local } };
}

function notForUs(tree: Tree, importer: AccountEntry, source: TextSource, key: string): NscError {
  const meant = isPublicKey(key, 'account') ? tree.findAccountByKey(key) : undefined;
  const whom = meant ? `account ${quote(meant.name)} [${key}]` : `account ${showKey(key)}`;
  return new NscError(
    'policy-refused',
    `${quote(source.given)} is for ${whom}, not for account ${quote(importer.name)}`,
    {
      hint: meant ? `import it there: --account ${quote(meant.name)}` : `have one made for ${importer.claims.sub}`,
      details: { account: importer.name, intended: key },
    },
  );
}

function fromChoice({ workspace }: PlanContext, importer: AccountEntry, input: ImportSourceInput): ImportSource {
  const chosen = findChosen(workspace, { ...input, account: importer.name });
  if (!chosen) {
    throw new NscError('item-not-found', 'that export is not there, or imported already', {
      hint: `see the imports with: nsc describe account ${quote(importer.name)}`,
    });
  }
  const { exporter, type, entry } = chosen;
  const subject = input.remoteSubject ?? chosen.subject;
  const account = exporter.claims.sub ?? '';
  const fresh: SourcedImport = { name: entry.name || subject, subject, account, type };
  return { entry: fresh, exporter, isChosen: true };
}
