import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import { findReadable } from '../../../domain/tree/readable.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { quote, quoteSome } from '../../../lib/display.js';
import { formatRfc3339 } from '../../../lib/moment.js';
import { plural } from '../../../lib/plural.js';
import type { OutlineSection } from '../../result.js';
import { isOperatorSlot } from '../rotate/slot-keys.js';
import type { StepName } from '../schedule/next-step.js';
import { stepCommand } from '../schedule/step-command.js';
import type { ChangedUser, Impact } from './find-impact.js';

/** Lines of names that a person gets to see; programs get all. */
const MOST_LINES = 20;

/** All there is to know about one rotation. */
export function outlineImpact(tree: Tree, impact: Impact): OutlineSection[] {
  const { users, left, problem } = impact;
  const creds = users.flatMap((user) => user.creds ?? []);
  return [
    {
      title: `Rotating the ${describeSlot(tree, impact.slot)}`,
      lines: [...situation(impact), ...(problem ? [refused(problem)] : [])],
    },
    ...(impact.stage === 'retiring'
      ? [{ title: 'Still depends on the old key', lines: dependantLines(impact) }]
      : [{ title: 'Signed anew', lines: orNothing(signedLines(impact), 'nothing') }]),
    ...(users.length > 0 ? [{ title: 'Creds', lines: [...credsLines(users), ...some(creds)] }] : []),
    ...(left.length > 0 ? [{ title: 'Left as they are', lines: leftLines(impact) }] : []),
    { title: 'Servers', lines: serverLines(tree, impact) },
    { title: 'Commands', lines: commands(tree, impact) },
  ];
}

/** The same in a few lines, where there are many. */
export function outlineBriefly(tree: Tree, impact: Impact): OutlineSection {
  const { slot, users, left, problem, stage } = impact;
  return {
    title: capitalized(describeSlot(tree, slot)),
    lines: [
      ...(stage === 'idle' ? [] : situation(impact)),
      ...(problem ? [refused(problem)] : []),
      stage === 'retiring'
        ? `still depends on the old key: ${dependantLines(impact).join('; ')}`
        : `signed anew: ${orNothing(signedLines(impact), 'nothing').join('; ')}`,
      ...(users.length > 0 ? credsLines(users) : []),
      ...(left.length > 0 ? leftLines(impact) : []),
      commands(tree, impact)[0] ?? '',
    ],
  };
}

/** What programs get: all of it, one by one. */
export function impactJson(tree: Tree, impact: Impact): Readonly<Record<string, unknown>> {
  const { slot, stage, signers, accounts, users, activations, left, problem } = impact;
  const account = 'account' in slot ? findReadable(() => tree.findAccountByKey(slot.account))?.name : undefined;
  return {
    slot: describeSlot(tree, slot),
    kind: slot.kind,
    ...(account !== undefined && { account }),
    stage,
    signers,
    accounts,
    users: users.map(({ expires, ...user }) => ({
      ...user,
      ...(expires !== undefined && { expires: formatRfc3339(expires) }),
    })),
    activations,
    dependants: impact.dependants,
    left: left.map(({ error: _cause, ...token }) => token),
    servers: serverNeedsOf(impact),
    commands: commands(tree, impact),
    ...(problem && { problem: { code: problem.code, message: problem.message, hint: problem.hint } }),
  };
}

const refused = ({ message, hint }: NonNullable<Impact['problem']>): string =>
  `it cannot be done here: ${message}${hint === undefined ? '' : `; ${hint}`}`;

function situation({ slot, stage, signers }: Impact): string[] {
  const isOwn = slot.kind === 'user';
  const signing = signers.map((key) => (isOwn ? `${key} is its key now` : `${key} signs now`));
  if (stage === 'announced') return [...signing, 'a new key is announced already'];
  if (stage === 'retiring') return [...signing, 'the rotation before is not finished: an old key is still trusted'];
  return signing;
}

function signedLines({ accounts, users, activations }: Impact): string[] {
  const byAccount = new Map<string, number>();
  for (const { account } of users) byAccount.set(account, (byAccount.get(account) ?? 0) + 1);
  const importers = [...new Set(activations.map(({ importer }) => importer))];
  return [
    ...(accounts.length > 0 ? [`${plural(accounts.length, 'account')}: ${quoteSome(accounts)}`] : []),
    ...[...byAccount].map(([account, count]) => `${plural(count, 'user')} of account ${quote(account)}`),
    ...(activations.length > 0
      ? [`${plural(activations.length, 'activation')} that ${quoteSome(importers)} import with`]
      : []),
  ];
}

function dependantLines({ dependants }: Impact): string[] {
  const kinds = (['account', 'user', 'activation'] as const).map((kind) =>
    dependants.filter((one) => one.kind === kind),
  );
  const lines = kinds.flatMap((of) => {
    const names = of.map(({ kind, account, name }) => (kind === 'account' ? name : `${account}/${name}`));
    return of[0] ? [`${plural(of.length, of[0].kind)}: ${quoteSome(names)}`] : [];
  });
  return [...orNothing(lines, 'nothing of this store')];
}

function credsLines(users: readonly ChangedUser[]): string[] {
  const written = users.filter(({ creds }) => creds !== undefined);
  const bare = users.filter(({ creds }) => creds === undefined);
  const forever = users.filter(({ expires }) => expires === undefined);
  const names = (of: readonly ChangedUser[]): string => quoteSome(of.map(({ account, name }) => `${account}/${name}`));
  return [
    ...(written.length > 0
      ? [`${plural(written.length, 'creds file')} written anew: whoever uses it needs the new one`]
      : []),
    ...(bare.length > 0 ? [`no seed here, so somebody else has to get the new JWT: ${names(bare)}`] : []),
    ...(forever.length > 0 ? [`never expire: ${names(forever)}`] : []),
  ];
}

function leftLines({ left }: Impact): string[] {
  const reasons = [...new Set(left.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const names = left
      .filter((token) => token.reason === reason)
      .map(({ kind, account, name }) => (kind === 'account' ? name : `${account}/${name}`));
    return `${reason}: ${quoteSome(names)}`;
  });
}

/** What servers need after a step, before the next one. */
interface ServerNeed {
  readonly after: StepName;
  /** Names of accounts to push. */
  readonly push: readonly string[];
  /** Servers read the JWT of their operator when they start; a reload refuses another one. */
  readonly operator?: 'restart';
}

/** The steps that are left. */
function stepsLeft({ stage, isFinished }: Impact): StepName[] {
  const first = stage === 'idle' ? 0 : stage === 'announced' ? 1 : 2;
  return (['start', 'activate', 'finish'] as const).slice(first, isFinished ? 3 : 2);
}

function serverNeedsOf(impact: Impact): ServerNeed[] {
  const { slot, pushes } = impact;
  return stepsLeft(impact).map((after) => {
    const isChanged = isOperatorSlot(slot) && after !== 'activate';
    return { after, push: pushes[after], ...(isChanged && { operator: 'restart' }) };
  });
}

const BEFORE = {
  start: 'before nsc rotate activate',
  activate: 'before nsc rotate finish',
  finish: 'until then they trust the old key',
};

function serverLines(tree: Tree, impact: Impact): string[] {
  const { name } = tree.operator;
  const lines = serverNeedsOf(impact).flatMap(({ after, push, operator }) => [
    ...(operator === undefined
      ? []
      : [
          `after ${after}: put the JWT of operator ${quote(name)} into the configuration of every server and restart it, ${BEFORE[after]}`,
        ]),
    ...(push.length > 0
      ? [`after ${after}: push ${plural(push.length, 'account')} (${quoteSome(push)}), ${BEFORE[after]}`]
      : []),
  ]);
  const hasRestart = isOperatorSlot(impact.slot);
  return [
    ...orNothing(lines, 'they need nothing'),
    ...(hasRestart
      ? ['a reload does not do: nsc generate config, then a restart, one server of a cluster after the other']
      : []),
  ];
}

function commands(tree: Tree, impact: Impact): string[] {
  return stepsLeft(impact).map(
    (step) => `${stepCommand(tree, step, impact.slot)}${impact.pushes[step].length > 0 ? ' --push' : ''}`,
  );
}

const orNothing = (lines: readonly string[], nothing: string): readonly string[] =>
  lines.length > 0 ? lines : [nothing];

const some = (lines: readonly string[]): string[] =>
  lines.length > MOST_LINES
    ? [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more (--json has them all)`]
    : [...lines];

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
