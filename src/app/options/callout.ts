import { asking, flag } from '../option.js';
import { accountOption, offerAccounts } from './account.js';
import { keyListOption, newKeyOption } from './key.js';
import { offerUsers } from './user.js';

/** The auth callout of an account (nsc-core.md §9.13). */
export const calloutOptions = {
  account: accountOption,
  authUser: asking(
    keyListOption('auth-user', {
      placeholder: 'USER,…',
      help: 'add users that connect without asking the service: names, public keys, seeds or key files',
      complete: 'user',
    }),
    { message: 'Users that connect without asking the service', type: 'checkbox', choices: offerUsers },
  ),
  rmAuthUser: keyListOption('rm-auth-user', { placeholder: 'USER,…', help: 'remove such users', complete: 'user' }),
  allowedAccount: asking(
    keyListOption('allowed-account', {
      placeholder: 'ACCOUNT,…',
      help: 'add accounts that the service may put users into: names or public keys; * for all',
      complete: 'account',
    }),
    { message: 'Accounts that the service may put users into', type: 'checkbox', choices: offerAccounts },
  ),
  rmAllowedAccount: keyListOption('rm-allowed-account', {
    placeholder: 'ACCOUNT,…',
    help: 'remove such accounts',
    complete: 'account',
  }),
  curve: newKeyOption('curve', {
    short: 'x',
    help: 'encrypt requests for this curve key: public key, seed or key file; "generate" makes a new one. Seeds are stored in the keystore',
  }),
  rmCurve: flag('rm-curve', { help: 'encrypt requests no longer' }),
  disable: flag('disable', { help: 'remove the whole configuration' }),
};
