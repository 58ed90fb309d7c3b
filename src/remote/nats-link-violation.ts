import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { shownText } from './nats-link-failure.js';

/** A subject that a server does not allow to a user. */
export interface Violation {
  readonly isPublish: boolean;
  readonly subject: string;
  /** What to tell a reader. */
  readonly complaint: string;
}

const VIOLATION = /^Permissions Violation for (Publish|Subscription) (?:to|with Reply of) "(.+?)"/i;

/** What an error of a server says of permissions; undefined for other errors. */
export function findViolation(text: string): Violation | undefined {
  const [, what = '', subject] = VIOLATION.exec(text) ?? [];
  if (subject === undefined) return undefined;
  const isPublish = what.toLowerCase() === 'publish';
  return {
    isPublish,
    subject,
    complaint: `${isPublish ? 'publishing' : 'subscribing'} to ${shownText(subject)} is not allowed`,
  };
}

/** What nsc-distribution.md §1.6 has of requests, and no more. */
const FOR_ACCOUNTS =
  '; push needs to publish to $SYS.REQ.SERVER.PING, $SYS.REQ.SERVER.PING.ACCOUNTZ, $SYS.REQ.ACCOUNT.*.CLAIMS.* and $SYS.REQ.CLAIMS.*';

/** The refusal for one or more of {@link Violation.complaint}. */
export function notAllowed(url: string, [first = '', ...more]: readonly string[]): NscError {
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return new NscError('remote-failed', `${url}: ${first}${rest}`, {
    hint: `the permissions of the user, or of its role, decide this${first.includes('"$SYS.REQ.') ? FOR_ACCOUNTS : ''}`,
  });
}

/**
 * Subjects become part of a line of the protocol, so nothing may end a word in there.
 *
 * @throws NscError `bad-value`
 */
export function checkSubject(subject: string): void {
  if (subject !== '' && !/[\s\0]/.test(subject)) return;
  throw new NscError('bad-value', `${quote(subject)} is no subject`, {
    hint: 'subjects are not empty and have no blanks',
  });
}
