import { NscError } from '../../errors.js';
import { quote, quoteSome } from '../../lib/display.js';
import { plural } from '../../lib/plural.js';
import type { Resolver, ServerAnswer } from '../resolver.js';
import type { Sent } from './send-accounts.js';
import { sentState } from './sent-account.js';

/** What a push came to. */
export interface PushOutcome {
  readonly resolver: Pick<Resolver, 'absent' | 'kind'>;
  readonly sent: readonly Sent[];
  /** Names of accounts that servers have as they are here. */
  readonly same: readonly string[];
}

/**
 * Whether not everybody has what was to be sent: says who does not, and why (S-9, S-10, S-11). `remote-failed` when nobody
 * took anything, `remote-partial` otherwise.
 */
export function failureOfPush({ resolver, sent, same }: PushOutcome): NscError | undefined {
  const reasons = [
    ...resolver.absent.map(({ name }) => `server ${quote(name)} is not there`),
    ...reasonsByServer(sent, 'silent', resolver),
    ...reasonsByServer(sent, 'refused', resolver),
    ...reasonsOfIgnored(sent),
    ...reasonsOfUnsent(sent),
  ];
  if (reasons.length === 0) return undefined;
  const isSome = same.length > 0 || sent.some(({ answers }) => answers.some(isTaken));
  const interrupted = sent.find(({ failure }) => failure?.code === 'interrupted');
  const code = interrupted ? 'interrupted' : isSome ? 'remote-partial' : 'remote-failed';
  const what = isSome ? 'not every server has every account' : 'nothing was pushed';
  return new NscError(code, `${what}: ${reasons.join('; ')}`, {
    hint: hintFor(sent, isSome, resolver),
    details: {
      absent: resolver.absent.map(({ name }) => name),
      servers: [...byServer(sent, 'silent'), ...byServer(sent, 'refused')].map(([server, accounts]) => ({
        server,
        accounts: accounts.map(({ name }) => name),
      })),
      unsent: sent.flatMap(({ account, failure }) => (failure ? [account.name] : [])),
    },
  });
}

const isTaken = ({ state }: ServerAnswer): boolean => state === 'taken' || state === 'pending';

function reasonsByServer(
  sent: readonly Sent[],
  state: 'silent' | 'refused',
  { kind }: Pick<Resolver, 'kind'>,
): string[] {
  return [...byServer(sent, state)].map(([server, accounts]) => {
    const what = state === 'silent' ? 'did not answer about' : 'refused';
    const why = accounts.find(({ message }) => message !== '')?.message;
    const names = quoteSome(accounts.map(({ name }) => name));
    const who = kind === 'http' ? 'the account server' : `server ${quote(server)}`;
    return `${who} ${what} ${names}${why === undefined ? '' : ` (${quote(why)})`}`;
  });
}

function byServer(
  sent: readonly Sent[],
  state: ServerAnswer['state'],
): Map<string, { readonly name: string; readonly message: string }[]> {
  const found = new Map<string, { name: string; message: string }[]>();
  for (const { account, answers } of sent) {
    for (const answer of answers) {
      if (answer.state !== state) continue;
      const accounts = found.get(answer.server) ?? [];
      accounts.push({ name: account.name, message: answer.message });
      found.set(answer.server, accounts);
    }
  }
  return found;
}

function reasonsOfIgnored(sent: readonly Sent[]): string[] {
  const ignored = sent.filter((one) => sentState(one) === 'ignored').map(({ account }) => account.name);
  return ignored.length === 0 ? [] : [`no server that answered keeps ${quoteSome(ignored)}`];
}

function reasonsOfUnsent(sent: readonly Sent[]): string[] {
  const unsent = sent.filter(({ failure }) => failure);
  const why = unsent[0]?.failure?.message;
  return why === undefined ? [] : [`${plural(unsent.length, 'account')} not sent: ${why}`];
}

function hintFor(sent: readonly Sent[], isSome: boolean, { kind }: Pick<Resolver, 'kind'>): string {
  if (sent.some((one) => sentState(one) === 'ignored')) {
    return 'caches and servers without a resolver directory keep nothing: push to one that has all accounts, or use nsc generate config';
  }
  if (isSome) return 'push again with --all once that is mended: only what differs is sent';
  return kind === 'http'
    ? 'ask whoever runs the account server, or give it more time: --timeout 30'
    : 'see that the servers run, trust this operator and have this system account, or give more time: --timeout 10';
}
