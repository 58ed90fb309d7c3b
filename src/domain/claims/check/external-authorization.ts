import type { ExternalAuthorization, Issue } from '../types.js';
import { issueOf } from './issue.js';
import { checkKey, checkOptionalKey } from './key.js';

/** Rules EA1–EA5: an account's authorization callout (jwt-nkeys.md §4.3). */
export function checkExternalAuthorization(callout: ExternalAuthorization): Issue[] {
  const { auth_users: users = [], allowed_accounts: accounts = [] } = callout;
  const issues: Issue[] = [];
  if (accounts.length > 0 && users.length === 0) {
    issues.push(issueOf('EA1', 'authorization callout allows accounts but has no users'));
  }
  for (const user of users) {
    issues.push(...checkKey('EA2', 'user', user, 'authorization callout user'));
  }
  for (const account of accounts) {
    if (account === '*') {
      if (accounts.length > 1) issues.push(issueOf('EA3', 'authorization callout allows "*" beside other accounts'));
    } else issues.push(...checkKey('EA4', 'account', account, 'account allowed to the authorization callout'));
  }
  issues.push(...checkOptionalKey('EA5', 'curve', callout.xkey, 'authorization callout xkey'));
  return issues;
}
