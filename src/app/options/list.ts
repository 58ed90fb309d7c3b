import { flag } from '../option.js';
import type { Column } from '../result.js';

export const listJsonOption = flag('json', { short: 'J', help: 'list as JSON' });

/** Columns of the lists of operators, accounts and users. */
export const ENTITY_COLUMNS: readonly Column[] = [
  {
    key: 'name',
    title: 'Name',
    show: ({ name, claim_name }) => (claim_name === undefined ? `${name}` : `${name} (${claim_name})`),
  },
  { key: 'public_key', title: 'Public Key', show: ({ public_key, error }) => `${error ?? public_key}` },
];
