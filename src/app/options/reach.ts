import { getAccount } from '../../domain/tree/lookup.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { isAccountServerUrl } from '../distribution/resolver-url.js';
import type { NatsTls } from '../nats.js';
import { asking, flag, type InputOf, integer, type Question, text, value } from '../option.js';
import type { Ports } from '../ports.js';
import type { Reach } from '../reach.js';
import { offerAccounts } from './account.js';
import { selectedTree } from './current.js';

/** Seconds that a request may take (nsc-distribution.md §1.2). */
const TIMEOUT = { least: 1, most: 60 };

/** How they are written here, and how OpenSSL names them (nsc-distribution.md §0.4). */
const CURVES: Readonly<Record<string, string>> = {
  p256: 'P-256',
  p384: 'P-384',
  p521: 'P-521',
  x25519: 'X25519',
};

const file = (long: string, help: string, variable?: string) =>
  text(long, {
    placeholder: 'FILE',
    help,
    complete: 'file',
    ...(variable !== undefined && { defaultText: `the file that ${variable} names` }),
  });

/** TLS of NATS connections; HTTP has nothing to do with them (nsc-distribution.md §0.4). */
export const natsTlsOptions = {
  tlsFirst: flag('tls-first', { help: 'begin with the TLS handshake, before the server says anything' }),
  caCert: file('ca-cert', 'certificates that vouch for servers, as PEM', 'NATS_CA'),
  clientCert: file('client-cert', 'certificate to show to servers, as PEM', 'NATS_CERT'),
  clientKey: file('client-key', 'key of that certificate, as PEM', 'NATS_KEY'),
  tlsCurves: value(
    'tls-curves',
    {
      placeholder: 'CURVE,…',
      help: 'curves for TLS: P256, P384, P521, X25519',
      complete: ['P256', 'P384', 'P521', 'X25519'],
    },
    readCurves,
  ),
};

/** How long a request may take. */
export const timeoutOption = integer('timeout', {
  placeholder: 'SECONDS',
  help: 'patience with each request, from 1 to 60 seconds',
  defaultText: '1, and 10 for an account server',
});

/** Only servers of NATS want to know who asks. */
const isNats: NonNullable<Question['when']> = (workspace, { url }) =>
  !isAccountServerUrl(String(url ?? selectedTree(workspace).operator.claims.nats.account_server_url ?? ''));

const systemUserQuestion: Question<string> = {
  message: 'User of the system account',
  type: 'select',
  when: isNats,
  choices: (workspace, { systemAccount }) => {
    const tree = selectedTree(workspace);
    const { system_account: key = '' } = tree.operator.claims.nats;
    const account =
      systemAccount === undefined ? tree.findAccountByKey(key) : getAccount(tree, String(systemAccount), '');
    const users = account ? tree.userNames(account.name) : [];
    return [
      { value: '', label: 'one that is made for the occasion' },
      ...users.map((name) => ({ value: name, label: name })),
    ];
  },
};

/** The user that speaks to servers with NATS. */
export const systemUserOptions = {
  systemAccount: asking(
    text('system-account', {
      placeholder: 'ACCOUNT',
      help: 'system account to connect as, by name or public key',
      defaultText: "the operator's",
      complete: 'account',
    }),
    {
      message: 'System account',
      type: 'select',
      when: isNats,
      choices: offerAccounts,
      default: (workspace) => {
        const tree = selectedTree(workspace);
        return tree.findAccountByKey(tree.operator.claims.nats.system_account ?? '')?.name;
      },
    },
  ),
  systemUser: asking(
    text('system-user', {
      placeholder: 'USER',
      help: 'user of the system account to connect as, by name or public key',
      defaultText: 'one that is made for the occasion',
      complete: 'system-user',
    }),
    systemUserQuestion,
  ),
};

/** How the servers of an operator are reached: what `push`, `pull` and `diff` share (nsc-distribution.md §1.2). */
export const reachOptions = { ...systemUserOptions, timeout: timeoutOption, ...natsTlsOptions };

/**
 * What the options and the environment say; options win (nsc-distribution.md §0.3). A variable that is empty counts as
 * not set.
 */
export function reachOf(
  input: Partial<InputOf<typeof reachOptions>>,
  env: Ports['env'],
  url?: string | undefined,
): Reach {
  const { systemAccount, systemUser } = input;
  return {
    ...(url !== undefined && url !== '' && { url }),
    ...(systemAccount !== undefined && systemAccount !== '' && { systemAccount }),
    ...(systemUser !== undefined && systemUser !== '' && { systemUser }),
    timeoutMs: timeoutOf(input),
    tls: tlsOf(input, env),
  };
}

/** Milliseconds, from one second to a minute; undefined for what is usual. */
function timeoutOf({ timeout }: Partial<InputOf<{ timeout: typeof timeoutOption }>>): number | undefined {
  return timeout === undefined ? undefined : Math.min(Math.max(timeout, TIMEOUT.least), TIMEOUT.most) * 1000;
}

/** TLS as options and environment want it. */
export function tlsOf(input: Partial<InputOf<typeof natsTlsOptions>>, env: Ports['env']): NatsTls {
  const given: NatsTls = {
    handshakeFirst: input.tlsFirst ?? false,
    caFile: input.caCert,
    certFile: input.clientCert,
    keyFile: input.clientKey,
    curves: input.tlsCurves,
  };
  return withEnvironment(given, env);
}

/** What the environment says stands in for what is not given. */
export function withEnvironment(tls: NatsTls, env: Ports['env']): NatsTls {
  return {
    ...tls,
    caFile: tls.caFile || env.NATS_CA || undefined,
    certFile: tls.certFile || env.NATS_CERT || undefined,
    keyFile: tls.keyFile || env.NATS_KEY || undefined,
  };
}

/** A comma list, in any letter case, each perhaps with `Curve` before it; none for an empty text. */
function readCurves(given: string): string[] | undefined {
  if (given.trim() === '') return undefined;
  return given.split(',').map((name) => {
    const curve =
      CURVES[
        name
          .trim()
          .toLowerCase()
          .replace(/^curve/, '')
      ];
    if (curve !== undefined) return curve;
    throw new NscError('bad-value', `${quote(name.trim())} is none of the curves P256, P384, P521 and X25519`);
  });
}
