import { NscError } from '../../../errors.js';
import { decodeToken, verifyToken } from '../../token/decode.js';
import type { ActivationClaims, Import, Issue } from '../types.js';
import { checkActivationBody } from './activation.js';
import { issueOf, within } from './issue.js';
import { showKey } from './key.js';
import { show } from './show.js';
import { isContained } from './subject.js';

/** Rules I13–I18: the activation token of an import by `account`, whose times are not looked at. */
export function checkImportToken(entry: Import, token: string, account: string): Issue[] {
  const activation = findActivation(token);
  if (activation === undefined) return [issueOf('I13', 'the activation token is not a valid activation')];
  const { nats } = activation;
  const exporter = entry.account ?? '';
  const issues: Issue[] = [];
  if ((activation.iss ?? '') !== exporter && (nats.issuer_account ?? '') !== exporter) {
    issues.push(issueOf('I14', `the activation token was not issued by account ${showKey(exporter)}`));
  }
  if ((activation.sub ?? '') !== account) {
    issues.push(issueOf('I15', `the activation token is for account ${show(activation.sub ?? '')}, not for this one`));
  }
  if (nats.kind !== entry.type) {
    const wanted = `the import of type ${entry.type ?? '(none)'}`;
    issues.push(issueOf('I16', `the activation token is of type ${nats.kind ?? '(none)'}, ${wanted}`));
  }
  issues.push(...within('I17', checkActivationBody(nats), () => 'the activation token'));
  const subject = (entry.type === 'service' && entry.to) || (entry.subject ?? '');
  const allowed = nats.subject ?? '';
  if (!isContained(subject, allowed)) {
    issues.push(issueOf('I18', `the activation token is for ${show(allowed)}, which does not cover ${show(subject)}`));
  }
  return issues;
}

function findActivation(text: string): ActivationClaims | undefined {
  try {
    const token = decodeToken(text);
    return token.kind === 'activation' && verifyToken(token) ? (token.claims as ActivationClaims) : undefined;
  } catch (error) {
    if (error instanceof NscError) return undefined;
    throw error;
  }
}
