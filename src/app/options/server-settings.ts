import { parseUrl } from '../../domain/claims/check/url.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { flag, type InputOf, list, value } from '../option.js';
import type { ServerSettings } from '../server-config.js';
import { readAddress } from './listen.js';

const readListen = (given: string) => readAddress(given, -1);

/** What makes a configuration that of one server among several (nsc-distribution.md §5.1, §5.2). */
export const serverSettingsOptions = {
  serverName: value('server-name', { placeholder: 'NAME', help: 'name of the server' }, readServerWord),
  listen: value('listen', { placeholder: 'HOST:PORT', help: 'where the server listens for clients' }, readListen),
  clusterName: value('cluster-name', { placeholder: 'NAME', help: 'name of the cluster' }, readServerWord),
  clusterListen: value(
    'cluster-listen',
    { placeholder: 'HOST:PORT', help: 'where the server listens for others of its cluster' },
    readListen,
  ),
  route: list('route', { placeholder: 'URL,…', help: 'other servers of the cluster: nats://HOST:PORT' }, readRoute),
  resolverDir: value(
    'resolver-dir',
    {
      placeholder: 'DIR',
      help: 'directory of the server for account JWTs',
      defaultText: './jwt, where the server was started',
    },
    readDirectory,
  ),
  allowDelete: flag('allow-delete', { help: 'let nsc push delete accounts on the server' }),
  jetstreamDir: value(
    'jetstream-dir',
    { placeholder: 'DIR', help: 'turn JetStream on, with this directory of the server for its data' },
    readDirectory,
  ),
};

/** Where servers ask for accounts. */
export const urlResolverOption = value(
  'url-resolver',
  { placeholder: 'URL', help: 'ask an account server (nsc serve) for accounts: http://HOST:PORT/jwt/v1/accounts/' },
  readResolverUrl,
);

type Input = InputOf<typeof serverSettingsOptions>;

/** The settings beside the resolver. Throws `missing-option` where one needs another. */
export function settingsOf({
  serverName,
  listen,
  clusterName,
  clusterListen,
  route,
  jetstreamDir,
}: Input): ServerSettings {
  if (clusterListen === undefined && (clusterName !== undefined || route !== undefined)) {
    throw new NscError('missing-option', 'a server of a cluster has to listen for the others', {
      hint: 'say where with --cluster-listen HOST:PORT',
    });
  }
  if (clusterListen && jetstreamDir !== undefined && (serverName === undefined || clusterName === undefined)) {
    throw new NscError('missing-option', 'JetStream in a cluster needs a name of the server and one of the cluster', {
      hint: 'name them with --server-name NAME --cluster-name NAME',
    });
  }
  return {
    name: serverName,
    listen,
    jetstream: jetstreamDir,
    cluster: clusterListen && { name: clusterName, listen: clusterListen, routes: route ?? [] },
  };
}

function readServerWord(given: string): string {
  if (/^[^\s\p{C}'"\\]+$/u.test(given)) return given;
  throw new NscError('bad-value', `${quote(given)} cannot be the name of a server or cluster`, {
    hint: 'use a name without blanks, quotes and backslashes',
  });
}

function readDirectory(given: string): string {
  if (given !== '' && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(given)) return given;
  throw new NscError('bad-value', given === '' ? 'the directory has no name' : `${quote(given)} cannot be a directory`);
}

function readRoute(given: string): string {
  const url = PLAIN_URL.test(given) ? parseUrl(given) : undefined;
  if (url?.hostname && url.port !== '' && ['nats', 'nats-route', 'tls'].includes(url.scheme)) return given;
  throw new NscError('bad-value', 'a route has to be a URL such as nats://HOST:6222');
}

/** Text of a URL that may stand in quotes, and in the pattern by which servers find it. */
const PLAIN_URL = /^[!#-&*-[\]-~]+$/;

function readResolverUrl(given: string): string {
  const url = PLAIN_URL.test(given) ? parseUrl(given) : undefined;
  if (!url?.hostname || !['http', 'https'].includes(url.scheme)) {
    throw new NscError('bad-value', 'an account server has to be a URL such as http://HOST:9090/jwt/v1/accounts/');
  }
  // nats-server looks for MEM anywhere in the text, before it looks for URL
  if (/mem/i.test(given)) {
    throw new NscError('bad-value', 'servers take a URL with "mem" in it for the resolver MEMORY', {
      hint: 'use another name of the host, its IP address, or another path',
    });
  }
  return given;
}
