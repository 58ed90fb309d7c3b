import { NscError } from '../../errors.js';
import { flag, type InputOf, type Option } from '../option.js';
import type { Reach } from '../reach.js';
import { reachOf, reachOptions } from './reach.js';
import { serverUrlOption } from './server-url.js';

/** Interactive mode does not ask how servers are reached when nothing may be sent to them. */
const unasked = <T>({ ask: _never, ...option }: Option<T>): Option<T> => option;

const pushingOptions = {
  accountJwtServerUrl: serverUrlOption({
    help: 'with --push: where accounts go',
    defaultText: 'the account server URL of the operator',
  }),
  ...reachOptions,
  systemAccount: unasked(reachOptions.systemAccount),
  systemUser: unasked(reachOptions.systemUser),
};

/** Options of commands whose work servers can be made to do first. */
export const pushFirstOptions = {
  push: flag('push', { help: 'have all servers do it first: when one does not, nothing is changed here' }),
  ...pushingOptions,
};

/**
 * How servers are reached, with `--push`; undefined without. What the environment says is added when they are.
 *
 * @throws NscError `missing-option` for options that only count with `--push`
 */
export function pushReach(input: Partial<InputOf<typeof pushFirstOptions>>): Reach | undefined {
  if (input.push) return reachOf(input, {}, input.accountJwtServerUrl);
  const names = Object.keys(pushingOptions) as (keyof typeof pushingOptions)[];
  const idle = names.find((name) => input[name] !== undefined);
  if (idle === undefined) return undefined;
  throw new NscError(
    'missing-option',
    `--${pushingOptions[idle].long} says how servers are reached, so it needs --push`,
  );
}
