import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { list, type Option } from '../option.js';

/** Whom seeds are encrypted to: recipients of age as they are, or files with one a line, as `age -R` takes them. */
export const recipientsOption: Option<string[]> = {
  ...list('recipient', {
    placeholder: 'RECIPIENT,…',
    help: 'encrypt for the identities of these recipients of age (age1…, or files of them), without a passphrase',
    complete: 'file',
  }),
  resolve: (given, { files }) =>
    given.flatMap((text) => {
      if (text.startsWith('age1')) return [text];
      const content = files.read(text);
      if (content === undefined) {
        throw new NscError('bad-value', `${quote(text)} is neither a recipient of age nor a file with recipients`, {
          hint: 'age-keygen -y IDENTITY-FILE tells the recipient of an identity',
        });
      }
      return recipientsIn(text, content);
    }),
};

function recipientsIn(path: string, content: string): string[] {
  const lines = content.split('\n').map((line) => line.trim());
  const found = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (found.length > 0 && found.every((line) => line.startsWith('age1'))) return found;
  throw new NscError('bad-value', `file ${quote(path)} holds something else than recipients of age`, {
    hint: 'a recipient begins with age1; SSH keys and plugins cannot be used',
  });
}
