import { quote } from '../../lib/display.js';
import type { Export, Import } from '../claims/types.js';
import type { AccountEntry } from '../tree/tree.js';
import { activationCommand } from './activation-command.js';
import type { Exporter } from './exporters.js';
import type { Found } from './problem.js';
import { remoteSubject } from './remote-subject.js';

/**
 * Whether the importer may use an export: it is named in the subject where the export wants that, which then is all it
 * takes, or it brings an activation where one is required. Whether that holds is for `activation` to say.
 */
export function checkAccess(importer: AccountEntry, exporter: Exporter, entry: Import, shared: Export): Found[] {
  const { account_token_position: position = 0 } = shared;
  const key = importer.claims.sub ?? '';
  const subject = remoteSubject(entry);
  const name = quote(exporter.name);
  const found: Found[] = [];
  if (position > 0 && subject.split('.')[Number(position) - 1] !== key) {
    found.push({
      code: 'token-position',
      level: 'error',
      what: `token ${position} of the subject has to be the key of the importing account`,
      hint: `import ${quote(withAccount(shared, key))}`,
    });
  }
  if (needsActivation(shared) && !entry.token) {
    found.push({
      code: 'activation-missing',
      level: 'error',
      what: `the export of account ${name} is private, and there is no activation`,
      hint: `${activationCommand(exporter, key, subject)}, then nsc add import --token FILE`,
    });
  }
  if (!needsActivation(shared) && entry.token) {
    found.push({
      code: 'activation-for-public',
      level: 'warning',
      what: `the export of account ${name} takes no activation, so nobody looks at this one`,
    });
  }
  return found;
}

/** Whether servers want an activation: not where the subject names who may import. */
export const needsActivation = ({ token_req: isPrivate, account_token_position: position = 0 }: Export): boolean =>
  isPrivate === true && position === 0;

/** The subject of an export as an account has to import it: with its key where the export wants it. */
export function withAccount({ subject = '', account_token_position: position = 0 }: Export, key: string): string {
  return subject
    .split('.')
    .map((token, at) => (at + 1 === Number(position) ? key : token))
    .join('.');
}
