import { AccountServer } from '../app/account-server/account-server.js';
import type { Look } from '../app/account-server/look.js';
import { type TaskContext, task } from '../app/command.js';
import type { Access } from '../app/http-server.js';
import { flag, value } from '../app/option.js';
import { type Address, formatAddress, isLoopback, readAddress } from '../app/options/listen.js';
import { changed, ok, type Result, told } from '../app/result.js';
import type { Workspace } from '../app/workspace.js';
import { MAX_TOKEN_LENGTH } from '../domain/token/token.js';
import { NscError } from '../errors.js';
import { encodeJson } from '../lib/canonical-json.js';
import { quote } from '../lib/display.js';
import { plural } from '../lib/plural.js';

const DEFAULT: Address = { host: '127.0.0.1', port: 9090 };

/** Requests that are under way when it is told to stop have so long to end. */
const GRACE_MS = 10_000;

export const command = task({
  summary: 'Answer servers that ask for accounts over HTTP',
  description:
    'Hands out the JWTs of the operator and of the accounts it signed, as they are in the store at that moment, in the ' +
    'way of nats-account-server: servers use it with `resolver: URL(http://127.0.0.1:9090/jwt/v1/accounts/)`. It goes ' +
    'on until it is interrupted. Where it listens is said on standard output, and every request, as a line of JSON, on ' +
    'standard error. There is no login and no encryption: put a proxy in front of it before others can reach it. ' +
    'Servers ask when they need an account; those that have it ask again when it expires, or are told by nsc push. ' +
    'The public keys that verify these JWTs are at /.well-known/jwks.json, in the form of nsc generate jwks; with ' +
    '?account=KEY those of one account.',
  options: {
    listen: value(
      'listen',
      {
        placeholder: 'HOST:PORT',
        help: 'where to listen; port 0 is any that is free',
        defaultText: `${formatAddress(DEFAULT)}, for this machine alone`,
      },
      (given) => readAddress(given),
    ),
    acceptPosts: flag('accept-posts', {
      help: 'also take accounts that are sent, signed by the operator and newer than those that are here',
    }),
    json: flag('json', { help: 'say in JSON where it listens' }),
  },
  examples: [
    { command: 'nsc serve', what: 'for servers on this machine, until it is interrupted' },
    { command: 'nsc serve --listen 0.0.0.0:9090', what: 'for everybody who can reach it' },
  ],

  async run(context, input) {
    const address = input.listen ?? DEFAULT;
    const { name } = context.tree.operator;
    const { look, commit } = sourceOf(context);
    const server = new AccountServer({ operator: name, look, ...(input.acceptPosts && { commit }) });
    const { operator, accounts } = server.warmUp();
    const what = `${plural(accounts, 'account')} of operator ${quote(operator)}`;
    if (context.dryRun) return changed(ok(`would serve ${what} on http://${formatAddress(address)}`));
    return serve(context, server, { address, what, json: input.json ?? false });
  },
});

interface Serving {
  readonly address: Address;
  readonly what: string;
  readonly json: boolean;
}

async function serve(
  { ports, talk, interrupted: signal }: TaskContext,
  server: AccountServer,
  { address, what, json }: Serving,
): Promise<Result> {
  let requests = 0;
  const onAnswered = (access: Access): void => {
    requests += 1;
    talk.log(encodeJson(access, { escapeHtml: false }));
  };
  const { url, ended } = await ports.httpServers.listen(
    { ...address, maxBodyBytes: MAX_TOKEN_LENGTH, graceMs: GRACE_MS, signal, onAnswered },
    (request) => server.answer(request),
  );
  if (!isLoopback(address)) {
    await talk.warn(
      `everybody who can reach ${formatAddress(address)} can read the accounts: there is no login and no encryption`,
    );
  }
  talk.say(json ? `${encodeJson({ listening: url })}\n` : `listening on ${url} with ${what}\n`);
  await ended;
  talk.say(json ? `${encodeJson({ requests })}\n` : `stopped after ${plural(requests, 'request')}\n`);
  return told;
}

/** The store and the operator with which it was started, whatever is selected meanwhile. */
function sourceOf({ workspace, refresh, commit }: TaskContext) {
  const { storeRoot, selected } = workspace;
  const { operator } = selected;
  const isSame = (now: Workspace): boolean => now.storeRoot === storeRoot;
  return {
    look(): Look {
      const { workspace: fresh, now } = refresh();
      return { tree: (isSame(fresh) ? fresh : workspace).tree(operator), now };
    },
    commit: (plan: (look: Look) => ReturnType<Parameters<typeof commit>[0]>): Promise<void> =>
      commit(({ workspace: fresh, now }) => {
        if (isSame(fresh)) return plan({ tree: fresh.tree(operator), now });
        throw new NscError('store-io', 'another store is selected now than the one that is served');
      }),
  };
}
