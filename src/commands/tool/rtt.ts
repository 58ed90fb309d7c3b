import { task } from '../../app/command.js';
import { integer } from '../../app/option.js';
import { told } from '../../app/result.js';
import { withLink } from '../../app/tool/connect.js';
import { connectionOptions } from '../../app/tool/options.js';

export const command = task({
  summary: 'Measure the round trip to a server and back',
  options: {
    ...connectionOptions,
    count: integer('count', { help: 'how often', defaultText: '1' }, { min: 1, max: 1000 }),
  },
  examples: [{ command: 'nsc tool rtt --account Orders --user alice', what: 'also tells whether alice gets in' }],

  async run(context, input) {
    await withLink(context, input, { tool: 'rtt', reconnects: false }, async (link) => {
      for (let left = input.count ?? 1; left > 0; left -= 1) {
        const milliseconds = await link.roundTrip();
        context.talk.tell(`round trip time to [${link.url}] = ${formatDuration(milliseconds)}`, {
          url: link.url,
          server: link.serverName,
          roundTripMicros: Math.round(milliseconds * 1000),
        });
      }
    });
    return told;
  },
});

/** `3.7ms`, and `812µs` below a millisecond. */
function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return `${Math.round(milliseconds * 1000)}µs`;
  return `${Number(milliseconds.toPrecision(3))}ms`;
}
