import { parseDecorated } from '../../domain/creds/creds.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { Option } from '../option.js';

/** Text from elsewhere; `content` is there once it was read. */
export interface TextSource {
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
    resolve: async ({ given }, { files, remote }) => {
      const content = /^https?:\/\//i.test(given) ? await remote.get(given, LIMITS) : files.read(given);
      if (content === undefined) throw new NscError('file-not-found', `there is no file ${quote(given)}`);
      return { given, content };
    },
  };
}

/** The JWT in a text: bare, decorated, or the first one of a creds file. */
export const tokenIn = (source: TextSource): string => parseDecorated(source.content ?? '').token.trim();
