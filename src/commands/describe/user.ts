import { query } from '../../app/command.js';
import { accountOption } from '../../app/options/account.js';
import { describeAs, describeOptions } from '../../app/options/describe.js';
import { userOption } from '../../app/options/user.js';
import { findScope, signingKeysOf } from '../../domain/claims/scope.js';
import { expandTemplate, isConstant } from '../../domain/claims/template-expansion.js';
import { getAccount, getUser } from '../../domain/tree/lookup.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';

export const command = query({
  summary: 'Show a user',
  options: { account: accountOption, name: userOption, ...describeOptions },
  positional: { option: 'name', max: 1, placeholder: 'USER' },
  examples: [
    { command: 'nsc describe user alice', what: 'permissions, limits and who signed it' },
    { command: 'nsc describe user alice --field nats.pub.allow', what: 'one claim' },
  ],

  run({ workspace, tree }, input) {
    const account = getAccount(tree, input.account, workspace.selected.account);
    const user = getUser(tree, account, input.name);
    requireAuthentic('user', user);
    const { token, claims } = user;
    const accountKeys = [account.claims.sub ?? '', ...signingKeysOf(account.claims)];
    const names = () => new Map(accountKeys.map((key) => [key, account.name]));
    const scope = findScope(account.claims, claims.iss ?? '');
    const described = describeAs({ type: 'user', token, claims, scope, names }, input);
    const { template = {} } = scope ?? {};
    return isConstant(template)
      ? described
      : { ...described, expansion: expandTemplate(template, claims, account.claims) };
  },
});
