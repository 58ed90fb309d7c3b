import type { AnyClaims, ClaimKind, UserScope } from '../../domain/claims/types.js';
import { flag, type InputOf, text } from '../option.js';
import type { Described } from '../result.js';
import { outputFile, outputFileOption } from './output-file.js';

/** What every `describe` takes (reference: nsc-core.md §9.17). */
export const describeOptions = {
  json: flag('json', { short: 'J', help: 'show the claims as JSON' }),
  longIds: flag('long-ids', { short: 'W', help: 'show keys without the names that belong to them' }),
  raw: flag('raw', { short: 'R', help: 'show the JWT itself' }),
  field: text('field', {
    short: 'F',
    placeholder: 'PATH',
    help: 'show one claim, as nats.limits.conn, nats.tags[0] or nats.mappings["a.b"]',
  }),
  outputFile: outputFileOption,
};

/** Raw wins over JSON and field, and those over the table. Callers have checked that the token is authentic. */
export function describeAs(
  subject: {
    type: ClaimKind;
    token: string;
    claims: AnyClaims;
    scope?: UserScope | undefined;
    names: () => ReadonlyMap<string, string>;
  },
  input: InputOf<typeof describeOptions>,
): Described {
  const view = input.raw ? 'raw' : input.field !== undefined ? { field: input.field } : input.json ? 'json' : 'table';
  return {
    kind: 'described',
    type: subject.type,
    token: subject.token,
    claims: subject.claims,
    view,
    names: view === 'table' && !input.longIds ? subject.names() : new Map(),
    ...(subject.scope && { scope: subject.scope }),
    ...outputFile(input.outputFile),
  };
}
