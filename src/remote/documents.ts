import type { IncomingHttpHeaders } from 'node:http';
import type { Documents } from '../app/documents.js';
import type { Clock } from '../app/ports.js';
import { NscError } from '../errors.js';
import { exchange, failed, parseHttpUrl } from './http.js';

/** Documents by HTTP(S), within the bounds of `httpRemote`. The clock tells how old an answer is. */
export function documentsOf(clock: Clock): Documents {
  return {
    async fetch(given, { maxBytes, timeoutMs, maxAge, accept, refuse }) {
      const url = parseHttpUrl(given);
      const refused = refuse(url);
      if (refused !== undefined) throw new NscError('bad-value', refused);
      const headers = { accept, 'cache-control': `max-age=${maxAge}` };
      const answer = await exchange('GET', url, { maxBytes, timeoutMs, headers, refuse });
      if (answer.status !== 200) throw failed(answer.url, `answered with status ${answer.status}`);
      const { 'content-type': type = '' } = answer.headers;
      return {
        text: answer.text,
        type: (type.split(';')[0] ?? '').trim().toLowerCase(),
        age: ageOf(answer.headers, clock.now()),
      };
    },
  };
}

/**
 * What a cache says that it kept it for, or how long ago it was dated, whichever is more (RFC 9111 §4.2.3). Of several
 * ages the first one counts (§5.1), and one that is too great to be told is very great (§1.2.2).
 */
function ageOf({ age = '', date = '' }: IncomingHttpHeaders, now: number): number {
  const [first = ''] = age.split(',');
  const kept = /^\d+$/.test(first.trim()) ? Math.min(Number(first), 2 ** 31) : 0;
  const dated = Date.parse(date) / 1000;
  return Math.max(kept, Number.isNaN(dated) ? 0 : now - Math.floor(dated), 0);
}
