import { parseDecorated } from '../../domain/creds/creds.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { shownUrl } from '../distribution/shown-url.js';
import type { Option } from '../option.js';
import type { Ports } from '../ports.js';

/** Text from elsewhere; `content` is there once it was read. */
export interface TextSource {
  /** What was named, as a person may see it. */
  readonly given: string;
  readonly content?: string;
}

const LIMITS = { maxBytes: 2 * 1024 * 1024, timeoutMs: 5000 };

/** An option that names a file or an http(s) URL to read a text from. */
export function textSourceOption(
  long: string,
  spec: Omit<Option<TextSource>, 'long' | 'read' | 'resolve'>,
): Option<TextSource> {
  return {
    long,
    placeholder: 'FILE',
    complete: 'file',
    ...spec,
    read: (texts) => ({ given: texts[texts.length - 1] ?? '' }),
    resolve: async ({ given }, ports) => ({
      given: isUrl(given) ? shownUrl(given) : given,
      content: await readText(given, ports),
    }),
  };
}

/** Whether a text is to be fetched rather than read. */
export const isUrl = (given: string): boolean => /^https?:\/\//i.test(given);

/**
 * The text at a file or http(s) URL.
 *
 * @throws NscError `file-not-found`, `remote-failed`, `store-io`
 */
export async function readText(given: string, { files, remote }: Pick<Ports, 'files' | 'remote'>): Promise<string> {
  const content = isUrl(given) ? await remote.get(given, LIMITS) : files.read(given);
  if (content !== undefined) return content;
  throw new NscError('file-not-found', `there is no file ${quote(given)}`);
}

/** The JWT in a text: bare, decorated, or the first one of a creds file. */
export const tokenIn = (source: TextSource): string => parseDecorated(source.content ?? '').token.trim();
