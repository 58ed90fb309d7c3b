import { task } from '../../app/command.js';
import { changed, ok } from '../../app/result.js';
import { countFiles } from '../../app/seal-report.js';

export const command = task({
  summary: 'Keep seeds in the keystore without encryption again',
  description:
    'Decrypts every seed that nsc keys lock has encrypted, and creds likewise. Afterwards the keystore is as it would be ' +
    'had it never been locked, and the original nsc, written in Go, can use it.',
  options: {},
  examples: [{ command: 'nsc keys unlock', what: 'asks for the passphrase' }],

  async run({ ports, dryRun }) {
    const done = await ports.keystoreSeal.unlock({ rehearse: dryRun });
    if (done === undefined) return changed(ok('the keystore is not locked'));
    return { ...changed(ok(`${dryRun ? 'would decrypt' : 'decrypted'} ${countFiles(done)}`)), dryRun };
  },
});
