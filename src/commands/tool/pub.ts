import { task } from '../../app/command.js';
import { changed, ok } from '../../app/result.js';
import { checkPayload, withLink } from '../../app/tool/connect.js';
import { connectionOptions, getSubject, payloadOption, subjectOption } from '../../app/tool/options.js';
import { quote } from '../../lib/display.js';

export const command = task({
  summary: 'Publish a message as a user',
  description: 'The message counts as published once the server has heard of it and has not refused it.',
  options: { subject: subjectOption, payload: payloadOption, ...connectionOptions },
  positional: { option: 'subject', second: 'payload', max: 2, placeholder: 'SUBJECT [PAYLOAD]' },
  examples: [{ command: "nsc tool pub orders.new 'one coffee' --account Orders --user alice", what: 'as alice' }],

  async run(context, input) {
    const { payload = '' } = input;
    const subject = getSubject(input);
    const done = `published [${subject}] : ${quote(payload)}`;
    if (context.dryRun) return { ...changed(ok(done)), dryRun: true };
    await withLink(context, input, { tool: 'pub', reconnects: false }, async (link) => {
      link.publish(subject, checkPayload(payload, link));
      await link.flush();
    });
    return changed(ok(done));
  },
});
