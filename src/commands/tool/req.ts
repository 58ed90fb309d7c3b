import { task } from '../../app/command.js';
import type { NatsLink, NatsMessage } from '../../app/nats.js';
import { integer } from '../../app/option.js';
import { changed, ok, told } from '../../app/result.js';
import { checkPayload, withLink } from '../../app/tool/connect.js';
import { messageData } from '../../app/tool/message.js';
import {
  connectionOptions,
  encryptOption,
  getSubject,
  payloadOption,
  refuseEncryption,
  subjectOption,
} from '../../app/tool/options.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

/** Seconds (nsc-distribution.md §4.1). */
const TIMEOUT = { usual: 5, most: 3600 };

export const command = task({
  summary: 'Send a request as a user and show the answer',
  description: 'Fails when nobody listens on the subject, or no answer comes in time.',
  options: {
    subject: subjectOption,
    payload: payloadOption,
    ...connectionOptions,
    timeout: integer(
      'timeout',
      { placeholder: 'SECONDS', help: 'how long to wait for the answer', defaultText: `${TIMEOUT.usual}` },
      { min: 1, max: TIMEOUT.most },
    ),
    encrypt: encryptOption,
  },
  positional: { option: 'subject', second: 'payload', max: 2, placeholder: 'SUBJECT [PAYLOAD]' },
  examples: [{ command: 'nsc tool req time.now --account Orders --user alice --timeout 2', what: 'what time is it?' }],

  async run(context, input) {
    const { payload = '', timeout = TIMEOUT.usual } = input;
    refuseEncryption(input);
    const subject = getSubject(input);
    const sent = `published request: [${subject}] : '${payload}'`;
    if (context.dryRun) return { ...changed(ok(sent)), dryRun: true };
    const answer = await withLink(context, input, { tool: 'req', reconnects: false }, async (link) => {
      const asked = ask(link, subject, { payload: checkPayload(payload, link), timeout });
      context.talk.note(sent);
      return asked;
    });
    context.talk.tell(`received reply: [${answer.subject}] : '${answer.text()}'`, messageData(answer));
    return told;
  },
});

/** @throws NscError `remote-failed` when there is no answer, which nsc takes for a success (S-29) */
async function ask(
  link: NatsLink,
  subject: string,
  { payload, timeout }: { readonly payload: string; readonly timeout: number },
): Promise<NatsMessage> {
  const { messages, isUnheard } = await link.gather(subject, payload, { timeoutMs: timeout * 1000 });
  const [answer] = messages;
  if (answer) return answer;
  const name = quote(subject);
  if (isUnheard) {
    throw new NscError('remote-failed', `nobody listens on ${name}`, {
      hint: 'whoever answers has to be connected, in this account or in one that it imports the service from',
    });
  }
  throw new NscError('remote-failed', `no answer on ${name} within ${timeout} s`, {
    hint: 'give it more time with --timeout SECONDS',
  });
}
