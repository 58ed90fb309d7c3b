import { query } from '../../app/command.js';
import { explain } from '../../app/explain/explain.js';
import type { ConnectionType } from '../../app/explain/facts.js';
import { getOperator } from '../../app/operator-lookup.js';
import { text, value } from '../../app/option.js';
import { inputFileOption } from '../../app/options/input-file.js';
import { isIPv4, isIPv6 } from '../../domain/claims/check/ip-address.js';
import { CONNECTION_TYPES } from '../../domain/claims/grammar.js';
import { findBlocks } from '../../domain/creds/blocks.js';
import { parseDecorated } from '../../domain/creds/creds.js';
import { MAX_TOKEN_LENGTH } from '../../domain/token/token.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { decodeUtf8 } from '../../lib/go-utf8.js';
import { checkMoment, parseMoment } from '../../lib/moment.js';
import type { Secret } from '../../lib/secret.js';

/** A token of the greatest length there is, and what stands around it. In bytes. */
const MAX_FILE = 2 * MAX_TOKEN_LENGTH;

export const command = query({
  summary: 'Tell why a server refuses creds, or that it does not',
  description:
    'Goes through what a server checks when somebody connects with these creds, in its order, on the tokens of this ' +
    'store: the first check that fails is the reason, and what would mend it stands below. A bare JWT will do, but ' +
    'then nobody can tell whether the client has the right seed. What only servers know (how many are connected, ' +
    'whether they have the account as it is here) is marked as unknown and refuses nothing. Exit code 1 means refused.',
  options: {
    file: inputFileOption('file', { short: 'f', help: 'creds file or user JWT; - is standard input' }, MAX_FILE),
    operator: text('operator', {
      placeholder: 'OPERATOR',
      help: 'operator of the servers',
      defaultText: 'the selected one',
      complete: 'operator',
    }),
    connectionType: value(
      'connection-type',
      {
        placeholder: 'TYPE',
        help: `how it connects: ${CONNECTION_TYPES.map((type) => type.toLowerCase()).join(', ')}`,
        defaultText: 'standard',
        complete: CONNECTION_TYPES.map((type) => type.toLowerCase()),
      },
      readConnectionType,
    ),
    source: value(
      'source',
      { placeholder: 'IP', help: 'address it connects from', defaultText: 'unknown' },
      readAddress,
    ),
    at: value('at', { placeholder: 'TIME', help: 'when it connects', defaultText: 'now' }, checkMoment),
  },
  positional: { option: 'file', max: 1, placeholder: 'FILE' },
  examples: [
    { command: 'nsc explain creds alice.creds', what: 'why is alice not let in?' },
    { command: 'nsc explain creds alice.creds --source 192.0.2.7 --at 2050-01-01', what: 'from there, and then?' },
  ],

  run(context, { file, operator, connectionType = 'STANDARD', source, at }) {
    if (file?.content === undefined) {
      throw new NscError('missing-option', 'no creds were named', {
        hint: 'name the file as argument; - is standard input',
      });
    }
    if (file.content.length > MAX_FILE)
      throw new NscError('bad-value', `${file.given} is no creds file: it is too long`);
    return explain({
      tree: operator === undefined ? context.tree : getOperator(context.workspace, operator),
      ...readCreds(decodeUtf8(file.content)),
      connection: connectionType,
      ...(source !== undefined && { source }),
      at: at === undefined ? context.now : readMoment(at, context.now),
    });
  },
});

/** Without banners it is a JWT alone. */
function readCreds(content: string): { readonly token: string; readonly seed?: Secret | undefined } {
  const { token, seed } = parseDecorated(content);
  return findBlocks(content).length === 0 ? { token: token.trim() } : { token, seed };
}

function readConnectionType(given: string): ConnectionType {
  const type = CONNECTION_TYPES.find((known) => known === given.toUpperCase().replace('-', '_'));
  if (type) return type as ConnectionType;
  throw new NscError('bad-value', `${quote(given)} is not one of ${CONNECTION_TYPES.join(', ').toLowerCase()}`);
}

function readAddress(given: string): string {
  if (isIPv4(given) || isIPv6(given)) return given;
  throw new NscError('bad-value', `${quote(given)} is not an IP address`);
}

function readMoment(given: string, now: number): number {
  const at = parseMoment(given, now);
  if (at > 0) return at;
  throw new NscError('bad-value', '--at: 0 is no point in time', { hint: 'leave --at out for now' });
}
