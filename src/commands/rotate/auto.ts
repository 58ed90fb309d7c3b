import { mutation } from '../../app/command.js';
import { getResolverUrl } from '../../app/distribution/resolver-url.js';
import {
  namedSlots,
  rhythmOf,
  rhythmOptions,
  slotConflicts,
  slotOptions,
} from '../../app/lifecycle/schedule/options.js';
import { ScheduleReport } from '../../app/lifecycle/schedule/report.js';
import { runSchedule } from '../../app/lifecycle/schedule/run-schedule.js';
import { accountsOfRotations, askAboutDue } from '../../app/lifecycle/schedule/servers.js';
import type { Readiness } from '../../app/lifecycle/servers-ready.js';
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
    'and the keys of users only where --identity and --users say so; a user that servers refuse keeps its key, and one ' +
    'whose next seed is elsewhere waits for nsc rotate activate. Servers need new account JWTs before clients get ' +
    'new creds, and the JWT of the operator in their configuration, and a restart, before one of its keys signs: have ' +
    '--propagation long enough for that. --push sends the accounts, also those that an earlier run sent in vain, and asks ' +
    'all servers first: a key signs only when they know it, and an old one goes only when nothing they hold depends on it; ' +
    'otherwise the step is left for the next run. Without --push servers are not asked.\n\n' +
    'Exit code 0 says that all that is due is done, or waits for something that still depends on an old key (which is ' +
    'told). 7 says that not all servers are ready for a step that is due, or did not get the accounts. With --check ' +
    'nothing is done, and exit code 1 says that something is due or stands in the way.',
  options: {
    ...slotOptions,
    ...rhythmOptions,
    check: flag('check', { help: 'tell what is due, and do nothing' }),
    ...pushFirstOptions,
    push: flag('push', {
      help: 'take steps when servers are ready for them, and send servers the accounts they lack afterwards',
    }),
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

  async fetch(context, input): Promise<[readiness: Readiness | undefined]> {
    const reach = pushReach(input);
    if (!reach || input.check) return [undefined];
    return [await askAboutDue(context, namedSlots(context, input).slots, { rhythm: rhythmOf(input), reach })];
  },

  plan(context, input, readiness) {
    const { slots, unreadable } = namedSlots(context, input);
    const reach = pushReach(input);
    const run = runSchedule(context, slots, rhythmOf(input), readiness);
    const report = new ScheduleReport(run, unreadable);
    if (input.check) return { changes: [], result: report.due() };
    const changed = run.slots.flatMap(({ taken }) => taken?.stepped.accounts ?? []);
    const accounts = reach ? [...new Set([...changed, ...accountsOfRotations(run.after, slots)])] : [];
    if (reach && accounts.length > 0) getResolverUrl(run.after, reach.url);
    return {
      changes: run.changes,
      warnings: [...report.warnings(reach !== undefined), ...(readiness?.warnings ?? [])],
      result: report.done(),
      ...(reach && accounts.length > 0 && { push: { accounts, reach } }),
    };
  },
});
