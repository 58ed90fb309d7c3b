import { query } from '../../app/command.js';
import { decodeFrom } from '../../app/foreign-token.js';
import { describeAs, describeOptions } from '../../app/options/describe.js';
import { textSourceOption, tokenIn } from '../../app/options/token-file.js';
import { NscError } from '../../errors.js';

export const command = query({
  summary: 'Show a JWT from a file',
  description:
    'Reads a bare or decorated JWT or a creds file, checks its signature against its own issuer, and shows its claims.',
  options: {
    file: textSourceOption('file', {
      short: 'f',
      help: 'file or http(s) URL with the JWT',
      ask: { message: 'File or URL of the JWT', type: 'input', required: true },
    }),
    ...describeOptions,
  },
  examples: [{ command: 'nsc describe jwt --file alice.creds', what: 'what a creds file says' }],

  run(_context, input) {
    if (input.file === undefined)
      throw new NscError('missing-option', 'no JWT to describe was given', { hint: 'name its file with --file FILE' });
    const { kind, text, claims } = decodeFrom(input.file.given, tokenIn(input.file));
    return describeAs({ type: kind, token: text, claims, names: () => new Map() }, input);
  },
});
