import type { KeyInfo } from '../../../domain/keyring/state.js';
import { quote, quoteWord } from '../../../lib/display.js';
import type { Plan, PlanContext } from '../../command.js';
import { type Changed, changed, ok, type Step, warn } from '../../result.js';
import { leftWarnings, signedAccounts, signedActivations } from '../resign-report.js';
import type { Cut } from './cut.js';

/** What is told about a key that was taken out. */
interface Report {
  readonly info: KeyInfo;
  readonly cut: Cut;
  /** `role "reader" of account "A"`. */
  readonly place: string;
  /** Whether servers get the accounts as soon as they are committed. */
  readonly isPushed: boolean;
}

/** Creds that are named one by one; JSON has them all. */
const NAMED = 20;

/** What was done, what has to be done by people now, and all of it as JSON. */
export function reportCut(context: PlanContext, report: Report): Pick<Plan, 'warnings'> & { result: Changed } {
  const { info, cut, place, isPushed } = report;
  const { tree, workspace } = context;
  const credsOf = ({ account, name }: { account: string; name: string }): string =>
    workspace.credsPath(tree.operator.name, account, name);
  const redistribute = cut.users.map((user) => ({
    account: user.account,
    user: user.name,
    publicKey: user.publicKey,
    ...(user.hasCreds && { creds: credsOf(user) }),
    ...(user.expires !== undefined && { expires: user.expires }),
  }));
  const steps: Step[] = [
    ok(`noted that ${info.key}, ${place}, is compromised`),
    ...cut.steps,
    ...signedAccounts(cut.accounts),
    ...signedActivations(cut.activations),
    ...redistribute.slice(0, NAMED).map(({ account, user, creds }) => toHandOut(account, user, creds)),
    ...(redistribute.length > NAMED
      ? [warn(`and ${redistribute.length - NAMED} more users, all of which --json names`)]
      : []),
  ];
  return {
    warnings: [...cut.warnings, ...(isPushed ? [] : unsent(cut.accounts)), ...leftWarnings(cut.left)],
    result: {
      ...changed(...steps),
      data: {
        key: info.key,
        place: info.slot,
        successors: cut.successors,
        redistribute,
        push: cut.accounts,
        replaceOperatorJwt: cut.changes.some(({ type }) => type === 'put-operator'),
        ...(cut.obsoleteAccount !== undefined && { deleteOnServers: [cut.obsoleteAccount] }),
        left: cut.left.map(({ kind, account, name, reason }) => ({ kind, account, name, reason })),
      },
    },
  };
}

function toHandOut(account: string, user: string, creds: string | undefined): Step {
  const who = `user ${quote(user)} of account ${quote(account)}`;
  return creds === undefined
    ? warn(`${who} needs its new JWT: its seed is not at hand, so no creds file was written`)
    : ok(`${who} needs its new creds \`${creds}\``);
}

/** Until servers have the accounts, they know nothing of it. */
function unsent(accounts: readonly string[]): string[] {
  const [first] = accounts;
  if (first === undefined) return [];
  const push = accounts.length === 1 ? `--account ${quoteWord(first)}` : '--all';
  return [`servers know nothing of it until: nsc push ${push}`];
}
