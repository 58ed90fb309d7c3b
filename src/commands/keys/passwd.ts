import { task } from '../../app/command.js';
import { flag } from '../../app/option.js';
import { recipientsOption } from '../../app/options/recipients.js';
import { changed, ok } from '../../app/result.js';
import { countFiles, passphraseWarnings, whatOpens } from '../../app/seal-report.js';

export const command = task({
  summary: 'Change what opens the keystore',
  description:
    'Puts another passphrase on the keystore. Seeds stay as they are encrypted: who has an old copy of the keystore and ' +
    'the old passphrase can open those, and with --rekey no others. --recipient encrypts for identities of age in ' +
    'place of a passphrase, or for others than before. The old passphrase is asked for or taken from where other ' +
    'commands take it, the new one from NSC_KEYSTORE_NEW_PASSPHRASE and its like.',
  options: {
    recipients: recipientsOption,
    rekey: flag('rekey', { help: 'encrypt everything anew, for a passphrase and a new identity behind it' }),
  },
  conflicts: [['recipients', 'rekey']],
  examples: [
    { command: 'nsc keys passwd', what: 'asks for the old passphrase and a new one' },
    { command: 'nsc keys passwd --rekey', what: 'when somebody may have a copy of the keystore' },
  ],

  async run({ ports, dryRun }, { recipients = [], rekey = false }) {
    const done = await ports.keystoreSeal.change({ recipients, rekey, rehearse: dryRun });
    const would = dryRun ? 'would change' : 'changed';
    const isRekeyed = recipients.length > 0 || rekey;
    const what = isRekeyed
      ? `${dryRun ? 'would encrypt' : 'encrypted'} ${countFiles(done)} anew: ${whatOpens(done)} opens them`
      : `${would} the passphrase of the keystore`;
    return { ...changed(ok(what), ...passphraseWarnings(done)), dryRun };
  },
});
