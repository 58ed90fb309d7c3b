import { task } from '../../app/command.js';
import { text } from '../../app/option.js';
import { changed, ok, told } from '../../app/result.js';
import { checkPayload, withLink } from '../../app/tool/connect.js';
import { listen } from '../../app/tool/listen.js';
import { messageData } from '../../app/tool/message.js';
import {
  connectionOptions,
  getSubject,
  maxMessages,
  maxMessagesOption,
  queueOption,
  subjectOption,
} from '../../app/tool/options.js';
import { quote } from '../../lib/display.js';

export const command = task({
  summary: 'Answer the requests of a subject as a user',
  description:
    'Answers every request with one text, or with what it brought, and prints it on a line of standard output, with ' +
    '--json as an object, until it is interrupted. A lost connection is made again.',
  options: {
    subject: subjectOption,
    answer: text('answer', {
      placeholder: 'TEXT',
      help: 'stands for the argument',
      hidden: true,
      ask: { message: 'Answer (empty = what the request brought)', type: 'input' },
    }),
    ...connectionOptions,
    queue: queueOption,
    maxMessages: maxMessagesOption,
  },
  positional: { option: 'subject', second: 'answer', max: 2, placeholder: 'SUBJECT [ANSWER]' },
  examples: [{ command: 'nsc tool reply time.now noon --account Orders --user alice', what: 'it is always noon' }],

  async run(context, input) {
    const { talk } = context;
    const subject = getSubject(input);
    const max = maxMessages(input);
    if (context.dryRun) {
      const how = input.answer === undefined ? 'what they bring' : quote(input.answer);
      return { ...changed(ok(`answered requests on [${subject}] with ${how}`)), dryRun: true };
    }
    await withLink(context, input, { tool: 'reply', reconnects: true }, async (link, onListening) => {
      const answer = input.answer === undefined ? undefined : checkPayload(input.answer, link);
      await listen(context, link, {
        subject,
        queue: input.queue,
        max,
        onListening,
        onMessage(message, count) {
          const { reply } = message;
          if (!reply) return talk.note(`[#${count}] ignoring request on [${message.subject}]: no reply subject`);
          talk.tell(`[#${count}] received on [${message.subject}]: '${message.text()}'`, messageData(message));
          link.publish(reply, answer ?? message.data);
        },
      });
    });
    return told;
  },
});
