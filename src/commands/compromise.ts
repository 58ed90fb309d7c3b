import { mutation, type Plan } from '../app/command.js';
import { planCompromise } from '../app/lifecycle/compromise/plan.js';
import { flag } from '../app/option.js';
import { keyOption, newKeyOption } from '../app/options/key.js';
import { pushFirstOptions, pushReach } from '../app/options/push-first.js';
import { NscError } from '../errors.js';
import { plural } from '../lib/plural.js';

export const command = mutation({
  summary: 'Replace a key at once that somebody else may have',
  description:
    'For a private key that leaked, or may have: takes trust from it, without the waiting that a rotation is about. The ' +
    'key is noted as compromised and can never be listed again; another key takes its place (one of the same kind that ' +
    'is active or announced, else a new one, or the one that --sk names); everything of this store that it signed is ' +
    'signed anew, and creds are written anew with the same user keys. All of that is one commit. What it signed ' +
    'elsewhere, forged or not, is refused as soon as servers have the accounts: --push sends them right away. The ' +
    'answer names the users that need their new creds.\n\n' +
    'The key of a user is also revoked, and the user gets another one. The keys of an operator are in the configuration ' +
    'of servers: the operator JWT has to be replaced there. The identity of an account cannot be replaced on servers, ' +
    'so another account takes over its name, users, rights and imports, and the old one is to be deleted on servers; ' +
    'where the operator requires signing keys, identities sign nothing, and it is only noted.\n\n' +
    '-K names who signs: a key of the operator for accounts, one of the account for users. Try it with --dry-run first.',
  options: {
    key: keyOption('key', {
      help: 'the key that is compromised: public key, seed, key file or alias',
      ask: { message: 'Key that is compromised: public key, key file or alias', type: 'input', required: true },
    }),
    sk: newKeyOption('sk', {
      help: 'what takes its place: public key, seed or key file; "generate" makes a new one although there is another',
    }),
    ...pushFirstOptions,
    push: flag('push', { help: 'send the accounts to all servers afterwards' }),
  },
  positional: { option: 'key', max: 1, placeholder: 'KEY' },
  examples: [
    { command: 'nsc compromise ASIGNER… --dry-run', what: 'what it takes to be rid of a key' },
    { command: 'nsc compromise ASIGNER… --push', what: 'shut out who has it' },
    { command: 'nsc compromise UALICE… --json', what: 'another key for a user, and where its creds are' },
  ],

  plan(context, input) {
    if (input.key === undefined) {
      throw new NscError('missing-option', 'no key was named', {
        hint: 'nsc compromise KEY; see the keys with: nsc keys list',
      });
    }
    return planCompromise(context, { key: input.key, given: input.sk, reach: pushReach(input) });
  },

  confirm: (_context, input, plan) => `Take trust from ${input.key?.publicKey ?? input.key?.text}${extentOf(plan)}?`,
});

/** `, and sign 2 accounts and 7 users anew, whose creds until now are refused then`. */
function extentOf({ changes, push }: Plan): string {
  const count = (type: string): number => changes.filter((change) => change.type === type).length;
  const [operators, accounts, users] = [count('put-operator'), count('put-account'), count('put-user')];
  const signed = [
    ...(operators > 0 ? ['the operator'] : []),
    ...(accounts > 0 ? [plural(accounts, 'account')] : []),
    ...(users > 0 ? [plural(users, 'user')] : []),
  ];
  if (signed.length === 0) return '';
  const list = [signed.slice(0, -1).join(', '), signed.at(-1)].filter(Boolean).join(' and ');
  const creds = users === 0 ? '' : ', whose creds until now are refused then';
  return ` and sign ${list} anew${creds}${push ? ', on all servers' : ''}`;
}
