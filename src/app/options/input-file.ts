import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { Option } from '../option.js';

/** Bytes from elsewhere; `content` is there once they were read. */
export interface InputFile {
  /** What was named, for messages: a path, or standard input. */
  readonly given: string;
  readonly path: string;
  readonly content?: Uint8Array;
}

/**
 * An option that names a file, or by `-` standard input. Of a longer one just enough is read to know that it is longer.
 *
 * @param maxBytes the most that makes sense
 */
export function inputFileOption(
  long: string,
  spec: Omit<Option<InputFile>, 'long' | 'read' | 'resolve'>,
  maxBytes: number,
): Option<InputFile> {
  return {
    long,
    placeholder: 'FILE',
    complete: 'file',
    ...spec,
    read: (texts) => named(texts[texts.length - 1] ?? ''),
    resolve: ({ given, path }, { files }) => {
      const content = files.readBytes(path, maxBytes);
      if (content === undefined)
        throw new NscError('file-not-found', `there is no file ${given}`, { details: { path } });
      return { given, path, content };
    },
  };
}

const named = (path: string): InputFile => ({ path, given: path === '-' ? 'standard input' : quote(path) });
