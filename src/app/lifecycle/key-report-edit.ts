import type { Change } from '../../domain/change.js';
import type { KeyInput } from '../../domain/key-input.js';
import type { KeyRecord } from '../../domain/keyring/keyring.js';
import type { KeyInfo } from '../../domain/keyring/state.js';
import { NscError } from '../../errors.js';
import type { PlanContext, QueryContext } from '../command.js';
import { flag, type Option } from '../option.js';
import { accountOption } from '../options/account.js';
import { keyOption } from '../options/key.js';
import { getNamedKey } from './key-report.js';
import { putRecords } from './rotate/records.js';

/** The key that a command of `keys` is about. */
export const knownKeyOptions = {
  key: keyOption('key', {
    help: 'the key: public key, seed, key file, alias, or a role of the account',
    complete: 'known-key',
    ask: { message: 'Key (public key, alias or role)', type: 'input', required: true },
  }),
  account: { ...accountOption, help: 'account whose role is meant, by name or public key' } as Option<string>,
};

/** What people note about keys and may take away again. */
export const removeOption = (what: string): Option<boolean> => flag('remove', { help: `take ${what} away` });

/** @throws NscError `missing-option`, and those of `getNamedKey` */
export function getKnownKey(
  { tree, workspace }: QueryContext,
  { key, account }: { readonly key: KeyInput | undefined; readonly account: string | undefined },
): KeyInfo {
  if (key) return getNamedKey(tree, key, account, workspace.selected.account);
  throw new NscError('missing-option', 'a key is needed', {
    hint: 'name one by its public key or alias; see them with: nsc keys list',
  });
}

/** What people note about a key. */
export type Noted = 'alias' | 'note' | 'expires';

/**
 * Notes something about a key, or takes it away. A key without a record gets one in its present state, without dates that
 * nobody knows.
 */
export function noteKey<Member extends Noted>(
  { tree }: PlanContext,
  { key, slot, state, record }: KeyInfo,
  member: Member,
  value: KeyRecord[Member] | undefined,
): Change {
  const { [member]: _before, ...rest } = record ?? { key, slot, state, since: {} };
  const after = (value === undefined ? rest : { ...rest, [member]: value }) as KeyRecord;
  return putRecords(tree, [after]);
}

/** @throws NscError `nothing-to-do` where that is what is noted already, `missing-option` where nothing was said */
export function requireDifference(
  { key, record }: KeyInfo,
  member: Noted,
  wanted: string | number | undefined,
  { remove = false, noun, option }: { remove: boolean | undefined; noun: string; option: string },
): void {
  if (wanted === undefined && !remove) {
    throw new NscError('missing-option', `${noun} is needed`, {
      hint: `give it with ${option}, or take it away with --remove`,
    });
  }
  if (record?.[member] !== wanted) return;
  throw new NscError(
    'nothing-to-do',
    `${key} has ${remove ? `no ${noun.replace(/^an? /, '')}` : `this ${noun.replace(/^an? /, '')} already`}`,
    {
      hint: `see it with: nsc keys show ${key}`,
    },
  );
}
