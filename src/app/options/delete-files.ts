import { flag } from '../option.js';

/** What a deletion takes along besides the JWT. */
export const deleteFileOptions = {
  rmNkey: flag('rm-nkey', {
    short: 'D',
    help: 'delete the seeds from the keystore too',
    ask: { message: 'Delete the seeds too?', type: 'confirm', default: () => 'false' },
  }),
  rmCreds: flag('rm-creds', {
    short: 'C',
    help: 'delete the creds files too',
    ask: { message: 'Delete the creds files too?', type: 'confirm', default: () => 'false' },
  }),
};
