import { mutation } from '../../app/command.js';
import { reportCreds } from '../../app/creds-report.js';
import { flag, value } from '../../app/option.js';
import { accountOption } from '../../app/options/account.js';
import { userOption } from '../../app/options/user.js';
import { changed, ok } from '../../app/result.js';
import { warnAboutUser } from '../../app/user-warnings.js';
import type { Workspace } from '../../app/workspace.js';
import type { Change } from '../../domain/change.js';
import { formatCreds, parseDecorated } from '../../domain/creds/creds.js';
import { getAccount, getUser } from '../../domain/tree/lookup.js';
import type { Tree, UserEntry } from '../../domain/tree/tree.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { NscError } from '../../errors.js';
import { encodeJson } from '../../lib/canonical-json.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Write a context of the nats tool for a user',
  description:
    'Writes NAME.json where the nats tool keeps its contexts, with the creds of the user and the first service URL of ' +
    'the operator. Creds that are missing or hold an older JWT are written too, from the seed in the keystore. A ' +
    'context that is there is not replaced.',
  options: {
    account: accountOption,
    user: { ...userOption, long: 'user', short: 'u' },
    context: value(
      'context',
      {
        placeholder: 'NAME',
        help: 'name of the context',
        ask: { message: 'Name of the context', type: 'input', required: true },
      },
      readContextName,
    ),
    allUrls: flag('all-urls', { help: 'name every service URL: the nats tool tries one after the other' }),
    select: flag('select', { help: 'make it the one that the nats tool uses when none is named' }),
  },
  examples: [{ command: 'nsc generate context --user alice --context dev', what: 'then: nats --context dev rtt' }],

  plan({ workspace, tree, now }, input) {
    if (input.context === undefined) {
      throw new NscError('missing-option', 'the context has no name', { hint: 'name it with --context NAME' });
    }
    const account = getAccount(tree, input.account, workspace.selected.account);
    const user = getUser(tree, account, input.user, '--user');
    requireAuthentic('operator', tree.operator);
    requireAuthentic('user', user);
    const creds = refreshCreds(workspace, tree, user);
    const urls = tree.operator.claims.nats.operator_service_urls ?? [];
    const url = (input.allUrls ? urls : urls.slice(0, 1)).join(',');
    const [operatorPart, accountPart, userPart] = [tree.operator.name, account.name, user.name].map(urlPart);
    const content = encodeJson({
      nsc: `nsc://${operatorPart}/${accountPart}/${userPart}`,
      ...(url && { url }),
      creds: creds.path,
    });
    const path = contextPath(workspace, input.context);
    return {
      changes: creds.changes,
      warnings: [...warnAboutUser(tree, account, user, now), ...creds.warnings],
      files: [
        { path, content, replace: false, replaceHint: 'choose another --context, or remove the file' },
        ...(input.select ? [{ path: selectedPath(workspace), content: input.context, replace: true }] : []),
      ],
      result: changed(
        ...(creds.changes.length > 0
          ? [reportCreds(workspace, { operator: tree.operator.name, account: account.name, name: user.name }, true)]
          : []),
        ok(`wrote nats cli context file to \`${path}\``),
        ...(input.select ? [ok(`selected nats cli context ${quote(input.context)}`)] : []),
      ),
    };
  },
});

/**
 * What the `nats` tool takes as the name of a context, which is the name of a file.
 *
 * @throws NscError `bad-value`
 */
function readContextName(given: string): string {
  const name = given.replace(/\.json$/, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (name !== '' && !name.includes('..') && !/[/\\\u0000-\u001f]/.test(name)) return name;
  throw new NscError('bad-value', `${quote(given)} cannot be the name of a context`, {
    hint: 'use a name without separators and without ".."',
  });
}

/** Where the `nats` tool looks (reference: nsc-distribution.md §2.4). */
const contextPath = (workspace: Workspace, name: string): string => `${natsDir(workspace)}/context/${name}.json`;

/** Where it keeps the name of the context that counts when none is named. */
const selectedPath = (workspace: Workspace): string => `${natsDir(workspace)}/context.txt`;

const natsDir = ({ environment }: Workspace): string =>
  `${environment.find((variable) => variable.name === 'XDG_CONFIG_HOME')?.value || '~/.config'}/nats`;

/** A name in the URL of a profile: escaped where it would end the path or pass for an escape. */
const urlPart = (name: string): string => name.replace(/[%?]/g, encodeURIComponent);

/**
 * The creds file that the context will name; written when it is missing or old and the seed is at hand (S-31).
 *
 * @throws NscError `key-not-found` when there is neither a creds file nor a seed to make one
 */
function refreshCreds(
  workspace: Workspace,
  tree: Tree,
  { account, name, token, claims }: UserEntry,
): { path: string; changes: Change[]; warnings: string[] } {
  const path = workspace.credsPath(tree.operator.name, account, name);
  const stored = tree.findCreds(account, name);
  if (stored && parseDecorated(stored.reveal()).token.trim() === token) return { path, changes: [], warnings: [] };
  const key = claims.sub ?? '';
  const pair = tree.findKeyPair(key);
  if (pair) {
    return {
      path,
      changes: [{ type: 'put-creds', account, user: name, creds: formatCreds(token, pair) }],
      warnings: [],
    };
  }
  if (stored) return { path, changes: [], warnings: [`\`${path}\` does not hold the JWT of user ${quote(name)}`] };
  throw new NscError(
    'key-not-found',
    `user ${quote(name)} has no creds, and its seed [${key}] is not in the keystore`,
    {
      hint: 'put the seed there with: nsc import keys --dir DIR',
    },
  );
}
