import type { Change } from '../domain/change.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { hasAccount, hasOperator, listAccounts, listOperators, settle } from './context.js';
import type { FileStep } from './file-step.js';
import { operatorDir } from './layout.js';
import { encodeSettings, readSettings, type Selection } from './settings.js';
import type { StoreWorkspace } from './workspace.js';

type Select = Extract<Change, { type: 'select' }>;

/**
 * What `nsc.json` becomes, as a step; undefined when it stays as it is.
 *
 * A store root that comes from the working directory or a flag is used without being remembered (E-27). It is
 * remembered when a command selects a store or an operator, or does nothing but select; the account that a command
 * made on the way is selected only where the operator in use is the remembered one.
 *
 * @param operator directory name of the operator the changes belong to
 * @throws NscError `operator-not-found`, `account-not-found`, `policy-refused` under `NSC_CWD_ONLY`
 */
export function planSettings(
  workspace: StoreWorkspace,
  operator: string,
  changes: readonly Change[],
): FileStep | undefined {
  const selects = changes.filter((change): change is Select => change.type === 'select');
  if (selects.length === 0) return undefined;
  const select: Select = Object.assign({}, ...selects);
  const onlySelects = selects.length === changes.length;
  if (!workspace.settings.persistent) {
    if (!onlySelects) return undefined;
    throw new NscError('policy-refused', 'nothing can be selected while NSC_CWD_ONLY is set', {
      hint: 'unset NSC_CWD_ONLY, or work in the directory of the operator',
    });
  }
  // read again: another process may have selected since, and what it wrote beside the selection is kept
  const settings = readSettings(workspace.configDir, true);
  const stored = { ...settings.stored, storeRoot: absoluteRoot(workspace, settings.stored.storeRoot) };
  const incidental = !onlySelects && select.operator === undefined && select.storeRoot === undefined;
  if (incidental && !isRemembered(workspace, operator, stored)) return undefined;
  if (select.insteadOf !== undefined && select.insteadOf !== stored.account) return undefined;
  const selection = selectionAfter(workspace, operator, select, changes);
  const { storeRoot, operator: chosen, account } = settings.stored;
  if (selection.storeRoot === storeRoot && selection.operator === chosen && selection.account === account)
    return undefined;
  return { write: settings.file, content: encodeSettings(settings, selection, workspace.now) };
}

const absoluteRoot = (workspace: StoreWorkspace, path: string): string => (path === '' ? '' : workspace.absolute(path));

function isRemembered({ storeRoot }: StoreWorkspace, operator: string, stored: Selection): boolean {
  if (stored.storeRoot === '') return true;
  return stored.storeRoot === storeRoot && (stored.operator === '' || stored.operator === operator);
}

function selectionAfter(
  workspace: StoreWorkspace,
  planned: string,
  select: Select,
  changes: readonly Change[],
): Selection {
  const storeRoot = select.storeRoot === undefined ? workspace.storeRoot : workspace.absolute(select.storeRoot);
  const inUse = storeRoot === workspace.storeRoot;
  const after = new Outcome(storeRoot, inUse ? planned : '', changes);
  const operator = operatorAfter(workspace, select, inUse, after);
  if (operator === '') return { storeRoot, operator, account: '' };
  return { storeRoot, operator, account: accountAfter(workspace, select, inUse, operator, after) };
}

function operatorAfter({ selected }: StoreWorkspace, select: Select, inUse: boolean, after: Outcome): string {
  const wanted = select.operator ?? (inUse ? selected.operator : undefined);
  if (wanted === undefined) {
    const choice = { name: selected.operator, madeHere: false };
    return settle(
      choice,
      (name) => after.hasOperator(name),
      () => listOperators(after.storeRoot),
    );
  }
  if (wanted === '' || after.hasOperator(wanted)) return wanted;
  throw new NscError('operator-not-found', `operator ${quote(wanted)} does not exist in ${after.storeRoot}`, {
    hint: 'see the operators with: nsc list operators',
    details: { operator: wanted, storeRoot: after.storeRoot },
  });
}

function accountAfter(
  { selected }: StoreWorkspace,
  select: Select,
  inUse: boolean,
  operator: string,
  after: Outcome,
): string {
  if (select.account === undefined) {
    const choice = { name: selected.account, madeHere: inUse && operator === selected.operator };
    return settle(
      choice,
      (name) => after.hasAccount(operator, name),
      () => after.accounts(operator),
    );
  }
  if (select.account === '' || after.hasAccount(operator, select.account)) return select.account;
  throw new NscError(
    'account-not-found',
    `account ${quote(select.account)} does not exist under operator ${quote(operator)}`,
    {
      hint: 'see the accounts with: nsc list accounts',
      details: { account: select.account, operator },
    },
  );
}

/** What there is to select once the other changes are done. */
class Outcome {
  readonly storeRoot: string;
  readonly #planned: string;
  readonly #makesOperator: boolean;
  /** Account → whether it exists afterwards. */
  readonly #changed = new Map<string, boolean>();

  constructor(storeRoot: string, planned: string, changes: readonly Change[]) {
    this.storeRoot = storeRoot;
    this.#planned = planned;
    this.#makesOperator = planned !== '' && changes.some(({ type }) => type === 'put-operator');
    for (const change of changes) {
      if (change.type === 'put-account') this.#changed.set(change.name, true);
      if (change.type === 'delete-account') this.#changed.set(change.name, false);
    }
  }

  hasOperator(name: string): boolean {
    return (this.#makesOperator && name === this.#planned) || hasOperator(this.storeRoot, name);
  }

  hasAccount(operator: string, name: string): boolean {
    const changed = operator === this.#planned ? this.#changed.get(name) : undefined;
    return changed ?? hasAccount(operatorDir(this.storeRoot, operator), name);
  }

  accounts(operator: string): string[] {
    const names = new Set(listAccounts(operatorDir(this.storeRoot, operator)));
    if (operator === this.#planned) {
      for (const [name, exists] of this.#changed) {
        if (exists) names.add(name);
        else names.delete(name);
      }
    }
    return [...names];
  }
}
