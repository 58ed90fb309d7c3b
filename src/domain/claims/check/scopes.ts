import { quote } from '../../../lib/display.js';
import { describeScope, scopesOf } from '../scope.js';
import type { AccountClaims, Issue } from '../types.js';
import { about } from './issue.js';
import { checkLiteral, checkTemplate } from './template.js';

/**
 * What is wrong with the scopes of an account, which the JWT library does not look at: roles that several keys sign for,
 * so that `-K ROLE` takes the first, and template functions, also where they count for nothing.
 *
 * @param isSilent tells keys that sign nothing because a rotation is under way: a role may have those besides
 */
export function checkScopes(account: AccountClaims, isSilent: (key: string) => boolean = () => false): Issue[] {
  const scopes = scopesOf(account);
  const roles = scopes.flatMap(({ role, key }) => (role && !isSilent(key) ? role : []));
  const twice = new Set(roles.filter((role, at) => roles.indexOf(role) !== at));
  return [
    ...[...twice].map((role) => ({
      rule: 'role',
      level: 'warning' as const,
      message: `role ${quote(role)} belongs to more than one signing key`,
    })),
    ...scopes.flatMap((scope) => about(describeScope(scope), checkTemplate(scope.template ?? {}))),
    ...about('default permissions', checkLiteral(account.nats.default_permissions ?? {})),
  ];
}
