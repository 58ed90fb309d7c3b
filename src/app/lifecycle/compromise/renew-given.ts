import { isRevokedBy, issueTime } from '../../../domain/claims/revocation.js';
import type { Import } from '../../../domain/claims/types.js';
import type { KeyPair } from '../../../domain/nkey/key-pair.js';
import { checkActivation } from '../../../domain/sharing/activation.js';
import { findExport } from '../../../domain/sharing/find-export.js';
import { remoteSubject } from '../../../domain/sharing/remote-subject.js';
import { decodeKind } from '../../../domain/token/decode.js';
import { issue } from '../../../domain/token/issue.js';
import { findReadable } from '../../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../../domain/tree/tree.js';
import { isAuthentic } from '../../../domain/trust/authentic.js';
import { chooseSigner } from '../../../domain/trust/signer.js';
import { quote } from '../../../lib/display.js';

/** The account that is replaced, and the identity that it gets. */
export interface Replacement {
  readonly account: AccountEntry;
  readonly pair: KeyPair;
  /** Unix seconds. */
  readonly now: number;
}

/** What a replaced account imports. */
export interface Given {
  /** Absent when it imports nothing. */
  readonly imports?: Import[];
  readonly renewed: number;
  readonly warnings: readonly string[];
}

/**
 * The imports of an account that is replaced: activations name who may import, so each is issued anew by the exporter,
 * for the same subject and until the same time; and subjects name it where the export wants that.
 *
 * An import whose activation nobody here can issue is left out, because an account must not hold one that is for another.
 */
export function renewGiven(tree: Tree, replacement: Replacement): Given {
  const { account } = replacement;
  const { imports } = account.claims.nats;
  if (!imports) return { renewed: 0, warnings: [] };
  const results = imports.map((entry) => entry && renew(tree, entry, replacement));
  const kept = results.flatMap((result) => (result?.entry ? [result.entry] : []));
  return {
    imports: kept,
    renewed: results.filter((result) => result?.isRenewed).length,
    warnings: results.flatMap((result) => result?.warning ?? []),
  };
}

interface Renewed {
  readonly entry?: Import;
  readonly isRenewed?: boolean;
  readonly warning?: string;
}

function renew(tree: Tree, entry: Import, replacement: Replacement): Renewed {
  const { account, pair } = replacement;
  const renamed = renameSubject(entry, account.claims.sub ?? '', pair.publicKey);
  if (entry.token) return renewActivation(tree, { entry, renamed, token: entry.token }, replacement);
  if (renamed === entry) return { entry };
  const [was, is] = [entry, renamed].map((one) => quote(remoteSubject(one)));
  return {
    entry: renamed,
    warning: `account ${quote(account.name)} imports ${is} in place of ${was}: subjects name its key`,
  };
}

/** It comes with the token of whoever imports, so nothing is signed on its word unless the exporter gave it, and to it. */
function renewActivation(
  tree: Tree,
  { entry, renamed, token }: { readonly entry: Import; readonly renamed: Import; readonly token: string },
  { account, pair, now }: Replacement,
): Renewed {
  const { type = 'stream', account: exporterKey = '' } = entry;
  const dropped = (why: string): Renewed => ({
    warning: `account ${quote(account.name)} imports ${quote(remoteSubject(renamed))} no longer: ${why}; have its exporter ${exporterKey} make an activation for ${pair.publicKey}, and take it in with: nsc add import --token FILE`,
  });
  const activation = findReadable(() => decodeKind(token, 'activation').claims);
  const exporter = tree.findAccountByKey(exporterKey);
  if (!activation) return dropped('its activation is not at hand');
  if (!exporter) return dropped('the account that gave the activation is not in this store');
  if (!isAuthentic(exporter)) return dropped('the JWT of its exporter does not hold what its issuer signed');
  // whether or not an activation is wanted there at present
  const context = { operator: tree.operator, importer: account, exporter, shared: undefined, now };
  const fault = checkActivation(entry, token, context).find(({ level }) => level === 'error');
  if (fault) return dropped(fault.what);
  const shared = findExport(exporter.claims, type, activation.nats.subject ?? '');
  if (isRevokedBy(shared?.revocations, activation)) return dropped('its activation is revoked');
  const signer = findReadable(
    () => chooseSigner({ tree, kind: 'activation', account: exporter, previousIssuer: activation.iss }).signer,
  );
  if (!signer) return dropped('no key that signs for its exporter is at hand');
  const { issuer_account: _stale, ...body } = activation.nats;
  const nats = signer.publicKey === exporter.claims.sub ? body : { ...body, issuer_account: exporterKey };
  const claims = { ...activation, sub: pair.publicKey, nats };
  const issued = issue('activation', claims, signer, { now: issueTime(shared?.revocations, pair.publicKey, now) });
  return { entry: { ...renamed, token: issued.token }, isRenewed: true };
}

/** The key of the importing account stands in subjects of exports that want it there. */
function renameSubject(entry: Import, old: string, key: string): Import {
  const rename = (subject: string): string =>
    subject
      .split('.')
      .map((token) => (token === old ? key : token))
      .join('.');
  const { subject = '', to } = entry;
  if (rename(subject) === subject && (to === undefined || rename(to) === to)) return entry;
  return { ...entry, subject: rename(subject), ...(to !== undefined && { to: rename(to) }) };
}
