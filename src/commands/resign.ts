import { mutation } from '../app/command.js';
import { resign } from '../app/lifecycle/resign.js';
import { resignFailure, resignSteps, resignWarnings } from '../app/lifecycle/resign-report.js';
import { selectTokens } from '../app/lifecycle/resign-selection.js';
import { ResignSigners } from '../app/lifecycle/resign-signers.js';
import { flag, text } from '../app/option.js';
import { keyOption } from '../app/options/key.js';
import { pushFirstOptions, pushReach } from '../app/options/push-first.js';
import { changed, ok, warn } from '../app/result.js';
import { NscError } from '../errors.js';

export const command = mutation({
  summary: 'Sign accounts, users and activations anew',
  description:
    'Gives tokens a new signature and a later time of issue, and changes nothing else in them: keys, permissions, tags ' +
    'and the time of expiry stay. Who signed before signs again, or the key that took over from it; -K names another ' +
    'one. Creds are rewritten. What is given narrows what is signed: --issuer with --account, for instance, are the ' +
    'users and activations of the account that this key signed.\n\n' +
    'A user in a role stays in it. Where the role is gone, or its key is not at hand, the user stays as it is and is ' +
    'told, and the exit code says so; the others are signed all the same. A revoked token stays as it is, too: servers ' +
    'would accept it again with a later time of issue. With --revoked that is what happens.\n\n' +
    'Everything is one commit. Servers need accounts that were signed anew (--push); users and their creds are not ' +
    'sent to servers.',
  options: {
    issuer: keyOption('issuer', { help: 'what this key signed: public key, alias or key file' }),
    account: text('account', {
      short: 'a',
      placeholder: 'ACCOUNT',
      help: 'the users of this account, and the activations it gave',
      complete: 'account',
    }),
    withAccount: flag('with-account', { help: 'with --account: the account itself, too' }),
    role: text('role', { placeholder: 'ROLE', help: 'the users of this role', complete: 'role' }),
    user: text('user', {
      placeholder: 'USER',
      help: 'this user, by name or public key',
      complete: 'user',
    }),
    all: flag('all', { short: 'A', help: 'all accounts, users and activations of the operator' }),
    revoked: flag('revoked', { help: 'what is revoked, too: servers accept it again' }),
    ...pushFirstOptions,
    push: flag('push', { help: 'send the accounts that changed to all servers afterwards' }),
  },
  conflicts: [
    ['all', 'issuer'],
    ['all', 'account'],
    ['all', 'role'],
    ['all', 'user'],
    ['withAccount', 'role'],
    ['withAccount', 'user'],
  ],
  examples: [
    { command: 'nsc resign --account Orders', what: 'its users, and the activations it gave' },
    {
      command: 'nsc resign --account Orders --revoked',
      what: 'let its users in again, but for copies of old creds, after: nsc revocations add-user -u "*"',
    },
    { command: 'nsc resign --issuer ASIGNER…', what: 'what a key signed that has been replaced' },
    { command: 'nsc resign --account Orders --role reader', what: 'the users of one role' },
    { command: 'nsc resign --all --push', what: 'everything below the operator, and servers get the accounts' },
  ],

  plan(context, input) {
    const { tree, now } = context;
    if (input.withAccount && input.account === undefined) {
      throw new NscError('missing-option', '--with-account needs --account', {
        hint: 'name the account with --account ACCOUNT',
      });
    }
    const reach = pushReach(input);
    const selection = selectTokens(context, input);
    const signers = new ResignSigners(tree, context.signer);
    const resigned = resign({
      tree,
      now,
      accounts: selection.accounts,
      usersOf: selection.usersOf,
      ...(selection.userNames && { userNames: selection.userNames }),
      activations: selection.activations,
      signerFor: (token) => (selection.has(token) ? signers.signerFor(token) : undefined),
      signerOfAccount: (account) => signers.signerOfAccount(account),
      revives: input.revoked ?? false,
    });
    const { changes, accounts, left } = resigned;
    const isNothing = changes.length === 0 && left.length === 0;
    if (isNothing && selection.stranger !== undefined) {
      throw new NscError('key-not-found', `nobody knows ${selection.stranger}, and it signed nothing here`, {
        hint: 'see the keys with: nsc keys list --all',
        details: { key: selection.stranger },
      });
    }
    const failure = resignFailure(resigned);
    if (failure && changes.length === 0) throw failure;
    const steps = resignSteps(resigned);
    const result = changed(
      ...(steps.length > 0 ? steps : [warn('nothing was there to sign anew')]),
      ...(reach && accounts.length === 0 ? [ok('no account changed, so nothing is to be sent')] : []),
    );
    return {
      changes,
      warnings: resignWarnings(resigned),
      result: failure ? { ...result, failure } : result,
      ...(reach && accounts.length > 0 && { push: { accounts, reach } }),
    };
  },

  confirm: (_context, { revoked }, { changes }) =>
    revoked && changes.length > 0 ? 'Sign revoked tokens anew, too, so that servers accept them again?' : undefined,
});
