import fc from 'fast-check';
import { it } from 'vitest';
import { decodeToken } from '../../../src/domain/token/decode.js';
import { encodePayload } from '../../../src/domain/token/encode.js';
import { encodeJson } from '../../../src/lib/canonical-json.js';
import { parseJson } from '../../../src/lib/int64-json.js';
import { PARTIES } from './arbitrary.js';
import { forge, goTokens } from './vectors.js';
it('x', () => {
  const v = goTokens.find((t) => t.name === 'account full tiered limits');
  const p = parseJson(v?.payload_json ?? '') as any;
  for (const m of ['limits','template','service_latency','mappings','R10']) {}
  function walk(o: any, path: string) {
    if (!o || typeof o !== 'object') return;
    if (!Array.isArray(o) && !/(revocations|mappings|tiered_limits)$/.test(path)) {
      const copy = JSON.stringify(o);
      const keys = Object.keys(o); const vals = { ...o };
      for (const k of keys) delete o[k];
      o['x-'] = []; Object.assign(o, vals);
      const payload = encodeJson(p);
      const got = encodePayload(decodeToken(forge(payload, PARTIES.operator.signer)).claims);
      if (got !== payload) { let i = 0; while (got[i] === payload[i]) i++; console.log(path, '\nwant', payload.slice(i - 60, i + 100), '\ngot ', got.slice(i - 60, i + 100)); }
      delete o['x-'];
    }
    for (const k of Object.keys(o)) walk(o[k], `${path}.${k}`);
  }
  walk(p, '');
});
