import { plural } from '../lib/plural.js';
import type { SealReport } from './ports.js';
import { type Step, warn } from './result.js';

/** `3 seeds and 1 creds file`; creds are named where there are some. */
export const countFiles = ({ seeds, creds }: Pick<SealReport, 'seeds' | 'creds'>): string =>
  creds === 0 ? plural(seeds, 'seed') : `${plural(seeds, 'seed')} and ${plural(creds, 'creds file')}`;

/** What opens the keystore. */
export const whatOpens = ({ passphrase, recipients }: Pick<SealReport, 'passphrase' | 'recipients'>): string =>
  passphrase
    ? 'the passphrase'
    : `the ${recipients.length === 1 ? 'identity' : 'identities'} of ${recipients.join(', ')}`;

/** What is to be known about a passphrase that is new. */
export const passphraseWarnings = ({ isWeak }: { readonly isWeak: boolean }): Step[] =>
  isWeak ? [warn('the passphrase is short: who gets a copy of the keystore may find it by trying')] : [];
