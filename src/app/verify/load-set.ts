import { type KeySet, parseKeySet } from '../../domain/jwks/key-set.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { plural } from '../../lib/plural.js';
import { shownUrl } from '../distribution/shown-url.js';
import { flag, type InputOf, integer, list, value } from '../option.js';
import { isLoopback } from '../options/listen.js';
import { isUrl } from '../options/token-file.js';
import type { Ports } from '../ports.js';
import { readSize } from './size.js';

const DEFAULT = { bytes: 1024 * 1024, seconds: 10, age: 86_400 };

/** Of a file: more than 80 000 keys. */
const MOST_BYTES = 16 * 1024 * 1024;

/** How a key set is fetched. */
export const fetchOptions = {
  allowHost: list(
    'allow-host',
    {
      placeholder: 'HOST,…',
      help: 'only these hosts (HOST or HOST:PORT) may be asked',
      defaultText: 'that of the URL',
    },
    readHost,
  ),
  allowHttp: flag('allow-http', { help: 'ask other machines without encryption, too' }),
  maxAge: integer(
    'max-age',
    {
      placeholder: 'SECONDS',
      help: 'refuse a key set that left its origin longer ago',
      defaultText: String(DEFAULT.age),
    },
    { min: 0, max: 1_000_000_000 },
  ),
  maxSize: value('max-size', { placeholder: 'BYTES', help: 'refuse a larger key set', defaultText: '1 MiB' }, readSize),
  timeout: integer(
    'timeout',
    {
      placeholder: 'SECONDS',
      help: 'patience with the server, from 1 to 60 seconds',
      defaultText: String(DEFAULT.seconds),
    },
    { min: 1, max: 60 },
  ),
};

type FetchInput = InputOf<typeof fetchOptions>;

/** Types that a key set may come as (RFC 7517 §8.5); many servers only know the general one. */
const TYPES = /^(application\/(jwk-set\+json|json|([\w.-]+\+)?json)|)$/;

/**
 * The key set in a file or at a URL. What is fetched has to come from a host that is allowed, and be young and small enough.
 *
 * @throws NscError `file-not-found`; `bad-value` for a file that holds none, and for a URL that must not be asked;
 *   `remote-failed`; `untrusted-answer` for what is fetched and is none, or too old
 */
export async function loadKeySet(
  given: string,
  input: FetchInput,
  ports: Pick<Ports, 'files' | 'documents'>,
): Promise<KeySet> {
  if (isUrl(given)) return fetchKeySet(given, input, ports.documents);
  refuseFetching(input);
  const bytes = ports.files.readBytes(given, MOST_BYTES);
  if (bytes === undefined) throw new NscError('file-not-found', `there is no file ${quote(given)}`);
  if (bytes.length > MOST_BYTES)
    throw new NscError('bad-value', `${quote(given)} is larger than any key set: ${MOST_BYTES} bytes`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return reading(
    () => parseKeySet(text),
    (why) =>
      new NscError('bad-value', `${quote(given)}: ${why}`, {
        hint: 'name a file or an http(s) URL with a JSON Web Key Set: --jwks FILE',
      }),
  );
}

async function fetchKeySet(given: string, input: FetchInput, documents: Ports['documents']): Promise<KeySet> {
  const { maxAge = DEFAULT.age, maxSize = DEFAULT.bytes, timeout = DEFAULT.seconds } = input;
  const shown = shownUrl(given);
  const { text, type, age } = await documents.fetch(given, {
    maxBytes: maxSize,
    timeoutMs: timeout * 1000,
    maxAge,
    accept: 'application/jwk-set+json, application/json',
    refuse: (url) => refuseUrl(url, URL.canParse(given) ? new URL(given).host : '', input),
  });
  const untrusted = (why: string, reason: string): NscError =>
    new NscError('untrusted-answer', `${shown}: ${why}`, { details: { url: shown, reason } });
  if (!TYPES.test(type)) throw untrusted(`it answered with ${quote(type)}, which is no key set`, 'content-type');
  if (age > maxAge) {
    throw untrusted(`the key set is ${plural(age, 'second')} old, and ${plural(maxAge, 'second')} are allowed`, 'age');
  }
  return reading(
    () => parseKeySet(text),
    (why) => untrusted(why, 'no-key-set'),
  );
}

/** Why a URL must not be asked: another host than those that are allowed, or no encryption on the way to another machine. */
function refuseUrl(url: URL, own: string, { allowHost, allowHttp }: FetchInput): string | undefined {
  const name = url.hostname.toLowerCase();
  const withPort = `${name}:${url.port || DEFAULT_PORTS[url.protocol]}`;
  const isAllowed = allowHost ? allowHost.some((host) => host === name || host === withPort) : url.host === own;
  if (!isAllowed) {
    return `host ${quote(url.host)} is not allowed: the allowed ones are named with --allow-host`;
  }
  if (url.protocol === 'http:' && !allowHttp && !isLoopback({ host: name.replace(/^\[|\]$/g, ''), port: 0 })) {
    return `${quote(url.host)} would be asked without encryption, which takes --allow-http`;
  }
  return undefined;
}

/**
 * Refuses options about fetching where nothing is fetched.
 *
 * @throws NscError `conflicting-options`
 */
export function refuseFetching(input: FetchInput): void {
  const unused = Object.entries(fetchOptions).find(([name]) => input[name as keyof FetchInput] !== undefined);
  if (unused) {
    throw new NscError('conflicting-options', `--${unused[1].long} is for a key set at a URL`, {
      hint: 'name the URL with --jwks URL',
    });
  }
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** The host as URLs spell it: `bücher.example`, `[0:0:0:0:0:0:0:1]:8443` and `127.1` have one spelling there. */
function readHost(given: string): string {
  const [, host, port = ''] = /^(\[[0-9a-fA-F:.]+\]|[^\s:/?#@[\]\\]+)(:\d{1,5})?$/.exec(given.trim()) ?? [];
  if (host !== undefined && URL.canParse(`http://${host}`)) return `${new URL(`http://${host}`).hostname}${port}`;
  throw new NscError('bad-value', `${quote(given)} is not a host`, {
    hint: 'write HOST or HOST:PORT, such as auth.example.com',
  });
}

function reading(read: () => KeySet, fail: (why: string) => NscError): KeySet {
  try {
    return read();
  } catch (error) {
    if (error instanceof NscError) throw fail(error.message);
    throw error;
  }
}
