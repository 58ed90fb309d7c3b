import { task } from '../app/command.js';
import { flag } from '../app/option.js';
import { accountOption } from '../app/options/account.js';
import { textSourceOption } from '../app/options/token-file.js';
import type { Checked, Finding } from '../app/result.js';
import { orphanCredsOfAccounts } from '../app/validate/creds.js';
import { watchKeyLife } from '../app/validate/key-life.js';
import { gatherSealed } from '../app/validate/seeds.js';
import { checkTokenLines } from '../app/validate/token-lines.js';
import { validateAccount, validateOperator } from '../app/validate/tree.js';
import { indexExporters } from '../domain/sharing/exporters.js';
import { getAccount } from '../domain/tree/lookup.js';
import { quote } from '../lib/display.js';

export const command = task({
  summary: 'Check every rule and every link of the chain of trust',
  description:
    'Checks the operator, the selected account and its users: validation rules, signatures, that each token is ' +
    'signed by a key its parent lists, validity times, imports against the exports of this store, key files, creds of ' +
    'users that are gone, and keys that are compromised, due or being replaced: what a server would refuse or a person ' +
    'would regret. Exit code 1 means that something is refused; warnings alone do not count. With --file it checks JWTs, one a ' +
    'line, without a store.',
  options: {
    allAccounts: flag('all-accounts', { short: 'A', help: 'check all accounts' }),
    account: { ...accountOption, help: 'check this account, by name or public key' },
    file: textSourceOption('file', { short: 'f', help: 'check the JWTs in this file, one a line' }),
  },
  conflicts: [['allAccounts', 'account', 'file']],
  needsNoSeeds: true,
  examples: [
    { command: 'nsc validate --all-accounts', what: 'the whole operator' },
    { command: 'nsc validate --all-accounts --json', what: 'for CI' },
  ],

  async run(context, input) {
    if (input.file)
      return answer([
        { title: `JWTs in ${input.file.given}`, findings: checkTokenLines(input.file.content ?? '', context.now) },
      ]);
    const { tree, workspace, now } = context;
    const keyLife = watchKeyLife(tree, now);
    const ofOperator = [
      ...validateOperator(tree, now, keyLife),
      ...(input.allAccounts ? orphanCredsOfAccounts(tree) : []),
    ];
    const sections = [{ title: `Operator ${quote(tree.operator.name)}`, findings: ofOperator }];
    const selected = input.account ?? workspace.selected.account;
    const names = input.allAccounts
      ? tree.accountNames()
      : selected === ''
        ? []
        : [getAccount(tree, selected, '').name];
    const checking = { now, findExporter: indexExporters(tree), keyLife };
    for (const name of names) {
      sections.push({ title: `Account ${quote(name)}`, findings: await validateAccount(tree, name, checking) });
    }
    return answer(gatherSealed(sections));
  },
});

function answer(sections: { title: string; findings: Finding[] }[]): Checked {
  const ok = sections.every(({ findings }) => findings.every(({ level }) => level === 'warning' || level === 'info'));
  return { kind: 'checked', ok, sections };
}
