import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { TaskContext } from '../command.js';
import type { NatsLink } from '../nats.js';
import type { InputOf } from '../option.js';
import { tlsOf } from '../options/reach.js';
import { getToolUser } from './identity.js';
import type { connectionOptions } from './options.js';

/** How long connecting may take (nsc-distribution.md §0.5). */
const CONNECT_MS = 5000;

/** Which tool connects; servers show it as `nsc_NAME`. */
export type Tool = 'pub' | 'sub' | 'req' | 'reply' | 'rtt';

/**
 * Connects as a user of the store, works, and closes the connection whatever comes of it. What servers would refuse
 * about the user is said before.
 *
 * @param options.reconnects for tools that go on until they are stopped
 * @param work may ask to be told from then on what happens to the connection; what fails before is thrown
 * @throws NscError what finding the user throws; `missing-option` when there is no URL; `remote-failed`
 */
export async function withLink<Answer>(
  context: TaskContext,
  input: Partial<InputOf<typeof connectionOptions>>,
  { tool, reconnects }: { readonly tool: Tool; readonly reconnects: boolean },
  work: (link: NatsLink, tellEvents: () => void) => Promise<Answer>,
): Promise<Answer> {
  const { ports, talk } = context;
  const { identity, warnings } = getToolUser(context, input);
  const servers = serversOf(context, input.nats);
  for (const warning of warnings) await talk.warn(warning);
  let tellsEvents = false;
  const link = await ports.nats.connect({
    servers,
    clientName: `nsc_${tool}`,
    identity: () => identity,
    tls: tlsOf(input, ports.env),
    timeoutMs: CONNECT_MS,
    reconnects,
    onEvent(message) {
      if (tellsEvents) talk.note(message);
    },
  });
  try {
    return await work(link, () => {
      tellsEvents = true;
    });
  } finally {
    await link.close();
  }
}

/** URLs that were given, or those that the operator names. As with other clients, `nats://` may be left out. */
function serversOf({ tree }: TaskContext, given: string | undefined): string[] {
  const { operator_service_urls: ofOperator = [] } = tree.operator.claims.nats;
  const urls = (given === undefined ? ofOperator : given.split(','))
    .map((url) => url.trim())
    .filter((url) => url !== '');
  if (urls.length > 0) return urls.map((url) => (url.includes('://') ? url : `nats://${url}`));
  throw new NscError('missing-option', `operator ${quote(tree.operator.name)} names no servers to connect to`, {
    hint: 'name one with --nats URL, or for good with: nsc edit operator --service-url URL',
  });
}

/**
 * Refuses a payload that the server would end the connection for.
 *
 * @throws NscError `bad-value`
 */
export function checkPayload(payload: string, { maxPayload }: NatsLink): string {
  const size = new TextEncoder().encode(payload).length;
  if (size <= maxPayload) return payload;
  throw new NscError('bad-value', `the payload has ${size} bytes, and the server takes at most ${maxPayload}`);
}
