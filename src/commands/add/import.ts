import { mutation, type PlanContext } from '../../app/command.js';
import { type ImportSource, takeImportSource } from '../../app/new-import.js';
import { accountOption } from '../../app/options/account.js';
import {
  type ImportUseInput,
  importSourceConflicts,
  importSourceOptions,
  importUseOptions,
} from '../../app/options/import.js';
import { changed, ok, type Step, warn } from '../../app/result.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import type { Import } from '../../domain/claims/types.js';
import { checkImport } from '../../domain/sharing/check-import.js';
import { findClashes } from '../../domain/sharing/clashes.js';
import { seekExporters } from '../../domain/sharing/exporters.js';
import { findExport } from '../../domain/sharing/find-export.js';
import { issueActivation } from '../../domain/sharing/issue-activation.js';
import type { SharingProblem } from '../../domain/sharing/problem.js';
import { remoteSubject } from '../../domain/sharing/remote-subject.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';

export const command = mutation({
  summary: 'Import a stream or service of another account',
  description:
    'Brings subjects of another account into this one: of a public export by account and subject, of a private one by ' +
    'the activation that the other account made. The import is checked against the export as far as the other account ' +
    'is in the store; what servers would drop is refused.',
  options: { account: accountOption, ...importSourceOptions, ...importUseOptions },
  conflicts: importSourceConflicts,
  examples: [
    {
      command: "nsc add import --src-account Orders --remote-subject 'orders.>' --local-subject 'from.orders.>'",
      what: 'a public stream, under another subject',
    },
    { command: 'nsc add import --service --src-account Clock --remote-subject time.now', what: 'a public service' },
    { command: 'nsc add import --token orders.jwt', what: 'a private export, with its activation' },
  ],
  signers: accountSigners,

  plan(context, input) {
    const { workspace, tree, now } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const source = activated(context, account, takeImportSource(context, account, input));
    const { entry, steps } = applyUse(source.entry, input);
    const imports = account.claims.nats.imports ?? [];
    refuseKnown(account, imports, entry);

    const known = source.exporter ? [account, source.exporter] : [account];
    const problems = checkImport(tree, account, entry, { now, findExporter: seekExporters(tree, known) });
    const clash = findClashes([...imports, entry]).get(entry);
    const all = clash ? [...problems, clash] : problems;
    refuseDropped(account, all);

    const body = { ...account.claims.nats, imports: [...imports, entry] };
    return {
      changes: [signAccount(context, account, body)],
      warnings: all.map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`)),
      result: changed(
        ...steps,
        ok(`added ${entry.type} import ${quote(remoteSubject(entry))} to account ${quote(account.name)}`),
      ),
    };
  },
});

/** What was chosen from a list and is private gets its activation here, if a key of the exporter is at hand. */
function activated({ tree, now }: PlanContext, importer: AccountEntry, source: ImportSource): ImportSource {
  const { exporter, entry, isChosen } = source;
  const shared = exporter && findExport(exporter.claims, entry.type, entry.subject);
  if (!isChosen || !exporter || !shared?.token_req) return source;
  requireAuthentic('account', exporter);
  const { signer } = chooseSigner({ tree, kind: 'activation', account: exporter });
  const target = importer.claims.sub ?? '';
  const { token } = issueActivation({ exporter, entry: shared, target, subject: entry.subject }, signer, now);
  return { ...source, entry: { ...entry, token } };
}

/** Services cannot allow tracing, nor streams share who is connected. */
function applyUse(
  source: ImportSource['entry'],
  { name, localSubject, share, allowTrace }: ImportUseInput,
): { entry: Import; steps: Step[] } {
  const isService = source.type === 'service';
  if (share && !isService) {
    throw new NscError('policy-refused', 'only the import of a service can share connection information', {
      hint: 'leave out --share, or import a service: --service',
    });
  }
  const entry: Import = {
    ...source,
    ...(name && { name }),
    ...(localSubject && { local_subject: localSubject }),
    ...(share && { share }),
    ...(allowTrace && !isService && { allow_trace: true }),
  };
  const ignored = allowTrace && isService;
  return { entry, steps: ignored ? [warn('only imports of streams allow tracing: --allow-trace was left out')] : [] };
}

function refuseKnown(account: AccountEntry, imports: readonly (Import | null)[], entry: Import): void {
  const remote = remoteSubject(entry);
  const isSame = (known: Import | null): boolean =>
    known?.type === entry.type && known?.account === entry.account && remoteSubject(known ?? {}) === remote;
  if (!imports.some(isSame)) return;
  throw new NscError(
    'already-exists',
    `account ${quote(account.name)} imports ${entry.type} ${quote(remote)} of ${entry.account} already`,
    {
      hint: `to change it, delete it first: nsc delete import --account ${quoteWord(account.name)} --subject ${quoteWord(remote)}`,
    },
  );
}

/** What servers would drop is not signed (E-38). */
function refuseDropped(account: AccountEntry, problems: readonly SharingProblem[]): void {
  const first = problems.find(({ level }) => level === 'error');
  if (first === undefined) return;
  const { code, rule, message, hint } = first;
  throw new NscError(rule === undefined ? 'policy-refused' : 'invalid-claims', message, {
    ...(hint !== undefined && { hint }),
    details: { account: account.name, problem: code },
  });
}
