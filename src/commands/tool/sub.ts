import { task } from '../../app/command.js';
import { told } from '../../app/result.js';
import { withLink } from '../../app/tool/connect.js';
import { listen } from '../../app/tool/listen.js';
import { messageData } from '../../app/tool/message.js';
import {
  connectionOptions,
  encryptOption,
  getSubject,
  maxMessages,
  maxMessagesOption,
  queueOption,
  refuseEncryption,
  subjectOption,
} from '../../app/tool/options.js';

export const command = task({
  summary: 'Show the messages of a subject as a user sees them',
  description:
    'Prints every message on a line of standard output, with --json as an object, until it is interrupted. A lost ' +
    'connection is made again.',
  options: {
    subject: subjectOption,
    ...connectionOptions,
    queue: queueOption,
    maxMessages: { ...maxMessagesOption, hidden: true },
    encrypt: encryptOption,
  },
  positional: { option: 'subject', max: 1, placeholder: 'SUBJECT' },
  examples: [{ command: "nsc tool sub 'orders.>' --account Orders --user alice", what: 'what alice gets' }],

  async run(context, input) {
    refuseEncryption(input);
    const subject = getSubject(input);
    const max = maxMessages(input);
    await withLink(context, input, { tool: 'sub', reconnects: true }, (link, onListening) =>
      listen(context, link, {
        subject,
        queue: input.queue,
        max,
        onListening,
        onMessage: (message, count) =>
          context.talk.tell(`[#${count}] received on [${message.subject}]: '${message.text()}'`, messageData(message)),
      }),
    );
    return told;
  },
});
