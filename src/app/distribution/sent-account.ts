import { quote } from '../../lib/display.js';
import { plural } from '../../lib/plural.js';
import type { Resolver, ServerAnswer } from '../resolver.js';
import type { SyncedAccount, SyncedAnswer } from '../result.js';
import type { Sent } from './send-accounts.js';

/** What became of an account that was sent: `sent` when every server took it that has a use for it. */
export type SentState = 'sent' | 'partial' | 'pending' | 'ignored' | 'refused' | 'silent' | 'unsent';

const LEVELS: Readonly<Record<SentState, SyncedAccount['level']>> = {
  sent: 'ok',
  partial: 'warn',
  pending: 'warn',
  ignored: 'warn',
  refused: 'error',
  silent: 'error',
  unsent: 'error',
};

const ANSWER_LEVELS: Readonly<Record<ServerAnswer['state'], SyncedAnswer['level']>> = {
  taken: 'ok',
  ignored: 'ok',
  pending: 'warn',
  refused: 'error',
  silent: 'warn',
};

/** Whether that is as it should be: a cache that has no use for an account is (S-11), when somebody else took it. */
export function sentState({ answers, failure }: Sent): SentState {
  if (failure) return 'unsent';
  const has = (state: ServerAnswer['state']): boolean => answers.some((answer) => answer.state === state);
  const isLacking = has('refused') || has('silent');
  if (has('taken') || has('pending')) return isLacking ? 'partial' : has('pending') ? 'pending' : 'sent';
  if (has('refused')) return 'refused';
  return has('ignored') && !isLacking ? 'ignored' : 'silent';
}

/** The report of one account. An account server is but one, and has no name. */
export function describeSent(sent: Sent, kind: Resolver['kind']): SyncedAccount {
  const { account, answers, failure } = sent;
  const state = sentState(sent);
  const name = quote(account.name);
  const took = answers.filter((answer) => answer.state === 'taken').length;
  const meant = answers.filter((answer) => answer.state !== 'ignored').length;
  const messages: Readonly<Record<SentState, string>> = {
    sent: `pushed ${name} to ${kind === 'http' ? 'account server' : plural(took, 'server')}`,
    partial: `pushed ${name} to ${took} of ${plural(meant, 'server')}`,
    pending: `pushed ${name}, which waits to be signed`,
    ignored: `no server keeps ${name}`,
    refused: `nobody took ${name}`,
    silent: `nobody answered about ${name}`,
    unsent: `${name} was not pushed: ${failure?.message}`,
  };
  return {
    name: account.name,
    key: account.key,
    level: LEVELS[state],
    state,
    message: messages[state],
    answers: answers.map((answer) => ({
      server: answer.server,
      level: state === 'ignored' ? 'warn' : ANSWER_LEVELS[answer.state],
      state: answer.state,
      message: answer.message,
    })),
  };
}
