import { mutation } from '../../app/command.js';
import {
  getKnownKey,
  knownKeyOptions,
  noteKey,
  removeOption,
  requireDifference,
} from '../../app/lifecycle/key-report-edit.js';
import { value } from '../../app/option.js';
import { changed, ok } from '../../app/result.js';
import { scopesOf } from '../../domain/claims/scope.js';
import { findByAlias } from '../../domain/keyring/keyring.js';
import type { KeyInfo } from '../../domain/keyring/state.js';
import { readAlias } from '../../domain/keyring/texts.js';
import type { Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Give a key another name',
  description:
    'An alias stands for its key wherever a key signs (-K) or is looked after (nsc keys, nsc rotate). It is kept in the ' +
    'keyring beside the store: no JWT changes, and servers know nothing of it. An operator has each alias once.',
  options: {
    ...knownKeyOptions,
    name: value(
      'name',
      {
        placeholder: 'NAME',
        help: 'the alias',
        ask: { message: 'Alias', type: 'input', when: (_workspace, { remove }) => remove !== true },
      },
      readAlias,
    ),
    remove: removeOption('the alias'),
  },
  positional: { option: 'key', max: 2, placeholder: 'KEY NAME', second: 'name' },
  conflicts: [['name', 'remove']],
  examples: [
    { command: 'nsc keys alias OSIGNER… prod-2030', what: 'for -K prod-2030' },
    { command: 'nsc keys alias OSIGNER… --remove', what: 'by its public key alone again' },
  ],

  plan(context, input) {
    const info = getKnownKey(context, input);
    const { tree } = context;
    requireDifference(info, 'alias', input.name, { remove: input.remove, noun: 'an alias', option: '--name NAME' });
    if (input.name !== undefined) refuseTaken(tree, info, input.name);
    const before = info.record?.alias;
    return {
      changes: [noteKey(context, info, 'alias', input.name)],
      result: changed(
        ok(
          input.name === undefined
            ? `${info.key} is no longer called ${quote(before ?? '')}`
            : `${info.key} is called ${quote(input.name)} now${before === undefined ? '' : ` instead of ${quote(before)}`}`,
        ),
      ),
    };
  },
});

/** An alias names one key, and `-K` takes a role of the account before it looks at aliases. */
function refuseTaken(tree: Tree, { key, slot }: KeyInfo, alias: string): void {
  const holder = findByAlias(tree.keyring, alias);
  if (holder && holder.key !== key) {
    throw new NscError('already-exists', `${quote(alias)} is the alias of ${holder.key}`, {
      hint: `choose another one, or take it away from that key: nsc keys alias ${holder.key} --remove`,
      details: { alias, key: holder.key },
    });
  }
  const account = 'account' in slot ? tree.findAccountByKey(slot.account) : undefined;
  if (!account || !scopesOf(account.claims).some(({ role }) => role === alias)) return;
  throw new NscError('already-exists', `${quote(alias)} is a role of account ${quote(account.name)}`, {
    hint: 'choose an alias that is no role of the account',
    details: { alias, account: account.name },
  });
}
