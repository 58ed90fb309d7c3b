import { query } from '../../app/command.js';
import { adviceFor, DefaultSigners, reportKey } from '../../app/lifecycle/key-report.js';
import { getKnownKey, knownKeyOptions } from '../../app/lifecycle/key-report-edit.js';
import { findSigned } from '../../app/lifecycle/key-report-usage.js';
import { flag } from '../../app/option.js';
import { findScope } from '../../domain/claims/scope.js';
import { describeSlot } from '../../domain/keyring/describe-slot.js';

export const command = query({
  summary: 'Show a key: its life, its seed and what it signed',
  description:
    'Tells what a key is for, when it got into its state, which key it replaces, where its seed is, and names the ' +
    'accounts, users and activations of the store that it signed. The seed itself is never shown. A role stands for its ' +
    'active key.',
  options: { ...knownKeyOptions, json: flag('json', { short: 'J', help: 'show it as JSON, with all names' }) },
  positional: { option: 'key', max: 1, placeholder: 'KEY' },
  examples: [
    { command: 'nsc keys show OSIGNER…', what: 'a key of the operator' },
    { command: 'nsc keys show reader --account Orders', what: 'the active key of a role' },
  ],

  run(context, input) {
    const { tree, workspace, now } = context;
    const info = getKnownKey(context, input);
    const { key, slot } = info;
    const account = 'account' in slot ? tree.findAccountByKey(slot.account) : undefined;
    const signed = findSigned(tree, key, account?.name);
    const { accounts, users, activations } = signed;
    const usedBy = { accounts: accounts.length, users: users.length, activations: activations.length };
    const scope = account && findScope(account.claims, key);
    const next = adviceFor(info, now);
    return {
      kind: 'key',
      report: reportKey(tree, info, { account, usedBy, defaults: new DefaultSigners(tree) }),
      slot: describeSlot(tree, slot),
      seedPath: workspace.seedPath(key),
      signed,
      ...(scope && { scope }),
      ...(next !== undefined && { next }),
    };
  },
});
