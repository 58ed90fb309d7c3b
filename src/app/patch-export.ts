import type { Export, ServiceLatency } from '../domain/claims/types.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { formatGoDuration } from '../lib/duration.js';
import type { ExportInput } from './options/export.js';
import { ok, type Step, warn } from './result.js';

/** What an export says, and what was changed for it. */
interface Patched {
  readonly entry: Export;
  readonly steps: readonly Step[];
}

/**
 * Changes what is given and nothing else: revocations, token position and members we do not know stay (E-18). What is
 * given as it is already makes no step.
 *
 * @throws NscError `conflicting-options` for what only services have, `missing-option`, `policy-refused`
 */
export function patchExport(before: Export, input: ExportInput): Patched {
  const typed = patchType(before, input.service);
  if (typed.entry.type !== 'service') refuseServiceOptions(input);
  const access = patchAccess(typed.entry, input.private);
  const tracked = patchLatency(access.entry, input);
  const { entry, steps } = patchMembers(tracked.entry, input);
  return { entry, steps: [...typed.steps, ...access.steps, ...tracked.steps, ...steps] };
}

/** What it is called, for reports: its name, or its subject where it has none. */
export const exportName = ({ name, subject }: Export): string => quote(name || (subject ?? ''));

/** `public stream export "orders"` */
export const describeExport = (entry: Export): string =>
  `${entry.token_req ? 'private' : 'public'} ${entry.type ?? ''} export ${exportName(entry)}`;

/** A stream has nothing to say about answers, so a service that becomes one loses that. */
function patchType(before: Export, service: boolean | undefined): Patched {
  const type = service ? 'service' : 'stream';
  if (service === undefined || before.type === type) return { entry: before, steps: [] };
  const steps = [ok(`changed export type to ${type}`)];
  if (service) return { entry: { ...before, type }, steps };
  const { service_latency: latency, response_type: response, response_threshold: threshold, ...rest } = before;
  const { allow_trace: traced, ...stream } = rest;
  const gone = [
    latency && 'latency tracking',
    response && response !== 'Singleton' && `response type ${response}`,
    threshold && 'response threshold',
    traced && 'tracing',
  ].filter((what) => what);
  if (gone.length > 0) steps.push(warn(`a stream has no ${gone.join(', ')}: removed`));
  return { entry: { ...stream, type }, steps };
}

/** Options that say something about a service. `false` and `0` say nothing, whatever the type. */
function refuseServiceOptions({ latency, sampling, responseType, responseThreshold, allowTrace }: ExportInput): void {
  const given = [
    latency !== undefined && '--latency',
    sampling !== undefined && '--sampling',
    responseType !== undefined && '--response-type',
    responseThreshold && '--response-threshold',
    allowTrace && '--allow-trace',
  ].filter((option) => option);
  if (given.length === 0) return;
  throw new NscError(
    'conflicting-options',
    `${given.join(', ')}: only services have that, and the export is a stream`,
    {
      hint: 'export a service with --service, or leave it out',
    },
  );
}

function patchAccess(before: Export, isPrivate: boolean | undefined): Patched {
  if (isPrivate === undefined || isPrivate === (before.token_req ?? false)) return { entry: before, steps: [] };
  if (isPrivate && before.account_token_position) {
    throw new NscError(
      'policy-refused',
      `export ${exportName(before)} has the importing account in its subject, and is public for that`,
      { hint: 'delete it and add another one without --account-token-position' },
    );
  }
  const steps = [ok(`changed export to be ${isPrivate ? 'private' : 'public'}`)];
  return { entry: { ...before, token_req: isPrivate }, steps };
}

/** Without a percentage those requests are measured that ask for it, unless there was one before (nsc-core.md §9.5). */
function patchLatency(before: Export, { latency, sampling, rmLatencySampling }: ExportInput): Patched {
  const { service_latency: known, ...rest } = before;
  if (rmLatencySampling) {
    const step = known ? ok('removed latency tracking') : warn('latencies were not tracked');
    return { entry: rest, steps: [step] };
  }
  if (latency === undefined && sampling === undefined) return { entry: before, steps: [] };
  const results = latency ?? known?.results;
  if (results === undefined) {
    throw new NscError('missing-option', '--sampling needs a subject for the latencies', {
      hint: 'give one with --latency SUBJECT',
    });
  }
  const tracking: ServiceLatency = { ...known, sampling: sampling ?? known?.sampling ?? 'headers', results };
  const isNews = tracking.results !== known?.results || shareOf(tracking) !== shareOf(known);
  return {
    entry: { ...before, service_latency: tracking },
    steps: isNews ? [ok(`changed service latency to ${shareOf(tracking)}, on ${quote(results)}`)] : [],
  };
}

/** In claims, 0 and the text "headers" in any letter case are the same (jwt-nkeys.md §3.4). */
function shareOf(latency: ServiceLatency | undefined): string | undefined {
  if (latency === undefined) return undefined;
  const { sampling = 0 } = latency;
  return typeof sampling === 'string' || sampling === 0 ? 'requests with a tracing header' : `${sampling}% of requests`;
}

function patchMembers(before: Export, input: ExportInput): Patched {
  const patch: Export = {};
  const steps: Step[] = [];
  if (input.name !== undefined && input.name !== (before.name ?? '')) {
    patch.name = input.name;
    steps.push(ok(`changed export name to ${quote(input.name)}`));
  }
  if (input.responseType !== undefined && input.responseType !== before.response_type) {
    patch.response_type = input.responseType;
    const isNews = input.responseType !== (before.response_type ?? 'Singleton');
    if (isNews) steps.push(ok(`changed response type to ${input.responseType}`));
  }
  if (input.responseThreshold !== undefined && input.responseThreshold !== (before.response_threshold ?? 0)) {
    patch.response_threshold = input.responseThreshold;
    steps.push(ok(`changed response threshold to ${formatGoDuration(input.responseThreshold)}`));
  }
  if (input.description !== undefined && input.description !== (before.description ?? '')) {
    patch.description = input.description;
    steps.push(ok(`changed description to ${quote(input.description)}`));
  }
  if (input.infoUrl !== undefined && input.infoUrl !== (before.info_url ?? '')) {
    patch.info_url = input.infoUrl;
    steps.push(ok(`changed info url to ${quote(input.infoUrl)}`));
  }
  if (input.allowTrace !== undefined && input.allowTrace !== (before.allow_trace ?? false)) {
    patch.allow_trace = input.allowTrace;
    steps.push(ok(`changed allowed trace to ${input.allowTrace}`));
  }
  return { entry: { ...before, ...patch }, steps };
}
