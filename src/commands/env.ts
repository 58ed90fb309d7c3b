import { mutation, type PlanContext } from '../app/command.js';
import { type InputOf, text } from '../app/option.js';
import { changed, type Listed, ok, type Step } from '../app/result.js';
import type { Change } from '../domain/change.js';
import { getAccount } from '../domain/tree/lookup.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

const options = {
  store: text('store', {
    short: 's',
    placeholder: 'DIR',
    help: 'directory that holds the operators',
    complete: 'directory',
  }),
  operator: text('operator', {
    short: 'o',
    placeholder: 'OPERATOR',
    help: 'operator, by name',
    complete: 'operator',
  }),
  account: text('account', {
    short: 'a',
    placeholder: 'ACCOUNT',
    help: 'account, by name or public key',
    complete: 'account',
  }),
};

const onlyAsks = ({ store, operator, account }: InputOf<typeof options>): boolean =>
  store === undefined && operator === undefined && account === undefined;

export const command = mutation({
  summary: 'Show or change what is selected: store, operator, account',
  description:
    'Without options it shows where things are and what is selected. With options everything named is selected, or nothing.',
  options,
  examples: [
    { command: 'nsc env', what: 'what is selected' },
    { command: 'nsc env -o Acme -a Orders', what: 'select operator and account' },
  ],

  place: (input) => ({ storeRoot: input.store }),
  readsOnly: onlyAsks,

  plan(context, input) {
    const { workspace } = context;
    if (onlyAsks(input)) return { changes: [], result: describeEnvironment(context) };
    const steps: Step[] = [];
    const select: Extract<Change, { type: 'select' }> = { type: 'select' };
    if (input.store !== undefined) {
      select.storeRoot = workspace.storeRoot;
      steps.push(ok(`selected store \`${workspace.storeRoot}\``));
    }
    if (input.operator !== undefined) {
      workspace.tree(input.operator);
      select.operator = input.operator;
      steps.push(ok(`selected operator ${quote(input.operator)}`));
    }
    if (input.account !== undefined) {
      const operator = select.operator ?? workspace.selected.operator;
      if (operator === '')
        throw new NscError('missing-option', 'an account can only be selected under an operator', {
          hint: 'name one with --operator NAME',
        });
      select.account = getAccount(workspace.tree(operator), input.account, '').name;
      steps.push(ok(`selected account ${quote(select.account)}`));
    }
    return { operator: select.operator ?? workspace.selected.operator, changes: [select], result: changed(...steps) };
  },
});

function describeEnvironment({ workspace }: PlanContext): Listed {
  const { selected } = workspace;
  const rows = [
    { setting: 'configuration', value: workspace.configDir },
    { setting: 'store', value: workspace.storeRoot },
    { setting: 'keystore', value: workspace.keystoreDir },
    { setting: 'from the working directory', value: workspace.fromWorkingDirectory ? 'yes' : 'no' },
    { setting: 'operator', value: selected.operator },
    { setting: 'account', value: selected.account },
    ...workspace.environment.map(({ name, value }) => ({ setting: `$${name}`, value: value ?? '' })),
  ];
  return {
    kind: 'listed',
    title: 'environment',
    columns: [
      { key: 'setting', title: 'Setting' },
      { key: 'value', title: 'Value' },
    ],
    rows,
    whenEmpty: '',
    json: () => ({
      config_dir: workspace.configDir,
      store_root: workspace.storeRoot,
      keystore_dir: workspace.keystoreDir,
      from_working_directory: workspace.fromWorkingDirectory,
      operator: selected.operator,
      account: selected.account,
      environment: Object.fromEntries(workspace.environment.map(({ name, value }) => [name, value ?? null])),
    }),
  };
}
