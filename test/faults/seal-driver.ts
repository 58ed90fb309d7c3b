/**
 * A process that locks, unlocks or locks anew the keystore of a store, for tests that end it early.
 *
 *     lock HOME [N]     encrypts seeds and creds for the recipient of the tests; is killed before the Nth step
 *     unlock HOME [N]   decrypts them
 *     rekey HOME [N]    encrypts them for another recipient
 */

import { Secret } from '../../src/lib/secret.js';
import { commitSteps } from '../../src/store/commit.js';
import { acquireLock } from '../../src/store/lock.js';
import { openerByIdentities } from '../../src/store/seal/age.js';
import { KeystoreLocker, sealByRecipients } from '../../src/store/seal/lock-keystore.js';
import { KeystoreOpener } from '../../src/store/seal/unlock-keystore.js';
import { openWorkspace } from '../../src/store/workspace.js';
import { NOW, self } from '../store/fixtures.js';
import { IDENTITY, OTHER_RECIPIENT, RECIPIENT } from '../support/identities.js';

const [mode = '', home = '', step = 'never'] = process.argv.slice(2);
const open = () => openWorkspace({ flags: {}, env: {}, home, cwd: home, now: NOW, self });
const release = await acquireLock(open().storeRoot, { command: `test ${mode}`, self, timeoutMs: 60_000 });
const { keystoreDir } = open();
const opener = new KeystoreOpener(keystoreDir, openerByIdentities(new Secret(IDENTITY), 'test'));

const PLANS: Readonly<Record<string, () => Promise<{ steps: Parameters<typeof commitSteps>[1] }>>> = {
  lock: () => new KeystoreLocker(keystoreDir).plan(sealByRecipients([RECIPIENT], true)),
  unlock: () => opener.planUnlock(),
  rekey: () => opener.planRekey(sealByRecipients([OTHER_RECIPIENT], true)),
};

const { steps } = (await PLANS[mode]?.()) ?? { steps: [] };
let count = 0;
commitSteps(open(), steps, (name) => {
  if (count === Number(step)) {
    process.kill(process.pid, 'SIGKILL');
    // the signal comes before the next statement does
    for (;;);
  }
  count += 1;
  process.stdout.write(`${name}\n`);
});
release();
