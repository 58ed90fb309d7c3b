import { RESPONSE_TYPES } from '../../domain/claims/check/export.js';
import {
  readDescription,
  readInfoUrl,
  readResponseType,
  readResultsSubject,
  readSampling,
  readThreshold,
} from '../../domain/claims/export-grammar.js';
import type { Export } from '../../domain/claims/types.js';
import { formatGoDuration } from '../../lib/duration.js';
import { type Answers, flag, type InputOf, text, value } from '../option.js';
import type { Workspace } from '../workspace.js';
import { chosenAccount } from './current.js';
import { isTwin } from './existing-export.js';

/** The export that is edited, as far as it can be told from what was answered; none when one is added. */
export type FindExport = (workspace: Workspace, input: Answers) => Export | undefined;

/**
 * What can be said about an export. Interactive mode offers what the export has.
 *
 * @param defaults what happens without an option: `unchanged`, or undefined where one is added
 */
export function exportOptions(find: FindExport, defaults?: 'unchanged') {
  const isService = (workspace: Workspace, input: Answers): boolean =>
    typeof input.service === 'boolean' ? input.service : find(workspace, input)?.type === 'service';
  const orElse = (absent: string) => ({ defaultText: defaults ?? absent });
  return {
    service: flag('service', {
      short: 'r',
      help: 'export a service, which answers requests, rather than a stream',
      ask: {
        message: 'Is it a service (rather than a stream)?',
        type: 'confirm',
        default: (workspace, input) => String(find(workspace, input)?.type === 'service'),
        // where a stream and a service have the subject, the answer says which one is meant
        takesDefault: (workspace, input) => isTwin(chosenAccount(workspace, input).claims, input.subject),
      },
    }),
    name: text('name', {
      short: 'n',
      placeholder: 'NAME',
      help: 'what the export is called',
      ...orElse('the subject'),
      ask: {
        message: 'Name of the export',
        type: 'input',
        default: (workspace, input) => find(workspace, input)?.name ?? (input.subject as string | undefined),
      },
    }),
    private: flag('private', {
      short: 'p',
      help: 'only accounts with an activation may import it',
      ask: {
        message: 'Private (importing takes an activation)?',
        type: 'confirm',
        default: (workspace, input) => String(find(workspace, input)?.token_req ?? false),
      },
    }),
    latency: value(
      'latency',
      {
        placeholder: 'SUBJECT',
        help: 'publish how long the service took on this subject',
        ask: {
          message: 'Subject to publish its latencies on (empty: none)',
          type: 'input',
          when: (workspace, input) => isService(workspace, input) && input.rmLatencySampling !== true,
          default: (workspace, input) => find(workspace, input)?.service_latency?.results,
        },
      },
      readResultsSubject,
    ),
    sampling: value(
      'sampling',
      {
        placeholder: 'PERCENT',
        help: 'share of requests to measure, 1 to 100, or "header" for those that ask for it',
        ...orElse('header'),
        complete: ['header', '10', '100'],
        ask: {
          message: 'Share of requests to measure (1-100, or header)',
          type: 'input',
          when: (workspace, input) =>
            isService(workspace, input) &&
            input.rmLatencySampling !== true &&
            (input.latency !== undefined || find(workspace, input)?.service_latency !== undefined),
          default: (workspace, input) => showSampling(find(workspace, input)),
        },
      },
      readSampling,
    ),
    responseType: value(
      'response-type',
      {
        placeholder: 'TYPE',
        help: `how a service answers a request: ${RESPONSE_TYPES.join(', ')}`,
        ...orElse('Singleton'),
        complete: RESPONSE_TYPES,
        ask: {
          message: 'Response type',
          type: 'select',
          when: isService,
          choices: () => RESPONSE_TYPES,
          default: (workspace, input) => find(workspace, input)?.response_type ?? 'Singleton',
        },
      },
      readResponseType,
    ),
    responseThreshold: value(
      'response-threshold',
      {
        placeholder: 'DURATION',
        help: 'how long a service may take, as 2s or 500ms; 0 for no limit of its own',
        ask: {
          message: 'How long may it take (0 = no limit of its own)',
          type: 'input',
          when: isService,
          default: (workspace, input) => formatGoDuration(find(workspace, input)?.response_threshold ?? 0),
        },
      },
      readThreshold,
    ),
    allowTrace: flag('allow-trace', {
      help: 'let message traces of importing accounts go on into this one (services)',
      ask: {
        message: 'Allow tracing?',
        type: 'confirm',
        when: isService,
        default: (workspace, input) => String(find(workspace, input)?.allow_trace ?? false),
      },
    }),
  };
}

/** What only an edit can say. */
export function exportEditOptions(find: FindExport) {
  return {
    rmLatencySampling: flag('rm-latency-sampling', {
      help: 'measure latencies no longer',
      ask: {
        message: 'Measure its latencies no longer?',
        type: 'confirm',
        when: (workspace, input) => find(workspace, input)?.service_latency !== undefined,
        default: () => 'false',
      },
    }),
    ...exportOptions(find, 'unchanged'),
    description: value(
      'description',
      {
        placeholder: 'TEXT',
        help: 'what the export is for; "" for none',
        ask: {
          message: 'Description',
          type: 'input',
          default: (workspace, input) => find(workspace, input)?.description,
        },
      },
      readDescription,
    ),
    infoUrl: value(
      'info-url',
      {
        placeholder: 'URL',
        help: 'where to read about it; "" for nowhere',
        ask: { message: 'Info URL', type: 'input', default: (workspace, input) => find(workspace, input)?.info_url },
      },
      readInfoUrl,
    ),
  };
}

export type ExportInput = Partial<InputOf<ReturnType<typeof exportEditOptions>>>;

/** Sampling as the option takes it. */
function showSampling(entry: Export | undefined): string {
  const sampling = entry?.service_latency?.sampling;
  return typeof sampling === 'string' || !sampling ? 'header' : String(sampling);
}
