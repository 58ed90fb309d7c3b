import { task } from '../../app/command.js';
import { flag } from '../../app/option.js';
import { recipientsOption } from '../../app/options/recipients.js';
import { changed, ok, type Step, warn } from '../../app/result.js';
import { countFiles, passphraseWarnings, whatOpens } from '../../app/seal-report.js';

export const command = task({
  summary: 'Encrypt the seeds in the keystore',
  description:
    'Encrypts every seed of the keystore with age, and from then on every seed that is stored. A passphrase opens them, ' +
    'or with --recipient the identities of age that belong to the recipients. Commands that need a seed ask for the ' +
    'passphrase, or take it from NSC_KEYSTORE_PASSPHRASE, from the file descriptor, file or command that ' +
    'NSC_KEYSTORE_PASSPHRASE_FD, NSC_KEYSTORE_PASSPHRASE_FILE or NSC_KEYSTORE_COMMAND name; NSC_KEYSTORE_IDENTITY ' +
    'names a file with an identity. Storing seeds needs none of them. Creds stay as they are without --creds. Run it ' +
    'again to encrypt what another program has stored since. The original nsc, written in Go, cannot use a locked keystore.',
  options: {
    recipients: recipientsOption,
    creds: flag('creds', { help: 'encrypt creds, too: clients cannot use them then' }),
  },
  examples: [
    { command: 'nsc keys lock', what: 'asks for a passphrase' },
    { command: 'nsc keys lock --recipient ./team.txt', what: 'for all who have one of the identities' },
  ],

  async run({ ports, dryRun }, { recipients = [], creds = false }) {
    const done = await ports.keystoreSeal.lock({ recipients, creds, rehearse: dryRun });
    const isChanged = done.isNew || done.seeds + done.creds > 0;
    const steps: Step[] = [
      ok(
        isChanged
          ? `${dryRun ? 'would encrypt' : 'encrypted'} ${countFiles(done)}: ${whatOpens(done)} opens them`
          : 'the keystore is locked, and nothing in it is left to encrypt',
      ),
      ...done.leftAlone.map(({ path, reason }) => warn(`\`${path}\` stays as it is: ${reason}`)),
      ...passphraseWarnings(done),
    ];
    if (!done.isNew) return { ...changed(...steps), dryRun };
    return { ...changed(...steps, ...(dryRun ? [] : whatFollows(done.passphrase))), dryRun };
  },
});

const whatFollows = (passphrase: boolean): Step[] => [
  warn(
    `without ${passphrase ? 'the passphrase' : 'such an identity'} nobody gets the seeds back: keep a copy elsewhere`,
  ),
  warn('the original nsc, written in Go, cannot use this keystore; to go back: nsc keys unlock'),
];
