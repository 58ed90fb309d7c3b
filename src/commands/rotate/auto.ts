import { mutation } from '../../app/command.js';
import {
  namedSlots,
  rhythmOf,
  rhythmOptions,
  slotConflicts,
  slotOptions,
} from '../../app/lifecycle/schedule/options.js';
import { ScheduleReport } from '../../app/lifecycle/schedule/report.js';
import { runSchedule } from '../../app/lifecycle/schedule/run-schedule.js';
import { flag } from '../../app/option.js';
import { pushFirstOptions, pushReach } from '../../app/options/push-first.js';

export const command = mutation({
  summary: 'Take every step of a rotation that is due; for cron',
  description:
    'Looks at every key that is meant, and takes the step that is due, one for each key and run, all in one commit: it ' +
    'announces a new key when the active one is older than --interval, lets the new one sign when it was announced for ' +
    '--propagation, and takes the old one out when it was silent for --retention and nothing in the store depends on ' +
    'it. A key with an expiry (nsc keys expire) is replaced early enough for that. A key that nobody has dated counts ' +
    'from the first run on. Running it again changes nothing until something is due.\n\n' +
    'With --all these are the signing keys of the operator, and the signing keys and roles of every account; identities ' +
    'and the keys of users only where --identity and --users say so. Servers need new account JWTs before clients get ' +
    'new creds: --push sends them. They need the JWT of the operator in their configuration, and a restart, before one ' +
    'of its keys signs: have --propagation long enough for that.\n\n' +
    'Exit code 0 says that all that is due is done, or waits for something that still depends on an old key (which is ' +
    'told). With --check nothing is done, and exit code 1 says that something is due or stands in the way.',
  options: {
    ...slotOptions,
    ...rhythmOptions,
    check: flag('check', { help: 'tell what is due, and do nothing' }),
    ...pushFirstOptions,
    push: flag('push', { help: 'send the accounts that changed to the servers afterwards' }),
  },
  conflicts: [...slotConflicts, ['check', 'push']],
  examples: [
    { command: 'nsc rotate auto --all --push', what: 'once a day: what is due, and servers get to know' },
    { command: 'nsc rotate auto --all --check', what: 'for monitoring: exit code 1 when something is due' },
    {
      command: 'nsc rotate auto --account Orders --interval 30d --retention 2w',
      what: 'the signing keys of one account',
    },
  ],
  readsOnly: ({ check }) => check === true,

  plan(context, input) {
    const { slots, unreadable } = namedSlots(context, input);
    const reach = pushReach(input);
    const run = runSchedule(context, slots, rhythmOf(input));
    const report = new ScheduleReport(run, unreadable);
    if (input.check) return { changes: [], result: report.due() };
    const accounts = [...new Set(run.slots.flatMap(({ taken }) => taken?.stepped.accounts ?? []))];
    return {
      changes: run.changes,
      warnings: report.warnings(reach !== undefined),
      result: report.done(),
      ...(reach && accounts.length > 0 && { push: { accounts, reach } }),
    };
  },
});
