import { checkSubject } from '../../domain/claims/check/subject.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { flag, integer, text, value } from '../option.js';
import { accountOption } from '../options/account.js';
import { natsTlsOptions } from '../options/reach.js';
import { userOption } from '../options/user.js';

/** Who a tool connects as, and where (nsc-distribution.md §4.1). */
export const connectionOptions = {
  account: accountOption,
  user: { ...userOption, long: 'user', short: 'u' },
  nats: text('nats', {
    placeholder: 'URL,…',
    help: 'servers to connect to',
    defaultText: 'the service URLs of the operator',
  }),
  ...natsTlsOptions,
};

/** Stands for the first argument. */
export const subjectOption = value(
  'subject',
  {
    placeholder: 'SUBJECT',
    help: 'stands for the argument',
    hidden: true,
    ask: { message: 'Subject', type: 'input', required: true },
  },
  readSubject,
);

/** Stands for the second argument. */
export const payloadOption = text('payload', {
  placeholder: 'TEXT',
  help: 'stands for the argument',
  hidden: true,
  ask: { message: 'Payload', type: 'input' },
});

export const queueOption = text('queue', {
  short: 'q',
  placeholder: 'NAME',
  help: 'queue group, of which one member gets each message',
});

export const maxMessagesOption = integer('max-messages', {
  help: 'end after so many messages',
  defaultText: 'never',
});

/** Encryption as nsc had it gave away the seed of the account (S-52); the option is there to say so. */
export const encryptOption = flag('encrypt', {
  short: 'E',
  help: 'refused: it disclosed part of the seed of the account',
  hidden: true,
});

/**
 * The subject that was given.
 *
 * @throws NscError `missing-option`
 */
export function getSubject({ subject }: { readonly subject: string | undefined }): string {
  if (subject !== undefined) return subject;
  throw new NscError('missing-option', 'the subject is missing', { hint: 'give it as the first argument' });
}

/**
 * How many messages to wait for; undefined for no end. Every negative number means that, as in nsc.
 *
 * @throws NscError `bad-value` for 0
 */
export function maxMessages({ maxMessages = -1 }: { readonly maxMessages: number | undefined }): number | undefined {
  if (maxMessages !== 0) return maxMessages < 0 ? undefined : maxMessages;
  throw new NscError('bad-value', '--max-messages: at least one message is needed', {
    hint: 'leave the option out to go on until you are interrupted',
  });
}

/** @throws NscError `policy-refused` */
export function refuseEncryption({ encrypt }: { readonly encrypt: boolean | undefined }): void {
  if (!encrypt) return;
  throw new NscError(
    'policy-refused',
    '--encrypt is not there any more: it disclosed part of the seed of the account with every message',
    { hint: 'connect with TLS (a tls:// URL), or encrypt the payload before it is sent' },
  );
}

function readSubject(given: string): string {
  const [issue] = checkSubject(given);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the line of the protocol
  if (issue === undefined && !/[\s\u0000-\u001f\u007f]/.test(given)) return given;
  throw new NscError('bad-value', `${quote(given)} is not a subject`, {
    hint: 'write tokens with dots between them, such as orders.new',
  });
}
