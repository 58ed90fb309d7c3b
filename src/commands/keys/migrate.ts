import { task } from '../../app/command.js';
import { changed, ok, warn } from '../../app/result.js';

export const command = task({
  summary: 'File a keystore of an old layout anew',
  description:
    'A keystore of an nsc before 0.5 files keys by operator, account and user; every other command refuses it. Each ' +
    'file moves in one step, so the command can be stopped and run again. A file that makes no sense is set aside.',
  options: {},
  examples: [{ command: 'nsc keys migrate', what: 'once; where nothing is to be done, nothing is' }],

  async run({ ports, dryRun }) {
    const { moved, setAside } = await ports.oldKeystore.migrate({ rehearse: dryRun });
    const would = dryRun ? 'would be ' : '';
    if (moved.length + setAside.length === 0) return changed(ok('the keystore has the current layout'));
    return changed(
      ...moved.map(({ from, to }) => ok(`\`${from}\` ${would}moved to \`${to}\``)),
      ...setAside.map(({ from, to, reason }) => warn(`\`${from}\` ${would}set aside as \`${to}\`: ${reason}`)),
    );
  },
});
