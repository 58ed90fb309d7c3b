import type { Export, ShareType } from '../domain/claims/types.js';
import { exportsOf, findExport } from '../domain/sharing/find-export.js';
import type { AccountEntry } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote, quoteWord } from '../lib/display.js';
import { exportNotFound, needsSubject, needsType, requireExports } from './get-export.js';

const TYPES: readonly ShareType[] = ['stream', 'service'];

/**
 * The export of a type that covers a subject; without one, the only export of that type (nsc-distribution.md §3.7).
 *
 * @throws NscError `item-not-found`, `missing-option` when there is more than one
 */
export function getCoveringExport(account: AccountEntry, type: ShareType, subject: string | undefined): Export {
  const ofType = requireExports(account).filter((entry) => entry.type === type);
  const [only] = ofType;
  if (subject === undefined && only) {
    if (ofType.length > 1) throw needsSubject(account, ofType);
    return only;
  }
  const found = subject === undefined ? undefined : findExport(account.claims, type, subject);
  if (found) return found;
  const other = type === 'stream' ? 'service' : 'stream';
  const isOther =
    subject === undefined ? ofType.length === 0 : findExport(account.claims, other, subject) !== undefined;
  const refused = exportNotFound(account, type, subject);
  if (!isOther) throw refused;
  throw new NscError('item-not-found', refused.message, {
    hint: `it has a ${other} export: ${other === 'service' ? 'add --service' : 'leave out --service'}`,
    details: refused.details,
  });
}

/**
 * The private export that covers a subject; without one, the only private export.
 *
 * @param type where a stream and a service cover it
 * @throws NscError `item-not-found`, `policy-refused` for a public export, `missing-option` when there is more than one
 */
export function getPrivateExport(
  account: AccountEntry,
  { subject, type }: { readonly subject: string | undefined; readonly type: ShareType | undefined },
): Export {
  requireExports(account);
  const types = type === undefined ? TYPES : [type];
  if (subject === undefined) return getOnlyPrivate(account, types);
  const covering = types.flatMap((one) => findExport(account.claims, one, subject) ?? []);
  const [first, second] = covering.filter(isPrivate);
  if (first && second) throw needsType(account, subject);
  if (first) return first;
  const [open] = covering;
  if (open === undefined) throw exportNotFound(account, type, subject);
  throw new NscError(
    'policy-refused',
    `account ${quote(account.name)} exports ${quote(open.subject ?? '')} publicly, so importing ${quote(subject)} takes no activation`,
    {
      hint: `to make it private: nsc edit export --account ${quoteWord(account.name)} --subject ${quoteWord(open.subject ?? '')} --private`,
    },
  );
}

/** The private exports of an account. */
export const privateExportsOf = ({ claims }: AccountEntry): Export[] => exportsOf(claims).filter(isPrivate);

function getOnlyPrivate(account: AccountEntry, types: readonly ShareType[]): Export {
  const all = privateExportsOf(account).filter(({ type }) => type !== undefined && types.includes(type));
  const [only] = all;
  if (all.length > 1) throw needsSubject(account, all);
  if (only) return only;
  throw new NscError('item-not-found', `account ${quote(account.name)} has no private exports`, {
    hint: 'public ones take no activation; to make one private: nsc edit export --subject SUBJECT --private',
  });
}

const isPrivate = (entry: Export): boolean => entry.token_req ?? false;
